# Make the reference into OUTPUT instead of docs/reference; a warning is an error.
if(NOT DOXYGEN)
  message("SKIPPED: doxygen is not installed")
  return()
endif()
file(READ ${ROOT}/docs/Doxyfile doxyfile)
file(MAKE_DIRECTORY ${OUTPUT})
file(WRITE ${OUTPUT}/Doxyfile "${doxyfile}\nOUTPUT_DIRECTORY = \"${OUTPUT}\"\n")
execute_process(COMMAND ${DOXYGEN} ${OUTPUT}/Doxyfile WORKING_DIRECTORY ${ROOT} RESULT_VARIABLE
                                                                                result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "doxygen: ${result}")
endif()

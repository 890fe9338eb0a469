# Builds and runs the consumer project. Variables: HOW (installed or embedded), SOURCE (the library's
# source), BINARY (its build), WORK (where to work), SHARED, COMPILER.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK})
set(arguments -G Ninja -DCMAKE_CXX_COMPILER=${COMPILER} -DBUILD_SHARED_LIBS=${SHARED})
if(HOW STREQUAL "installed")
  run(${CMAKE_COMMAND} --install ${BINARY} --prefix ${WORK}/prefix)
  list(APPEND arguments -DCMAKE_PREFIX_PATH=${WORK}/prefix)
else()
  # Without a unity build, so that each source of the library is compiled alone.
  list(APPEND arguments -DASIO_INOTIFY_SOURCE=${SOURCE})
endif()
find_program(ccache ccache)
if(ccache)
  list(APPEND arguments -DCMAKE_CXX_COMPILER_LAUNCHER=${ccache})
endif()
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/build ${arguments})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)

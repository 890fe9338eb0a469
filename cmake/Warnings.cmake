# Warnings for the project's own targets; never exported to those who link the library.
option(ASIO_INOTIFY_WERROR "Treat warnings as errors" OFF)

function(asio_inotify_warnings target)
  target_compile_options(
    ${target}
    PRIVATE -Wall
            -Wextra
            -Wpedantic
            -Wconversion
            -Wsign-conversion
            -Wshadow
            -Wold-style-cast
            -Woverloaded-virtual
            -Wctad-maybe-unsupported
            $<$<CXX_COMPILER_ID:GNU>:-Wuseless-cast>
            # When g++ 12 optimises, it takes the operators of Asio's coroutine frames for a mismatched
            # pair.
            $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
            $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
            $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
            $<$<BOOL:${ASIO_INOTIFY_WERROR}>:-Werror>)
endfunction()

# For the whole build, as the library, the tests and the precompiled headers have to agree.
set(ASIO_INOTIFY_SANITIZE
    ""
    CACHE STRING "Sanitizers for all of this project's targets, as -fsanitize= takes them")

if(ASIO_INOTIFY_SANITIZE)
  add_compile_options(-fsanitize=${ASIO_INOTIFY_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ASIO_INOTIFY_SANITIZE})
  # These programs are large: lld links one in a quarter of the time.
  find_program(ASIO_INOTIFY_LLD ld.lld)
  mark_as_advanced(ASIO_INOTIFY_LLD)
  if(ASIO_INOTIFY_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_link_options(-fuse-ld=lld)
  endif()
  if(ASIO_INOTIFY_SANITIZE MATCHES "undefined")
    # The check of virtual calls opens a pipe to see whether memory can be read: it takes an object
    # for an invalid one when a test has used up the descriptors.
    add_compile_options(-fno-sanitize=vptr)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # clang 14 cannot emit the check of function types for coroutines.
      add_compile_options(-fno-sanitize=function)
    endif()
  endif()
  if(ASIO_INOTIFY_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not understand fences, and reports a race when the last of several threads
    # releases an executor. Without std::atomic, Asio counts references in Boost's way, which has none.
    add_compile_definitions(BOOST_ASIO_DISABLE_STD_ATOMIC)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # g++ warns of each fence.
      add_compile_options(-Wno-tsan)
    endif()
  endif()
endif()

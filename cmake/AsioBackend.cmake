# Asio's reactor, for the library and everything that links it. The definitions are part of the target's
# interface, as Asio's types depend on them.
set(ASIO_INOTIFY_ASIO_BACKEND
    "epoll"
    CACHE STRING "Asio's reactor: epoll, select or io_uring")
set_property(CACHE ASIO_INOTIFY_ASIO_BACKEND PROPERTY STRINGS epoll select io_uring)

function(asio_inotify_backend target)
  if(ASIO_INOTIFY_ASIO_BACKEND STREQUAL "epoll")
    return()
  elseif(ASIO_INOTIFY_ASIO_BACKEND STREQUAL "select")
    target_compile_definitions(${target} PUBLIC BOOST_ASIO_DISABLE_EPOLL)
  elseif(ASIO_INOTIFY_ASIO_BACKEND STREQUAL "io_uring")
    find_library(ASIO_INOTIFY_URING_LIBRARY uring REQUIRED)
    target_compile_definitions(${target} PUBLIC BOOST_ASIO_HAS_IO_URING BOOST_ASIO_DISABLE_EPOLL)
    target_link_libraries(${target} PUBLIC ${ASIO_INOTIFY_URING_LIBRARY})
  else()
    message(FATAL_ERROR "ASIO_INOTIFY_ASIO_BACKEND is '${ASIO_INOTIFY_ASIO_BACKEND}', "
                        "not epoll, select or io_uring")
  endif()
endfunction()

# The files for find_package(asio_inotify).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/asio_inotify)

install(
  TARGETS asio_inotify
  EXPORT asio_inotify-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILE_SET implementation DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(
  EXPORT asio_inotify-targets
  NAMESPACE asio_inotify::
  DESTINATION ${package_dir})

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/asio_inotify-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/asio_inotify-config.cmake INSTALL_DESTINATION ${package_dir})
# Until 1.0 a minor version may change the binary interface.
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/asio_inotify-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/asio_inotify-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/asio_inotify-config-version.cmake
        DESTINATION ${package_dir})

if(TARGET asio-watch)
  install(TARGETS asio-watch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

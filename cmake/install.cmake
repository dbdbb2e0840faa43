# The codecs and TDTP as libraries for other programs: cmake --install BUILD --component codec --prefix WHERE, then
# find_package(packhouse) and the targets packhouse::codec and packhouse::tdtp there. docs/examples has such programs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(rooms base value packstream codec tdtp)
foreach(room ${rooms})
  set_target_properties(packhouse_${room} PROPERTIES EXPORT_NAME ${room})
  target_include_directories(packhouse_${room} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/packhouse>)
  install(TARGETS packhouse_${room} EXPORT packhouse ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT codec)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/packhouse COMPONENT codec
          FILES_MATCHING PATTERN *.hpp)
endforeach()
set_target_properties(packhouse_options PROPERTIES EXPORT_NAME options)
install(TARGETS packhouse_options EXPORT packhouse COMPONENT codec)

set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/packhouse)
install(EXPORT packhouse NAMESPACE packhouse:: FILE packhouseTargets.cmake DESTINATION ${folder} COMPONENT codec)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/packhouseConfig.cmake.in ${PROJECT_BINARY_DIR}/packhouseConfig.cmake
                              INSTALL_DESTINATION ${folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/packhouseConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/packhouseConfig.cmake ${PROJECT_BINARY_DIR}/packhouseConfigVersion.cmake
        DESTINATION ${folder} COMPONENT codec)

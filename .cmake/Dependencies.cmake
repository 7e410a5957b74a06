# Third-party libraries, each behind one interface target.
find_package(PkgConfig)
find_package(Threads REQUIRED)

add_library(sendscope_json INTERFACE)
find_package(nlohmann_json REQUIRED)
target_link_libraries(sendscope_json INTERFACE nlohmann_json::nlohmann_json)

add_library(sendscope_cli INTERFACE)
find_package(CLI11 REQUIRED)
target_link_libraries(sendscope_cli INTERFACE CLI11::CLI11)

add_library(sendscope_codecs INTERFACE)
find_package(ZLIB REQUIRED)
target_link_libraries(sendscope_codecs INTERFACE ZLIB::ZLIB snappy lz4 zstd)

add_library(sendscope_asio INTERFACE)
target_compile_definitions(sendscope_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(sendscope_asio INTERFACE Threads::Threads)

add_library(sendscope_stb INTERFACE)
target_include_directories(sendscope_stb SYSTEM INTERFACE /usr/include/stb)

add_library(sendscope_imgui INTERFACE)
add_library(sendscope_window INTERFACE)
if(SENDSCOPE_GUI)
  pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)
  target_link_libraries(sendscope_imgui INTERFACE PkgConfig::IMGUI)
  find_package(glfw3 REQUIRED)
  target_link_libraries(sendscope_window INTERFACE glfw)
endif()

# The fonts as C++ arrays, so that the program needs no file beside it.
# ui/panels/font_data.h declares what this generates.
function(sendscope_embed_fonts target)
  set(text "#include \"ui/panels/font_data.h\"\n\nnamespace sendscope::ui {\nnamespace {\n")
  set(table "")
  foreach(name Inter-Regular.otf Inter-Medium.otf Inter-SemiBold.otf JetBrainsMono-Regular.ttf
               JetBrainsMono-Medium.ttf)
    set(path ${PROJECT_SOURCE_DIR}/assets/fonts/${name})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} hex HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
    string(MAKE_C_IDENTIFIER ${name} id)
    string(APPEND text "constexpr unsigned char ${id}[] = {\n${hex}};\n")
    string(APPEND table "  if (name == \"${name}\") return ${id};\n")
  endforeach()
  string(APPEND text "}  // namespace\n\nstd::span<const unsigned char> font_data(std::string_view name) {\n"
                     "${table}  return {};\n}\n\n}  // namespace sendscope::ui\n")
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/font_data.cpp CONTENT "${text}")
  add_library(${target} STATIC ${PROJECT_BINARY_DIR}/generated/font_data.cpp)
  target_link_libraries(${target} PRIVATE sendscope_flags)
endfunction()

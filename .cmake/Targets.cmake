# Compiling is reading headers. Sources that are compiled together read them once; the standard library is read
# once for all libraries, by the lowest of them. A build without shows whether every source includes what it needs;
# the second compiler in tests/compilers builds so.
option(SENDSCOPE_UNITY "Compile sources of one library in batches, with the standard library precompiled" ON)
function(sendscope_batches target)
  if(SENDSCOPE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # A class of one source may have members of a nameless namespace; g++ takes a source of a batch for a header.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

set(sendscope_standard_headers
    <algorithm> <array> <atomic> <charconv> <cmath> <cstring> <deque> <functional> <limits> <map> <memory>
    <optional> <set> <span> <sstream> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
function(sendscope_precompiled target)
  if(SENDSCOPE_UNITY)
    if(target STREQUAL core_base)
      target_precompile_headers(${target} PRIVATE ${sendscope_standard_headers})
    else()
      target_precompile_headers(${target} REUSE_FROM core_base)
    endif()
    # So that ccache sees that a source reads it.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endfunction()

# sendscope_library(FOLDER [CALM] [USES FOLDER...] [PRIVATE LIBRARY...])
# One library for the .cpp files directly in FOLDER, named after it: core/base is core_base. CALM: nothing in it
# runs for every record or event, so it is optimized less and compiles in three quarters of the time.
function(sendscope_library folder)
  cmake_parse_arguments(ARG "CALM" "" "USES;PRIVATE" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(TRANSFORM ARG_USES REPLACE "/" "_")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_USES} PRIVATE sendscope_flags ${ARG_PRIVATE})
    sendscope_batches(${name})
    sendscope_precompiled(${name})
    if(ARG_CALM)
      target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_USES})
  endif()
endfunction()

# sendscope_test(FOLDER USES LIBRARY...)
# One Catch2 program for the .cpp files directly in tests/FOLDER, and one ctest entry with its name.
function(sendscope_test folder)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  string(REPLACE "/" "_" name test_${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE sendscope_flags test_main ${ARG_USES})
  sendscope_batches(${name})
  add_test(NAME ${folder} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

option(PACKHOUSE_SANITIZE "Build with the address and undefined behaviour sanitizers" OFF)
option(PACKHOUSE_THREAD_SANITIZE "Build with the thread sanitizer" OFF)
option(PACKHOUSE_PRECOMPILE "Precompile the headers that nearly every file includes (GCC)" OFF)
option(PACKHOUSE_FUZZ "Build the fuzz targets for libFuzzer (clang only)" OFF)

find_program(PACKHOUSE_CCACHE ccache)
if(PACKHOUSE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PACKHOUSE_CCACHE})
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

add_library(packhouse_options INTERFACE)
target_compile_features(packhouse_options INTERFACE cxx_std_20)
target_include_directories(packhouse_options INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Restrict, stringop-overread: false alarms of GCC 12 in its own <string> and in Boost.Container.
  target_compile_options(packhouse_options INTERFACE "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wsign-conversion;\
-Wshadow=local;-Wno-missing-field-initializers;-Wno-restrict;-Wno-stringop-overread;-Werror>")
endif()
if(PACKHOUSE_SANITIZE)
  target_compile_options(packhouse_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(packhouse_options INTERFACE -fsanitize=address,undefined)
  # The checks of null and of alignment before every access cost GCC half of the compile time; AddressSanitizer sees null
  # pointers anyway, and clang's build for the fuzzers keeps both.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(packhouse_options INTERFACE -fno-sanitize=null,alignment)
  endif()
endif()
if(PACKHOUSE_FUZZ)
  target_compile_options(packhouse_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(PACKHOUSE_THREAD_SANITIZE)
  target_compile_options(packhouse_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(packhouse_options INTERFACE -fsanitize=thread)
endif()

# Headers that are compiled once: for the rooms, for those that go into shared libraries, and with doctest for the tests.
# The release does without, so that every file is known to name what it needs.
if(PACKHOUSE_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  set(headers <algorithm> <array> <atomic> <chrono> <cstring> <deque> <functional> <limits> <map> <memory> <mutex> <optional>
      <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)
  foreach(kind rooms shared tests)
    add_library(packhouse_precompiled_${kind} OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
    target_link_libraries(packhouse_precompiled_${kind} PRIVATE packhouse_options)
    target_precompile_headers(packhouse_precompiled_${kind} PRIVATE ${headers})
  endforeach()
  set_target_properties(packhouse_precompiled_shared PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(packhouse_precompiled_tests PRIVATE doctest::doctest)
  target_precompile_headers(packhouse_precompiled_tests PRIVATE <doctest/doctest.h>)
  # ccache asks for the first; with threads in some files and not in others the headers would not be the same. GCC 12 forgets
  # which headers are the system's when they were precompiled and warns about its own <string>: the release build is the strict one.
  target_compile_options(packhouse_options INTERFACE -fpch-preprocess -pthread -Wno-error)
endif()
function(packhouse_precompiled target kind)
  if(TARGET packhouse_precompiled_${kind})
    target_precompile_headers(${target} REUSE_FROM packhouse_precompiled_${kind})
  endif()
endfunction()

# packhouse_library(<folder> [SOURCES file...] [DEPENDS folder...] [LINK target...] [SHARED_TOO])
# One library per top folder. SHARED_TOO: a shared library is made of it, too, so it is position independent. DEPENDS are rooms of ours, LINK are other people's targets and stay
# private unless the folder has no sources.
function(packhouse_library name)
  cmake_parse_arguments(arg "SHARED_TOO" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND packhouse::)
  if(arg_SOURCES)
    add_library(packhouse_${name} STATIC ${arg_SOURCES})
    target_link_libraries(packhouse_${name} PUBLIC packhouse_options ${arg_DEPENDS} PRIVATE ${arg_LINK})
    if(arg_SHARED_TOO)
      set_target_properties(packhouse_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
      packhouse_precompiled(packhouse_${name} shared)
    else()
      packhouse_precompiled(packhouse_${name} rooms)
    endif()
  else()
    add_library(packhouse_${name} INTERFACE)
    target_link_libraries(packhouse_${name} INTERFACE packhouse_options ${arg_DEPENDS} ${arg_LINK})
  endif()
  add_library(packhouse::${name} ALIAS packhouse_${name})
endfunction()

# packhouse_test(<name> SOURCES file... DEPENDS folder... [LINK target...] [TIMEOUT seconds]): a doctest program and its ctest.
# doctest's own main takes seconds to compile, so all tests share one (tests/main.cpp).
function(packhouse_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND packhouse::)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} packhouse_test_main ${arg_LINK})
  target_compile_definitions(${name} PRIVATE PACKHOUSE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  packhouse_precompiled(${name} tests)
  add_test(NAME ${name} COMMAND ${name})
  if(arg_TIMEOUT)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
  else()
    set_tests_properties(${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# packhouse_fuzz(<name> SOURCES file... DEPENDS folder... CORPUS folder): a libFuzzer target in the preset
# `fuzz`, otherwise a program that replays the corpus, as an ordinary ctest.
function(packhouse_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND packhouse::)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LINK})
  if(PACKHOUSE_FUZZ)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
    add_test(NAME ${name}_corpus COMMAND ${name} ${arg_CORPUS})
    set_tests_properties(${name}_corpus PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# packhouse_bench(<name> SOURCES file... DEPENDS folder... [LINK target...]): a benchmark, built by the target
# `benchmarks` only.
add_custom_target(benchmarks)
function(packhouse_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND packhouse::)
  add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} packhouse_options ${arg_LINK})
  target_compile_definitions(${name} PRIVATE PACKHOUSE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_dependencies(benchmarks ${name})
endfunction()

# How the code is compiled: warnings are errors in our own code, sanitizers by preset, ccache where present.
set(WAPC_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them (address,undefined or thread)")
option(WAPC_WERROR "Treat warnings as errors" ON)
option(WAPC_FUZZ "Build the fuzzers of tests/fuzz in place of the tests; needs clang" OFF)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

if(WAPC_SANITIZE)
  add_compile_options(-fsanitize=${WAPC_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${WAPC_SANITIZE})
endif()

if(WAPC_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "WAPC_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address)
endif()

# Linked by our own targets only, so that generated and third-party code keeps its own ways.
add_library(wapc_warnings INTERFACE)
target_compile_options(wapc_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                       -Woverloaded-virtual -Wconversion -Wno-missing-field-initializers)
# GCC 12 sees overlapping copies in std::string's own operator+ when it inlines it (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(wapc_warnings INTERFACE -Wno-restrict)
endif()
if(WAPC_WERROR)
  target_compile_options(wapc_warnings INTERFACE -Werror)
endif()

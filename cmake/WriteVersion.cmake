# Writes OUT, when it would differ. Run by wapc_version. Without git, or in a source archive, the commit is "unknown".
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${ROOT} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
set(text "// Generated; see cmake/WapcVersion.cmake.\n#pragma once\n")
string(APPEND text "#define WAPC_COMMIT \"${commit}\"\n")
string(APPEND text "#define WAPC_ANTLR_VERSION \"${ANTLR}\"\n#define WAPC_DUCKDB_VERSION \"${DUCKDB}\"\n")
file(CONFIGURE OUTPUT ${OUT} CONTENT "${text}" @ONLY)

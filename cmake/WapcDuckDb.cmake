# DuckDB's C library: DUCKDB_ROOT (a folder with duckdb.h and libduckdb.so, as a release archive unpacks, or with include/
# and lib/), else the one that script/bootstrap fetched.
set(WAPC_DUCKDB_VERSION 1.5.6)
set(DUCKDB_ROOT "$ENV{DUCKDB_ROOT}" CACHE PATH "Folder with DuckDB's header and library")
set(WAPC_CACHE "$ENV{WAPC_CACHE}")
if(NOT WAPC_CACHE)
  set(WAPC_CACHE "$ENV{HOME}/.cache/wapc")
endif()
find_path(DUCKDB_INCLUDE_DIR duckdb.h HINTS ${DUCKDB_ROOT} ${WAPC_CACHE}/duckdb-${WAPC_DUCKDB_VERSION} PATH_SUFFIXES include)
find_library(DUCKDB_LIBRARY duckdb HINTS ${DUCKDB_ROOT} ${WAPC_CACHE}/duckdb-${WAPC_DUCKDB_VERSION} PATH_SUFFIXES lib)
if(NOT DUCKDB_INCLUDE_DIR OR NOT DUCKDB_LIBRARY)
  message(FATAL_ERROR "DuckDB ${WAPC_DUCKDB_VERSION} was not found: run script/bootstrap, or set DUCKDB_ROOT to a folder with "
                      "duckdb.h and libduckdb.so.")
endif()
add_library(DuckDB::duckdb SHARED IMPORTED)
set_target_properties(DuckDB::duckdb PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY} IMPORTED_NO_SONAME ON
                      INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE_DIR})
set_property(TARGET DuckDB::duckdb PROPERTY INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE_DIR})

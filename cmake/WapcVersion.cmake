# wapc_version(target): gives the target the header "wapc_version.h" with WAPC_COMMIT, WAPC_ANTLR_VERSION and
# WAPC_DUCKDB_VERSION as text. The commit is looked up at every build, and only a new one compiles anything.
function(wapc_version target)
  set(header ${PROJECT_BINARY_DIR}/version/wapc_version.h)
  add_custom_target(wapc_version_header BYPRODUCTS ${header}
    COMMAND ${CMAKE_COMMAND} -DOUT=${header} -DROOT=${PROJECT_SOURCE_DIR}
            -DANTLR=${WAPC_ANTLR_VERSION} -DDUCKDB=${WAPC_DUCKDB_VERSION} -P ${PROJECT_SOURCE_DIR}/cmake/WriteVersion.cmake
    VERBATIM)
  add_dependencies(${target} wapc_version_header)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/version)
endfunction()

# PREFIX/bin/wapc, with its own copy of DuckDB's library in PREFIX/lib/wapc. (In the build folder it is build/<preset>/wapc.)
# The library is opened by its bare name, which a run path finds; under sanitizers dlopen is theirs and has none, so it is linked.
set_target_properties(wapc PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR} INSTALL_RPATH "$ORIGIN/../lib/wapc"
                      BUILD_RPATH $<TARGET_FILE_DIR:DuckDB::duckdb>)
if(WAPC_SANITIZE)
  target_link_libraries(wapc PRIVATE -Wl,--push-state,--no-as-needed DuckDB::duckdb -Wl,--pop-state)
endif()
install(TARGETS wapc RUNTIME DESTINATION bin)
install(FILES $<TARGET_FILE:DuckDB::duckdb> DESTINATION lib/wapc)
install(FILES LICENSE README.md DESTINATION share/doc/wapc)

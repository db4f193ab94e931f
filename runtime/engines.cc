#include "runtime/engines.h"

#include <duckdb.h>

namespace wapc::runtime {

std::string EngineVersions() { return std::string("DuckDB ") + duckdb_library_version(); }

}  // namespace wapc::runtime

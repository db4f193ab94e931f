#include "runtime/engines.h"

#include "runtime/duckdb/api.h"

namespace wapc::runtime {

std::string EngineVersions() {
  if (auto loaded = LoadDuckDb(); !loaded) return loaded.error().message;
  return std::string("DuckDB ") + duckdb_library_version();
}

}  // namespace wapc::runtime

#include "runtime/duckdb/api.h"

#include <dlfcn.h>

#include <string>

namespace wapc::runtime {
namespace {

struct Library {
  void* handle = nullptr;
  std::string error;
};

// By its bare name: the program's run path says where it was installed, or where the build found it.
const Library& TheLibrary() {
  static const Library kLibrary = [] {
    Library out;
    out.handle = ::dlopen("libduckdb.so", RTLD_LAZY | RTLD_LOCAL);
    if (out.handle == nullptr) out.error = ::dlerror();
    return out;
  }();
  return kLibrary;
}

}  // namespace

base::Status LoadDuckDb() {
  if (TheLibrary().handle != nullptr) return {};
  return base::Error{
      base::ErrorKind::kWarehouse,
      "DuckDB's library cannot be loaded; put libduckdb.so into lib/wapc beside wapc's bin folder, or its "
      "folder into LD_LIBRARY_PATH: " +
          TheLibrary().error};
}

namespace duckdb_library {

void* Symbol(const char* name) { return ::dlsym(TheLibrary().handle, name); }

}  // namespace duckdb_library
}  // namespace wapc::runtime

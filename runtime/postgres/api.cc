#include "runtime/postgres/api.h"

#include <dlfcn.h>

#include <string>

namespace wapc::runtime {
namespace {

struct Library {
  void* handle = nullptr;
  std::string error;
};

const Library& TheLibrary() {
  static const Library kLibrary = [] {
    Library out;
    out.handle = ::dlopen("libpq.so.5", RTLD_LAZY | RTLD_LOCAL);
    if (out.handle == nullptr) out.error = ::dlerror();
    return out;
  }();
  return kLibrary;
}

}  // namespace

base::Status LoadLibpq() {
  if (TheLibrary().handle != nullptr) return {};
  return base::Error{base::ErrorKind::kWarehouse,
                     "PostgreSQL's client library cannot be loaded; install libpq5: " + TheLibrary().error};
}

namespace libpq_library {

void* Symbol(const char* name) { return ::dlsym(TheLibrary().handle, name); }

}  // namespace libpq_library
}  // namespace wapc::runtime

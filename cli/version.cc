#include "cli/version.h"

#include <fmt/format.h>

#include "runtime/engines.h"
#include "wapc_version.h"

namespace wapc::cli {

std::string VersionText() {
  return fmt::format("wapc {} (commit {})\n{}\nANTLR {}", WAPC_VERSION, WAPC_COMMIT, runtime::EngineVersions(),
                     WAPC_ANTLR_VERSION);
}

}  // namespace wapc::cli

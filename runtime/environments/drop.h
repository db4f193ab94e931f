#ifndef WAPC_RUNTIME_ENVIRONMENTS_DROP_H_
#define WAPC_RUNTIME_ENVIRONMENTS_DROP_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

struct DropReport {
  int64_t views = 0;
  std::vector<std::string> schemas;    ///< that held nothing any more and went too
  std::vector<std::string> handed_on;  ///< "model: environment", tables that others use and that it owned
};

/// Takes an environment away in one transaction: readers' views and records. Its tables stay until the janitor finds
/// them unused for long enough; those that another environment uses pass to it. Errors, with nothing changed: kUsage
/// for an environment that is not there, kProject for views of other people that stand on its own, kRace for a lock.
base::Result<DropReport> DropEnvironment(Warehouse& warehouse, const std::string& environment,
                                         std::chrono::milliseconds lock_timeout);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_DROP_H_

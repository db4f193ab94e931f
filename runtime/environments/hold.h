#ifndef WAPC_RUNTIME_ENVIRONMENTS_HOLD_H_
#define WAPC_RUNTIME_ENVIRONMENTS_HOLD_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Runs `body` with the locks of these environments held, so that no apply of theirs is under way. Waits up to `wait`
/// for each, then kRace that names the holder. `what` says who asks, for those that wait in turn.
base::Status WithLocks(Warehouse& warehouse, const std::vector<std::string>& environments, const std::string& what,
                       std::chrono::milliseconds wait, const std::function<base::Status()>& body);

/// The same with one environment, and in one transaction that takes the environment's lease: an apply of which the lock
/// says nothing (it died, or the engine has no lock) has lost it then.
base::Status WithEnvironment(Warehouse& warehouse, const std::string& environment, const std::string& what,
                             std::chrono::milliseconds wait, const std::function<base::Status()>& body);

/// Makes the rest of the transaction give up soon where it would wait for a reader; for engines whose readers lock.
base::Status BoundLocks(Warehouse& warehouse);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_HOLD_H_

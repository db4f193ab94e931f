#ifndef WAPC_RUNTIME_APPLY_PUBLISH_H_
#define WAPC_RUNTIME_APPLY_PUBLISH_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Moves everything to the readers in one transaction: deltas, views, state. Any error leaves all as it was; kRace when
/// the lease or the structure version moved meanwhile.
base::Status Publish(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_PUBLISH_H_

#ifndef WAPC_RUNTIME_APPLY_FOLLOW_H_
#define WAPC_RUNTIME_APPLY_FOLLOW_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Runs may have moved the environment's data since the plan was made. A model that is only audited or recorded keeps
/// the build that is served now: the apply's copy of the plan is changed. kRace for a table that is to be moved in
/// place and is not the one that is served any more.
base::Status FollowServed(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_FOLLOW_H_

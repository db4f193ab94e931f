#ifndef WAPC_RUNTIME_APPLY_UNITS_H_
#define WAPC_RUNTIME_APPLY_UNITS_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Once everything is built and audited: withholds what is clean but goes with, or reads, what failed, by the plan's
/// groups. What is left may be published, in one transaction. Gives whether there is anything left to publish.
bool WithholdGroups(Run& run);

/// Whether something of the plan is not published now, for another reason than an unfinished load.
bool IsPartial(const Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_UNITS_H_

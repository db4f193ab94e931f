#ifndef WAPC_RUNTIME_APPLY_EXTEND_H_
#define WAPC_RUNTIME_APPLY_EXTEND_H_

#include "base/result.h"
#include "runtime/apply/run.h"
#include "runtime/plan.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// The plan with batches for what runs have filled since it was made: a time-range model's new table gets these
/// intervals too, as one batch. The same plan when there is nothing to add.
base::Result<Plan> WithLaterIntervals(const Plan& plan, Warehouse& warehouse);

/// Inside the publish: no table takes the place of one that is filled further or holds loads that it has not. Such a
/// plan has lost a race (kRace).
base::Status CheckNothingIsTakenAway(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_EXTEND_H_

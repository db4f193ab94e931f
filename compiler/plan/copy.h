#ifndef WAPC_COMPILER_PLAN_COPY_H_
#define WAPC_COMPILER_PLAN_COPY_H_

#include "compiler/ir.h"
#include "compiler/plan/changes.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// Changes the steps of a new table so that it starts from the rows of ModelChange::copy_of: columns that those do not
/// have are NULL, others are cast. Of a time-range model, what is filled in this plan is not copied; any other takes
/// new rows in with its next plan.
void StartFromCopy(const Project& project, const Model& model, const ModelChange& change, runtime::PlanModel& planned);

/// Adds a blocking audit that finds keys (else loads, else the number of rows) which the table that is served has and
/// the new one has not.
void GuardAgainstLoss(const Project& project, const Model& model, runtime::PlanModel& planned);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_COPY_H_

#ifndef WAPC_CLI_APPLY_PLAN_H_
#define WAPC_CLI_APPLY_PLAN_H_

#include <string>

#include "base/result.h"
#include "cli/context.h"
#include "runtime/plan.h"

namespace wapc::cli {

/// The flags of every verb that applies a plan.
struct ApplyFlags {
  unsigned jobs = 0;             ///< 0: as many as the machine has cores
  double statement_timeout = 0;  ///< seconds; 0: as wapc.yaml says
  bool verify_content = false;
  bool dry_run = false;
};

/// Adds them to a verb.
void AddApplyFlags(CLI::App& verb, ApplyFlags& flags);

/// Applies a plan to the warehouse that it was made for: shows progress, what failed and what came of it. The first
/// Ctrl-C ends it cleanly, the second at once. A connection that is lost is opened again, and the apply goes on where
/// it was. Gives the exit code.
base::Result<int> ApplyPlan(const Context& context, const compiler::Config& config, const runtime::ReadPlanResult& plan,
                            const ApplyFlags& flags = {});

}  // namespace wapc::cli

#endif  // WAPC_CLI_APPLY_PLAN_H_

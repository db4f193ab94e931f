#ifndef WAPC_CLI_EXPLAIN_PLAN_H_
#define WAPC_CLI_EXPLAIN_PLAN_H_

#include <string>

#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::cli {

/// Every statement that an apply of the plan runs, in order, with the relations put in; what only the apply knows (its
/// moment) stays a token. As SQL with comments, or as a JSON list of {"step", "sql"}.
std::string ExplainPlan(const runtime::Plan& plan, const runtime::State& state, bool json);

}  // namespace wapc::cli

#endif  // WAPC_CLI_EXPLAIN_PLAN_H_

#ifndef WAPC_CLI_PLAN_TEXT_H_
#define WAPC_CLI_PLAN_TEXT_H_

#include <string>

#include "runtime/plan.h"

namespace wapc::cli {

/// A plan for people: a line a model with its sign (+ added, ~ changed, > new rows, = records only, - removed), kind
/// and reason, and how to go on.
std::string PlanText(const runtime::Plan& plan, const std::string& file, bool color);

/// The same for a plan that is applied at once: its models only.
std::string RunText(const runtime::Plan& plan, bool color);

}  // namespace wapc::cli

#endif  // WAPC_CLI_PLAN_TEXT_H_

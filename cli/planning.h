#ifndef WAPC_CLI_PLANNING_H_
#define WAPC_CLI_PLANNING_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/context.h"
#include "compiler/ir.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

/// What the verbs that make plans share.
namespace wapc::cli {

/// The state of a gateway (empty: the one of the command line, else the project's default). A DuckDB file that is not
/// there yet is an empty warehouse. The connection is closed again before this returns, so that others can have it.
base::Result<runtime::State> ReadStateOf(const Context& context, const compiler::Project& project,
                                         const std::string& gateway);

/// Names the default gateway's state (runtime::StateToken) as far as these datasets matter. Prints nothing.
base::Result<std::string> StateTokenOf(const Context& context, const std::filesystem::path& folder,
                                       const std::vector<std::string>& datasets);

/// The models that selectors name; `flag` stands in messages.
base::Result<std::set<std::string>> SelectedModels(const Compiled& compiled, const std::vector<std::string>& selectors,
                                                   std::string_view flag);

/// Prints what could not be filled, before anything is planned; then false, and the exit code is set.
bool CanBeApplied(Context& context, const Compiled& compiled);

/// Prints what planning found; false when there are errors, and the exit code is set.
bool CanBePlanned(Context& context, const Compiled& compiled, base::Diagnostics& diagnostics);

}  // namespace wapc::cli

#endif  // WAPC_CLI_PLANNING_H_

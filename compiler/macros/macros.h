#ifndef WAPC_COMPILER_MACROS_MACROS_H_
#define WAPC_COMPILER_MACROS_MACROS_H_

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reads macros/ of a project folder and expands every macro and variable in the queries of its models; only the
/// run-time variables stay (runtime_variables.h). A query that cannot be expanded is taken out, so that nothing after
/// it is accused. Costs next to nothing where no macro is used.
Project ExpandMacros(const std::filesystem::path& folder, Project project, base::SourceMap& sources,
                     base::Diagnostics& diagnostics);

/// Expands the query of an audit, once its arguments are filled in; `@this_model` and `@served_model` stay, and the
/// arguments are variables for what is left (`@{column}` in names). False when it cannot be.
bool ExpandAuditQuery(const Project& project, grammar::Query*& query,
                      const std::map<std::string, grammar::Expr*>& arguments, grammar::Arena& arena,
                      const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// The names in an audit's query that are none of its parameters: variables of the project, and those of lambdas.
std::set<std::string> NoParameters(const Project& project, grammar::Query& query);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_MACROS_H_

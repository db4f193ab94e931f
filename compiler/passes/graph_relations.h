#ifndef WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_
#define WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_

#include <map>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Finds the model of every relation name in a query and adds it to `relations`; names of CTEs are left out. Reports
/// those that no model has.
void ResolveRelations(const Project& project, grammar::Query& query,
                      std::map<const grammar::TableName*, int>& relations, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_

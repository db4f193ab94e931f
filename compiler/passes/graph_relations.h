#ifndef WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_
#define WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_

#include <map>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Finds the model of every relation name in a query and adds it to `relations`; names of CTEs are left out. Reports
/// those that no model has.
void ResolveRelations(const Project& project, grammar::Query& query,
                      std::map<const grammar::TableName*, int>& relations, base::Diagnostics& diagnostics);

/// The model of a name that `depends_on` lists ("schema.model"); an unknown one is reported at the span.
std::optional<int> ResolveDeclared(const Project& project, const std::string& name, base::Span span,
                                   base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_GRAPH_RELATIONS_H_

#ifndef WAPC_COMPILER_PASSES_PASSES_H_
#define WAPC_COMPILER_PASSES_PASSES_H_

#include <functional>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// One stage between parsing and printing: takes a project, gives it back with more known of it.
struct Pass {
  std::string_view name;  ///< of `--stop-after`
  std::string_view what;  ///< one line for `--help`
  Project (*run)(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);
};

/// Every pass, in the order in which they run (passes.cc).
const std::vector<Pass>& Passes();

/// Finds what every relation name means and orders the models. Reports unknown models (nearest name), cycles (the place
/// of every edge), and models that read themselves.
Project ResolveGraph(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Binds every name in every query, expands stars in place, gives every column of every model its name, type,
/// nullability and lineage. Models are done in the order of the graph, independent ones in parallel; a model whose
/// upstream failed is left untyped without further errors.
Project BindModels(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Turns audit calls and grains into queries over the model: built-in ones (compiler/audits/*.sql), the user's, and one
/// unique_combination_of_columns and not_null a grain. Checks names and arguments, and that the query binds to the
/// model's columns.
Project ExpandAudits(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Checks that keys, load columns and the raw tables that kinds name are there, and derives the query of the keys that
/// still stand in a raw table (RemovedKeys::keys_query).
Project CheckKinds(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Puts the query of every EMBEDDED model into the queries that read it, as a subquery; relations and dependencies are
/// then those of what it reads. Lineage stays as it was bound, through the EMBEDDED model.
Project EmbedModels(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Fills the digests: data (the canonical query, kind, keys and types), metadata (description, owner, tags), audits.
Project Fingerprint(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Where the gateway speaks another dialect than the project, fills Model::gateway_query and its like; what that
/// dialect cannot say is an error at its place (compiler/translate/translate_project.cc). Else does nothing.
Project TranslateProject(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_PASSES_H_

#ifndef WAPC_COMPILER_AFFECTED_H_
#define WAPC_COMPILER_AFFECTED_H_

#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Files that changed, as paths relative to the project folder.
struct ChangedFiles {
  std::vector<std::string> present;
  std::vector<std::string> gone;
};

/// A model as far as it is known what a change elsewhere does to it.
struct GraphModel {
  std::string name;
  std::string file;                     ///< that it stands in; staging models have their staging.yml
  std::string dataset;                  ///< whose metadata it comes from; empty for a model that somebody wrote
  bool own = true;                      ///< not an external table
  std::vector<std::string> depends_on;  ///< names
};
using ModelGraph = std::vector<GraphModel>;

/// The graph of a project whose models are linked.
ModelGraph GraphOf(const Project& project, const base::SourceMap& sources);
/// One model of it.
GraphModel GraphModelOf(const Project& project, const Model& model, const base::SourceMap& sources);

/// What a change can break: the models of the changed files, and everything downstream of them.
struct Affected {
  bool everything = false;      ///< a file changed that any model may depend on, or a model is gone
  std::set<std::string> files;  ///< the changed files and those of the models
  size_t models = 0;            ///< how many are affected, raw tables not counted
};

/// A model file affects its models, a file of metadata/ the models over its dataset; any
/// other file of the project (wapc.yaml, audits, macros, seeds), or a file that is gone, affects everything.
Affected FindAffected(const ModelGraph& graph, const ChangedFiles& changed);

/// The diagnostics that are about affected files, that point at one in a note, or that are about the configuration.
base::Diagnostics OfAffected(const base::Diagnostics& all, const base::SourceMap& sources, const Affected& affected);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_AFFECTED_H_

#ifndef WAPC_COMPILER_DAG_H_
#define WAPC_COMPILER_DAG_H_

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// The models that selectors name, in the order of the graph; all that anything reads, and their readers, when there
/// are none. A selector is SQLMesh's: a name or a glob of names (marts.*), `tag:nightly`, with + before it for all that
/// it reads and + behind it for all that reads it. One that selects nothing is an error (kProject).
base::Result<std::vector<int>> SelectModels(const Project& project, const std::vector<std::string>& selectors);

/// A line a model, each after what it reads: name, kind and what it reads.
std::string DagText(const Project& project, const std::vector<int>& models);
/// {"models": [{"name", "kind", "depends_on"}]}
std::string DagJson(const Project& project, const std::vector<int>& models);
std::string DagMermaid(const Project& project, const std::vector<int>& models);
/// For Graphviz.
std::string DagDot(const Project& project, const std::vector<int>& models);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_DAG_H_

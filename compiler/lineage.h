#ifndef WAPC_COMPILER_LINEAGE_H_
#define WAPC_COMPILER_LINEAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

enum class LineageDirection : uint8_t {
  kUpstream,    ///< what a column's value comes from
  kDownstream,  ///< what comes from it
};

/// Columns that a walk met, each once, and which of them the next ones come from. Node 0 and those up to `roots` are
/// the ones that were asked for.
struct Lineage {
  struct Node {
    int model = -1;
    std::string column;
    std::vector<size_t> next;  ///< one step on in the direction of the walk, in the order of the names
    bool cut = false;          ///< there is more behind it, beyond the depth
  };
  LineageDirection direction = LineageDirection::kUpstream;
  std::vector<Node> nodes;
  size_t roots = 0;
};

/// Walks from columns of a bound project (through CTEs, subqueries and set operations, which binding has followed
/// already) to the raw tables, or down to the last readers. `depth` is how many models to go; 0: all the way.
Lineage TraceLineage(const Project& project, const std::vector<ColumnSource>& from, LineageDirection direction,
                     int depth);

/// The lineage as a tree of lines: column, type, the expression that gives it and its place. What stands in the tree
/// already is not repeated below its second place.
std::string LineageText(const Lineage& lineage, const Project& project, const base::SourceMap& sources);
/// {"direction", "roots", "nodes": [{"id", "column", "type", "kind", "expression", "place"}], "edges": [{"from",
/// "to"}]}; an edge goes the way of the data.
std::string LineageJson(const Lineage& lineage, const Project& project, const base::SourceMap& sources);
/// A Mermaid flowchart, a box a model.
std::string LineageMermaid(const Lineage& lineage, const Project& project);

/// Names of Mermaid and DOT in quotes, with what they cannot hold replaced.
std::string DiagramText(std::string_view text);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_LINEAGE_H_

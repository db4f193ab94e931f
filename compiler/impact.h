#ifndef WAPC_COMPILER_IMPACT_H_
#define WAPC_COMPILER_IMPACT_H_

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir.h"

namespace wapc::compiler {

/// A model that a change of a raw table touches.
struct TouchedModel {
  std::string model;
  std::vector<std::string>
      columns;  ///< whose values come from it, in the model's order; empty: it only filters or joins
};

/// Finds what reads raw tables, directly or through other models, by the lineage of a bound project (before EMBEDDED
/// models are put in place).
class Impact {
 public:
  explicit Impact(const Project& project) : project_(&project) {}

  /// The models that a column of a raw table touches, upstream ones first. Empty: nothing reads it.
  std::vector<TouchedModel> OfColumn(std::string_view dataset, std::string_view table, std::string_view column) const;
  /// The same for a whole table: every model downstream, with the columns that come from any of its own.
  std::vector<TouchedModel> OfTable(std::string_view dataset, std::string_view table) const;

 private:
  std::vector<TouchedModel> Trace(int raw, std::string_view column) const;

  const Project* project_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_IMPACT_H_

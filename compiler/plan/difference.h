#ifndef WAPC_COMPILER_PLAN_DIFFERENCE_H_
#define WAPC_COMPILER_PLAN_DIFFERENCE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/query_difference.h"
#include "runtime/state/records.h"

namespace wapc::grammar {
class Parser;
}

namespace wapc::compiler {

/// How what a model shows to its readers differs from what an environment serves under its name.
struct Difference {
  std::string rows;                  ///< why any row may differ; empty: the rows are the same
  std::vector<std::string> added;    ///< columns
  std::vector<std::string> gone;     ///< columns
  std::vector<std::string> changed;  ///< columns whose values, type or nullability may differ
  std::vector<std::string> retyped;  ///< of `changed`, "amount from int32 to int64"
  bool own = false;                  ///< its own text is another one, not only the types that it reads
  bool empty() const { return rows.empty() && added.empty() && gone.empty() && changed.empty(); }
  /// Nothing that was there before can differ.
  bool only_adds() const { return rows.empty() && gone.empty() && changed.empty(); }
  /// All names in it, in lower case.
  Names columns() const;
};

/// "adds city; changes amount; its WHERE changed"; empty when there is nothing to say.
std::string DifferenceText(const Difference& difference);

/// Compares models with what is recorded of them: by their trees and types, a column at a time. What it cannot prove
/// to be the same counts as different.
class Differ {
 public:
  explicit Differ(const Project& project);
  ~Differ();
  Differ(const Differ&) = delete;
  Differ& operator=(const Differ&) = delete;

  /// `upstream`: how the models that it reads differ, by index; those that do not are absent.
  using Upstream = std::map<int, const Difference*>;

  /// Of a model whose own text changed.
  Difference Compare(const runtime::EnvironmentModel& served, const Model& model, const Upstream& upstream);

  /// Of one whose text is the same: what it reads of `upstream`, and what follows for its own columns. Empty when it is
  /// proven that its rows are the same; `reads` names what it reads otherwise ("marts.orders.city").
  Difference Follow(const Model& model, const Upstream& upstream, std::string& reads);

 private:
  QueryDifference CompareTexts(const std::string& old, const std::string& now, const Names& touched);

  const Project& project_;
  std::unique_ptr<grammar::Parser> parser_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_DIFFERENCE_H_

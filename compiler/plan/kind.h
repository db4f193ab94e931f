#ifndef WAPC_COMPILER_PLAN_KIND_H_
#define WAPC_COMPILER_PLAN_KIND_H_

#include <vector>

#include "compiler/ir.h"

namespace wapc::compiler {

class StepWriter;

/// How models of one kind are filled: one file in compiler/kinds/. foo.cc defines `const KindPlan& FooKind();` and is
/// found by its name.
struct KindPlan {
  ModelKind kind = ModelKind::kFull;
  bool is_view = false;        ///< its physical relation is a view over physical relations
  bool in_place = false;       ///< later rows are moved into the table that readers have
  bool has_intervals = false;  ///< filled interval by interval
  bool keeps_loads = false;    ///< which dlt loads its rows are of is recorded one by one
  bool keeps_history = false;  ///< its rows could not be made again, so a change of the model keeps them
  /// Writes what makes the physical relation from nothing. Null: the kind has none.
  void (*create)(StepWriter& steps) = nullptr;
  /// Writes what makes new rows aside and the candidate, moves them at the publish and takes that back. Null unless
  /// in_place.
  void (*delta)(StepWriter& steps) = nullptr;
};

/// Every kind, by name of its file.
std::vector<const KindPlan*> AllKindPlans();

/// The entry of a kind; null: there is none, and a plan cannot fill it.
const KindPlan* FindKindPlan(ModelKind kind);

/// Properties of a kind, as its file declares them.
bool MovesInPlace(ModelKind kind);
bool HasIntervals(ModelKind kind);
bool KeepsHistory(ModelKind kind);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_KIND_H_

#include <fmt/format.h>

#include "compiler/plan/emit.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/merge.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& IncrementalByUniqueKeyKind();

namespace {

using runtime::RelationName;

// Keys whose rows in the table are not kept: those with a new row, and those that are gone.
std::string ReplacedQuery(const StepWriter& steps, const RelationName& table_name, const RelationName& delta) {
  const Model& model = steps.model();
  const std::string keys = steps.ColumnList(model.unique_key, "t");
  const std::string table = steps.Relation(table_name);
  std::string out = fmt::format("SELECT {} FROM {} AS t", keys, steps.Relation(delta));
  if (model.removed.keys_query != nullptr) {
    out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE NOT EXISTS (SELECT 1 FROM (\n{}\n) AS s WHERE {})", keys,
                       table, EmitKeysQuery(model, steps.project()), steps.SameKey(model.unique_key, "s", "t"));
  }
  if (model.removed.parent.empty()) return out;
  const std::string same = fmt::format("p.{} IS NOT DISTINCT FROM t.{}", steps.Name(model.removed.parent_key),
                                       steps.Name(model.removed.parent_column));
  out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})", keys, table,
                     Token("rel", model.removed.parent), same);
  if (!steps.parent_delta().name.empty()) {
    out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE EXISTS (SELECT 1 FROM {} AS p WHERE {})", keys, table,
                       steps.Relation(steps.parent_delta()), same);
  }
  return out;
}

// New rows and the keys they replace, each in a table of its own; the candidate is a view over them and the table.
void Delta(StepWriter& steps) {
  const RelationName delta = steps.Delta();
  const RelationName replaced = steps.Aside("replaced");
  const bool merges = steps.model().merge_query != nullptr;
  const RelationName rows = merges ? steps.Aside("source") : delta;
  steps.MakeRows(merges ? "source" : "delta", rows);
  if (merges) MakeMergedDelta(steps, rows);
  steps.AddBuild("replaced", fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(replaced),
                                         ReplacedQuery(steps, steps.planned().relation, rows)));
  steps.planned().temporary = {steps.planned().candidate, replaced};
  if (merges) steps.planned().temporary.push_back(rows);
  steps.planned().temporary.push_back(delta);
  steps.MoveByKeys(delta, replaced, steps.model().unique_key);
}

}  // namespace

const KindPlan& IncrementalByUniqueKeyKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kIncrementalByUniqueKey,
                                   .in_place = true,
                                   .keeps_loads = true,
                                   .create = CreateTable,
                                   .delta = Delta};
  return kSteps;
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include "compiler/plan/emit.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/writer.h"
#include "grammar/printer.h"

namespace wapc::compiler {

const KindPlan& FullKind();

namespace {

// How many rows of the raw table belong to a load which is not complete, and its name.
std::string HoldQuery(const StepWriter& steps) {
  const Model& raw = *steps.project().Find(steps.model().hold_source);
  return fmt::format("SELECT count(*), {} FROM {} AS t\nWHERE t.{} NOT IN (SELECT l.load_id FROM {} AS l)",
                     grammar::QuoteString(raw.name, steps.project().config.target()),
                     steps.Relation({raw.schema, raw.table}), steps.Name("_dlt_load_id"), Token("loads", raw.schema));
}

void Create(StepWriter& steps) {
  CreateTable(steps);
  if (!steps.model().hold_source.empty()) steps.planned().hold_sql = HoldQuery(steps);
}

}  // namespace

const KindPlan& FullKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kFull, .create = Create};
  return kSteps;
}

}  // namespace wapc::compiler

#include "compiler/plan/applicable.h"

#include <fmt/format.h>

#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"
#include "grammar/fold.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kNotApplied{"not-applied", base::Severity::kError};

// The first property that would be passed over in silence; empty: none.
std::string_view UnappliedProperty(const KindProperties& properties) {
  if (properties.materialized) return "materialized true";
  if (properties.forward_only) return "forward_only true";
  if (properties.disable_restatement) return "disable_restatement true";
  if (!properties.auto_restatement_cron.empty()) return "auto_restatement_cron";
  return {};
}

// Why the intervals of a time-range model cannot be told; empty: they can.
std::string IntervalFault(const Model& model) {
  const auto form = TimeForm(model);
  if (!ReadMoment(model.start, false)) {
    return model.start.empty() ? "has no start" : fmt::format("has the start '{}', which is no date", model.start);
  }
  if (!form) {
    return fmt::format("has the time column {}, which is no date, no timestamp and no text as '%Y-%m-%d'",
                       model.properties.time_column);
  }
  const bool dates = *form == RuntimeVariable::Form::kDate || *form == RuntimeVariable::Form::kDs;
  if (dates && UnitOf(model) > IntervalUnit::kDay) {
    return fmt::format("has the time column {}, which holds days, and intervals that are shorter",
                       model.properties.time_column);
  }
  const std::string zone = grammar::LowerCase(model.cron_tz);
  return zone.empty() || zone == "utc" ? "" : fmt::format("has the cron_tz {}; intervals are in UTC", model.cron_tz);
}

void CheckIntervals(const Model& model, base::Diagnostics& diagnostics) {
  if (!HasIntervals(model.kind)) return;
  const std::string fault = IntervalFault(model);
  if (fault.empty()) return;
  diagnostics.Report(kNotApplied, model.kind_span, fmt::format("{} {}", model.name, fault))
      .Help(
          "set `start '2024-01-31'` in MODEL or model_defaults, and a cron whose intervals the time column can tell "
          "apart");
}

}  // namespace

void CheckApplicable(const Project& project, base::Diagnostics& diagnostics) {
  for (const Model& model : project.models) {
    if (FindKindPlan(model.kind) == nullptr) {
      diagnostics
          .Report(kNotApplied, model.kind_span,
                  fmt::format("{} is of kind {}, which this version of wapc checks and cannot fill", model.name,
                              ToString(model.kind)))
          .Help("make it FULL, INCREMENTAL_BY_UNIQUE_KEY or INCREMENTAL_BY_LOAD to apply it");
    } else if (const std::string_view property = UnappliedProperty(model.properties); !property.empty()) {
      diagnostics
          .Report(kNotApplied, model.kind_span,
                  fmt::format("{} asks for '{}', which this version of wapc does not do", model.name, property))
          .Help("leave it out to apply the model");
    }
    CheckIntervals(model, diagnostics);
    if (!model.hooks.on_virtual_update.empty()) {
      diagnostics
          .Report(kNotApplied, model.hooks.on_virtual_update[0].span,
                  "statements of ON_VIRTUAL_UPDATE are not run by this version of wapc")
          .Help("grant on the schema in the warehouse, once: readers' views stay in it");
    }
  }
}

}  // namespace wapc::compiler

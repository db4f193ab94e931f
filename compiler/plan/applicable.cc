#include "compiler/plan/applicable.h"

#include <fmt/format.h>

#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"
#include "compiler/project/zone.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kNotApplied{"not-applied", base::Severity::kError};

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
  return {};
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

void CheckZone(const Model& model, base::Diagnostics& diagnostics) {
  if (Zone::Find(model.cron_tz)) return;
  diagnostics
      .Report(kNotApplied, model.kind_span,
              fmt::format("{} has the cron_tz '{}', which is no zone of the tz database", model.name, model.cron_tz))
      .Help("write a name like 'America/New_York', or UTC");
}

}  // namespace

void CheckApplicable(const Project& project, base::Diagnostics& diagnostics) {
  for (const Model& model : project.models) {
    CheckIntervals(model, diagnostics);
    CheckZone(model, diagnostics);
  }
}

}  // namespace wapc::compiler

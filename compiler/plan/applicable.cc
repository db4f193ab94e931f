#include "compiler/plan/applicable.h"

#include <fmt/format.h>

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kNotApplied{"not-applied", base::Severity::kError};

bool IsApplied(ModelKind kind) {
  switch (kind) {
    case ModelKind::kView:
    case ModelKind::kFull:
    case ModelKind::kIncrementalByUniqueKey:
    case ModelKind::kIncrementalByLoad:
    case ModelKind::kSeed:
    case ModelKind::kExternal:
    case ModelKind::kEmbedded: return true;
    case ModelKind::kIncrementalByTimeRange:
    case ModelKind::kIncrementalByPartition:
    case ModelKind::kIncrementalUnmanaged:
    case ModelKind::kScdType2ByTime:
    case ModelKind::kScdType2ByColumn: return false;
  }
  return false;
}

// The first property that would be passed over in silence; empty: none.
std::string_view UnappliedProperty(const KindProperties& properties) {
  if (properties.materialized) return "materialized true";
  if (properties.forward_only) return "forward_only true";
  if (properties.disable_restatement) return "disable_restatement true";
  if (!properties.auto_restatement_cron.empty()) return "auto_restatement_cron";
  return {};
}

}  // namespace

void CheckApplicable(const Project& project, base::Diagnostics& diagnostics) {
  for (const Model& model : project.models) {
    if (!IsApplied(model.kind)) {
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
    if (!model.hooks.on_virtual_update.empty()) {
      diagnostics
          .Report(kNotApplied, model.hooks.on_virtual_update[0].span,
                  "statements of ON_VIRTUAL_UPDATE are not run by this version of wapc")
          .Help("grant on the schema in the warehouse, once: readers' views stay in it");
    }
  }
}

}  // namespace wapc::compiler

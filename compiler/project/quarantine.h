#ifndef WAPC_COMPILER_PROJECT_QUARANTINE_H_
#define WAPC_COMPILER_PROJECT_QUARANTINE_H_

#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// What the name of a model that holds rows put aside ends with, and the columns that it has beside the model's own.
inline constexpr std::string_view kQuarantineSuffix = "__quarantine";
inline constexpr std::string_view kQuarantineAudit = "_audit";
inline constexpr std::string_view kQuarantineLoad = "_load_id";
inline constexpr std::string_view kQuarantineInterval = "_interval_start";
inline constexpr std::string_view kQuarantineTime = "_quarantined_at";

/// Whether an audit says `quarantine := true`: the rows that it selects are put aside.
bool IsQuarantine(const AuditCall& call);
bool HasQuarantine(const Model& model);

/// The model whose rows put aside a model holds; null for an ordinary model.
const Model* QuarantinedBy(const Project& project, const Model& model);

/// Adds, for every model with an audit that says `quarantine := true`, the model that holds the rows which that audit
/// puts aside: of kind FULL, with the columns of the model and four more. Its statements are the plan's (see
/// compiler/plan/quarantine.h); its query only says what it is.
void AddQuarantineModels(Project& project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_QUARANTINE_H_

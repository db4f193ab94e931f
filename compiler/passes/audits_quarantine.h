#ifndef WAPC_COMPILER_PASSES_AUDITS_QUARANTINE_H_
#define WAPC_COMPILER_PASSES_AUDITS_QUARANTINE_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reports an expanded audit that is to put rows aside and cannot: it does not select rows of the model itself, or the
/// model has none of its own.
void CheckQuarantine(const Model& model, const AuditCall& call, base::Diagnostics& diagnostics);

/// What is read by an audit that puts rows aside has to be there before the model is filled. Adds it to the models that
/// the model depends on; run once all audits are expanded.
void DependOnQuarantine(Project& project);

/// The SELECT of `SELECT * FROM @this_model WHERE ...`, which selects rows of the model by themselves; else null.
const grammar::Select* RowsOfModel(const grammar::Query& query);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_QUARANTINE_H_

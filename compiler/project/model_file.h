#ifndef WAPC_COMPILER_PROJECT_MODEL_FILE_H_
#define WAPC_COMPILER_PROJECT_MODEL_FILE_H_

#include <memory>
#include <optional>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Reads the statements of one file of models/: MODEL (...) first, then its query, then AUDIT blocks that only it uses.
/// Reports unknown properties, missing ones and wrong values. `config` gives the defaults; nothing when
/// the file names no model.
std::optional<Model> ReadModelFile(const grammar::Document& document, std::shared_ptr<grammar::Arena> arena,
                                   base::SourceId source, const Config& config, base::Diagnostics& diagnostics);

/// Reads the AUDIT (...) blocks of a file of audits/.
std::vector<AuditDefinition> ReadAuditFile(const grammar::Document& document, base::Diagnostics& diagnostics);

/// `audits (not_null(columns := (a)), my_audit)` as calls.
std::vector<AuditCall> ReadAuditCalls(grammar::Expr& value, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_MODEL_FILE_H_

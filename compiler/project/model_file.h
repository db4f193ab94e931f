#ifndef WAPC_COMPILER_PROJECT_MODEL_FILE_H_
#define WAPC_COMPILER_PROJECT_MODEL_FILE_H_

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Reads the statements of one file of models/: MODEL (...) first, then its query, then AUDIT blocks that only it uses.
/// Reports unknown properties, missing ones and wrong values. `config` gives the defaults, `inferred_name` the name
/// ("schema.model") of a block without one; nothing when the file names no model.
std::optional<Model> ReadModelFile(const grammar::Document& document, std::shared_ptr<grammar::Arena> arena,
                                   base::SourceId source, const Config& config, base::Diagnostics& diagnostics,
                                   std::string_view inferred_name = {});

/// Reads the AUDIT (...) blocks of a file of audits/.
std::vector<AuditDefinition> ReadAuditFile(const grammar::Document& document, base::Diagnostics& diagnostics);

/// `audits (not_null(columns := (a)), my_audit)` as calls.
std::vector<AuditCall> ReadAuditCalls(grammar::Expr& value, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_MODEL_FILE_H_

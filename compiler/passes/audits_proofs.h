#ifndef WAPC_COMPILER_PASSES_AUDITS_PROOFS_H_
#define WAPC_COMPILER_PASSES_AUDITS_PROOFS_H_

#include <optional>
#include <string>

#include "compiler/ir.h"

namespace wapc::compiler {

/// Why an audit cannot find a row, whatever the data is, in words; nothing when that is not proven. A proof stands on
/// what is enforced: the shape of the model's own query, and blocking audits of the tables that it reads. Hints of
/// schemas and declared types prove nothing. Only for models whose rows all come from the query as it is now.
std::optional<std::string> ProofOf(const Project& project, const Model& model, const AuditCall& call);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_PROOFS_H_

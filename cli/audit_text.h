#ifndef WAPC_CLI_AUDIT_TEXT_H_
#define WAPC_CLI_AUDIT_TEXT_H_

#include <string>

#include "runtime/apply.h"

namespace wapc::cli {

/// A failed audit as people read it: what failed, how many rows, the first of them.
std::string FailureText(const runtime::AuditFailure& failure);

}  // namespace wapc::cli

#endif  // WAPC_CLI_AUDIT_TEXT_H_

#ifndef WAPC_CLI_AUDIT_REPORT_H_
#define WAPC_CLI_AUDIT_REPORT_H_

#include <string>
#include <vector>

#include "cli/context.h"
#include "runtime/audits.h"

/// What `wapc audit` found, in the formats of other tools.
namespace wapc::cli {

/// `changed`: models that are not what the environment serves, so that they were not audited.
std::string AuditJson(const runtime::AuditReport& report, const std::vector<std::string>& changed);
/// A suite a model, a case an audit; a model that was not audited is an error.
std::string AuditJunit(const runtime::AuditReport& report, const std::vector<std::string>& changed);
/// Failures as diagnostics, each at the audit's call (for --format github and sarif).
base::Diagnostics AuditDiagnostics(const runtime::AuditReport& report, const std::vector<std::string>& changed,
                                   const compiler::Project& project);

}  // namespace wapc::cli

#endif  // WAPC_CLI_AUDIT_REPORT_H_

#ifndef WAPC_COMPILER_STAGING_AUDIT_YAML_H_
#define WAPC_COMPILER_STAGING_AUDIT_YAML_H_

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "compiler/ir.h"
#include "compiler/staging/rule.h"

namespace wapc::compiler {

/// `audits: [my_audit, {accepted_range: {column: distance, min_v: 1}}]` as calls. Values of column and columns are
/// names, of condition and criteria expressions; any other text is text. `on_column` (may be empty) is the column that
/// the list stands under: it is the argument that the audit needs.
std::vector<AuditCall> ReadYamlAudits(const base::YamlNode& list, std::string_view on_column, grammar::Arena& arena,
                                      RuleTools& tools);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_AUDIT_YAML_H_

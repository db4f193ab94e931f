#ifndef WAPC_COMPILER_LINT_CONFIG_H_
#define WAPC_COMPILER_LINT_CONFIG_H_

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reads `linter:` of wapc.yaml, in SQLMesh's words: `enabled`, `rules` (findings are errors), `warn_rules`,
/// `ignored_rules`; each list may be "ALL". A rule that no list names runs as a warning when it is on by default; a
/// name beats "ALL".
void ReadLinter(const base::YamlNode& root, Config& config, base::Diagnostics& diagnostics);

/// Turns the names of MODEL's `ignored_rules` into codes; reports unknown ones at `span`.
void CheckIgnoredRules(std::vector<std::string>& names, base::Span span, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_LINT_CONFIG_H_

#ifndef WAPC_COMPILER_STAGING_RENAMING_H_
#define WAPC_COMPILER_STAGING_RENAMING_H_

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "compiler/staging/rule.h"

namespace wapc::compiler {

/// How names are changed, of tables and of columns: strip, patterns, case, then prefix and suffix.
struct Renaming {
  struct Pattern {
    std::regex what;
    std::string with;
  };
  std::string strip_prefix, strip_suffix, prefix, suffix, letter_case;
  std::vector<Pattern> patterns;

  std::string NewName(std::string_view name) const;
};

/// The keys of a mapping that say how to rename.
std::vector<std::string_view> RenamingKeys();
/// Reads those keys; an unknown case and a pattern that is no regular expression are reported, once for the place.
Renaming ReadRenaming(const base::YamlNode& value, RuleTools& tools);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_RENAMING_H_

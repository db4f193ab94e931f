#ifndef WAPC_COMPILER_PROJECT_YAML_KEYS_H_
#define WAPC_COMPILER_PROJECT_YAML_KEYS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"

namespace wapc::compiler {

/// Reports every key of a mapping that is not among the known ones, with the nearest. `where` says whose keys they are
/// ("wapc.yaml", "a gateway").
void CheckKeys(const base::YamlNode& map, const std::vector<std::string_view>& known, std::string_view where,
               base::Diagnostics& diagnostics);

/// Reports a key that `where` has not, with how to mend it.
void ReportUnknownKey(const base::YamlEntry& entry, std::string_view where, std::string help,
                      base::Diagnostics& diagnostics);

/// Reports a value that is not what a key takes: "`key` takes X, but here is Y".
void ReportWrongType(const base::YamlNode& value, std::string_view key, std::string_view expected,
                     base::Diagnostics& diagnostics);

/// The value of a key as text, true or false, a mapping, or a list of text (a single text counts as a list of one).
/// Nothing when the key is absent or null, or of another type (reported).
std::optional<std::string> TextAt(const base::YamlNode& map, std::string_view key, base::Diagnostics& diagnostics);
std::optional<bool> BoolAt(const base::YamlNode& map, std::string_view key, base::Diagnostics& diagnostics);
const base::YamlNode* MapAt(const base::YamlNode& map, std::string_view key, base::Diagnostics& diagnostics);
const base::YamlNode* ListAt(const base::YamlNode& map, std::string_view key, base::Diagnostics& diagnostics);
std::vector<std::string> TextsAt(const base::YamlNode& map, std::string_view key, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_YAML_KEYS_H_

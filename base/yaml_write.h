#ifndef WAPC_BASE_YAML_WRITE_H_
#define WAPC_BASE_YAML_WRITE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/yaml.h"

namespace wapc::base {

/// Text as YAML on one line: plain where no reader, of YAML 1.1 or 1.2, takes it for anything but text, else quoted.
std::string YamlText(std::string_view text);

/// A scalar or null on one line. What was not quoted stays so.
std::string YamlScalar(const YamlNode& node);

/// Appends a mapping's entry or whole mappings and lists in block style, as dlt's exports have it: two blanks a level,
/// the dashes of a list under its key. `indent` is that of the key.
void AppendYamlEntry(std::string_view key, const YamlNode& value, size_t indent, std::string& out);
void AppendYamlBlock(const YamlNode& node, size_t indent, std::string& out);

/// Whether two trees mean the same to YAML's readers: quotes count only where they change what is read, the order of
/// keys counts, places do not.
bool SameYaml(const YamlNode& a, const YamlNode& b);

}  // namespace wapc::base

#endif  // WAPC_BASE_YAML_WRITE_H_

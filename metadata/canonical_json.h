#ifndef WAPC_METADATA_CANONICAL_JSON_H_
#define WAPC_METADATA_CANONICAL_JSON_H_

#include <string>
#include <string_view>

#include "base/yaml.h"

namespace wapc::metadata {

/// Appends a text as orjson writes it: UTF-8 as it is, control characters escaped.
void AppendJsonText(std::string_view text, std::string& out);

/// Appends a scalar as orjson writes what PyYAML's safe_load makes of it (YAML 1.1: yes and no, 0x1f, 1_000, times).
void AppendJsonScalar(const base::YamlNode& scalar, std::string& out);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_CANONICAL_JSON_H_

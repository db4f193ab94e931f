#ifndef WAPC_BASE_TOML_H_
#define WAPC_BASE_TOML_H_

#include <cstdint>

#include "base/result.h"
#include "base/source.h"
#include "base/yaml.h"

namespace wapc::base {

/// Whether what a parser says of a file may be shown.
enum class TomlContent : uint8_t { kPlain, kSecret };

/// Reads a TOML 1.0 source into the same located tree that YAML gives: tables are maps, strings are quoted scalars,
/// numbers and true or false are plain ones, dates and times are text. Broken syntax is an Error (kUsage) that names
/// file, line and column; of a secret file it says no more.
Result<YamlNode> ParseToml(const SourceMap& sources, SourceId source, TomlContent content);

}  // namespace wapc::base

#endif  // WAPC_BASE_TOML_H_

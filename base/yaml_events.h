#ifndef WAPC_BASE_YAML_EVENTS_H_
#define WAPC_BASE_YAML_EVENTS_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "base/yaml.h"

namespace wapc::base {

/// How deep mappings and lists may stand in each other, and how many values a document may have.
inline constexpr size_t kDeepestYaml = 200;
inline constexpr size_t kMostYamlNodes = 1'000'000;

/// Whether an unquoted scalar is YAML's null.
bool IsYamlNull(std::string_view plain);

/// The offset of the first byte that is not UTF-8, or nothing.
std::optional<size_t> FirstBadUtf8(std::string_view text);

/// The full YAML reader, over yaml-cpp's events: all of YAML 1.2, and the only one that reports.
std::optional<YamlNode> ReadYamlEvents(std::string_view text, SourceId source, Diagnostics& diagnostics);

}  // namespace wapc::base

#endif  // WAPC_BASE_YAML_EVENTS_H_

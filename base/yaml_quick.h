#ifndef WAPC_BASE_YAML_QUICK_H_
#define WAPC_BASE_YAML_QUICK_H_

#include <optional>
#include <string_view>

#include "base/source.h"
#include "base/yaml.h"

namespace wapc::base {

/// Reads what schema exports and their like are made of: block mappings and lists, plain and quoted scalars on one
/// line, and JSON. Gives the very tree that the full reader gives, about ten times as fast (yaml-cpp matches several
/// patterns against every character), or nothing for whatever it is not sure of: anchors, tags, block scalars, errors.
/// The full reader is the judge: a test holds the two against each other.
std::optional<YamlNode> ReadQuickYaml(std::string_view text, SourceId source);

}  // namespace wapc::base

#endif  // WAPC_BASE_YAML_QUICK_H_

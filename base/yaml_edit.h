#ifndef WAPC_BASE_YAML_EDIT_H_
#define WAPC_BASE_YAML_EDIT_H_

#include <string>
#include <string_view>

#include "base/yaml.h"

namespace wapc::base {

/// The text of a YAML document changed so that it reads as `after`. `before` is what was read from `text`. Whatever did
/// not change keeps its bytes: comments, blank lines, quotes and layout; a comment above a key, or behind its value,
/// stays with the key wherever that goes, and goes with it. New keys are written in block style.
///
/// Works on mappings in block style; a value in brackets, a list or a text over several lines that changed is written
/// anew. Where anchors and aliases stand in the way the outcome can read as something else: read it again and compare.
std::string EditYaml(std::string_view text, const YamlNode& before, const YamlNode& after);

}  // namespace wapc::base

#endif  // WAPC_BASE_YAML_EDIT_H_

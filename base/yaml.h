#ifndef WAPC_BASE_YAML_H_
#define WAPC_BASE_YAML_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"

namespace wapc::base {

struct YamlEntry;

/// A YAML value that carries its place. Scalars keep their text as written (unescaped); `quoted` tells '1' from 1.
struct YamlNode {
  enum class Kind : uint8_t { kNull, kScalar, kSequence, kMap };
  Kind kind = Kind::kNull;
  bool quoted = false;
  Span span;
  std::string scalar;
  std::vector<YamlNode> items;     ///< of a sequence
  std::vector<YamlEntry> entries;  ///< of a map, in the order of the file; keys are distinct

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_map() const { return kind == Kind::kMap; }
  /// The value under a key of a map; null when absent or not a map.
  const YamlNode* Find(std::string_view key) const;
  /// YAML 1.2 core schema: an unquoted true or false (any usual case); nothing for anything else.
  std::optional<bool> AsBool() const;
  /// An unquoted decimal integer that fits; nothing for anything else.
  std::optional<int64_t> AsInt() const;
  /// What the value is, for messages: "a list", "a mapping", "text", "a number", "true or false", "nothing".
  std::string_view Describe() const;
};

struct YamlEntry {
  std::string key;
  Span key_span;
  YamlNode value;
};

/// Reads the first document of a source (JSON is read too, being YAML). Reports broken syntax and duplicate keys; gives
/// nothing when the syntax is broken. An empty source is a null node. Anchors and aliases are resolved by copy, at most
/// a million nodes in all; nesting is capped at 200.
std::optional<YamlNode> ParseYaml(const SourceMap& sources, SourceId source, Diagnostics& diagnostics);

}  // namespace wapc::base

#endif  // WAPC_BASE_YAML_H_

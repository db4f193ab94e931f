#include "cli/new_test.h"

#include <nlohmann/json.hpp>

namespace wapc::cli {
namespace {

using base::YamlNode;
using metadata::TypeKind;

YamlNode NodeOf(const nlohmann::ordered_json& json) {
  if (json.is_null()) return {};
  if (json.is_string()) return ScalarNode(json.get<std::string>(), true);
  if (!json.is_structured()) return ScalarNode(json.dump(), false);
  YamlNode out = MapNode();
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) AddEntry(out, key, NodeOf(value));
    return out;
  }
  out.kind = YamlNode::Kind::kSequence;
  for (const auto& item : json) out.items.push_back(NodeOf(item));
  return out;
}

bool IsNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos;
}

YamlNode ValueNode(const std::string& text, const metadata::Type& type) {
  if (type.kind == TypeKind::kArray || type.kind == TypeKind::kStruct || type.kind == TypeKind::kMap) {
    const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!json.is_discarded()) return NodeOf(json);
  }
  const bool bare =
      type.kind == TypeKind::kBool ? text == "true" || text == "false" : type.is_numeric() && IsNumber(text);
  return ScalarNode(text, !bare);
}

}  // namespace

YamlNode MapNode() {
  YamlNode out;
  out.kind = YamlNode::Kind::kMap;
  return out;
}

YamlNode ScalarNode(std::string text, bool quoted) {
  YamlNode out;
  out.kind = YamlNode::Kind::kScalar;
  out.quoted = quoted;
  out.scalar = std::move(text);
  return out;
}

void AddEntry(YamlNode& map, std::string key, YamlNode value) {
  map.entries.push_back({std::move(key), {}, std::move(value)});
}

YamlNode RowsNode(const runtime::Rows& rows, const compiler::Model& of) {
  YamlNode out;
  out.kind = YamlNode::Kind::kSequence;
  for (const auto& row : rows.rows) {
    YamlNode entry = MapNode();
    for (size_t i = 0; i < rows.columns.size(); ++i) {
      const compiler::Column* const column = of.Find(rows.columns[i]);
      const metadata::Type type = column == nullptr ? metadata::Type() : column->type;
      AddEntry(entry, rows.columns[i], row[i] ? ValueNode(*row[i], type) : YamlNode());
    }
    out.items.push_back(std::move(entry));
  }
  return out;
}

}  // namespace wapc::cli

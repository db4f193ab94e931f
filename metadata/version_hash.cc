#include "metadata/version_hash.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "metadata/canonical_json.h"
#include "metadata/x_wapc.h"

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

constexpr std::array<std::string_view, 4> kNotHashed{"version", "version_hash", "imported_version_hash",
                                                     "previous_hashes"};

YamlEntry TextEntry(std::string_view key, std::string_view text) {
  YamlEntry entry;
  entry.key = key;
  entry.value.kind = YamlNode::Kind::kScalar;
  entry.value.quoted = true;
  entry.value.scalar = text;
  return entry;
}

void Remove(YamlNode& node, std::string_view key) {
  std::erase_if(node.entries, [key](const YamlEntry& entry) { return entry.key == key; });
}

void Set(YamlNode& node, std::string_view key, std::string_view text) {
  Remove(node, key);
  node.entries.push_back(TextEntry(key, text));
}

void SetIfAbsent(YamlNode& node, std::string_view key, std::string_view text) {
  const YamlNode* const value = node.Find(key);
  if (value == nullptr || value->is_null()) Set(node, key, text);
}

YamlNode* FindMutable(YamlNode& node, std::string_view key) {
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [key](const YamlEntry& entry) { return entry.key == key; });
  return found == node.entries.end() ? nullptr : &found->value;
}

// dlt's apply_defaults, which runs on every schema it loads: files leave out names that repeat their key.
void ApplyDefaults(YamlNode& tables) {
  for (YamlEntry& entry : tables.entries) {
    YamlNode& table = entry.value;
    Set(table, "name", entry.key);
    Remove(table, kXWapc);
    if (YamlNode* const columns = FindMutable(table, "columns")) {
      for (YamlEntry& column : columns->entries) {
        Set(column.value, "name", column.key);
        Remove(column.value, kXWapc);
      }
    }
    const YamlNode* const parent = table.Find("parent");
    if (parent != nullptr && !parent->scalar.empty()) continue;
    SetIfAbsent(table, "write_disposition", "append");
    SetIfAbsent(table, "resource", entry.key);
  }
}

std::vector<const YamlEntry*> ByKey(const YamlNode& map) {
  std::vector<const YamlEntry*> sorted;
  sorted.reserve(map.entries.size());
  for (const YamlEntry& entry : map.entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const YamlEntry* a, const YamlEntry* b) { return a->key < b->key; });
  return sorted;
}

void AppendJson(const YamlNode& node, std::string& out) {
  std::string_view separator;
  switch (node.kind) {
    case YamlNode::Kind::kNull: out += "null"; return;
    case YamlNode::Kind::kScalar: AppendJsonScalar(node, out); return;
    case YamlNode::Kind::kSequence:
      out += '[';
      for (const YamlNode& item : node.items) {
        out += separator;
        AppendJson(item, out);
        separator = ",";
      }
      out += ']';
      return;
    case YamlNode::Kind::kMap:
      out += '{';
      for (const YamlEntry* const entry : ByKey(node)) {
        out += separator;
        AppendJsonText(entry->key, out);
        out += ':';
        AppendJson(entry->value, out);
        separator = ",";
      }
      out += '}';
      return;
  }
}

}  // namespace

std::string ComputeVersionHash(const YamlNode& root) {
  YamlNode schema = root;
  for (const std::string_view key : kNotHashed) Remove(schema, key);
  Remove(schema, kXWapc);
  YamlNode* const tables = FindMutable(schema, "tables");
  if (tables != nullptr) ApplyDefaults(*tables);
  std::string content;
  AppendJson(schema, content);
  if (tables == nullptr) return base::Sha3Base64(content);
  for (const YamlEntry* const table : ByKey(*tables)) {
    content += table->key;
    const YamlNode* const columns = table->value.Find("columns");
    if (columns == nullptr) continue;
    for (const YamlEntry& column : columns->entries) content += column.key;
  }
  return base::Sha3Base64(content);
}

}  // namespace wapc::metadata

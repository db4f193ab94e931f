#include "metadata/x_wapc.h"

#include <fmt/format.h>

#include <array>

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

constexpr base::DiagnosticCode kUnknownXWapcKey{"unknown-x-wapc-key", base::Severity::kError};

constexpr std::array<std::string_view, 8> kTableKeys{"grain",       "audits",   "tags",      "owner",
                                                     "description", "contract", "freshness", "enabled"};
constexpr std::array<std::string_view, 3> kContracts{"freeze", "additive", "evolve"};
constexpr std::array<std::string_view, 3> kColumnKeys{"audits", "tags", "description"};

void ReportUnknown(const YamlEntry& entry, std::string_view place, std::span<const std::string_view> known,
                   ValueReader& values) {
  std::string help = DidYouMean(entry.key, known);
  if (help.empty()) help = fmt::format("the keys here are {}", OrList(known));
  values.diagnostics()
      .Report(kUnknownXWapcKey, entry.key_span, fmt::format("x-wapc of a {} has no key '{}'", place, entry.key))
      .Help(std::move(help));
}

bool IsMapping(const YamlNode& node, ValueReader& values) {
  if (node.is_map()) return true;
  if (!node.is_null()) values.Refuse(kXWapc, node, "a mapping");
  return false;
}

// Gives whether the key is one that tables and columns share.
bool ReadShared(const YamlEntry& entry, ValueReader& values, std::optional<YamlNode>& audits,
                std::vector<std::string>& tags, std::string& description) {
  if (entry.key == "audits") {
    if (!entry.value.is_null()) audits = entry.value;
  } else if (entry.key == "tags") {
    tags = values.Texts(entry.key, entry.value);
  } else if (entry.key == "description") {
    description = values.Text(entry.key, entry.value).value_or(description);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void ReadTableXWapc(const YamlNode& node, ValueReader& values, Table& table) {
  if (!IsMapping(node, values)) return;
  for (const YamlEntry& entry : node.entries) {
    if (ReadShared(entry, values, table.audits, table.tags, table.description)) continue;
    if (entry.key == "grain") {
      table.grain = values.Texts(entry.key, entry.value);
    } else if (entry.key == "owner") {
      table.owner = values.Text(entry.key, entry.value).value_or("");
    } else if (entry.key == "enabled") {
      table.enabled = values.Bool(entry.key, entry.value).value_or(true);
    } else if (entry.key == "contract") {
      if (values.Word(entry.key, entry.value, kContracts)) table.extensions.emplace(entry.key, entry.value);
    } else if (entry.key == "freshness") {
      table.extensions.emplace(entry.key, entry.value);
    } else {
      ReportUnknown(entry, "table", kTableKeys, values);
    }
  }
}

void ReadColumnXWapc(const YamlNode& node, ValueReader& values, Column& column) {
  if (!IsMapping(node, values)) return;
  for (const YamlEntry& entry : node.entries) {
    if (!ReadShared(entry, values, column.audits, column.tags, column.description)) {
      ReportUnknown(entry, "column", kColumnKeys, values);
    }
  }
}

void RefuseSchemaXWapc(const YamlNode& node, ValueReader& values) {
  values.diagnostics()
      .Report(kUnknownXWapcKey, node.span, "x-wapc has no meaning for a whole schema")
      .Help("put it under a table or a column");
}

}  // namespace wapc::metadata

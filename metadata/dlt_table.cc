#include "metadata/dlt_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metadata/dlt_column.h"
#include "metadata/x_wapc.h"

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

constexpr base::DiagnosticCode kIncompleteColumns{"incomplete-columns", base::Severity::kInfo};

// In the order of WriteDisposition.
constexpr std::array<std::string_view, 4> kDispositions{"skip", "append", "replace", "merge"};
// In the order of MergeStrategy; then dlt's cdc, an upsert that deletes keys that are gone: rows by key all the same.
constexpr std::array<std::string_view, 5> kStrategies{"delete-insert", "scd2", "upsert", "insert-only", "cdc"};
constexpr std::array<std::string_view, 4> kContractModes{"evolve", "freeze", "discard_row", "discard_value"};
constexpr std::array<std::string_view, 3> kContractEntities{"tables", "columns", "data_type"};

bool IsNameTaken(const Table& table, const Column& column) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&column](const Column& other) { return other.name == column.name; });
}

// Old exports, and people, write a table's columns as a list of mappings with a name.
void ReadColumnList(const YamlNode& node, int64_t engine_version, ValueReader& values, Table& table) {
  for (const YamlNode& item : node.items) {
    const YamlNode* const name = item.Find("name");
    if (name == nullptr || !name->is_scalar()) {
      values.Refuse("columns", item, "a list of mappings that each have a name");
      continue;
    }
    Column column = ReadColumn(name->scalar, name->span, item, engine_version, values);
    if (IsNameTaken(table, column)) {
      values.Refuse("name", *name, "another name than that of an earlier column");
    } else {
      table.columns.push_back(std::move(column));
    }
  }
}

void ReadColumns(const YamlNode& node, int64_t engine_version, ValueReader& values, Table& table) {
  if (node.is_scalar()) values.Refuse("columns", node, "a mapping of columns");
  table.columns.reserve(node.entries.size() + node.items.size());
  for (const YamlEntry& entry : node.entries) {
    table.columns.push_back(ReadColumn(entry.key, entry.key_span, entry.value, engine_version, values));
  }
  ReadColumnList(node, engine_version, values, table);
}

void ReportIncomplete(const Table& table, ValueReader& values) {
  const Column* first = nullptr;
  std::string names;
  for (const Column& column : table.columns) {
    if (!column.incomplete) continue;
    names += (first == nullptr ? "" : ", ") + column.name;
    if (first == nullptr) first = &column;
  }
  if (first == nullptr) return;
  values.diagnostics()
      .Report(kIncompleteColumns, first->span,
              fmt::format("dlt has seen no value yet, so the table '{}' lacks: {}", table.name, names))
      .Help("left out until a load brings a value and the schema gives a data_type");
}

void ReadReference(const YamlNode& node, ValueReader& values, Table& table) {
  if (!node.is_map()) {
    values.Refuse("references", node, "a list of mappings");
    return;
  }
  Reference reference;
  reference.span = node.span;
  for (const YamlEntry& entry : node.entries) {
    if (entry.key == "referenced_table") {
      reference.table = values.Text(entry.key, entry.value).value_or("");
      reference.span = entry.value.span;
    } else if (entry.key == "columns") {
      reference.columns = values.Texts(entry.key, entry.value);
    } else if (entry.key == "referenced_columns") {
      reference.referenced_columns = values.Texts(entry.key, entry.value);
    } else if (entry.key == "label") {
      reference.label = values.Text(entry.key, entry.value).value_or("");
    } else if (entry.key == "cardinality") {
      reference.cardinality = values.Text(entry.key, entry.value).value_or("");
    }
  }
  if (reference.table.empty() || reference.columns.empty() ||
      reference.columns.size() != reference.referenced_columns.size()) {
    values.Refuse("references", node, "a referenced_table with as many columns as referenced_columns");
    return;
  }
  table.references.push_back(std::move(reference));
}

void ReadReferences(const YamlNode& node, ValueReader& values, Table& table) {
  if (!node.is_sequence() && !node.is_null()) values.Refuse("references", node, "a list");
  for (const YamlNode& item : node.items) ReadReference(item, values, table);
}

void ReadFilters(const YamlNode& node, ValueReader& values, Table& table) {
  if (!node.is_map() && !node.is_null()) values.Refuse("filters", node, "a mapping of includes and excludes");
  if (const YamlNode* const includes = node.Find("includes")) table.includes = values.Texts("includes", *includes);
  if (const YamlNode* const excludes = node.Find("excludes")) table.excludes = values.Texts("excludes", *excludes);
}

bool SeenData(const YamlNode& node) {
  const YamlNode* const seen = node.Find("seen-data");
  return seen != nullptr && seen->AsBool().value_or(false);
}

void ReadDisposition(const YamlEntry& entry, ValueReader& values, RawTable& raw) {
  const std::optional<size_t> word = values.Word(entry.key, entry.value, kDispositions);
  if (word) raw.disposition = static_cast<WriteDisposition>(*word);
}

void ReadStrategy(const YamlEntry& entry, ValueReader& values, RawTable& raw) {
  const std::optional<size_t> word = values.Word(entry.key, entry.value, kStrategies);
  if (!word) return;
  raw.merge_strategy = kStrategies[*word] == "cdc" ? MergeStrategy::kUpsert : static_cast<MergeStrategy>(*word);
}

// Gives whether the key is one of those that hold a single word or text.
bool ReadWord(const YamlEntry& entry, ValueReader& values, RawTable& raw) {
  Table& table = raw.table;
  const auto text = [&] { return values.Text(entry.key, entry.value).value_or(""); };
  if (entry.key == "write_disposition") {
    ReadDisposition(entry, values, raw);
  } else if (entry.key == "x-merge-strategy") {
    ReadStrategy(entry, values, raw);
  } else if (entry.key == "resource") {
    table.resource = text();
  } else if (entry.key == "parent") {
    table.parent = text();
    table.parent_span = entry.value.span;
  } else if (entry.key == "description") {
    // x-wapc's description wins, wherever it stands.
    std::string own = text();
    if (table.description.empty()) table.description = std::move(own);
  } else if (entry.key == "table_format") {
    table.table_format = text();
  } else if (entry.key == "file_format") {
    table.file_format = text();
  } else {
    return false;
  }
  return true;
}

void ReadSection(const YamlEntry& entry, int64_t engine_version, ValueReader& values, Table& table) {
  if (entry.key == "columns") {
    ReadColumns(entry.value, engine_version, values, table);
  } else if (entry.key == "schema_contract") {
    table.contract = ReadContract(entry.value, values);
  } else if (entry.key == "references") {
    ReadReferences(entry.value, values, table);
  } else if (entry.key == "filters") {
    ReadFilters(entry.value, values, table);
  } else if (entry.key == "x-normalizer") {
    table.seen_data = SeenData(entry.value);
  } else if (entry.key == kXWapc) {
    ReadTableXWapc(entry.value, values, table);
  } else if (entry.key.starts_with("x-")) {
    table.extensions.emplace(entry.key, entry.value);
  }
}

}  // namespace

std::optional<YamlNode> ReadContract(const YamlNode& node, ValueReader& values) {
  if (node.is_null()) return std::nullopt;
  if (node.is_scalar()) {
    if (!values.Word("schema_contract", node, kContractModes)) return std::nullopt;
    return node;
  }
  if (!node.is_map()) {
    values.Refuse("schema_contract", node, "a mode, or a mapping of modes");
    return std::nullopt;
  }
  for (const YamlEntry& entry : node.entries) {
    if (std::find(kContractEntities.begin(), kContractEntities.end(), entry.key) != kContractEntities.end()) {
      values.Word(entry.key, entry.value, kContractModes);
    }
  }
  return node;
}

RawTable ReadTable(const YamlEntry& entry, int64_t engine_version, ValueReader& values) {
  RawTable raw;
  raw.table.name = entry.key;
  raw.table.span = entry.key_span;
  if (!entry.value.is_map() && !entry.value.is_null()) {
    values.Refuse(entry.key, entry.value, "a mapping that describes a table");
  }
  for (const YamlEntry& hint : entry.value.entries) {
    if (!ReadWord(hint, values, raw)) ReadSection(hint, engine_version, values, raw.table);
  }
  ReportIncomplete(raw.table, values);
  return raw;
}

}  // namespace wapc::metadata

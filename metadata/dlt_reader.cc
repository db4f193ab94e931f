#include "metadata/dlt_reader.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <utility>

#include "metadata/dlt_migrate.h"
#include "metadata/dlt_table.h"
#include "metadata/dlt_values.h"
#include "metadata/x_wapc.h"

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

constexpr base::DiagnosticCode kNotADltSchema{"not-a-dlt-schema", base::Severity::kError};
constexpr base::DiagnosticCode kDltEngineVersion{"dlt-engine-version", base::Severity::kError};

constexpr std::string_view kHowToExport =
    "write one with `dlt pipeline NAME schema --format yaml`, or take the file from the pipeline's export_schema_path";

// What keeps a document from being a dlt schema; empty for one.
std::string WhyNot(const YamlNode& root) {
  if (root.is_null()) return "the file is empty";
  if (!root.is_map()) return fmt::format("it is {}, not a mapping", root.Describe());
  std::string missing;
  for (const std::string_view key : {"name", "engine_version", "tables"}) {
    if (root.Find(key) == nullptr) missing += fmt::format("{}'{}'", missing.empty() ? "it has no " : ", no ", key);
  }
  if (!missing.empty()) return missing;
  const YamlNode& tables = *root.Find("tables");
  if (!tables.is_map()) return fmt::format("its 'tables' is {}, not a mapping", tables.Describe());
  const YamlNode& engine = *root.Find("engine_version");
  return engine.AsInt() ? "" : fmt::format("its 'engine_version' is {}, not a whole number", engine.Describe());
}

// Gives whether the layout is one that can be read at all; a newer one is reported, and read as far as it goes.
bool CheckEngine(const YamlNode& node, int64_t engine_version, base::Diagnostics& diagnostics) {
  if (engine_version >= kOldestEngine && engine_version <= kNewestEngine) return true;
  const bool newer = engine_version > kNewestEngine;
  diagnostics
      .Report(kDltEngineVersion, node.span,
              fmt::format("schema engine {} is {} than the engines {} to {} that wapc reads", engine_version,
                          newer ? "newer" : "older", kOldestEngine, kNewestEngine))
      .Help(newer ? "use a wapc that knows this dlt" : "load it with a present dlt and export it again");
  return newer;
}

void ReadHeader(const YamlEntry& entry, ValueReader& values, Schema& schema) {
  if (entry.key == "name") {
    schema.name = values.Text(entry.key, entry.value).value_or("");
  } else if (entry.key == "version") {
    schema.version = entry.value.AsInt().value_or(0);
  } else if (entry.key == "version_hash") {
    schema.version_hash = values.Text(entry.key, entry.value).value_or("");
  } else if (entry.key == "description") {
    schema.description = values.Text(entry.key, entry.value).value_or("");
  } else if (entry.key == "settings") {
    if (const YamlNode* const contract = entry.value.Find("schema_contract")) {
      schema.contract = ReadContract(*contract, values);
    }
    if (entry.value.is_map()) schema.settings = entry.value;
  } else if (entry.key == kXWapc) {
    RefuseSchemaXWapc(entry.value, values);
  }
}

// Fills in what a table takes from its parents where it does not say it itself (dlt's get_inherited_table_hint).
class Inheritance {
 public:
  explicit Inheritance(const std::vector<RawTable>& tables) : tables_(tables) {
    for (size_t i = 0; i < tables.size(); ++i) by_name_.emplace(tables[i].table.name, i);
  }

  void Resolve(const RawTable& raw, Table& table) const {
    std::optional<WriteDisposition> disposition = raw.disposition;
    std::optional<MergeStrategy> strategy = raw.merge_strategy;
    const RawTable* at = &raw;
    // A chain longer than there are tables goes round.
    for (size_t steps = 0; steps < tables_.size() && !at->table.parent.empty(); ++steps) {
      const auto parent = by_name_.find(at->table.parent);
      if (parent == by_name_.end()) break;
      at = &tables_[parent->second];
      if (!disposition) disposition = at->disposition;
      if (!strategy) strategy = at->merge_strategy;
      if (table.resource.empty()) table.resource = at->table.resource;
    }
    table.disposition = disposition.value_or(WriteDisposition::kAppend);
    table.merge_strategy = strategy.value_or(MergeStrategy::kDeleteInsert);
    if (table.resource.empty()) table.resource = at->table.name;
  }

 private:
  const std::vector<RawTable>& tables_;
  std::unordered_map<std::string_view, size_t> by_name_;
};

std::vector<Table> ReadTables(const YamlNode& node, int64_t engine_version, ValueReader& values) {
  std::vector<RawTable> raw;
  raw.reserve(node.entries.size());
  for (const YamlEntry& entry : node.entries) raw.push_back(ReadTable(entry, engine_version, values));
  std::vector<Table> tables(raw.size());
  const Inheritance inheritance(raw);
  for (size_t i = 0; i < raw.size(); ++i) {
    tables[i].resource = raw[i].table.resource;
    inheritance.Resolve(raw[i], tables[i]);
  }
  for (size_t i = 0; i < raw.size(); ++i) {
    raw[i].table.disposition = tables[i].disposition;
    raw[i].table.merge_strategy = tables[i].merge_strategy;
    raw[i].table.resource = std::move(tables[i].resource);
    tables[i] = std::move(raw[i].table);
  }
  return tables;
}

}  // namespace

std::optional<Schema> ReadDltSchema(const YamlNode& root, std::string_view dataset, base::SourceId source,
                                    base::Diagnostics& diagnostics) {
  if (const std::string why = WhyNot(root); !why.empty()) {
    const base::Span top{source, root.span.begin, root.span.begin};
    diagnostics.Report(kNotADltSchema, top, "this is not a dlt schema export: " + why).Help(std::string(kHowToExport));
    return std::nullopt;
  }
  const YamlNode& engine = *root.Find("engine_version");
  const YamlNode& tables = *root.Find("tables");
  if (!CheckEngine(engine, *engine.AsInt(), diagnostics)) return std::nullopt;
  Schema schema;
  schema.dataset = dataset;
  schema.source = source;
  schema.span = root.Find("name")->span;
  schema.engine_version = *engine.AsInt();
  ValueReader values(diagnostics);
  for (const YamlEntry& entry : root.entries) ReadHeader(entry, values, schema);
  schema.tables = ReadTables(tables, schema.engine_version, values);
  MigrateTables(schema);
  return schema;
}

}  // namespace wapc::metadata

#include "metadata/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "metadata/version_hash.h"

namespace wapc::metadata {
namespace {

using base::YamlNode;

YamlNode Map() {
  YamlNode out;
  out.kind = YamlNode::Kind::kMap;
  return out;
}

YamlNode Scalar(std::string text, bool quoted) {
  YamlNode out;
  out.kind = YamlNode::Kind::kScalar;
  out.quoted = quoted;
  out.scalar = std::move(text);
  return out;
}
YamlNode Text(std::string_view text) { return Scalar(std::string(text), true); }
YamlNode Flag(bool flag) { return Scalar(flag ? "true" : "false", false); }
YamlNode Number(int number) { return Scalar(fmt::format("{}", number), false); }

YamlNode& Put(YamlNode& map, std::string_view key, YamlNode value) {
  map.entries.push_back({std::string(key), {}, std::move(value)});
  return map.entries.back().value;
}

std::string Upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

// What a type of an engine is to dlt. Negative: not said.
struct DltType {
  std::string_view name;
  int precision = -1;
  bool zone = true;
};

struct Word {
  std::string_view engine;
  DltType type;
};

// Of DuckDB and of PostgreSQL. Unsigned numbers need the next larger signed one.
constexpr auto kWords = std::to_array<Word>({
    {"BOOLEAN", {"bool"}},
    {"TINYINT", {"bigint", 8}},
    {"SMALLINT", {"bigint", 16}},
    {"INTEGER", {"bigint", 32}},
    {"BIGINT", {"bigint"}},
    {"HUGEINT", {"bigint", 128}},
    {"UTINYINT", {"bigint", 16}},
    {"USMALLINT", {"bigint", 32}},
    {"UINTEGER", {"bigint", 64}},
    {"UBIGINT", {"bigint", 128}},
    {"UHUGEINT", {"wei"}},
    {"FLOAT", {"double"}},
    {"REAL", {"double"}},
    {"DOUBLE", {"double"}},
    {"DOUBLE PRECISION", {"double"}},
    {"VARCHAR", {"text"}},
    {"TEXT", {"text"}},
    {"CHARACTER VARYING", {"text"}},
    {"CHARACTER", {"text"}},
    {"UUID", {"text"}},
    {"BLOB", {"binary"}},
    {"BYTEA", {"binary"}},
    {"DATE", {"date"}},
    {"TIME", {"time"}},
    {"TIME WITHOUT TIME ZONE", {"time"}},
    {"TIMESTAMP", {"timestamp", -1, false}},
    {"TIMESTAMP WITHOUT TIME ZONE", {"timestamp", -1, false}},
    {"TIMESTAMP_S", {"timestamp", 0, false}},
    {"TIMESTAMP_MS", {"timestamp", 3, false}},
    {"TIMESTAMP_NS", {"timestamp", 9, false}},
    {"TIMESTAMP WITH TIME ZONE", {"timestamp"}},
    {"JSON", {"json"}},
    {"JSONB", {"json"}},
});

struct OwnColumn {
  std::string_view name;
  std::string_view type;
  bool nullable;
};

constexpr auto kVersionColumns = std::to_array<OwnColumn>({{"version", "bigint", false},
                                                           {"engine_version", "bigint", false},
                                                           {"inserted_at", "timestamp", false},
                                                           {"schema_name", "text", false},
                                                           {"version_hash", "text", false},
                                                           {"schema", "text", false}});
constexpr auto kLoadsColumns = std::to_array<OwnColumn>({{"load_id", "text", false},
                                                         {"schema_name", "text", true},
                                                         {"status", "bigint", false},
                                                         {"inserted_at", "timestamp", false},
                                                         {"schema_version_hash", "text", true}});

bool IsNested(std::string_view type) {
  return type.ends_with("]") || type.starts_with("STRUCT(") || type.starts_with("MAP(") || type.starts_with("UNION(") ||
         type == "ARRAY";
}

// "DECIMAL(18,4)"; PostgreSQL gives the two numbers beside the word.
bool PutDecimal(const CatalogColumn& column, std::string_view type, YamlNode& out) {
  const bool decimal = type.starts_with("DECIMAL") || type == "NUMERIC";
  if (!decimal) return false;
  int precision = column.precision.value_or(0);
  int scale = column.scale.value_or(0);
  if (const size_t open = type.find('('); open != std::string_view::npos) {
    const size_t comma = type.find(',', open);
    std::from_chars(type.data() + open + 1, type.data() + type.size(), precision);
    if (comma != std::string_view::npos) std::from_chars(type.data() + comma + 1, type.data() + type.size(), scale);
  }
  // A number of any size fits no decimal.
  if (precision <= 0) return false;
  Put(out, "data_type", Text("decimal"));
  Put(out, "precision", Number(precision));
  Put(out, "scale", Number(scale));
  return true;
}

void PutType(const CatalogColumn& column, YamlNode& out) {
  const std::string type = Upper(column.data_type);
  if (PutDecimal(column, type, out)) return;
  const auto* const word =
      std::find_if(kWords.begin(), kWords.end(), [&type](const Word& one) { return one.engine == type; });
  if (word == kWords.end()) {
    Put(out, "data_type", Text(IsNested(type) ? "json" : "text"));
    Put(out, "x-engine-type", Text(column.data_type));
    return;
  }
  Put(out, "data_type", Text(word->type.name));
  int precision = word->type.precision;
  if (word->type.name == "text" && column.length) precision = *column.length;
  const bool moment = word->type.name == "timestamp" || word->type.name == "time";
  if (moment && precision < 0 && column.digits) precision = *column.digits;
  if (precision >= 0) Put(out, "precision", Number(precision));
  if (!word->type.zone) Put(out, "timezone", Flag(false));
}

YamlNode ColumnNode(const CatalogColumn& column) {
  YamlNode out = Map();
  PutType(column, out);
  Put(out, "nullable", Flag(column.nullable));
  if (column.primary_key) Put(out, "primary_key", Flag(true));
  return out;
}

// dlt takes no schema without its own two tables.
void PutOwnTable(std::string_view name, std::span<const OwnColumn> columns, YamlNode& tables) {
  YamlNode table = Map();
  YamlNode fields = Map();
  for (const OwnColumn& column : columns) {
    YamlNode field = Map();
    Put(field, "data_type", Text(column.type));
    Put(field, "nullable", Flag(column.nullable));
    Put(fields, column.name, std::move(field));
  }
  Put(table, "columns", std::move(fields));
  Put(table, "write_disposition", Text("skip"));
  Put(table, "resource", Text(name));
  Put(tables, name, std::move(table));
}

YamlNode TablesNode(const std::vector<CatalogColumn>& columns) {
  YamlNode out = Map();
  PutOwnTable("_dlt_version", kVersionColumns, out);
  PutOwnTable("_dlt_loads", kLoadsColumns, out);
  for (size_t i = 0; i < columns.size();) {
    const std::string& name = columns[i].table;
    YamlNode table = Map();
    YamlNode fields = Map();
    for (; i < columns.size() && columns[i].table == name; ++i) Put(fields, columns[i].column, ColumnNode(columns[i]));
    Put(table, "columns", std::move(fields));
    // Nothing says which rows are new, so the table counts as replaced.
    Put(table, "write_disposition", Text("replace"));
    Put(table, "resource", Text(name));
    YamlNode seen = Map();
    Put(seen, "seen-data", Flag(true));
    Put(table, "x-normalizer", std::move(seen));
    Put(out, name, std::move(table));
  }
  return out;
}

}  // namespace

YamlNode CatalogSchema(std::string_view name, std::string_view description, const std::vector<CatalogColumn>& columns) {
  YamlNode out = Map();
  Put(out, "version", Number(1));
  Put(out, "version_hash", Text(""));
  Put(out, "engine_version", Number(11));
  Put(out, "name", Text(name));
  Put(out, "tables", TablesNode(columns));
  Put(out, "settings", Map());
  YamlNode normalizers = Map();
  // dlt's own snake_case would give other names to tables that are there already.
  Put(normalizers, "names", Text("direct"));
  YamlNode json = Map();
  Put(json, "module", Text("dlt.common.normalizers.json.relational"));
  Put(normalizers, "json", std::move(json));
  Put(out, "normalizers", std::move(normalizers));
  YamlNode hashes;
  hashes.kind = YamlNode::Kind::kSequence;
  Put(out, "previous_hashes", std::move(hashes));
  Put(out, "description", Text(description));
  out.entries[1].value.scalar = ComputeVersionHash(out);
  return out;
}

}  // namespace wapc::metadata

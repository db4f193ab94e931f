#include "metadata/dlt_migrate.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace wapc::metadata {
namespace {

Column OwnColumn(std::string_view name, std::string_view dlt_type, Type type, bool nullable, base::Span span) {
  Column column;
  column.name = name;
  column.dlt_type = dlt_type;
  column.type = std::move(type);
  column.nullable = nullable;
  column.span = span;
  column.type_span = span;
  return column;
}

Table OwnTable(std::string_view name, std::string_view description, base::Span span) {
  Table table;
  table.name = name;
  table.resource = name;
  table.description = description;
  table.span = span;
  table.disposition = WriteDisposition::kSkip;
  return table;
}

Table VersionTable(base::Span span) {
  Table table = OwnTable("_dlt_version", "Created by DLT. Tracks schema updates", span);
  table.columns = {OwnColumn("version", "bigint", Type::Of(TypeKind::kInt64), false, span),
                   OwnColumn("engine_version", "bigint", Type::Of(TypeKind::kInt64), false, span),
                   OwnColumn("inserted_at", "timestamp", Type::TimestampTz(), false, span),
                   OwnColumn("schema_name", "text", Type::Text(), false, span),
                   OwnColumn("version_hash", "text", Type::Text(), false, span),
                   OwnColumn("schema", "text", Type::Text(), false, span)};
  return table;
}

Table LoadsTable(base::Span span) {
  Table table = OwnTable("_dlt_loads", "Created by DLT. Tracks completed loads", span);
  table.columns = {OwnColumn("load_id", "text", Type::Text(64), false, span),
                   OwnColumn("schema_name", "text", Type::Text(), true, span),
                   OwnColumn("status", "bigint", Type::Of(TypeKind::kInt64), false, span),
                   OwnColumn("inserted_at", "timestamp", Type::TimestampTz(), false, span),
                   OwnColumn("schema_version_hash", "text", Type::Text(), true, span)};
  return table;
}

void Replace(Schema& schema, Table (*make)(base::Span)) {
  Table table = make(schema.span);
  const auto old = std::find_if(schema.tables.begin(), schema.tables.end(),
                                [&table](const Table& one) { return one.name == table.name; });
  if (old == schema.tables.end()) {
    schema.tables.push_back(std::move(table));
  } else {
    *old = make(old->span);
  }
}

}  // namespace

void MigrateTables(Schema& schema) {
  if (schema.engine_version < 5) Replace(schema, VersionTable);
  if (schema.engine_version < 6) Replace(schema, LoadsTable);
  if (schema.engine_version < 9) {
    for (Table& table : schema.tables) table.seen_data = table.seen_data || table.Find("_dlt_id") != nullptr;
  }
}

}  // namespace wapc::metadata

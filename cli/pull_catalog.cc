#include "cli/pull_catalog.h"

#include <fmt/format.h>

namespace wapc::cli {
namespace {

// PostgreSQL's information_schema says only "ARRAY" and "USER-DEFINED" of some types, leaves materialized views out,
// and shows keys to the owner alone. Of a domain it is the type below that counts.
constexpr std::string_view kPostgresColumns =
    "SELECT x.relname, x.attname, format_type(x.type, NULL), CASE WHEN x.attnotnull THEN 'NO' ELSE 'YES' END, "
    "information_schema._pg_numeric_precision(x.type, x.modifier), "
    "information_schema._pg_numeric_scale(x.type, x.modifier), "
    "information_schema._pg_char_max_length(x.type, x.modifier), "
    "information_schema._pg_datetime_precision(x.type, x.modifier) FROM ("
    "SELECT c.relname, a.attname, a.attnum, a.attnotnull OR t.typnotnull AS attnotnull, "
    "CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END AS type, "
    "CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier FROM pg_class AS c "
    "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_type AS t ON t.oid = a.atttypid JOIN pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND n.nspname = {}) AS x ORDER BY x.relname, x.attnum";

constexpr std::string_view kPostgresKeys =
    "SELECT c.relname, a.attname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid "
    "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
    "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND n.nspname = "
    "{}";

constexpr std::string_view kColumns =
    "SELECT table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale, "
    "character_maximum_length, datetime_precision FROM information_schema.columns "
    "WHERE table_schema = {} AND table_catalog = current_database() ORDER BY table_name, ordinal_position";

constexpr std::string_view kKeys =
    "SELECT k.table_name, k.column_name FROM information_schema.table_constraints AS c "
    "JOIN information_schema.key_column_usage AS k ON k.constraint_name = c.constraint_name "
    "AND k.table_schema = c.table_schema AND k.table_name = c.table_name "
    "WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = {}";

}  // namespace

std::string ColumnsQuery(const runtime::Warehouse& warehouse, const std::string& schema) {
  return fmt::format(fmt::runtime(warehouse.dialect() == "postgres" ? kPostgresColumns : kColumns),
                     warehouse.Literal(schema));
}

std::string KeysQuery(const runtime::Warehouse& warehouse, const std::string& schema) {
  return fmt::format(fmt::runtime(warehouse.dialect() == "postgres" ? kPostgresKeys : kKeys),
                     warehouse.Literal(schema));
}

}  // namespace wapc::cli

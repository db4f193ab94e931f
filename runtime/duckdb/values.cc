#include "runtime/duckdb/values.h"

#include <optional>
#include <string_view>
#include <utility>

#include "runtime/duckdb/handles.h"

namespace wapc::runtime::duckdb_adapter {
namespace {

std::string TakeText(char* text) {
  std::string out = text == nullptr ? "" : text;
  duckdb_free(text);
  return out;
}

std::string QuoteName(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string QuoteText(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

// `child` is one of the C API's functions that give a type's child.
template <class Child>
std::string MemberName(Child child, duckdb_logical_type type) {
  LogicalType member;
  *member = child(type);
  return TypeName(*member);
}

template <class Name, class Field>
std::string FieldNames(duckdb_logical_type type, idx_t count, Name name, Field field) {
  std::string out;
  for (idx_t i = 0; i < count; ++i) {
    LogicalType member;
    *member = field(type, i);
    out += (i == 0 ? "" : ", ") + QuoteName(TakeText(name(type, i))) + " " + TypeName(*member);
  }
  return out;
}

std::string EnumName(duckdb_logical_type type) {
  std::string out = "ENUM(";
  for (idx_t i = 0; i < duckdb_enum_dictionary_size(type); ++i) {
    out += (i == 0 ? "" : ", ") + QuoteText(TakeText(duckdb_enum_dictionary_value(type, i)));
  }
  return out + ")";
}

/// Names of types that hold no others; nothing for those that do.
std::string_view SimpleName(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT: return "TINYINT";
    case DUCKDB_TYPE_SMALLINT: return "SMALLINT";
    case DUCKDB_TYPE_INTEGER: return "INTEGER";
    case DUCKDB_TYPE_BIGINT: return "BIGINT";
    case DUCKDB_TYPE_UTINYINT: return "UTINYINT";
    case DUCKDB_TYPE_USMALLINT: return "USMALLINT";
    case DUCKDB_TYPE_UINTEGER: return "UINTEGER";
    case DUCKDB_TYPE_UBIGINT: return "UBIGINT";
    case DUCKDB_TYPE_FLOAT: return "FLOAT";
    case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
    case DUCKDB_TYPE_TIMESTAMP: return "TIMESTAMP";
    case DUCKDB_TYPE_DATE: return "DATE";
    case DUCKDB_TYPE_TIME: return "TIME";
    case DUCKDB_TYPE_INTERVAL: return "INTERVAL";
    case DUCKDB_TYPE_HUGEINT: return "HUGEINT";
    case DUCKDB_TYPE_UHUGEINT: return "UHUGEINT";
    case DUCKDB_TYPE_VARCHAR: return "VARCHAR";
    case DUCKDB_TYPE_BLOB: return "BLOB";
    case DUCKDB_TYPE_TIMESTAMP_S: return "TIMESTAMP_S";
    case DUCKDB_TYPE_TIMESTAMP_MS: return "TIMESTAMP_MS";
    case DUCKDB_TYPE_TIMESTAMP_NS: return "TIMESTAMP_NS";
    case DUCKDB_TYPE_UUID: return "UUID";
    case DUCKDB_TYPE_BIT: return "BIT";
    case DUCKDB_TYPE_TIME_TZ: return "TIME WITH TIME ZONE";
    case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMP WITH TIME ZONE";
    case DUCKDB_TYPE_BIGNUM: return "BIGNUM";
    case DUCKDB_TYPE_SQLNULL: return "\"NULL\"";
    case DUCKDB_TYPE_TIME_NS: return "TIME_NS";
    case DUCKDB_TYPE_GEOMETRY: return "GEOMETRY";
    case DUCKDB_TYPE_VARIANT: return "VARIANT";
    default: return {};
  }
}

template <class T>
std::string Number(const void* data, idx_t row) {
  return std::to_string(static_cast<const T*>(data)[row]);
}

std::string PlainText(duckdb_type type, void* data, idx_t row) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return static_cast<const bool*>(data)[row] ? "true" : "false";
    case DUCKDB_TYPE_TINYINT: return Number<int8_t>(data, row);
    case DUCKDB_TYPE_SMALLINT: return Number<int16_t>(data, row);
    case DUCKDB_TYPE_INTEGER: return Number<int32_t>(data, row);
    case DUCKDB_TYPE_BIGINT: return Number<int64_t>(data, row);
    case DUCKDB_TYPE_UTINYINT: return Number<uint8_t>(data, row);
    case DUCKDB_TYPE_USMALLINT: return Number<uint16_t>(data, row);
    case DUCKDB_TYPE_UINTEGER: return Number<uint32_t>(data, row);
    case DUCKDB_TYPE_UBIGINT: return Number<uint64_t>(data, row);
    default: break;
  }
  duckdb_string_t& text = static_cast<duckdb_string_t*>(data)[row];
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

void AppendChunk(duckdb_data_chunk chunk, const std::vector<duckdb_type>& types, Rows& out) {
  const idx_t count = duckdb_data_chunk_get_size(chunk);
  const size_t first = out.rows.size();
  out.rows.resize(first + count, std::vector<std::optional<std::string>>(types.size()));
  for (size_t column = 0; column < types.size(); ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
    void* data = duckdb_vector_get_data(vector);
    uint64_t* validity = duckdb_vector_get_validity(vector);
    for (idx_t row = 0; row < count; ++row) {
      if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) continue;
      out.rows[first + row][column] = PlainText(types[column], data, row);
    }
  }
}

}  // namespace

std::string TypeName(duckdb_logical_type type) {
  if (std::string alias = TakeText(duckdb_logical_type_get_alias(type)); !alias.empty()) return alias;
  const duckdb_type id = duckdb_get_type_id(type);
  if (const std::string_view simple = SimpleName(id); !simple.empty()) return std::string(simple);
  switch (id) {
    case DUCKDB_TYPE_DECIMAL:
      return "DECIMAL(" + std::to_string(duckdb_decimal_width(type)) + "," +
             std::to_string(duckdb_decimal_scale(type)) + ")";
    case DUCKDB_TYPE_ENUM: return EnumName(type);
    case DUCKDB_TYPE_LIST: return MemberName(duckdb_list_type_child_type, type) + "[]";
    case DUCKDB_TYPE_ARRAY:
      return MemberName(duckdb_array_type_child_type, type) + "[" + std::to_string(duckdb_array_type_array_size(type)) +
             "]";
    case DUCKDB_TYPE_MAP:
      return "MAP(" + MemberName(duckdb_map_type_key_type, type) + ", " + MemberName(duckdb_map_type_value_type, type) +
             ")";
    case DUCKDB_TYPE_STRUCT:
      return "STRUCT(" +
             FieldNames(type, duckdb_struct_type_child_count(type), duckdb_struct_type_child_name,
                        duckdb_struct_type_child_type) +
             ")";
    case DUCKDB_TYPE_UNION:
      return "UNION(" +
             FieldNames(type, duckdb_union_type_member_count(type), duckdb_union_type_member_name,
                        duckdb_union_type_member_type) +
             ")";
    default: return "UNKNOWN";
  }
}

bool IsPlain(duckdb_type type) {
  return (type >= DUCKDB_TYPE_BOOLEAN && type <= DUCKDB_TYPE_UBIGINT) || type == DUCKDB_TYPE_VARCHAR;
}

base::Result<Rows> FetchRows(duckdb_result& result) {
  Rows out;
  std::vector<duckdb_type> types;
  for (idx_t i = 0; i < duckdb_column_count(&result); ++i) {
    LogicalType type;
    *type = duckdb_column_logical_type(&result, i);
    types.push_back(duckdb_get_type_id(*type));
    out.types.push_back(TypeName(*type));
    out.columns.emplace_back(duckdb_column_name(&result, i));
    if (IsPlain(types.back())) continue;
    return base::Error{base::ErrorKind::kWarehouse, "column " + out.columns.back() + " has the type " +
                                                        out.types.back() +
                                                        ", which this statement cannot show: cast it "
                                                        "to VARCHAR"};
  }
  while (true) {
    Chunk chunk;
    *chunk = duckdb_fetch_chunk(result);
    if (*chunk == nullptr) break;
    AppendChunk(*chunk, types, out);
  }
  if (const char* error = duckdb_result_error(&result); error != nullptr && *error != '\0') {
    return base::Error{base::ErrorKind::kWarehouse, error};
  }
  return out;
}

}  // namespace wapc::runtime::duckdb_adapter

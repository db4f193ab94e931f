#include "metadata/dlt_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "metadata/x_wapc.h"

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

constexpr base::DiagnosticCode kUnknownDataType{"unknown-data-type", base::Severity::kError};

// Before this engine parent keys were called foreign keys, and row keys had no name.
constexpr int64_t kKeysEngine = 10;
constexpr int kLongest = 1 << 30;

struct Flag {
  std::string_view key;
  bool Column::*member;
};

constexpr std::array kFlags{
    Flag{"nullable", &Column::nullable},       Flag{"primary_key", &Column::primary_key},
    Flag{"unique", &Column::unique},           Flag{"row_key", &Column::row_key},
    Flag{"parent_key", &Column::parent_key},   Flag{"root_key", &Column::root_key},
    Flag{"merge_key", &Column::merge_key},     Flag{"partition", &Column::partition},
    Flag{"cluster", &Column::cluster},         Flag{"sort", &Column::sort},
    Flag{"hard_delete", &Column::hard_delete}, Flag{"variant", &Column::variant},
    Flag{"incremental", &Column::incremental}, Flag{"x-valid-from", &Column::valid_from},
    Flag{"x-valid-to", &Column::valid_to},     Flag{"x-row-version", &Column::row_version},
};

constexpr std::array<std::string_view, 2> kSortOrders{"asc", "desc"};

// What a column's type is made of, gathered before the type is known.
struct TypeParts {
  const YamlNode* data_type = nullptr;
  const YamlNode* precision = nullptr;
  const YamlNode* scale = nullptr;
  const YamlNode* timezone = nullptr;
};

using MakeType = Type (*)(const TypeParts&, ValueReader&);

std::optional<int> Precision(const TypeParts& parts, ValueReader& values, int low, int high) {
  return parts.precision == nullptr ? std::nullopt : values.Int("precision", *parts.precision, low, high);
}

Type MakeText(const TypeParts& parts, ValueReader& values) {
  return Type::Text(Precision(parts, values, 0, kLongest).value_or(0));
}

Type MakeBinary(const TypeParts& parts, ValueReader& values) {
  Type type = Type::Of(TypeKind::kBinary);
  type.precision = Precision(parts, values, 0, kLongest).value_or(0);
  return type;
}

// A bigint's precision counts bits; dlt rounds up to what a destination has.
Type MakeBigint(const TypeParts& parts, ValueReader& values) {
  const int bits = Precision(parts, values, 1, 128).value_or(64);
  if (bits <= 8) return Type::Of(TypeKind::kInt8);
  if (bits <= 16) return Type::Of(TypeKind::kInt16);
  if (bits <= 32) return Type::Of(TypeKind::kInt32);
  return Type::Of(bits <= 64 ? TypeKind::kInt64 : TypeKind::kInt128);
}

Type MakeDecimal(const TypeParts& parts, ValueReader& values) {
  const int precision = Precision(parts, values, 1, 1000).value_or(38);
  const std::optional<int> scale =
      parts.scale == nullptr ? std::nullopt : values.Int("scale", *parts.scale, 0, precision);
  // dlt fills in each of the two on its own, so a precision below nine without a scale names a type that cannot be.
  if (!scale && parts.scale == nullptr && precision < 9) {
    values.Refuse("precision", *parts.precision, "at least 9 where no scale is given, since the scale is then 9",
                  "write the scale beside it");
  }
  return Type::Decimal(precision, scale.value_or(std::min(9, precision)));
}

Type MakeTime(const TypeParts& parts, ValueReader& values) {
  return Type::Time(Precision(parts, values, 0, 9).value_or(6));
}

Type MakeTimestamp(const TypeParts& parts, ValueReader& values) {
  const int digits = Precision(parts, values, 0, 9).value_or(6);
  const bool zone = parts.timezone == nullptr || values.Bool("timezone", *parts.timezone).value_or(true);
  return zone ? Type::TimestampTz(digits) : Type::Timestamp(digits);
}

template <TypeKind kind>
Type MakePlain(const TypeParts& /*parts*/, ValueReader& /*values*/) {
  return Type::Of(kind);
}

struct DataType {
  std::string_view name;
  MakeType make;
};

constexpr std::array kDataTypes{
    DataType{"text", MakeText},
    DataType{"bigint", MakeBigint},
    DataType{"timestamp", MakeTimestamp},
    DataType{"double", MakePlain<TypeKind::kDouble>},
    DataType{"bool", MakePlain<TypeKind::kBool>},
    DataType{"date", MakePlain<TypeKind::kDate>},
    DataType{"decimal", MakeDecimal},
    DataType{"json", MakePlain<TypeKind::kJson>},
    DataType{"binary", MakeBinary},
    DataType{"time", MakeTime},
    DataType{"wei", MakePlain<TypeKind::kInt256>},
    DataType{"complex", MakePlain<TypeKind::kJson>},  // json's name before engine 10
};

void ReportUnknownType(const YamlNode& node, ValueReader& values) {
  std::vector<std::string_view> names;
  for (const DataType& type : kDataTypes) {
    if (type.name != "complex") names.push_back(type.name);
  }
  std::string help = DidYouMean(node.scalar, names);
  if (help.empty()) help = "dlt's types are " + OrList(names);
  values.diagnostics()
      .Report(kUnknownDataType, node.span, fmt::format("dlt has no data type '{}'", node.scalar))
      .Help(std::move(help));
}

void ReadType(const TypeParts& parts, ValueReader& values, Column& column) {
  const YamlNode* const node = parts.data_type;
  column.type_span = node == nullptr ? column.span : node->span;
  const std::optional<std::string> name = node == nullptr ? std::nullopt : values.Text("data_type", *node);
  column.incomplete = !name || name->empty();
  if (column.incomplete) return;
  column.dlt_type = *name;
  const auto* const found =
      std::find_if(kDataTypes.begin(), kDataTypes.end(), [&](const DataType& type) { return type.name == *name; });
  if (found == kDataTypes.end()) {
    ReportUnknownType(*node, values);
  } else {
    column.type = found->make(parts, values);
  }
}

// Gives whether the key is part of the type; it is then kept for when all of them are known.
bool GatherType(const YamlEntry& entry, TypeParts& parts) {
  if (entry.key == "data_type") {
    parts.data_type = &entry.value;
  } else if (entry.key == "precision") {
    parts.precision = entry.value.is_null() ? nullptr : &entry.value;
  } else if (entry.key == "scale") {
    parts.scale = entry.value.is_null() ? nullptr : &entry.value;
  } else if (entry.key == "timezone") {
    parts.timezone = &entry.value;
  } else {
    return false;
  }
  return true;
}

bool ReadFlag(const YamlEntry& entry, ValueReader& values, Column& column) {
  const auto* const flag =
      std::find_if(kFlags.begin(), kFlags.end(), [&](const Flag& one) { return one.key == entry.key; });
  if (flag == kFlags.end()) return false;
  if (const std::optional<bool> value = values.Bool(entry.key, entry.value)) column.*flag->member = *value;
  return true;
}

void ReadHint(const YamlEntry& entry, ValueReader& values, Column& column) {
  if (entry.key == "description") {
    // x-wapc's description wins, wherever it stands.
    std::string text = values.Text(entry.key, entry.value).value_or("");
    if (column.description.empty()) column.description = std::move(text);
  } else if (entry.key == "dedup_sort") {
    const std::optional<size_t> order = values.Word(entry.key, entry.value, kSortOrders);
    if (order) column.dedup_sort = kSortOrders[*order];
  } else if (entry.key == kXWapc) {
    ReadColumnXWapc(entry.value, values, column);
  } else if (entry.key.starts_with("x-") && entry.key != "x-normalizer") {
    // The value under which active records stand is kept too; null says that they have no end.
    if (entry.key == "x-active-record-timestamp") column.active_record_timestamp = !entry.value.is_null();
    column.extensions.emplace(entry.key, entry.value);
  }
}

// What dlt's migration to engine 10 does to the hints of its own two keys.
void MigrateKeys(const YamlNode& node, ValueReader& values, Column& column) {
  if (column.name == "_dlt_id") column.row_key = column.unique;
  const YamlNode* const foreign = column.name == "_dlt_parent_id" ? node.Find("foreign_key") : nullptr;
  if (foreign != nullptr) column.parent_key = values.Bool("foreign_key", *foreign).value_or(false);
}

}  // namespace

Column ReadColumn(std::string name, base::Span span, const YamlNode& node, int64_t engine_version,
                  ValueReader& values) {
  Column column;
  column.name = std::move(name);
  column.span = span;
  if (!node.is_map() && !node.is_null()) values.Refuse(column.name, node, "a mapping of a column's hints");
  TypeParts parts;
  for (const YamlEntry& entry : node.entries) {
    if (!GatherType(entry, parts) && !ReadFlag(entry, values, column)) ReadHint(entry, values, column);
  }
  ReadType(parts, values, column);
  if (engine_version < kKeysEngine) MigrateKeys(node, values, column);
  return column;
}

}  // namespace wapc::metadata

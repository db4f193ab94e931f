#ifndef WAPC_METADATA_TYPE_H_
#define WAPC_METADATA_TYPE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wapc::metadata {

enum class TypeKind : uint8_t {
  kUnknown,  ///< only where a raw table says so
  kNull,     ///< the type of a bare NULL: meets every type
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kInt128,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUint128,
  kInt256,   ///< dlt's wei
  kDecimal,  ///< precision, scale; precision 0 is PostgreSQL's numeric of any size
  kFloat,
  kDouble,
  kText,    ///< precision is the longest length in characters; 0 is unlimited
  kBinary,  ///< precision is the longest length in bytes; 0 is unlimited
  kDate,
  kTime,         ///< precision is digits of a second
  kTimestamp,    ///< precision is digits of a second; no zone
  kTimestampTz,  ///< precision is digits of a second; an instant
  kInterval,
  kUuid,
  kJson,
  kEnum,
  kArray,   ///< children[0]
  kStruct,  ///< fields
  kMap,     ///< children[0] to children[1]
  kEngine,  ///< what only one engine has, by name; passes through and can be cast
};

/// One of wapc's types (docs/types.md). A value: copy and compare freely.
struct Type {
  TypeKind kind = TypeKind::kUnknown;
  int precision = 0;
  int scale = 0;
  std::string name;                 ///< of an engine type or an enum
  std::vector<Type> children;       ///< of an array, a map, and of a struct's fields in order
  std::vector<std::string> fields;  ///< a struct's field names, or an enum's values

  bool operator==(const Type&) const = default;

  static Type Of(TypeKind kind) { return Type{kind, 0, 0, {}, {}, {}}; }
  static Type Decimal(int precision, int scale) { return Type{TypeKind::kDecimal, precision, scale, {}, {}, {}}; }
  static Type Text(int length = 0) { return Type{TypeKind::kText, length, 0, {}, {}, {}}; }
  static Type Timestamp(int precision = 6) { return Type{TypeKind::kTimestamp, precision, 0, {}, {}, {}}; }
  static Type TimestampTz(int precision = 6) { return Type{TypeKind::kTimestampTz, precision, 0, {}, {}, {}}; }
  static Type Time(int precision = 6) { return Type{TypeKind::kTime, precision, 0, {}, {}, {}}; }
  static Type Array(Type element) { return Type{TypeKind::kArray, 0, 0, {}, {std::move(element)}, {}}; }

  bool is_unknown() const { return kind == TypeKind::kUnknown; }
  bool is_integer() const { return kind >= TypeKind::kInt8 && kind <= TypeKind::kInt256; }
  bool is_numeric() const { return kind >= TypeKind::kInt8 && kind <= TypeKind::kDouble; }
};

/// The type in wapc's own words: "decimal(18,4)", "timestamp(6) with time zone", "array<int64>".
std::string ToString(const Type& type);

/// Reads what ToString writes; kUnknown for anything else. Used for what wapc itself wrote (plans, caches).
Type TypeFromString(std::string_view text);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_TYPE_H_

#include "metadata/type.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wapc::metadata {
namespace {

Type Make(TypeKind kind, std::vector<Type> children, std::vector<std::string> fields, std::string name = {}) {
  Type type = Type::Of(kind);
  type.children = std::move(children);
  type.fields = std::move(fields);
  type.name = std::move(name);
  return type;
}

Type Binary(int length) {
  Type type = Type::Of(TypeKind::kBinary);
  type.precision = length;
  return type;
}

struct TypeCase {
  Type type;
  std::string text;
};

class TypeText : public testing::TestWithParam<TypeCase> {};

TEST_P(TypeText, RoundTrips) {
  EXPECT_EQ(ToString(GetParam().type), GetParam().text);
  EXPECT_EQ(TypeFromString(GetParam().text), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    Plain, TypeText,
    testing::Values(TypeCase{Type(), "unknown"}, TypeCase{Type::Of(TypeKind::kNull), "null"},
                    TypeCase{Type::Of(TypeKind::kBool), "bool"}, TypeCase{Type::Of(TypeKind::kInt8), "int8"},
                    TypeCase{Type::Of(TypeKind::kInt16), "int16"}, TypeCase{Type::Of(TypeKind::kInt32), "int32"},
                    TypeCase{Type::Of(TypeKind::kInt64), "int64"}, TypeCase{Type::Of(TypeKind::kInt128), "int128"},
                    TypeCase{Type::Of(TypeKind::kUint8), "uint8"}, TypeCase{Type::Of(TypeKind::kUint16), "uint16"},
                    TypeCase{Type::Of(TypeKind::kUint32), "uint32"}, TypeCase{Type::Of(TypeKind::kUint64), "uint64"},
                    TypeCase{Type::Of(TypeKind::kUint128), "uint128"}, TypeCase{Type::Of(TypeKind::kInt256), "int256"},
                    TypeCase{Type::Of(TypeKind::kFloat), "float"}, TypeCase{Type::Of(TypeKind::kDouble), "double"},
                    TypeCase{Type::Of(TypeKind::kDate), "date"}, TypeCase{Type::Of(TypeKind::kInterval), "interval"},
                    TypeCase{Type::Of(TypeKind::kUuid), "uuid"}, TypeCase{Type::Of(TypeKind::kJson), "json"}));

INSTANTIATE_TEST_SUITE_P(Measured, TypeText,
                         testing::Values(TypeCase{Type::Decimal(18, 4), "decimal(18,4)"},
                                         TypeCase{Type::Text(), "text"}, TypeCase{Type::Text(64), "text(64)"},
                                         TypeCase{Binary(0), "binary"}, TypeCase{Binary(16), "binary(16)"},
                                         TypeCase{Type::Time(3), "time(3)"},
                                         TypeCase{Type::Timestamp(0), "timestamp(0)"},
                                         TypeCase{Type::TimestampTz(), "timestamp(6) with time zone"}));

INSTANTIATE_TEST_SUITE_P(
    Nested, TypeText,
    testing::Values(
        TypeCase{Type::Array(Type::Of(TypeKind::kInt64)), "array<int64>"},
        TypeCase{Type::Array(Type::Array(Type::TimestampTz(3))), "array<array<timestamp(3) with time zone>>"},
        TypeCase{Make(TypeKind::kMap, {Type::Text(), Type::Decimal(38, 9)}, {}), "map<text, decimal(38,9)>"},
        TypeCase{Make(TypeKind::kStruct, {}, {}), "struct<>"},
        TypeCase{Make(TypeKind::kStruct,
                      {Type::Of(TypeKind::kInt64), Type::Array(Make(TypeKind::kStruct, {Type::Text()}, {"x"}))},
                      {"a", "odd \"name\", >"}),
                 "struct<a int64, \"odd \"\"name\"\", >\" array<struct<x text>>>"},
        TypeCase{Make(TypeKind::kEnum, {}, {"a", "it's", ", '"}), "enum('a', 'it''s', ', ''')"},
        TypeCase{Make(TypeKind::kEnum, {}, {"sad", "ok"}, "mood"), "enum(mood, 'sad', 'ok')"},
        TypeCase{Make(TypeKind::kEnum, {}, {}, "mood"), "enum(mood)"},
        TypeCase{Make(TypeKind::kEnum, {}, {}), "enum()"},
        TypeCase{Make(TypeKind::kEngine, {}, {}, "geometry"), "engine(geometry)"},
        TypeCase{Make(TypeKind::kEngine, {}, {}, "geometry(point, 4326)"), "engine(\"geometry(point, 4326)\")"},
        TypeCase{Make(TypeKind::kMap, {Type::Text(), Make(TypeKind::kEnum, {}, {"x"})}, {}), "map<text, enum('x')>"}));

class NotAType : public testing::TestWithParam<std::string> {};

TEST_P(NotAType, IsUnknown) { EXPECT_TRUE(TypeFromString(GetParam()).is_unknown()); }

INSTANTIATE_TEST_SUITE_P(All, NotAType,
                         testing::Values("", "int65", "INT64", " int64", "int64 ", "text(", "text(x)", "text(64",
                                         "decimal()", "decimal(18)", "decimal(18,)", "timestamp", "time", "array",
                                         "array<>", "array<int64", "array<int65>", "map<text>", "map<text,int64>",
                                         "struct<a>", "struct<a int64,>", "struct<1a int64>", "enum(", "enum('a'",
                                         "enum('a)", "engine()", "engine(a b)", "int64>", "text(99999999999)"));

TEST(TypeText, DoesNotFollowEndlessNesting) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "array<";
  EXPECT_TRUE(TypeFromString(deep).is_unknown());
}

}  // namespace
}  // namespace wapc::metadata

#ifndef WAPC_COMPILER_PASSES_TYPES_H_
#define WAPC_COMPILER_PASSES_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/dialect.h"
#include "metadata/type.h"

/// The rules by which types meet, as DuckDB has them (its cast rules and operator binding, checked against the engine
/// by tests/unit/compiler/engine_types_test.cc).
namespace wapc::compiler {

enum class LiteralForm : uint8_t {
  kNone,
  kString,   ///< a string literal: takes the type of what it meets
  kInteger,  ///< an integer literal: fits every integer type that holds its value
};

/// What is known of an expression's value. An unknown type meets everything and raises nothing further: either a raw
/// table says so, or the error was reported already.
struct Value {
  metadata::Type type;
  bool nullable = true;
  LiteralForm literal = LiteralForm::kNone;
  int64_t integer = 0;  ///< of an integer literal

  static Value Unknown() { return {}; }
  static Value Of(metadata::TypeKind kind, bool is_nullable) { return {metadata::Type::Of(kind), is_nullable}; }
  static Value Of(metadata::Type type, bool is_nullable) { return {std::move(type), is_nullable}; }
};

/// The type that holds both values, without an explicit cast; nothing when they do not meet. A literal takes part as
/// such.
std::optional<metadata::Type> Meet(const Value& a, const Value& b);

/// A number literal as it is written, and a string literal of that text.
Value NumberOf(std::string_view written);
Value StringOf(std::string_view text);

/// What an implicit cast costs an overload; negative: there is none. Lower is preferred.
int ImplicitCastCost(const Value& from, const metadata::Type& to);

/// Precision and scale of a numeric type seen as a decimal; nothing for floats and what is not numeric.
struct DecimalShape {
  int precision = 0;
  int scale = 0;
};
std::optional<DecimalShape> ShapeOf(const metadata::Type& type);

enum class DecimalRule : uint8_t { kAdd, kMultiply, kModulo };

/// The decimal that an operator gives for two numeric types of which at least one is a decimal.
metadata::Type DecimalResult(DecimalRule rule, const metadata::Type& a, const metadata::Type& b);

/// Whether two types are the same to the engine: lengths of text and precisions within one of its types do not count.
bool SameForEngine(const metadata::Type& a, const metadata::Type& b);

/// Digits of a second as the engine keeps them: 0, 3, 6 or 9.
int EngineDigits(int precision);

/// The largest precision of a decimal.
inline constexpr int kMaxDecimal = 38;

/// A written type name and what it stands for (a line of compiler/functions/*.types).
struct TypeWord {
  std::string_view written;
  metadata::Type type;
  std::vector<std::string_view> names;
};
/// Those of a dialect by its name; DuckDB's for one without a file.
const std::vector<TypeWord>& TypeWords(std::string_view dialect);
/// How the dialect writes what takes arguments: the form of "decimal", "array", ... with {} for each; empty: plain.
std::string_view TypeForm(std::string_view dialect, std::string_view key);

/// A short text for messages: "text", "decimal(10,2)".
std::string Describe(const Value& value);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_TYPES_H_

#include <fmt/format.h>

#include "compiler/translate/context.h"
#include "grammar/parser.h"

/// Types, casts and typed literals.
namespace wapc::compiler::translate {

using grammar::Expr;
using metadata::Type;
using metadata::TypeKind;

namespace {

bool IsFloating(const Type& type) { return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble; }
bool IsWhole(const Type& type) { return type.kind >= TypeKind::kInt8 && type.kind <= TypeKind::kUint128; }

// The type in the target's words, as a tree; null when it was reported.
grammar::TypeName* Written(Context& context, const grammar::TypeName& name, Type* resolved) {
  base::Diagnostics faults;
  const std::optional<Type> type = ResolveType(name, context.from, faults);
  if (!type) {
    context.Refuse(name.span, fmt::format("{} has no type \"{}\"", context.from.title, name.name),
                   "--lenient keeps the name as it is");
    return nullptr;
  }
  *resolved = *type;
  grammar::Parser parser;
  const base::SourceMap sources;
  const std::string text = TypeInDialect(*type, context.to);
  grammar::TypeName* const written =
      parser.ParseType(context.arena.Copy(text), {}, sources, context.arena, faults, context.to);
  if (written == nullptr || type->kind == TypeKind::kEngine) {
    context.Refuse(name.span,
                   fmt::format("{} has no type like {} of {}", context.to.title, name.name, context.from.title),
                   "cast to a type that both have");
    return nullptr;
  }
  written->span = name.span;
  return written;
}

void CheckText(Context& context, const grammar::Cast& cast, const Type& operand) {
  if (operand.kind == TypeKind::kUnknown) {
    return context.NeedType(cast.span, "how a value is written as text depends on its type, which is not known here",
                            "cast it to the type that it has first, or use --lenient");
  }
  if (!TextDiffers(context, operand)) return;
  context.Refuse(cast.span,
                 fmt::format("{} writes {} as text in another way than {}", context.to.title,
                             metadata::ToString(operand), context.from.title),
                 "format it by a function, or cast it to a type first whose text is the same everywhere (a decimal)");
}

// varchar(n) cuts in some engines, is ignored in others, and is an error in others.
Expr* CutText(Context& context, grammar::Cast& cast, const Type& type) {
  const bool cuts = context.reads.Can("varchar-cuts");
  if (type.precision == 0 || cuts == context.writes.Can("varchar-cuts")) return &cast;
  cast.type->arguments = {};
  if (!cuts) return &cast;
  Bindings bindings;
  bindings.values["x"] = &cast;
  return context.Make(fmt::format("left($x, {})", type.precision), bindings, cast.span);
}

bool IsNumber(const Type& type) { return IsWhole(type) || IsFloating(type) || type.kind == TypeKind::kDecimal; }

// PostgreSQL casts a truth only from and to a four-byte integer.
Expr* BoolCast(Context& context, grammar::Cast& cast, const Type& operand, const Type& type) {
  Bindings bindings;
  bindings.values["x"] = cast.operand;
  if (type.kind == TypeKind::kBool && IsNumber(operand)) return context.Make("$x <> 0", bindings, cast.span);
  if (operand.kind == TypeKind::kBool && IsNumber(type))
    cast.operand = context.Make("CAST($x AS integer)", bindings, cast.span);
  return &cast;
}

// PostgreSQL's numeric without digits holds any number.
Expr* FreeDecimal(Context& context, grammar::Cast& cast, const Type& operand) {
  if (context.to.name == context.from.name || context.writes.Can("free-decimal")) return &cast;
  if (operand.kind == TypeKind::kDecimal && operand.precision > 0) return context.Stands(cast.operand, cast);
  if (IsWhole(operand)) {
    Bindings bindings;
    bindings.values["x"] = cast.operand;
    return context.Make("CAST($x AS decimal(38, 0))", bindings, cast.span);
  }
  return context.Refuse(cast, fmt::format("{} has no decimal without a number of digits", context.to.title),
                        "write how many digits it has: numeric(18, 4)");
}

// Half of one: to even, or away from zero.
Expr* RoundHalves(Context& context, grammar::Cast& cast, const Type& operand, const Type& type) {
  const bool to_even = context.reads.Can("float-halves-to-even");
  if (!IsWhole(type) || to_even == context.writes.Can("float-halves-to-even")) return &cast;
  if (!IsFloating(operand)) return &cast;
  Bindings bindings;
  bindings.values["x"] = cast.operand;
  cast.operand = context.Make(to_even ? "CASE WHEN abs($x) - floor(abs($x)) = 0.5 THEN 2 * round($x / 2) ELSE $x END"
                                      : "sign($x) * floor(abs($x) + 0.5)",
                              bindings, cast.span);
  return &cast;
}

// "12:00:00+02" as "12:00:00+02:00", which every engine reads.
std::string_view WholeOffset(Context& context, std::string_view text) {
  const size_t sign = text.find_last_of("+-");
  const bool hours = sign != std::string_view::npos && sign + 3 == text.size() && text.find(':') < sign;
  return hours ? context.arena.Copy(std::string(text) + ":00") : text;
}

// A moment with a zone is a date or a time of day by the zone of the session, or by its own.
bool SettleZone(Context& context, grammar::Cast& cast, const Type& operand, const Type& type) {
  if (operand.kind != TypeKind::kTimestampTz) return true;
  const bool by_zone =
      type.kind == TypeKind::kDate || type.kind == TypeKind::kTime || type.kind == TypeKind::kTimestamp;
  return !by_zone || InSession(context, cast.operand);
}

}  // namespace

// DuckDB and PostgreSQL agree on times.
bool TextDiffers(const Context& context, const Type& type) {
  switch (type.kind) {
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kInterval:
    case TypeKind::kArray:
    case TypeKind::kStruct:
    case TypeKind::kMap:
    case TypeKind::kBinary: return true;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
    case TypeKind::kTime: return context.reads.Can("iso-timestamps") != context.writes.Can("iso-timestamps");
    default: return false;
  }
}

Expr* TranslateCast(Context& context, grammar::Cast& cast) {
  const Type operand = context.TypeOf(*cast.operand);
  Type type;
  grammar::TypeName* const written = Written(context, *cast.type, &type);
  if (written == nullptr) return &cast;
  cast.type = written;
  if (cast.style == grammar::CastStyle::kTryCast && !context.Has(grammar::Feature::kTryCast)) {
    return context.Refuse(cast, fmt::format("{} has no TRY_CAST", context.to.title),
                          "test the text first: CASE WHEN x ~ '^[0-9]+$' THEN CAST(x AS ...) END");
  }
  if (!SettleZone(context, cast, operand, type)) return &cast;
  if (type.kind == TypeKind::kText) CheckText(context, cast, operand);
  if (type.kind == TypeKind::kText) return CutText(context, cast, type);
  if (!context.writes.Can("bool-casts") && (type.kind == TypeKind::kBool) != (operand.kind == TypeKind::kBool)) {
    return BoolCast(context, cast, operand, type);
  }
  if (type.kind == TypeKind::kDecimal && type.precision == 0) return FreeDecimal(context, cast, operand);
  return RoundHalves(context, cast, operand, type);
}

Expr* TranslateTypedLiteral(Context& context, grammar::TypedLiteral& literal) {
  Type type;
  if (literal.type->name == "x") return &literal;
  grammar::TypeName* const written = Written(context, *literal.type, &type);
  if (written == nullptr) return &literal;
  literal.type = written;
  if (written->arguments.empty() || context.writes.Can("typed-literal-digits")) return &literal;
  auto* const text = context.arena.New<grammar::Literal>();
  *text = {{grammar::ExprKind::kLiteral, literal.span, false},
           grammar::LiteralKind::kString,
           type.kind == TypeKind::kTimestampTz ? WholeOffset(context, literal.text) : literal.text};
  auto* const cast = context.arena.New<grammar::Cast>();
  cast->kind = grammar::ExprKind::kCast;
  cast->span = literal.span;
  cast->operand = text;
  cast->type = written;
  return cast;
}

}  // namespace wapc::compiler::translate

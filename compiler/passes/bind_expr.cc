#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/macros/runtime_variables.h"
#include "compiler/passes/bind_origin.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::BinaryOp;
using grammar::ExprKind;
using metadata::Type;
using metadata::TypeKind;

namespace {

// The function that gives an operator its types, and how it is written.
struct Operator {
  BinaryOp op;
  std::string_view function;
  std::string_view written;

  std::string_view sign() const { return op == BinaryOp::kPow ? "^" : written; }
};

constexpr std::array kOperators{
    Operator{BinaryOp::kAdd, "+", "+"},
    Operator{BinaryOp::kSub, "-", "-"},
    Operator{BinaryOp::kMul, "*", "*"},
    Operator{BinaryOp::kDiv, "/", "/"},
    Operator{BinaryOp::kIntDiv, "//", "//"},
    Operator{BinaryOp::kMod, "%", "%"},
    Operator{BinaryOp::kPow, "**", "**"},
    Operator{BinaryOp::kConcat, "||", "||"},
    Operator{BinaryOp::kBitAnd, "&", "&"},
    Operator{BinaryOp::kBitOr, "|", "|"},
    Operator{BinaryOp::kBitXor, "xor", "#"},
    Operator{BinaryOp::kShiftLeft, "<<", "<<"},
    Operator{BinaryOp::kShiftRight, ">>", ">>"},
    Operator{BinaryOp::kArrow, "->", "->"},
    Operator{BinaryOp::kArrowText, "->>", "->>"},
    Operator{BinaryOp::kHashArrow, "->", "#>"},
    Operator{BinaryOp::kHashArrowText, "->>", "#>>"},
    Operator{BinaryOp::kContains, "@>", "@>"},
    Operator{BinaryOp::kContainedBy, "<@", "<@"},
    Operator{BinaryOp::kOverlaps, "&&", "&&"},
    Operator{BinaryOp::kRegexMatch, "regexp_full_match", "~"},
    Operator{BinaryOp::kRegexMatchI, "regexp_full_match", "~*"},
    Operator{BinaryOp::kNotRegexMatch, "regexp_full_match", "!~"},
    Operator{BinaryOp::kNotRegexMatchI, "regexp_full_match", "!~*"},
    Operator{BinaryOp::kStartsWith, "^@", "^@"},
    Operator{BinaryOp::kJsonExists, "json_exists", "?"},
};

}  // namespace

Value Binder::BindTracked(Expr& expr, Scope& scope, Sources& sources) {
  const Restore sink(sink_, &sources);
  return BindExpr(expr, scope);
}

Value Binder::BindExpr(Expr& expr, Scope& scope) {
  Grouping& grouping = scope.grouping;
  const bool grouped =
      grouping.collecting && grouping.shielded == 0 && !grouping.exprs.empty() && IsGrouped(expr, scope);
  const Restore shielded(grouping.shielded, grouped ? 1 : grouping.shielded);
  Value value = BindKind(expr, scope);
  if (context_.types != nullptr) context_.types->insert_or_assign(&expr, ExprType{value.type, value.nullable});
  return value;
}

Value Binder::BindKind(Expr& expr, Scope& scope) {
  switch (expr.kind) {
    case ExprKind::kLiteral: return BindLiteral(static_cast<grammar::Literal&>(expr));
    case ExprKind::kTypedLiteral: return BindTypedLiteral(static_cast<grammar::TypedLiteral&>(expr));
    case ExprKind::kInterval: return BindInterval(static_cast<grammar::Interval&>(expr), scope);
    case ExprKind::kColumnRef: return BindColumnRef(static_cast<grammar::ColumnRef&>(expr), scope);
    case ExprKind::kStar: return Value::Unknown();
    case ExprKind::kUnary: return BindUnary(static_cast<grammar::Unary&>(expr), scope);
    case ExprKind::kBinary: return BindBinary(static_cast<grammar::Binary&>(expr), scope);
    case ExprKind::kBetween: return BindBetween(static_cast<grammar::Between&>(expr), scope);
    case ExprKind::kInList: return BindInList(static_cast<grammar::InList&>(expr), scope);
    case ExprKind::kInSubquery: return BindInSubquery(static_cast<grammar::InSubquery&>(expr), scope);
    case ExprKind::kLike: return BindLike(static_cast<grammar::Like&>(expr), scope);
    case ExprKind::kIsNull: return BindTest(*static_cast<grammar::IsNull&>(expr).operand, scope);
    case ExprKind::kIsBool: {
      Expr& operand = *static_cast<grammar::IsBool&>(expr).operand;
      CheckCondition(BindExpr(operand, scope), operand.span, "IS TRUE");
      return Value::Of(TypeKind::kBool, false);
    }
    case ExprKind::kIsDistinct: return BindDistinct(static_cast<grammar::IsDistinct&>(expr), scope);
    case ExprKind::kCase: return BindCase(static_cast<grammar::Case&>(expr), scope);
    case ExprKind::kCast: return BindCast(static_cast<grammar::Cast&>(expr), scope);
    case ExprKind::kFunctionCall: return BindCall(static_cast<grammar::FunctionCall&>(expr), scope);
    case ExprKind::kExtract: return BindExtract(static_cast<grammar::Extract&>(expr), scope);
    case ExprKind::kExists: {
      BindQuery(*static_cast<grammar::Exists&>(expr).query, &scope);
      return Value::Of(TypeKind::kBool, false);
    }
    case ExprKind::kScalarSubquery: return BindScalarSubquery(static_cast<grammar::ScalarSubquery&>(expr), scope);
    case ExprKind::kQuantified: return BindQuantified(static_cast<grammar::Quantified&>(expr), scope);
    case ExprKind::kArray: return BindArray(static_cast<grammar::Array&>(expr), scope);
    case ExprKind::kArraySubquery: return BindArraySubquery(static_cast<grammar::ArraySubquery&>(expr), scope);
    case ExprKind::kStruct: return BindStruct(static_cast<grammar::Struct&>(expr), scope);
    case ExprKind::kMap: return BindMap(static_cast<grammar::Map&>(expr), scope);
    case ExprKind::kTuple: return BindTuple(static_cast<grammar::Tuple&>(expr), scope);
    case ExprKind::kIndex: return BindIndex(static_cast<grammar::Index&>(expr), scope);
    case ExprKind::kSlice: return BindSlice(static_cast<grammar::Slice&>(expr), scope);
    case ExprKind::kFieldAccess: {
      auto& access = static_cast<grammar::FieldAccess&>(expr);
      return Field(BindExpr(*access.base, scope), access.field);
    }
    case ExprKind::kLambda: return BindLambda(static_cast<grammar::Lambda&>(expr), scope);
    case ExprKind::kAtTimeZone: return BindAtTimeZone(static_cast<grammar::AtTimeZone&>(expr), scope);
    case ExprKind::kCollate: return BindExpr(*static_cast<grammar::Collate&>(expr).operand, scope);
    case ExprKind::kParameter: return Value::Unknown();
    case ExprKind::kMacroVariable: return BindMacroVariable(static_cast<grammar::MacroVariable&>(expr));
    case ExprKind::kMacroCall: return BindMacroCall(static_cast<grammar::MacroCall&>(expr));
    case ExprKind::kAliased: return BindExpr(*static_cast<grammar::Aliased&>(expr).value, scope);
  }
  return Value::Unknown();
}

Value Binder::BindLiteral(const grammar::Literal& literal) const {
  switch (literal.type) {
    case grammar::LiteralKind::kNull: return Value::Of(TypeKind::kNull, true);
    case grammar::LiteralKind::kTrue:
    case grammar::LiteralKind::kFalse: return Value::Of(TypeKind::kBool, false);
    case grammar::LiteralKind::kNumber: return typing_.number(literal.text);
    default: return typing_.string(literal.text);
  }
}

Value Binder::BindTypedLiteral(const grammar::TypedLiteral& literal) {
  const std::optional<Type> type = ResolveType(*literal.type, dialect_, *diagnostics_);
  return type ? Value::Of(*type, false) : Value::Unknown();
}

Value Binder::BindInterval(grammar::Interval& interval, Scope& scope) {
  const Value value = BindExpr(*interval.value, scope);
  if (typing_.cast_cost(value, Type::Of(TypeKind::kDouble)) < 0 && value.type.kind != TypeKind::kText &&
      value.type.kind != TypeKind::kInterval) {
    return Fail(kTypeMismatch, interval.value->span,
                fmt::format("an interval needs a number, this is {}", Describe(value)));
  }
  const bool months = interval.unit == "year" || interval.unit == "month" || interval.unit == "quarter";
  if (months && !typing_.year_month_interval.empty()) {
    return Value::Of(Type{TypeKind::kEngine, 0, 0, std::string(typing_.year_month_interval), {}, {}}, value.nullable);
  }
  return Value::Of(TypeKind::kInterval, value.nullable);
}

Value Binder::BindUnary(grammar::Unary& unary, Scope& scope) {
  const Value value = BindExpr(*unary.operand, scope);
  switch (unary.op) {
    case grammar::UnaryOp::kNot:
      CheckCondition(value, unary.operand->span, "NOT");
      return Value::Of(TypeKind::kBool, value.nullable);
    case grammar::UnaryOp::kBitNot: return Operate("~", "~", {&value, 1}, unary.span);
    case grammar::UnaryOp::kMinus: {
      if (value.literal != LiteralForm::kInteger) return Operate("-", "-", {&value, 1}, unary.span);
      Value negative = value;
      negative.integer = -value.integer;
      return negative;
    }
    default: return Operate("+", "+", {&value, 1}, unary.span);
  }
}

Value Binder::BindBinary(grammar::Binary& binary, Scope& scope) {
  const std::array values{BindExpr(*binary.left, scope), BindExpr(*binary.right, scope)};
  const bool nullable = values[0].nullable || values[1].nullable;
  if (binary.op == BinaryOp::kAnd || binary.op == BinaryOp::kOr) {
    const std::string_view word = binary.op == BinaryOp::kAnd ? "AND" : "OR";
    CheckCondition(values[0], binary.left->span, word);
    CheckCondition(values[1], binary.right->span, word);
    return Value::Of(TypeKind::kBool, nullable);
  }
  if (binary.op >= BinaryOp::kEq && binary.op <= BinaryOp::kGe) {
    CheckCompare(values[0], values[1], binary.op_span.known() ? binary.op_span : binary.span,
                 [&](base::DiagnosticBuilder& report) {
                   NoteOrigin(*binary.left, context_.project, scope, report);
                   NoteOrigin(*binary.right, context_.project, scope, report);
                 });
    return Value::Of(TypeKind::kBool, nullable);
  }
  for (const Operator& entry : kOperators) {
    if (entry.op != binary.op) continue;
    return Operate(typing_.operators_by_sign ? entry.sign() : entry.function, entry.written, values, binary.span,
                   std::array{grammar::Argument{{}, binary.left}, grammar::Argument{{}, binary.right}});
  }
  return Value::Unknown();
}

// An operator has the types of its function.
Value Binder::Operate(std::string_view name, std::string_view shown, std::span<const Value> values, base::Span span,
                      std::span<const grammar::Argument> arguments) {
  const FunctionSet* const set = catalog_.Find(name);
  if (set == nullptr) {
    return Fail(kUnknownFunction, span, fmt::format("there is no operator {} in {}", shown, dialect_.name),
                "write it with a function that the engine has");
  }
  const std::optional<Resolution> found = ResolveCall(catalog_, *set, {values, arguments, &typing_});
  if (found) return Value::Of(found->type, found->nullable);
  std::string types = Describe(values[0]);
  if (values.size() > 1) types += " and " + Describe(values[1]);
  return Fail(kNoSuchSignature, span, fmt::format("there is no {} for {}", shown, types),
              "cast what stands on one side to a type that the operator takes");
}

Value Binder::Combine(const Value& a, const Value& b, base::Span span, std::string_view what) {
  std::optional<Value> met = Fold(typing_, a, b);
  if (met) return std::move(*met);
  Report(kTypeMismatch, span, fmt::format("{} of {} and {}", what, Describe(a), Describe(b)))
      .Help("they have no type in common: cast one of them");
  return Value::Unknown();
}

bool Binder::CheckCompare(const Value& a, const Value& b, base::Span span, const AddNotes& notes) {
  if (typing_.comparable != nullptr ? typing_.comparable(a, b) : typing_.meet(a, b).has_value()) return true;
  auto report = Report(kTypeMismatch, span, fmt::format("a comparison of {} and {}", Describe(a), Describe(b)));
  report.Help("they have no type in common: cast one of them");
  if (notes) notes(report);
  return false;
}

void Binder::CheckCondition(const Value& value, base::Span span, std::string_view what) {
  const TypeKind kind = value.type.kind;
  if (kind == TypeKind::kBool || kind == TypeKind::kNull || kind == TypeKind::kUnknown) return;
  if (value.literal == LiteralForm::kString) return;
  if (typing_.condition_takes_numbers && value.type.is_numeric()) return;
  Fail(kTypeMismatch, span, fmt::format("{} needs a condition, this is {}", what, Describe(value)),
       "compare it with something, or test it with IS NOT NULL");
}

Value Binder::BindCase(grammar::Case& expr, Scope& scope) {
  std::optional<Value> operand;
  if (expr.operand != nullptr) operand = BindExpr(*expr.operand, scope);
  Value result = Value::Of(TypeKind::kNull, false);
  bool first = true;
  const auto add = [&](Expr& branch) {
    const Value value = BindExpr(branch, scope);
    const bool only_null = result.type.kind == TypeKind::kNull && result.literal == LiteralForm::kNone;
    if (std::exchange(first, false) || (only_null && !typing_.literals_stay_open)) {
      const bool nullable = result.nullable || value.nullable;
      result = value;
      result.nullable = nullable;
      return;
    }
    // As in the engine, literals take the place of a type only until they met another.
    result = Combine(result, value, branch.span, "the branches of CASE");
  };
  for (const grammar::WhenClause& when : expr.whens) {
    const Value condition = BindExpr(*when.condition, scope);
    if (operand) {
      CheckCompare(*operand, condition, when.condition->span);
    } else {
      CheckCondition(condition, when.condition->span, "WHEN");
    }
    add(*when.result);
  }
  if (expr.otherwise != nullptr) {
    add(*expr.otherwise);
  } else {
    result.nullable = true;
  }
  result.literal = LiteralForm::kNone;
  return result;
}

Value Binder::BindCast(grammar::Cast& cast, Scope& scope) {
  const Value value = BindExpr(*cast.operand, scope);
  const std::optional<Type> type = ResolveType(*cast.type, dialect_, *diagnostics_);
  if (!type) return Value::Unknown();
  if (typing_.castable != nullptr && !typing_.castable(value, *type)) {
    return Fail(kTypeMismatch, cast.span, fmt::format("{} cannot be cast to {}", Describe(value), ToString(*type)),
                "no value of the one has a meaning as the other");
  }
  return Value::Of(*type, value.nullable || cast.style == grammar::CastStyle::kTryCast);
}

Value Binder::BindBetween(grammar::Between& between, Scope& scope) {
  const Value value = BindExpr(*between.operand, scope);
  const Value low = BindExpr(*between.low, scope);
  const Value high = BindExpr(*between.high, scope);
  CheckCompare(value, low, between.low->span);
  CheckCompare(value, high, between.high->span);
  return Value::Of(TypeKind::kBool, value.nullable || low.nullable || high.nullable);
}

Value Binder::BindInList(grammar::InList& in, Scope& scope) {
  const Value value = BindExpr(*in.operand, scope);
  bool nullable = value.nullable;
  for (Expr* const item : in.items) {
    const Value other = BindExpr(*item, scope);
    nullable |= other.nullable;
    // `x IN list`: the one item may be a list of them.
    if (typing_.in_takes_list && in.items.size() == 1 && other.type.kind == TypeKind::kArray &&
        value.type.kind != TypeKind::kArray)
      continue;
    CheckCompare(value, other, item->span);
  }
  return Value::Of(TypeKind::kBool, nullable);
}

Value Binder::BindLike(grammar::Like& like, Scope& scope) {
  if (like.quantifier != grammar::LikeQuantifier::kNone) {
    BindExpr(*like.operand, scope);
    for (grammar::Expr* const pattern : like.patterns) BindExpr(*pattern, scope);
    return Value::Of(metadata::TypeKind::kBool, true);
  }
  const std::array values{BindExpr(*like.operand, scope), BindExpr(*like.pattern, scope)};
  if (like.escape != nullptr) BindExpr(*like.escape, scope);
  return Operate("~~", like.op == grammar::LikeOp::kILike ? "ILIKE" : "LIKE", values, like.span);
}

Value Binder::BindTest(Expr& operand, Scope& scope) {
  BindExpr(operand, scope);
  return Value::Of(TypeKind::kBool, false);
}

Value Binder::BindDistinct(grammar::IsDistinct& expr, Scope& scope) {
  const Value left = BindExpr(*expr.left, scope);
  const Value right = BindExpr(*expr.right, scope);
  CheckCompare(left, right, expr.span);
  return Value::Of(TypeKind::kBool, false);
}

Value Binder::BindExtract(grammar::Extract& extract, Scope& scope) {
  Value part = Value::Of(Type::Text(), false);
  part.literal = LiteralForm::kString;
  const std::array values{part, BindExpr(*extract.operand, scope)};
  Value out = Operate(typing_.extract_function, "EXTRACT", values, extract.span);
  const bool fraction = extract.field == "epoch" || extract.field == "julian";
  if (fraction && out.type.kind == TypeKind::kInt64) out.type = Type::Of(TypeKind::kDouble);
  return out;
}

Value Binder::BindAtTimeZone(grammar::AtTimeZone& expr, Scope& scope) {
  const std::array values{BindExpr(*expr.zone, scope), BindExpr(*expr.operand, scope)};
  return Operate("timezone", "AT TIME ZONE", values, expr.span);
}

Value Binder::BindMacroVariable(const grammar::MacroVariable& variable) {
  if (const auto known = ReadRuntimeVariable(FoldName(variable.name))) {
    Value out = Value::Of(TypeOf(*known), false);
    // It is written as a literal, so it takes the type of what it meets.
    if (out.type.kind == TypeKind::kText) out.literal = LiteralForm::kString;
    return out;
  }
  return Fail(kUnknownMacro, variable.span, fmt::format("there is no variable @{} here", variable.name),
              "variables are @start_ds, @end_ds, @execution_ds, and the same with _ts, _date and _dt");
}

Value Binder::BindMacroCall(const grammar::MacroCall& call) {
  return Fail(kUnknownMacro, call.name.span, fmt::format("there is no macro @{}", call.name.text),
              "write the expression out");
}

}  // namespace wapc::compiler

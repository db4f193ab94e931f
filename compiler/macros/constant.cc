#include "compiler/macros/constant.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "compiler/macros/constant_functions.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using grammar::As;
using grammar::BinaryOp;
using grammar::Expr;
using grammar::ExprKind;

namespace {

using Maybe = std::optional<Constant>;

bool IsNull(const Constant& value) { return std::holds_alternative<std::monostate>(value); }

std::optional<double> AsDouble(const Constant& value) {
  if (const auto* const number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* const number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

Maybe NumberOf(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
  const char* const end = digits.data() + digits.size();
  int64_t whole = 0;
  if (const auto [stop, code] = std::from_chars(digits.data(), end, whole); code == std::errc() && stop == end) {
    return whole;
  }
  double real = 0;
  const auto [stop, code] = std::from_chars(digits.data(), end, real);
  return code == std::errc() && stop == end ? Maybe(real) : std::nullopt;
}

Maybe Real(double value) { return std::isfinite(value) ? Maybe(value) : std::nullopt; }

Maybe Whole(BinaryOp op, int64_t left, int64_t right) {
  int64_t out = 0;
  switch (op) {
    case BinaryOp::kAdd: return __builtin_add_overflow(left, right, &out) ? std::nullopt : Maybe(out);
    case BinaryOp::kSub: return __builtin_sub_overflow(left, right, &out) ? std::nullopt : Maybe(out);
    case BinaryOp::kMul: return __builtin_mul_overflow(left, right, &out) ? std::nullopt : Maybe(out);
    case BinaryOp::kDiv:
      if (right == 0) return std::nullopt;
      if (right != -1 && left % right == 0) return left / right;
      return Real(static_cast<double>(left) / static_cast<double>(right));
    case BinaryOp::kIntDiv: return right == 0 || right == -1 ? std::nullopt : Maybe(left / right);
    case BinaryOp::kMod: return right == 0 || right == -1 ? std::nullopt : Maybe(left % right);
    default: return std::nullopt;
  }
}

Maybe Arithmetic(BinaryOp op, const Constant& left, const Constant& right) {
  const auto* const a = std::get_if<int64_t>(&left);
  const auto* const b = std::get_if<int64_t>(&right);
  if (a != nullptr && b != nullptr && op != BinaryOp::kPow) return Whole(op, *a, *b);
  const auto x = AsDouble(left);
  const auto y = AsDouble(right);
  if (!x || !y) return std::nullopt;
  switch (op) {
    case BinaryOp::kAdd: return Real(*x + *y);
    case BinaryOp::kSub: return Real(*x - *y);
    case BinaryOp::kMul: return Real(*x * *y);
    case BinaryOp::kDiv: return *y == 0 ? std::nullopt : Real(*x / *y);
    case BinaryOp::kMod: return *y == 0 ? std::nullopt : Real(std::fmod(*x, *y));
    case BinaryOp::kPow: return Real(std::pow(*x, *y));
    default: return std::nullopt;
  }
}

// Below, equal or above; nothing for values of kinds that don't compare ('a' with 1 are just not equal).
std::optional<int> Order(const Constant& left, const Constant& right) {
  const auto sign = [](const auto& a, const auto& b) { return a < b ? -1 : (b < a ? 1 : 0); };
  if (const auto x = AsDouble(left), y = AsDouble(right); x && y) return sign(*x, *y);
  if (left.index() != right.index()) return std::nullopt;
  if (const auto* const text = std::get_if<std::string>(&left)) return sign(*text, std::get<std::string>(right));
  if (const auto* const flag = std::get_if<bool>(&left)) return sign(*flag, std::get<bool>(right));
  return std::nullopt;
}

Maybe Compare(BinaryOp op, const Constant& left, const Constant& right) {
  if (IsNull(left) || IsNull(right)) return Constant{};
  const auto order = Order(left, right);
  switch (op) {
    case BinaryOp::kEq: return order == 0;
    case BinaryOp::kNe: return order != 0;
    case BinaryOp::kLt: return order ? Maybe(*order < 0) : std::nullopt;
    case BinaryOp::kLe: return order ? Maybe(*order <= 0) : std::nullopt;
    case BinaryOp::kGt: return order ? Maybe(*order > 0) : std::nullopt;
    case BinaryOp::kGe: return order ? Maybe(*order >= 0) : std::nullopt;
    default: return std::nullopt;
  }
}

// Three values: FALSE AND NULL is FALSE, TRUE OR NULL is TRUE.
Maybe Junction(BinaryOp op, const Constant& left, const Constant& right) {
  const bool deciding = op == BinaryOp::kOr;
  for (const Constant* const side : {&left, &right}) {
    if (!IsNull(*side) && IsTrue(*side) == deciding) return deciding;
  }
  return IsNull(left) || IsNull(right) ? Constant{} : Constant{!deciding};
}

Maybe Evaluate(const Expr& expr);

Maybe EvaluateBinary(const grammar::Binary& node) {
  const Maybe left = Evaluate(*node.left);
  const Maybe right = Evaluate(*node.right);
  if (!left || !right) return std::nullopt;
  if (node.op == BinaryOp::kAnd || node.op == BinaryOp::kOr) return Junction(node.op, *left, *right);
  if (node.op >= BinaryOp::kEq && node.op <= BinaryOp::kGe) return Compare(node.op, *left, *right);
  if (IsNull(*left) || IsNull(*right)) return Constant{};
  if (node.op == BinaryOp::kConcat) return ConstantText(*left) + ConstantText(*right);
  return Arithmetic(node.op, *left, *right);
}

Maybe EvaluateUnary(const grammar::Unary& node) {
  const Maybe value = Evaluate(*node.operand);
  if (!value || IsNull(*value)) return value;
  switch (node.op) {
    case grammar::UnaryOp::kNot: return !IsTrue(*value);
    case grammar::UnaryOp::kPlus: return AsDouble(*value) ? value : std::nullopt;
    case grammar::UnaryOp::kMinus: return Arithmetic(BinaryOp::kSub, int64_t{0}, *value);
    case grammar::UnaryOp::kBitNot: return std::nullopt;
  }
  return std::nullopt;
}

Maybe Negated(const Maybe& value, bool negated) {
  if (!value || IsNull(*value) || !negated) return value;
  return !IsTrue(*value);
}

Maybe EvaluateBetween(const grammar::Between& node) {
  const Maybe value = Evaluate(*node.operand);
  const Maybe low = Evaluate(*node.low);
  const Maybe high = Evaluate(*node.high);
  if (!value || !low || !high) return std::nullopt;
  const Maybe above = Compare(BinaryOp::kGe, *value, *low);
  const Maybe below = Compare(BinaryOp::kLe, *value, *high);
  return above && below ? Negated(Junction(BinaryOp::kAnd, *above, *below), node.negated) : std::nullopt;
}

Maybe EvaluateIn(const grammar::InList& node) {
  const Maybe value = Evaluate(*node.operand);
  if (!value) return std::nullopt;
  Constant out = false;
  for (const Expr* const item : node.items) {
    const Maybe other = Evaluate(*item);
    const Maybe same = other ? Compare(BinaryOp::kEq, *value, *other) : std::nullopt;
    const Maybe both = same ? Junction(BinaryOp::kOr, out, *same) : std::nullopt;
    if (!both) return std::nullopt;
    out = *both;
  }
  return Negated(out, node.negated);
}

bool Matches(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (Matches(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern[0] == '_' || pattern[0] == text[0]) && Matches(text.substr(1), pattern.substr(1));
}

Maybe EvaluateLike(const grammar::Like& node) {
  const Maybe text = Evaluate(*node.operand);
  const Maybe pattern = Evaluate(*node.pattern);
  const bool plain = node.op == grammar::LikeOp::kLike || node.op == grammar::LikeOp::kILike;
  if (!text || !pattern || !plain || node.escape != nullptr) return std::nullopt;
  if (IsNull(*text) || IsNull(*pattern)) return Constant{};
  std::string left = ConstantText(*text);
  std::string right = ConstantText(*pattern);
  if (node.op == grammar::LikeOp::kILike) {
    left = grammar::LowerCase(left);
    right = grammar::LowerCase(right);
  }
  // Backtracking over many wildcards takes too long to be worth it.
  if (std::count(right.begin(), right.end(), '%') > 4) return std::nullopt;
  return Negated(Maybe(Matches(left, right)), node.negated);
}

Maybe EvaluateCase(const grammar::Case& node) {
  Maybe operand = Constant{true};
  if (node.operand != nullptr) operand = Evaluate(*node.operand);
  if (!operand) return std::nullopt;
  for (const grammar::WhenClause& when : node.whens) {
    const Maybe condition = Evaluate(*when.condition);
    if (!condition) return std::nullopt;
    const Maybe holds = node.operand == nullptr ? condition : Compare(BinaryOp::kEq, *operand, *condition);
    if (!holds) return std::nullopt;
    if (!IsNull(*holds) && IsTrue(*holds)) return Evaluate(*when.result);
  }
  return node.otherwise == nullptr ? Constant{} : Evaluate(*node.otherwise);
}

Maybe EvaluateCast(const grammar::Cast& node) {
  const Maybe value = Evaluate(*node.operand);
  if (!value || IsNull(*value) || node.type->dimensions > 0 || !node.type->arguments.empty())
    return value ? (IsNull(*value) ? value : std::nullopt) : value;
  const std::string_view type = node.type->name;
  if (type == "text" || type == "varchar" || type == "string") return ConstantText(*value);
  if (type == "bool" || type == "boolean") return IsTrue(*value);
  const auto* const text = std::get_if<std::string>(&*value);
  const Maybe number = text != nullptr ? NumberOf(*text) : value;
  const auto real = number ? AsDouble(*number) : std::nullopt;
  if (!real) return std::nullopt;
  if (type == "double" || type == "float") return *real;
  if (type != "int" && type != "integer" && type != "bigint") return std::nullopt;
  return std::abs(*real) < 9e18 ? Maybe(static_cast<int64_t>(std::llround(*real))) : std::nullopt;
}

Maybe EvaluateCall(const grammar::FunctionCall& node) {
  if (node.name.size() != 1 || node.over != nullptr || node.filter != nullptr || node.distinct) return std::nullopt;
  std::vector<Constant> values;
  for (const grammar::Argument& argument : node.arguments) {
    const Maybe value = argument.name.text.empty() ? Evaluate(*argument.value) : std::nullopt;
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return CallConstant(grammar::LowerCase(node.name[0].text), values);
}

Maybe EvaluateLiteral(const grammar::Literal& node) {
  switch (node.type) {
    case grammar::LiteralKind::kNull: return Constant{};
    case grammar::LiteralKind::kTrue: return true;
    case grammar::LiteralKind::kFalse: return false;
    case grammar::LiteralKind::kNumber: return NumberOf(node.text);
    case grammar::LiteralKind::kString: return std::string(node.text);
  }
  return std::nullopt;
}

Maybe Evaluate(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral: return EvaluateLiteral(static_cast<const grammar::Literal&>(expr));
    case ExprKind::kUnary: return EvaluateUnary(static_cast<const grammar::Unary&>(expr));
    case ExprKind::kBinary: return EvaluateBinary(static_cast<const grammar::Binary&>(expr));
    case ExprKind::kBetween: return EvaluateBetween(static_cast<const grammar::Between&>(expr));
    case ExprKind::kInList: return EvaluateIn(static_cast<const grammar::InList&>(expr));
    case ExprKind::kLike: return EvaluateLike(static_cast<const grammar::Like&>(expr));
    case ExprKind::kCase: return EvaluateCase(static_cast<const grammar::Case&>(expr));
    case ExprKind::kCast: return EvaluateCast(static_cast<const grammar::Cast&>(expr));
    case ExprKind::kFunctionCall: return EvaluateCall(static_cast<const grammar::FunctionCall&>(expr));
    case ExprKind::kIsNull: {
      const auto& node = static_cast<const grammar::IsNull&>(expr);
      const Maybe value = Evaluate(*node.operand);
      return value ? Maybe(IsNull(*value) != node.negated) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Constant> EvaluateConstant(const Expr& expr) { return Evaluate(expr); }

bool IsTrue(const Constant& value) {
  if (const auto* const flag = std::get_if<bool>(&value)) return *flag;
  if (const auto number = AsDouble(value)) return *number != 0;
  const auto* const text = std::get_if<std::string>(&value);
  return text != nullptr && !text->empty();
}

std::string ConstantText(const Constant& value) {
  if (const auto* const flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* const number = std::get_if<int64_t>(&value)) return fmt::format("{}", *number);
  if (const auto* const number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  const auto* const text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

grammar::Expr* LiteralOf(const Constant& value, base::Span span, grammar::Arena& arena) {
  using grammar::LiteralKind;
  const auto make = [&](LiteralKind kind, std::string_view text) {
    return arena.New<grammar::Literal>(Expr{ExprKind::kLiteral, span}, kind, arena.Copy(text));
  };
  if (IsNull(value)) return make(LiteralKind::kNull, "NULL");
  if (const auto* const flag = std::get_if<bool>(&value)) {
    return make(*flag ? LiteralKind::kTrue : LiteralKind::kFalse, *flag ? "TRUE" : "FALSE");
  }
  const std::string text = ConstantText(value);
  if (std::holds_alternative<std::string>(value)) return make(LiteralKind::kString, text);
  if (text[0] != '-') return make(LiteralKind::kNumber, text);
  Expr* const positive = make(LiteralKind::kNumber, std::string_view(text).substr(1));
  return arena.New<grammar::Unary>(Expr{ExprKind::kUnary, span}, grammar::UnaryOp::kMinus, positive);
}

}  // namespace wapc::compiler

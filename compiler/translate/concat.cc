#include <fmt/format.h>

#include <string>

#include "compiler/translate/context.h"
#include "grammar/walk.h"

/// Texts put together. A column whose type is not known is taken for text here.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using metadata::Type;
using metadata::TypeKind;

namespace {

bool IsArray(const Context& context, const Expr& expr) { return context.TypeOf(expr).kind == TypeKind::kArray; }

bool IsOther(const Context& context, const Expr& expr) {
  const TypeKind kind = context.TypeOf(expr).kind;
  return kind != TypeKind::kText && kind != TypeKind::kUnknown && kind != TypeKind::kBinary;
}

bool CheckText(Context& context, const Expr& expr) {
  const Type type = context.TypeOf(expr);
  if (!TextDiffers(context, type)) return true;
  context.Refuse(expr.span,
                 fmt::format("{} writes {} as text in another way than {}", context.to.title, metadata::ToString(type),
                             context.from.title),
                 "format it by a function, or cast it to a type first whose text is the same everywhere (a decimal)");
  return false;
}

Expr* WriteArrays(Context& context, const std::string& op, grammar::Binary& binary) {
  Refusal refusal;
  if (Expr* const out = context.Write({op, false, {binary.left, binary.right}, {}}, binary.span, refusal)) return out;
  return context.Refuse(
      binary, fmt::format("{} cannot say what || means for arrays in {}", context.to.title, context.from.title),
      refusal.help.empty() ? "put them together by a function that both have" : refusal.help);
}

Expr* AsText(Context& context, Expr& expr) {
  Bindings bindings;
  bindings.values["x"] = &expr;
  return context.Make("CAST($x AS varchar)", bindings, expr.span);
}

}  // namespace

void SettleConcatenated(Context& context, Operation& operation) {
  const auto settle = [&](Expr*& expr) {
    if (expr == nullptr || !CheckText(context, *expr)) return;
    if (context.TypeOf(*expr).kind != TypeKind::kBool) return;
    // PostgreSQL's concat() writes t and f, although a cast writes true and false.
    if (context.writes.Can("concat-bool-letters")) {
      expr = AsText(context, *expr);
    } else if (context.reads.Can("concat-bool-letters")) {
      Bindings bindings;
      bindings.values["x"] = expr;
      expr = context.Make("CASE WHEN $x THEN 't' WHEN NOT $x THEN 'f' END", bindings, expr->span);
    }
  };
  for (Expr*& expr : operation.arguments) settle(expr);
  for (Expr*& expr : operation.rest) settle(expr);
}

Expr* TranslateConcat(Context& context, grammar::Binary& binary) {
  const bool left_array = IsArray(context, *binary.left);
  const bool right_array = IsArray(context, *binary.right);
  if (left_array || right_array) {
    const bool null =
        context.TypeOf(*binary.left).kind == TypeKind::kNull || context.TypeOf(*binary.right).kind == TypeKind::kNull;
    const std::string_view op = null           ? "array_concat"
                                : !right_array ? "array_append"
                                : !left_array  ? "array_prepend"
                                               : "array_concat";
    const bool null_counts = context.reads.Can("null-array-is-empty");
    // A bare NULL could be an item or an array.
    for (Expr** const side : {&binary.left, &binary.right}) {
      if (context.TypeOf(**side).kind != TypeKind::kNull) continue;
      const Type& type = context.TypeOf(side == &binary.left ? *binary.right : *binary.left);
      Bindings bindings;
      bindings.values["x"] = *side;
      *side = context.Make(fmt::format("CAST($x AS {})", TypeInDialect(type, context.to)), bindings, binary.span);
    }
    return WriteArrays(context, null_counts ? std::string(op) : std::string(op) + "_null", binary);
  }
  if (!CheckText(context, *binary.left) || !CheckText(context, *binary.right)) return &binary;
  const bool left = IsOther(context, *binary.left);
  const bool right = IsOther(context, *binary.right);
  // One text makes the other operand text in some engines, none is needed in others, all have to be in the rest.
  const bool casts = context.writes.Can("concat-casts") || (context.writes.Can("concat-casts-one") && !(left && right));
  if (!casts && left) binary.left = AsText(context, *binary.left);
  if (!casts && right) binary.right = AsText(context, *binary.right);
  return &binary;
}

Expr* JoinLiterals(Context& context, Expr& expr) {
  grammar::RewriteHooks hooks;
  hooks.expr = [&context](Expr& each) -> Expr* {
    auto* const binary = As<grammar::Binary>(&each);
    if (binary == nullptr || binary->op != grammar::BinaryOp::kConcat) return &each;
    const auto* const left = As<grammar::Literal>(binary->left);
    const auto* const right = As<grammar::Literal>(binary->right);
    if (left == nullptr || right == nullptr || left->type != grammar::LiteralKind::kString ||
        right->type != grammar::LiteralKind::kString) {
      return &each;
    }
    auto* const out = context.arena.New<grammar::Literal>(*left);
    out->text = context.arena.Copy(std::string(left->text) + std::string(right->text));
    return out;
  };
  return grammar::Rewrite(expr, hooks);
}

}  // namespace wapc::compiler::translate

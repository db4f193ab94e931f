#include <fmt/format.h>

#include <algorithm>

#include "compiler/translate/context.h"

/// LIKE and its kind, IS TRUE, and comparisons with literals.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using metadata::TypeKind;

namespace {

Expr* Not(Context& context, Expr* expr, base::Span span) {
  Bindings bindings;
  bindings.values["x"] = expr;
  return context.Make("NOT $x", bindings, span);
}

bool HoldsBackslash(const Expr& pattern) {
  const auto* const literal = As<grammar::Literal>(&pattern);
  return literal == nullptr || literal->text.find('\\') != std::string_view::npos;
}

// A backslash escapes in LIKE in some engines although nothing says so.
void SettleEscape(Context& context, grammar::Like& like) {
  const bool escapes = context.reads.Can("like-backslash");
  if (like.escape != nullptr || escapes == context.writes.Can("like-backslash") || !HoldsBackslash(*like.pattern)) {
    return;
  }
  auto* const literal = context.arena.New<grammar::Literal>();
  *literal = {{grammar::ExprKind::kLiteral, like.span, false}, grammar::LiteralKind::kString, escapes ? "\\" : ""};
  like.escape = literal;
}

// The regular expression that a pattern of the SQL standard stands for: % and _ are any text and any letter, and of
// what regular expressions have there is no `.`, `^` and `$`.
Expr* RegexOfSimilar(Context& context, const Expr& pattern) {
  const auto* const literal = As<grammar::Literal>(&pattern);
  if (literal == nullptr || literal->type != grammar::LiteralKind::kString) return nullptr;
  std::string out;
  for (size_t i = 0; i < literal->text.size(); ++i) {
    const char c = literal->text[i];
    if (c == '\\' && i + 1 < literal->text.size()) {
      out += c;
      out += literal->text[++i];
    } else if (c == '%') {
      out += ".*";
    } else if (c == '.' || c == '^' || c == '$') {
      out += '\\';
      out += c;
    } else {
      out += c == '_' ? '.' : c;
    }
  }
  auto* const regex = context.arena.New<grammar::Literal>(*literal);
  regex->text = context.arena.Copy(out);
  return regex;
}

// x LIKE ANY (a, b) is x LIKE a OR x LIKE b.
Expr* OnePatternEach(Context& context, grammar::Like& like) {
  const bool any = like.quantifier == grammar::LikeQuantifier::kAny;
  const bool lists = std::none_of(like.patterns.begin(), like.patterns.end(), [&](const Expr* pattern) {
    return pattern->kind == grammar::ExprKind::kArray || context.TypeOf(*pattern).kind == TypeKind::kArray;
  });
  if (like.negated || !lists || like.patterns.empty()) {
    return context.Refuse(
        like, fmt::format("{} has no {} as it stands here", context.to.title, any ? "LIKE ANY" : "LIKE ALL"),
        "write the patterns one by one with OR and AND");
  }
  Expr* all = nullptr;
  for (Expr* const pattern : like.patterns) {
    auto* const one = context.arena.New<grammar::Like>(like);
    one->quantifier = grammar::LikeQuantifier::kNone;
    one->patterns = {};
    one->pattern = pattern;
    if (all != nullptr) one->operand = context.Copy(*like.operand);
    Bindings bindings;
    bindings.values["b"] = TranslateLike(context, *one);
    if (all != nullptr) bindings.values["a"] = all;
    all = all == nullptr ? bindings.values["b"] : context.Make(any ? "$a OR $b" : "$a AND $b", bindings, like.span);
  }
  return all;
}

// Snowflake's x RLIKE p: the whole text has to match.
Expr* TranslateRegexp(Context& context, grammar::Like& like) {
  Refusal refusal;
  Expr* const written = like.escape != nullptr ? nullptr
                                               : context.Write({"regex_full", false, {like.operand, like.pattern}, {}},
                                                               like.span, refusal);
  if (written != nullptr) return like.negated ? Not(context, written, like.span) : written;
  return context.Refuse(like, fmt::format("{} has no RLIKE", context.to.title),
                        "use a function of regular expressions");
}

Expr* TranslateSimilar(Context& context, grammar::Like& like) {
  const bool glob = like.op == grammar::LikeOp::kGlob;
  const bool full_match = context.reads.Can("similar-is-full-match");
  if (!glob && full_match == context.writes.Can("similar-is-full-match") && context.Has(grammar::Feature::kSimilarTo)) {
    return &like;
  }
  Expr* const pattern = glob || full_match ? like.pattern : RegexOfSimilar(context, *like.pattern);
  Refusal refusal;
  Expr* const written = glob || pattern == nullptr || like.escape != nullptr
                            ? nullptr
                            : context.Write({"regex_full", false, {like.operand, pattern}, {}}, like.span, refusal);
  if (written != nullptr) return like.negated ? Not(context, written, like.span) : written;
  return context.Refuse(
      like,
      fmt::format("{} has no {} as {} means it", context.to.title, glob ? "GLOB" : "SIMILAR TO", context.from.title),
      "use LIKE, or a regular expression");
}

}  // namespace

Expr* TranslateLike(Context& context, grammar::Like& like) {
  if (like.quantifier != grammar::LikeQuantifier::kNone) return OnePatternEach(context, like);
  if (like.op == grammar::LikeOp::kRegexp) return TranslateRegexp(context, like);
  if (like.op == grammar::LikeOp::kSimilar || like.op == grammar::LikeOp::kGlob) return TranslateSimilar(context, like);
  SettleEscape(context, like);
  if (like.op == grammar::LikeOp::kILike && !context.Has(grammar::Feature::kILike)) {
    Bindings bindings;
    bindings.values["a"] = like.operand;
    bindings.values["b"] = like.pattern;
    like.operand = context.Make("lower($a)", bindings, like.span);
    like.pattern = context.Make("lower($b)", bindings, like.span);
    like.op = grammar::LikeOp::kLike;
  }
  return &like;
}

Expr* TranslateIsBool(Context& context, grammar::IsBool& test) {
  if (context.writes.Can("is-true")) return &test;
  Bindings bindings;
  bindings.values["x"] = test.operand;
  switch (test.test) {
    case grammar::BoolTest::kTrue:
      return context.Make(test.negated ? "NOT coalesce($x, false)" : "coalesce($x, false)", bindings, test.span);
    case grammar::BoolTest::kFalse:
      return context.Make(test.negated ? "coalesce($x, true)" : "NOT coalesce($x, true)", bindings, test.span);
    case grammar::BoolTest::kUnknown:
      return context.Make(test.negated ? "$x IS NOT NULL" : "$x IS NULL", bindings, test.span);
  }
  return &test;
}

namespace {

// A text beside a date is one in some engines only.
void SettleLiteral(Context& context, Expr*& side, const Expr& other) {
  const auto* const literal = As<grammar::Literal>(side);
  if (literal == nullptr || literal->type != grammar::LiteralKind::kString) return;
  const TypeKind kind = context.TypeOf(other).kind;
  if (kind != TypeKind::kDate && kind != TypeKind::kTimestamp && kind != TypeKind::kTimestampTz) return;
  Bindings bindings;
  bindings.values["x"] = side;
  const std::string type = TypeInDialect(context.TypeOf(other), context.to);
  side = context.Make(fmt::format("CAST($x AS {})", type), bindings, side->span);
}

}  // namespace

Expr* TranslateComparison(Context& context, grammar::Binary& binary) {
  if (context.writes.Can("literals-take-types")) return &binary;
  SettleLiteral(context, binary.left, *binary.right);
  SettleLiteral(context, binary.right, *binary.left);
  return &binary;
}

Expr* TranslateBetween(Context& context, grammar::Between& between) {
  if (between.symmetric && !context.Has(grammar::Feature::kBetweenSymmetric)) {
    Bindings bindings;
    bindings.values["x"] = between.operand;
    bindings.values["a"] = between.low;
    bindings.values["b"] = between.high;
    return context.Make(between.negated ? "NOT ($x BETWEEN $a AND $b OR $x BETWEEN $b AND $a)"
                                        : "($x BETWEEN $a AND $b OR $x BETWEEN $b AND $a)",
                        bindings, between.span);
  }
  if (context.writes.Can("literals-take-types")) return &between;
  SettleLiteral(context, between.low, *between.operand);
  SettleLiteral(context, between.high, *between.operand);
  return &between;
}

Expr* TranslateInList(Context& context, grammar::InList& list) {
  if (context.writes.Can("literals-take-types")) return &list;
  for (Expr*& item : list.items) SettleLiteral(context, item, *list.operand);
  return &list;
}

}  // namespace wapc::compiler::translate

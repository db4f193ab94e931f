#include <algorithm>
#include <array>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

constexpr auto kLambdaFunctions = std::to_array<std::string_view>({
    "all_match",       "any_match",  "apply",      "array_apply", "array_filter",   "array_reduce",
    "array_transform", "filter",     "list_apply", "list_filter", "list_reduce",    "list_transform",
    "map_filter",      "none_match", "reduce",     "transform",   "transform_keys", "transform_values",
    "zip_with",
});

}  // namespace

bool TakesLambdas(std::string_view lower_name) {
  return std::binary_search(std::begin(kLambdaFunctions), std::end(kLambdaFunctions), lower_name);
}

bool Builder::Separators(const std::vector<RawArgument>& arguments, std::initializer_list<TokenKind> wanted) const {
  if (arguments.size() != wanted.size()) return false;
  return std::equal(wanted.begin(), wanted.end(), arguments.begin(),
                    [](TokenKind kind, const RawArgument& argument) { return argument.separator == kind; });
}

Expr* Builder::PlainCall(std::string_view name, Span name_span, std::initializer_list<Expr*> values, Span span) {
  std::vector<Argument> arguments;
  for (Expr* const value : values) arguments.push_back({{}, value});
  const std::vector<Identifier> names{{name, false, name_span}};
  return Make<FunctionCall>(span, arena_.Copy(names), arena_.Copy(arguments));
}

/// The arguments of a call, each with the word before it; the first one's is COMMA unless it stands after a FROM.
std::vector<Builder::RawArgument> Builder::CallArguments(Cursor& c, bool lambdas) {
  std::vector<RawArgument> arguments;
  TokenKind separator = TokenKind::COMMA;
  while (c.At(Rule::Argument) || c.At(TokenKind::COMMA) || c.At(TokenKind::FROM) || c.At(TokenKind::FOR) ||
         c.At(TokenKind::PLACING)) {
    if (!c.AtRule()) {
      if (arguments.empty() && !c.At(TokenKind::FROM)) {
        Fail(SpanOf(c.Position(), c.Position() + 1),
             "found " + std::string(TextOf(c.Position())) + ", expected an expression");
      }
      separator = c.Kind();
      c.TakeToken();
    }
    arguments.push_back({separator, BuildArgument(c.TakeRule(), lambdas)});
  }
  return arguments;
}

/// SUBSTRING(x FROM a), TRIM(BOTH y FROM x), POSITION(a IN b), OVERLAY, EXTRACT and row(...) as what they mean; null
/// when the call is none of them.
Expr* Builder::SpecialForm(const Identifier& name, std::vector<RawArgument>& arguments, TokenKind quantifier,
                           Span span) {
  using K = TokenKind;
  if (name.quoted) return nullptr;
  const std::string_view lower = LowerText(name.text);
  const auto value = [&arguments](size_t i) { return arguments[i].argument.value; };
  const auto call = [&](std::string_view function, std::initializer_list<Expr*> values) {
    return PlainCall(function, name.span, values, span);
  };
  if (lower == "extract" && Separators(arguments, {K::COMMA, K::FROM})) {
    const auto* field = As<ColumnRef>(value(0));
    const auto* text = As<Literal>(value(0));
    if (field != nullptr && field->parts.size() == 1)
      return Make<Extract>(span, LowerText(field->parts[0].text), value(1));
    if (text != nullptr && text->type == LiteralKind::kString)
      return Make<Extract>(span, LowerText(text->text), value(1));
    return nullptr;
  }
  if (lower == "substring") {
    if (Separators(arguments, {K::COMMA, K::FROM})) return call(name.text, {value(0), value(1)});
    if (Separators(arguments, {K::COMMA, K::FROM, K::FOR})) return call(name.text, {value(0), value(1), value(2)});
    if (Separators(arguments, {K::COMMA, K::FOR})) {
      Expr* const one = Make<Literal>(value(0)->span, LiteralKind::kNumber, std::string_view("1"));
      return call(name.text, {value(0), one, value(1)});
    }
  }
  if (lower == "overlay") {
    if (Separators(arguments, {K::COMMA, K::PLACING, K::FROM})) return call(name.text, {value(0), value(1), value(2)});
    if (Separators(arguments, {K::COMMA, K::PLACING, K::FROM, K::FOR})) {
      return call(name.text, {value(0), value(1), value(2), value(3)});
    }
  }
  if (lower == "trim") {
    const std::string_view function = quantifier == K::LEADING    ? "ltrim"
                                      : quantifier == K::TRAILING ? "rtrim"
                                                                  : name.text;
    const bool worded = quantifier == K::BOTH || quantifier == K::LEADING || quantifier == K::TRAILING;
    if (Separators(arguments, {K::COMMA, K::FROM})) return call(function, {value(1), value(0)});
    if (Separators(arguments, {K::FROM}) || (worded && Separators(arguments, {K::COMMA})))
      return call(function, {value(0)});
  }
  if (lower == "row") {
    std::vector<Expr*> items;
    items.reserve(arguments.size());
    for (const RawArgument& argument : arguments) items.push_back(argument.argument.value);
    Needs(Feature::kRowConstructor, name.span);
    return Make<Tuple>(span, arena_.Copy(items), true);
  }
  return nullptr;
}

/// POSITION(a IN b), where IN has both its sides to itself; null when it is an ordinary call.
Expr* Builder::PositionForm(uint32_t argument, Span name_span, Span span) {
  Cursor c = Children(argument);
  if (!c.At(Rule::Expr)) return nullptr;
  Cursor flat = Children(c.TakeRule());
  if (!c.AtEnd()) return nullptr;
  const Built sought = Climb(flat, Prefixed(flat), kRangeLevel + 1);
  if (!flat.Accept(TokenKind::IN)) return nullptr;
  const Built text = Climb(flat, Prefixed(flat), kRangeLevel + 1);
  if (!flat.AtEnd()) return nullptr;
  RejectStar(sought.expr);
  RejectStar(text.expr);
  height_ = std::max({height_, sought.height, text.height});
  const std::string_view function = dialect_.write.position_function;
  if (dialect_.write.position_needle_first) return PlainCall(function, name_span, {sought.expr, text.expr}, span);
  return PlainCall(function, name_span, {text.expr, sought.expr}, span);
}

Expr* Builder::BuildCall(const std::vector<Identifier>& name, uint32_t suffix, Span span, Expr* receiver) {
  Cursor c = Children(suffix);
  c.Accept(TokenKind::LPAREN);
  const TokenKind quantifier = c.Kind();
  const bool trims =
      quantifier == TokenKind::BOTH || quantifier == TokenKind::LEADING || quantifier == TokenKind::TRAILING;
  if (trims || quantifier == TokenKind::DISTINCT || quantifier == TokenKind::ALL) c.TakeToken();
  if (name.size() == 1 && c.AtRule() && LowerText(name[0].text) == "position") {
    if (Expr* const position = PositionForm(c.RuleNode(), name[0].span, span)) return position;
  }
  const bool lambdas =
      !name.back().quoted && (!dialect_.Has(Feature::kJsonArrows) || TakesLambdas(LowerText(name.back().text)));
  std::vector<RawArgument> raw = CallArguments(c, lambdas);
  if (name.size() == 1 && receiver == nullptr) {
    if (Expr* const special = SpecialForm(name[0], raw, quantifier, span)) return special;
  }
  std::vector<Argument> arguments;
  if (receiver != nullptr) arguments.push_back({{}, receiver});
  for (const RawArgument& argument : raw) {
    arguments.push_back(argument.argument);
    RejectAlias(argument.argument.value);
    if (argument.separator == TokenKind::COMMA) continue;
    Fail(argument.argument.value->span,
         "found " + std::string(Spelling(argument.separator)) + " in the arguments of " + std::string(name.back().text),
         "separate arguments by commas");
  }
  if (trims && !failed_) Fail(span, "BOTH, LEADING and TRAILING may only stand in trim(...)");
  auto* call = Make<FunctionCall>(span, arena_.Copy(name), arena_.Copy(arguments));
  call->distinct = quantifier == TokenKind::DISTINCT;
  CallTail(c, call);
  return call;
}

void Builder::CallTail(Cursor& c, FunctionCall* call) {
  if (c.At(TokenKind::ORDER)) Needs(Feature::kOrderInCall, SpanOf(c.Position(), c.Position() + 1));
  call->order_by = OrderItems(c);
  if (c.Accept(TokenKind::ON)) {
    const uint32_t from = c.Position();
    while (c.At(TokenKind::IDENT) || c.At(TokenKind::STRING) || c.At(TokenKind::WITH)) c.TakeToken();
    Needs(Feature::kListOverflow, SpanOf(from - 1, c.Position()));
    std::string words;
    for (uint32_t i = from + 1; i < c.Position(); ++i) {
      if (!words.empty()) words += ' ';
      words += TokenAt(i).kind == TokenKind::STRING ? TextOf(i) : LowerText(TextOf(i));
    }
    if (LowerText(TextOf(from)) != "overflow") Fail(SpanOf(from, from + 1), "expected OVERFLOW after ON");
    call->on_overflow = arena_.Copy(words);
  }
  if (c.Accept(TokenKind::IGNORE_NULLS)) call->nulls = NullTreatment::kIgnore;
  if (c.Accept(TokenKind::RESPECT_NULLS)) call->nulls = NullTreatment::kRespect;
  c.Accept(TokenKind::RPAREN);
  if (c.AtEnd()) return;
  if (c.Accept(TokenKind::WITHIN_GROUP)) {
    c.Accept(TokenKind::LPAREN);
    Needs(Feature::kWithinGroup, SpanOf(c.Position() - 2, c.Position()));
    call->within_group = OrderItems(c);
    c.Accept(TokenKind::RPAREN);
  }
  if (c.Accept(TokenKind::FILTER)) {
    Needs(Feature::kFilterClause, SpanOf(c.Position() - 1, c.Position()));
    c.Accept(TokenKind::LPAREN);
    if (!c.Accept(TokenKind::WHERE)) Needs(Feature::kBareFilter, SpanOf(c.Position() - 1, c.Position()));
    call->filter = TakeExpr(c);
    c.Accept(TokenKind::RPAREN);
  }
  OverTail(c, call);
  if (call->nulls != NullTreatment::kDefault) Needs(Feature::kIgnoreNulls, call->span);
}

void Builder::OverTail(Cursor& c, FunctionCall* call) {
  if (c.AtEnd()) return;
  if (c.At(TokenKind::IGNORE_NULLS_OVER)) call->nulls = NullTreatment::kIgnore;
  if (c.At(TokenKind::RESPECT_NULLS_OVER)) call->nulls = NullTreatment::kRespect;
  c.TakeToken();
  if (c.At(Rule::Window)) {
    call->over = BuildWindow(c.TakeRule());
  } else {
    call->over_name = Name(c);
  }
}

/// `@name` or `@name(...)`, where the cursor stands before it.
MacroCall* Builder::BuildMacro(Cursor& c, uint32_t first) {
  c.TakeToken();
  if (c.At(Rule::CallSuffix)) {
    const uint32_t suffix = c.TakeRule();
    return BuildMacroCall(first, suffix, SpanOf(first, c.Position()));
  }
  const Span span = SpanOf(first, first + 1);
  return Make<MacroCall>(span, Identifier{TextOf(first).substr(1), false, span});
}

MacroCall* Builder::BuildMacroCall(uint32_t name_token, uint32_t suffix, Span span) {
  Cursor c = Children(suffix);
  c.Accept(TokenKind::LPAREN);
  std::vector<Argument> arguments;
  ++empties_;
  const std::vector<RawArgument> raw = CallArguments(c, true);
  --empties_;
  for (const RawArgument& argument : raw) {
    arguments.push_back(argument.argument);
    if (argument.separator != TokenKind::COMMA) {
      Fail(argument.argument.value->span, "the arguments of a macro are separated by commas");
    }
  }
  if (!c.Accept(TokenKind::RPAREN) || !c.AtEnd()) {
    Fail(SpanOf(c.Position() - 1, c.Position()), "a macro call takes nothing but arguments",
         "DISTINCT, ORDER BY, FILTER and OVER belong into the macro");
  }
  const Identifier name{TextOf(name_token).substr(1), false, SpanOf(name_token, name_token + 1)};
  return Make<MacroCall>(span, name, arena_.Copy(arguments));
}

Argument Builder::BuildArgument(uint32_t node, bool lambdas) {
  Cursor c = Children(node);
  if (c.At(Rule::Lambda)) return {{}, BuildLambda(c.TakeRule())};
  if (c.At(TokenKind::OUTER)) {
    const Identifier outer = TokenName(c.TakeToken());
    c.TakeToken();
    return {outer, TakeExpr(c)};
  }
  Expr* const first = BuildExpr(c.TakeRule(), true);
  if (c.AtEnd()) return {{}, ArrowLambda(first, lambdas)};
  if (c.Accept(TokenKind::AS)) {
    Expr* const value = ArrowLambda(first, lambdas);
    auto* const lambda = As<Lambda>(value);
    const Identifier alias = Name(c);
    Expr* const inner = lambda != nullptr ? lambda->body : value;
    Expr* const aliased = Make<Aliased>(base::Join(inner->span, alias.span), inner, alias);
    if (lambda == nullptr) return {{}, aliased};
    lambda->body = aliased;
    return {{}, lambda};
  }
  const auto* name = As<ColumnRef>(first);
  if (name == nullptr || name->parts.size() != 1) {
    Fail(first->span, "the name of an argument must be one plain word", "write name := value");
    return {{}, first};
  }
  c.TakeToken();
  if (c.At(Rule::Lambda)) return {name->parts[0], BuildLambda(c.TakeRule())};
  return {name->parts[0], ArrowLambda(TakeExpr(c), lambdas)};
}

/// Only a macro can do anything with `f(a AS b)`.
void Builder::RejectAlias(const Expr* argument) {
  const auto* const lambda = As<Lambda>(argument);
  const auto* const aliased = As<Aliased>(lambda != nullptr ? lambda->body : argument);
  if (aliased != nullptr) Fail(aliased->alias.span, "an argument can't have an alias", "remove AS");
}

/// `x -> body` as a lambda, where the function takes one; `(x, y) -> body` always is one.
Expr* Builder::ArrowLambda(Expr* expr, bool lambdas) {
  auto* arrow = As<Binary>(expr);
  if (arrow == nullptr || arrow->op != BinaryOp::kArrow || arrow->parenthesized) return expr;
  std::vector<Identifier> parameters;
  if (const auto* one = As<ColumnRef>(arrow->left); one != nullptr && lambdas && one->parts.size() == 1) {
    parameters.push_back(one->parts[0]);
  } else if (const auto* tuple = As<Tuple>(arrow->left); tuple != nullptr && !tuple->row) {
    for (const Expr* const item : tuple->items) {
      const auto* name = As<ColumnRef>(item);
      if (name == nullptr || name->parts.size() != 1) return expr;
      parameters.push_back(name->parts[0]);
    }
  }
  if (parameters.empty()) {
    if (dialect_.write.arrow_lambdas) Needs(Feature::kJsonArrows, arrow->op_span);
    return expr;
  }
  Needs(Feature::kLambda, arrow->op_span);
  return Make<Lambda>(arrow->span, arena_.Copy(parameters), arrow->right);
}

/// `lambda x, y: body`.
Expr* Builder::BuildLambda(uint32_t node) {
  Cursor c = Children(node);
  c.Accept(TokenKind::LAMBDA);
  Needs(Feature::kLambda, NodeSpan(node));
  std::vector<Identifier> parameters{Name(c)};
  while (c.Accept(TokenKind::COMMA)) parameters.push_back(Name(c));
  c.Accept(TokenKind::COLON);
  Expr* const body = TakeExpr(c);
  return Make<Lambda>(NodeSpan(node), arena_.Copy(parameters), body);
}

// ------------------------------------------------------------------------------------------------- order and windows

OrderItem Builder::BuildOrderItem(uint32_t node) {
  Cursor c = Children(node);
  OrderItem item{TakeExpr(c)};
  item.descending = c.Accept(TokenKind::DESC);
  c.Accept(TokenKind::ASC);
  item.nulls_first = c.Accept(TokenKind::NULLS_FIRST);
  item.nulls_last = c.Accept(TokenKind::NULLS_LAST);
  return item;
}

/// `ORDER BY a, b`, when it stands there.
List<OrderItem> Builder::OrderItems(Cursor& c) {
  if (!c.Accept(TokenKind::ORDER)) return {};
  c.Accept(TokenKind::BY);
  std::vector<OrderItem> items;
  CommaList(c, [&] { items.push_back(BuildOrderItem(c.TakeRule())); });
  return arena_.Copy(items);
}

WindowSpec* Builder::BuildWindow(uint32_t node) {
  Cursor c = Children(node);
  auto* spec = arena_.New<WindowSpec>();
  spec->span = NodeSpan(node);
  c.Accept(TokenKind::LPAREN);
  if (c.At(TokenKind::IDENT) || c.At(TokenKind::QUOTED_IDENT)) spec->base = Name(c);
  if (c.Accept(TokenKind::PARTITION_BY)) {
    std::vector<Expr*> items;
    CommaList(c, [&] { items.push_back(TakeExpr(c)); });
    spec->partition_by = arena_.Copy(items);
  }
  spec->order_by = OrderItems(c);
  if (c.At(Rule::Frame)) spec->frame = BuildFrame(c.TakeRule());
  return spec;
}

Frame* Builder::BuildFrame(uint32_t node) {
  Cursor c = Children(node);
  auto* frame = arena_.New<Frame>();
  frame->unit = c.At(TokenKind::ROWS)    ? FrameUnit::kRows
                : c.At(TokenKind::RANGE) ? FrameUnit::kRange
                                         : FrameUnit::kGroups;
  if (frame->unit == FrameUnit::kGroups) Needs(Feature::kFrameGroups, SpanOf(c.Position(), c.Position() + 1));
  c.TakeToken();
  frame->between = c.Accept(TokenKind::BETWEEN);
  frame->start = BuildFrameBound(c.TakeRule());
  frame->end = {FrameBoundKind::kCurrentRow, nullptr};
  if (c.Accept(TokenKind::AND)) frame->end = BuildFrameBound(c.TakeRule());
  frame->exclude = FrameExclude::kNone;
  if (!c.Accept(TokenKind::EXCLUDE)) return frame;
  Needs(Feature::kFrameExclude, SpanOf(c.Position() - 1, c.Position() + 1));
  const uint32_t word = c.TakeToken();
  const std::string_view text = LowerText(TextOf(word));
  if (TokenAt(word).kind == TokenKind::CURRENT_ROW) {
    frame->exclude = FrameExclude::kCurrentRow;
  } else if (text == "group") {
    frame->exclude = FrameExclude::kGroup;
  } else if (text == "ties" && c.AtEnd()) {
    frame->exclude = FrameExclude::kTies;
  } else if (text != "no" || c.AtEnd() || LowerText(TextOf(c.Position())) != "others") {
    Fail(SpanOf(word, word + 1),
         "found " + std::string(TextOf(word)) + " after EXCLUDE, expected CURRENT ROW, GROUP, TIES or NO OTHERS");
  }
  return frame;
}

FrameBound Builder::BuildFrameBound(uint32_t node) {
  Cursor c = Children(node);
  if (c.At(TokenKind::UNBOUNDED_PRECEDING)) return {FrameBoundKind::kUnboundedPreceding, nullptr};
  if (c.At(TokenKind::UNBOUNDED_FOLLOWING)) return {FrameBoundKind::kUnboundedFollowing, nullptr};
  if (c.At(TokenKind::CURRENT_ROW)) return {FrameBoundKind::kCurrentRow, nullptr};
  Expr* const offset = TakeExpr(c);
  return {c.At(TokenKind::PRECEDING) ? FrameBoundKind::kPreceding : FrameBoundKind::kFollowing, offset};
}

}  // namespace wapc::grammar

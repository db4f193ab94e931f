#include <algorithm>
#include <array>
#include <charconv>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

bool IsString(TokenKind kind) {
  return kind == TokenKind::STRING || kind == TokenKind::ESTRING || kind == TokenKind::DOLLAR_STRING;
}

/// Appends a Unicode code point as UTF-8.
void AppendUtf8(uint32_t code, std::string& out) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | ((code >> 18) & 0x07));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Whether what is taken of this is a part of a path into JSON.
bool InColonPath(const Expr* base) {
  if (const auto* index = As<Index>(base)) return InColonPath(index->base);
  const auto* access = As<FieldAccess>(base);
  return access != nullptr && access->style != AccessStyle::kField;
}

/// Reads up to `most` hexadecimal digits from `text` at `at`; steps over them.
uint32_t TakeHex(std::string_view text, size_t& at, int most) {
  uint32_t value = 0;
  for (int i = 0; i < most && at < text.size() && HexValue(text[at]) >= 0; ++i) {
    value = value * 16 + static_cast<uint32_t>(HexValue(text[at++]));
  }
  return value;
}

/// Up to three octal digits, the first of which is `first`.
char TakeOctal(char first, std::string_view text, size_t& at) {
  int value = first - '0';
  for (int i = 0; i < 2 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i)
    value = value * 8 + text[at++] - '0';
  return static_cast<char>(value);
}

/// The escape after a backslash at `at`: PostgreSQL's rules for E'', Snowflake's for every string.
void AppendEscape(std::string_view text, size_t& at, std::string& out) {
  const char c = text[at++];
  switch (c) {
    case 'n': out += '\n'; return;
    case 't': out += '\t'; return;
    case 'r': out += '\r'; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'x': out += static_cast<char>(TakeHex(text, at, 2)); return;
    case 'u': AppendUtf8(TakeHex(text, at, 4), out); return;
    case 'U': AppendUtf8(TakeHex(text, at, 8), out); return;
    default: out += c >= '0' && c <= '7' ? TakeOctal(c, text, at) : c; return;
  }
}

}  // namespace

/// The value of a string token of any kind, its quotes and escapes undone.
std::string_view Builder::StringValue(uint32_t token) {
  std::string_view text = TextOf(token);
  if (text.front() == '@') text.remove_prefix(1);
  if (TokenAt(token).kind == TokenKind::DOLLAR_STRING) {
    const size_t tag = text.find('$', 1) + 1;
    return text.substr(tag, text.size() - 2 * tag);
  }
  const bool tagged = TokenAt(token).kind == TokenKind::ESTRING;
  if (tagged && text[1] == '&') return UnicodeValue(token);
  const bool escapes = tagged || dialect_.lex.escapes_in_strings;
  const std::string_view inner = text.substr(tagged ? 2 : 1, text.size() - (tagged ? 3 : 2));
  if (inner.find_first_of(escapes ? "\\'" : "'") == std::string_view::npos) return inner;
  std::string value;
  for (size_t at = 0; at < inner.size();) {
    const char c = inner[at++];
    if (escapes && c == '\\' && at < inner.size()) {
      AppendEscape(inner, at, value);
    } else {
      value += c;
      if (c == '\'' && at < inner.size() && inner[at] == '\'') ++at;
    }
  }
  return arena_.Copy(value);
}

/// The value of U&'...': \0061 and \+01F600 are code points, \\ is a backslash.
std::string_view Builder::UnicodeValue(uint32_t token) {
  const std::string_view text = TextOf(token);
  const std::string_view inner = text.substr(3, text.size() - 4);
  std::string value;
  for (size_t at = 0; at < inner.size();) {
    const char c = inner[at++];
    if (c == '\'' && at < inner.size()) ++at;
    if (c != '\\' || at >= inner.size()) {
      value += c;
    } else if (inner[at] == '\\') {
      value += inner[at++];
    } else {
      const int digits = inner[at] == '+' ? 6 : 4;
      if (digits == 6) ++at;
      AppendUtf8(TakeHex(inner, at, digits), value);
    }
  }
  return arena_.Copy(value);
}

/// A number as written, but 0x1F in decimal: engines differ in whether they know it, and DuckDB reads it as 0 with an
/// alias.
std::string_view Builder::NumberText(uint32_t token) {
  const std::string_view text = TextOf(token);
  if (text.size() < 3 || (text[1] != 'x' && text[1] != 'X')) return text;
  uint64_t value = 0;
  if (std::from_chars(text.data() + 2, text.data() + text.size(), value, 16).ec != std::errc()) {
    Fail(SpanOf(token, token + 1), "this number is too large", "a hexadecimal number has at most 16 digits");
  }
  return arena_.Copy(std::to_string(value));
}

Builder::Built Builder::BuildOperand(uint32_t node) {
  const int outer = std::exchange(height_, 0);
  Cursor c = Children(node);
  const uint32_t first = c.Position();
  Expr* expr = Primary(c, NodeSpan(node));
  // Parentheses around one expression are no node of their own.
  int levels = TokenAt(first).kind == TokenKind::LPAREN && expr->parenthesized ? 0 : 1;
  if (!c.AtEnd() && !failed_) expr = Postfixes(c, expr, first, levels);
  return Wrap(expr, std::exchange(height_, outer) + levels, expr->span);
}

Expr* Builder::Primary(Cursor& c, Span span) {
  const uint32_t first = c.Position();
  const Span one = SpanOf(first, first + 1);
  if (c.AtRule()) return NamePrimary(c, span);
  switch (c.Kind()) {
    case TokenKind::IDENT:
    case TokenKind::QUOTED_IDENT: return NamePrimary(c, span);
    case TokenKind::NUMBER: c.TakeToken(); return Make<Literal>(one, LiteralKind::kNumber, NumberText(first));
    case TokenKind::STRING:
      // `@'text'` is a call of the macro that fills the holes of a text.
      if (TextOf(first).front() == '@') {
        c.TakeToken();
        auto* const text = Make<Literal>(one, LiteralKind::kString, StringValue(first));
        const std::vector<Argument> arguments{{{}, text}};
        return Make<MacroCall>(one, Identifier{kTextMacro, false, one}, arena_.Copy(arguments));
      }
      [[fallthrough]];
    case TokenKind::ESTRING:
    case TokenKind::DOLLAR_STRING: c.TakeToken(); return Make<Literal>(one, LiteralKind::kString, StringValue(first));
    case TokenKind::TRUE: c.TakeToken(); return Make<Literal>(one, LiteralKind::kTrue, TextOf(first));
    case TokenKind::FALSE: c.TakeToken(); return Make<Literal>(one, LiteralKind::kFalse, TextOf(first));
    case TokenKind::NULL_: c.TakeToken(); return Make<Literal>(one, LiteralKind::kNull, TextOf(first));
    case TokenKind::PARAM:
    case TokenKind::QUESTION: c.TakeToken(); return Make<Parameter>(one, TextOf(first));
    case TokenKind::HASH:
      c.TakeToken();
      c.TakeToken();
      return PositionNumber(first);
    case TokenKind::STAR: c.TakeToken(); return StarTail(c, {}, one);
    case TokenKind::LPAREN: return ParenPrimary(c, span);
    case TokenKind::LBRACK:
    case TokenKind::EMPTY_BRACKETS:
      if (!in_array_) Needs(Feature::kBracketArray, one);
      return BracketItems(c);
    case TokenKind::LBRACE: return StructPrimary(c);
    default: return WordPrimary(c, span);
  }
}

Expr* Builder::WordPrimary(Cursor& c, Span span) {
  const uint32_t first = c.Position();
  switch (c.Kind()) {
    case TokenKind::CASE: return CasePrimary(c);
    case TokenKind::CAST:
    case TokenKind::TRY_CAST: return CastPrimary(c);
    case TokenKind::INTERVAL: return IntervalPrimary(c);
    case TokenKind::ARRAY: return ArrayPrimary(c);
    case TokenKind::MAP: return MapPrimary(c);
    case TokenKind::TYPE_WORDS: {
      const Identifier name = TokenName(c.TakeToken());
      return TypedLiteralTail(c, name, first);
    }
    case TokenKind::EXISTS: {
      c.TakeToken();
      c.Accept(TokenKind::LPAREN);
      Query* const query = QueryInParen(c.TakeRule());
      c.Accept(TokenKind::RPAREN);
      return Make<Exists>(SpanOf(first, c.Position()), query);
    }
    case TokenKind::MACRO_LIMIT:
    case TokenKind::MACRO_NAME: {
      c.TakeToken();
      if (c.At(Rule::CallSuffix)) {
        const uint32_t suffix = c.TakeRule();
        return BuildMacroCall(first, suffix, SpanOf(first, c.Position()));
      }
      return Make<MacroVariable>(SpanOf(first, first + 1), TextOf(first).substr(1));
    }
    default: return NamePrimary(c, span);
  }
}

Expr* Builder::NamePrimary(Cursor& c, Span span) {
  const uint32_t first = c.Position();
  std::vector<Identifier> parts{Name(c)};
  if (c.AtEnd()) {
    if (!parts[0].quoted && IsBareFunction(parts[0].text, dialect_)) {
      return Make<FunctionCall>(span, arena_.Copy(parts), List<Argument>{}, false, true);
    }
    return Make<ColumnRef>(span, arena_.Copy(parts));
  }
  return AfterName(c, parts, span, first);
}

/// What a name turns out to be once the text after it is seen: a path, a call, a typed literal, `t.*`.
Expr* Builder::AfterName(Cursor& c, std::vector<Identifier>& parts, Span span, uint32_t first) {
  const TokenKind next = c.Kind();
  if (IsString(next) || next == TokenKind::WITH_TIME_ZONE || next == TokenKind::WITHOUT_TIME_ZONE) {
    return TypedLiteralTail(c, parts[0], first);
  }
  while (!c.At(Rule::CallSuffix) && c.Accept(TokenKind::DOT)) {
    if (c.Accept(TokenKind::STAR)) return StarTail(c, parts, SpanOf(first, c.Position()));
    parts.push_back(c.At(TokenKind::PARAM) ? TokenName(c.TakeToken()) : Name(c));
  }
  if (c.At(Rule::CallSuffix)) {
    const uint32_t suffix = c.TakeRule();
    return BuildCall(parts, suffix, SpanOf(first, c.Position()));
  }
  if (!c.AtEnd()) span = SpanOf(first, c.Position());
  return Make<ColumnRef>(span, arena_.Copy(parts));
}

Expr* Builder::TypedLiteralTail(Cursor& c, const Identifier& name, uint32_t first) {
  auto* type = arena_.New<TypeName>();
  type->with_time_zone = c.Accept(TokenKind::WITH_TIME_ZONE);
  type->without_time_zone = c.Accept(TokenKind::WITHOUT_TIME_ZONE);
  type->name = TypeWords(name, first);
  type->span = SpanOf(first, c.Position());
  const uint32_t text = c.TakeToken();
  return Make<TypedLiteral>(SpanOf(first, text + 1), type, StringValue(text));
}

Expr* Builder::StarTail(Cursor& c, const std::vector<Identifier>& qualifier, Span span) {
  auto* star = Make<Star>(span, arena_.Copy(qualifier));
  StarOptions(c, star);
  return star;
}

void Builder::StarOptions(Cursor& c, Star* star) {
  std::vector<Identifier> exclude;
  std::vector<SelectItem> replace;
  std::vector<std::pair<Identifier, Identifier>> rename;
  while (c.At(Rule::StarOption)) {
    const uint32_t node = c.TakeRule();
    Cursor option = Children(node);
    star->span = base::Join(star->span, NodeSpan(node));
    const TokenKind kind = option.Kind();
    option.TakeToken();
    Needs(kind == TokenKind::REPLACE  ? Feature::kStarReplace
          : kind == TokenKind::RENAME ? Feature::kStarRename
                                      : Feature::kStarExclude,
          NodeSpan(node));
    option.Accept(TokenKind::LPAREN);
    do {
      if (kind == TokenKind::REPLACE) {
        Expr* const expr = TakeExpr(option);
        option.Accept(TokenKind::AS);
        const Identifier name = Name(option);
        replace.push_back({expr, name, base::Join(expr->span, name.span)});
      } else if (kind == TokenKind::RENAME) {
        const Identifier from = Name(option);
        option.Accept(TokenKind::AS);
        rename.emplace_back(from, Name(option));
      } else {
        exclude.push_back(Name(option));
      }
    } while (option.Accept(TokenKind::COMMA));
  }
  star->exclude = arena_.Copy(exclude);
  star->replace = arena_.Copy(replace);
  star->rename = arena_.Copy(rename);
}

// ------------------------------------------------------------------------------------------------------- parentheses

/// A list of expressions, or a query; `(SELECT 1) UNION (SELECT 2)` starts as an expression and turns into one.
Builder::Paren Builder::BuildParen(uint32_t node) {
  Cursor c = Children(node);
  Paren out;
  if (c.At(Rule::PlainQuery)) {
    out.query = BuildQuery(c.TakeRule());
    return out;
  }
  Expr* const first = TakeExpr(c);
  if (c.At(Rule::SetTail) || c.At(Rule::QueryTail)) {
    auto* subquery = As<ScalarSubquery>(first);
    if (subquery == nullptr) {
      Fail(SpanOf(c.Position(), c.Position() + 1),
           "found " + std::string(TextOf(c.Position())) + " after an expression",
           "only a query in parentheses may stand before it");
      return out;
    }
    auto* query = arena_.New<Query>();
    query->span = NodeSpan(node);
    out.query =
        QueryAfterFirst(c, query, arena_.New<NestedQuery>(QueryBody{BodyKind::kNested, first->span}, subquery->query));
    return out;
  }
  out.items.push_back(first);
  out.comma = c.At(TokenKind::COMMA);
  while (c.Accept(TokenKind::COMMA)) {
    if (c.At(TokenKind::COMMA)) FailDoubleComma(c);
    if (c.AtRule()) {
      out.items.push_back(TakeExpr(c));
    } else if (!in_block_) {
      Needs(Feature::kTrailingComma, SpanOf(c.Position() - 1, c.Position()));
    }
  }
  return out;
}

/// The query that parentheses must hold, further parentheses around it aside.
Query* Builder::QueryInParen(uint32_t node) {
  const Paren paren = BuildParen(node);
  if (paren.query != nullptr) return paren.query;
  if (paren.items.size() == 1) {
    if (auto* subquery = As<ScalarSubquery>(paren.items.front())) return subquery->query;
    if (auto* call = As<MacroCall>(paren.items.front())) {
      auto* query = arena_.New<Query>();
      query->span = call->span;
      query->body = arena_.New<MacroQuery>(QueryBody{BodyKind::kMacro, call->span}, call);
      return query;
    }
  }
  Fail(NodeSpan(node), "expected a query in these parentheses", "start it with SELECT");
  return arena_.New<Query>();
}

Expr* Builder::ParenPrimary(Cursor& c, Span span) {
  const uint32_t first = c.TakeToken();
  if (c.Accept(TokenKind::RPAREN)) {
    const Span empty = SpanOf(first, first + 2);
    if (!in_block_ && empties_ == 0) Fail(empty, "these parentheses are empty", "put an expression or a query in them");
    return Make<Tuple>(empty, List<Expr*>{});
  }
  const Paren paren = BuildParen(c.TakeRule());
  c.Accept(TokenKind::RPAREN);
  const Span whole = c.AtEnd() ? span : SpanOf(first, c.Position());
  if (paren.query != nullptr) {
    auto* subquery = Make<ScalarSubquery>(whole, paren.query);
    return subquery;
  }
  if (paren.comma || paren.items.empty()) return Make<Tuple>(whole, arena_.Copy(paren.items));
  Expr* const inner = paren.items.front();
  inner->parenthesized = true;
  inner->span = whole;
  return inner;
}

/// `#1`, the first column of the SELECT.
Expr* Builder::PositionNumber(uint32_t first) {
  const Span span = SpanOf(first, first + 2);
  Needs(Feature::kPositionNumber, span);
  return Make<Parameter>(span, arena_.Copy("#" + std::string(TextOf(first + 1))));
}

Expr* Builder::CasePrimary(Cursor& c) {
  const uint32_t first = c.TakeToken();
  Expr* const operand = c.AtRule() ? TakeExpr(c) : nullptr;
  std::vector<WhenClause> whens;
  while (c.Accept(TokenKind::WHEN)) {
    Expr* const condition = TakeExpr(c);
    c.Accept(TokenKind::THEN);
    whens.push_back({condition, TakeExpr(c)});
  }
  Expr* const otherwise = c.Accept(TokenKind::ELSE) ? TakeExpr(c) : nullptr;
  c.Accept(TokenKind::END);
  return Make<Case>(SpanOf(first, c.Position()), operand, arena_.Copy(whens), otherwise);
}

Expr* Builder::CastPrimary(Cursor& c) {
  const CastStyle style = c.At(TokenKind::TRY_CAST) ? CastStyle::kTryCast : CastStyle::kCast;
  const uint32_t first = c.TakeToken();
  if (style == CastStyle::kTryCast) Needs(Feature::kTryCast, SpanOf(first, first + 1));
  c.Accept(TokenKind::LPAREN);
  Expr* const operand = TakeExpr(c);
  c.Accept(TokenKind::AS);
  TypeName* const type = SizedType(c);
  c.Accept(TokenKind::RPAREN);
  return Make<Cast>(SpanOf(first, c.Position()), operand, type, style);
}

/// A unit of time in the singular.
std::string_view Builder::UnitOf(uint32_t token) {
  std::string_view unit = LowerText(TextOf(token));
  if (TokenAt(token).kind == TokenKind::TO_UNIT) unit = unit.substr(unit.find_last_of(" \t\r\n\f\v/") + 1);
  if (unit == "centuries") return "century";
  if (unit == "millennia") return "millennium";
  if (unit.ends_with('s')) unit.remove_suffix(1);
  return unit;
}

Expr* Builder::IntervalPrimary(Cursor& c) {
  const uint32_t first = c.TakeToken();
  const bool negative = c.At(TokenKind::MINUS);
  if (negative || c.At(TokenKind::PLUS)) c.TakeToken();
  const uint32_t value_token = c.Position();
  Expr* value = nullptr;
  if (c.Accept(TokenKind::LPAREN)) {
    value = TakeExpr(c);
    c.Accept(TokenKind::RPAREN);
  } else {
    c.TakeToken();
    const Span at = SpanOf(value_token, value_token + 1);
    switch (TokenAt(value_token).kind) {
      case TokenKind::STRING: value = Make<Literal>(at, LiteralKind::kString, StringValue(value_token)); break;
      case TokenKind::NUMBER: value = Make<Literal>(at, LiteralKind::kNumber, TextOf(value_token)); break;
      case TokenKind::PARAM: value = Make<Parameter>(at, TextOf(value_token)); break;
      default: value = Make<MacroVariable>(at, TextOf(value_token).substr(1)); break;
    }
  }
  std::string_view unit;
  std::string_view to_unit;
  if (c.At(TokenKind::UNIT)) {
    unit = UnitOf(c.TakeToken());
    if (c.Accept(TokenKind::LPAREN)) {
      // Digits of a second: the value has them anyway.
      c.TakeToken();
      c.Accept(TokenKind::RPAREN);
    }
    if (c.At(TokenKind::TO_UNIT)) to_unit = UnitOf(c.TakeToken());
  }
  const Span span = SpanOf(first, c.Position());
  Expr* const interval = Make<Interval>(span, value, unit, to_unit);
  return negative ? Make<Unary>(span, UnaryOp::kMinus, interval) : interval;
}

Expr* Builder::ArrayPrimary(Cursor& c) {
  const uint32_t first = c.TakeToken();
  if (!c.Accept(TokenKind::LPAREN)) {
    const bool outer = std::exchange(in_array_, true);
    Expr* const array = BracketItems(c);
    in_array_ = outer;
    array->span = SpanOf(first, c.Position());
    Needs(Feature::kArrayConstructor, array->span);
    return array;
  }
  Needs(Feature::kArraySubquery, SpanOf(first, first + 1));
  Query* const query = QueryInParen(c.TakeRule());
  c.Accept(TokenKind::RPAREN);
  return Make<ArraySubquery>(SpanOf(first, c.Position()), query);
}

Expr* Builder::BracketItems(Cursor& c) {
  const uint32_t first = c.Position();
  std::vector<Expr*> items;
  if (!c.Accept(TokenKind::EMPTY_BRACKETS)) {
    c.Accept(TokenKind::LBRACK);
    CommaList(c, [&] { items.push_back(TakeExpr(c)); });
    if (c.Accept(TokenKind::FOR)) return Comprehension(c, items.front(), first);
    c.Accept(TokenKind::RBRACK);
  }
  return Make<Array>(SpanOf(first, c.Position()), arena_.Copy(items));
}

Expr* Builder::LambdaCall(std::string_view function, Expr* list, const std::vector<Identifier>& parameters, Expr* body,
                          Span span) {
  Expr* const lambda = Make<Lambda>(body->span, arena_.Copy(parameters), body);
  return PlainCall(function, span, {list, lambda}, span);
}

/// `[body FOR x IN list IF condition]` is list_transform(list_filter(list, condition), body).
Expr* Builder::Comprehension(Cursor& c, Expr* body, uint32_t first) {
  std::vector<Identifier> names{Name(c)};
  if (c.Accept(TokenKind::COMMA)) names.push_back(Name(c));
  c.Accept(TokenKind::IN);
  Expr* list = TakeExpr(c);
  Expr* condition = nullptr;
  if (c.At(TokenKind::IDENT)) {
    const uint32_t word = c.TakeToken();
    if (LowerText(TextOf(word)) != "if") {
      Fail(SpanOf(word, word + 1), "found '" + std::string(TextOf(word)) + "', expected IF or ']'");
    }
    condition = TakeExpr(c);
  }
  c.Accept(TokenKind::RBRACK);
  const Span span = SpanOf(first, c.Position());
  Needs(Feature::kListComprehension, span);
  if (condition != nullptr && names.size() > 1) {
    Fail(span, "a list comprehension with an index takes no IF", "filter the list first, with list_filter");
  }
  height_ += 4;
  if (condition != nullptr) list = LambdaCall("list_filter", list, names, condition, span);
  return LambdaCall("list_transform", list, names, body, span);
}

Expr* Builder::StructPrimary(Cursor& c) {
  const uint32_t first = c.TakeToken();
  Needs(Feature::kStructLiteral, SpanOf(first, first + 1));
  std::vector<StructField> fields;
  CommaList(c, [&] {
    Cursor field = Children(c.TakeRule());
    const Identifier name = Name(field);
    field.Accept(TokenKind::COLON);
    fields.push_back({name, TakeExpr(field)});
  });
  c.Accept(TokenKind::RBRACE);
  return Make<Struct>(SpanOf(first, c.Position()), arena_.Copy(fields));
}

Expr* Builder::MapPrimary(Cursor& c) {
  const uint32_t first = c.TakeToken();
  if (c.At(Rule::CallSuffix)) {
    const uint32_t suffix = c.TakeRule();
    return BuildCall({TokenName(first)}, suffix, SpanOf(first, c.Position()));
  }
  Needs(Feature::kMapLiteral, SpanOf(first, first + 1));
  std::vector<MapEntry> entries;
  c.Accept(TokenKind::LBRACE);
  while (c.AtRule()) {
    Expr* const key = TakeExpr(c);
    c.Accept(TokenKind::COLON);
    entries.push_back({key, TakeExpr(c)});
    c.Accept(TokenKind::COMMA);
  }
  c.Accept(TokenKind::RBRACE);
  return Make<Map>(SpanOf(first, c.Position()), arena_.Copy(entries));
}

// --------------------------------------------------------------------------------------------------------- postfixes

/// Adds to `levels` how much higher the tree gets.
Expr* Builder::Postfixes(Cursor& c, Expr* base, uint32_t first, int& levels) {
  bool after_cast = false;
  for (; !c.AtEnd() && !failed_; ++levels) {
    RejectStar(base);
    // A cast prints as CAST(...), so a row of them nests like parentheses do.
    if (levels > kMaxNesting) CheckHeight(kMaxHeight + 1, base->span);
    if (c.Accept(TokenKind::COLON_COLON)) {
      Needs(Feature::kDoubleColon, SpanOf(c.Position() - 1, c.Position()));
      TypeName* const type = BuildType(c.TakeRule());
      base = Make<Cast>(SpanOf(first, c.Position()), base, type, CastStyle::kColons);
      after_cast = true;
      continue;
    }
    // x::int[3] is a type of a fixed size, not an element.
    if (after_cast && c.At(TokenKind::LBRACK) && AddFixedSize(c, base)) continue;
    if (c.At(TokenKind::DOT) || c.At(TokenKind::COLON_PATH)) {
      base = FieldTail(c, base, first);
    } else {
      base = SubscriptTail(c, base, first);
    }
    after_cast = false;
  }
  return base;
}

/// Takes `[3]` behind a type, and says whether that was what stood there.
bool Builder::AddFixedSize(Cursor& c, Expr* base) {
  const uint32_t open = c.Position();
  Cursor ahead = c;
  ahead.TakeToken();
  if (!ahead.AtRule() || TokenAt(open + 1).kind != TokenKind::NUMBER || cst_.nodes[ahead.TakeRule()].end != open + 2 ||
      !ahead.Accept(TokenKind::RBRACK)) {
    return false;
  }
  c = ahead;
  auto* cast = As<Cast>(base);
  AddSize(cast->type, WholeNumber(open + 1));
  cast->span = base::Join(cast->span, SpanOf(open, open + 3));
  return true;
}

Expr* Builder::SubscriptTail(Cursor& c, Expr* base, uint32_t first) {
  c.Accept(TokenKind::LBRACK);
  Expr* const low = c.AtRule() ? TakeExpr(c) : nullptr;
  if (c.Accept(TokenKind::COLON)) {
    Expr* const high = c.AtRule() ? TakeExpr(c) : nullptr;
    Expr* const step = c.Accept(TokenKind::COLON) ? TakeExpr(c) : nullptr;
    c.Accept(TokenKind::RBRACK);
    Needs(Feature::kSlice, SpanOf(first, c.Position()));
    return Make<Slice>(SpanOf(first, c.Position()), base, low, high, step);
  }
  c.Accept(TokenKind::RBRACK);
  return Make<Index>(SpanOf(first, c.Position()), base, low);
}

/// `.field`, and `.f(x)` as the call f(base, x).
Expr* Builder::FieldTail(Cursor& c, Expr* base, uint32_t first) {
  if (c.Accept(TokenKind::COLON_PATH)) {
    Needs(Feature::kColonPath, SpanOf(c.Position() - 1, c.Position()));
    Identifier key = Name(c);
    key.quoted = true;  // letter case counts, quotes or not
    return Make<FieldAccess>(SpanOf(first, c.Position()), base, key, AccessStyle::kColon);
  }
  c.Accept(TokenKind::DOT);
  if (c.At(TokenKind::STAR)) {
    Fail(SpanOf(first, c.Position() + 1), "'.*' may only follow a table's name", "name the fields one by one");
    c.TakeToken();
    return base;
  }
  if (base->kind == ExprKind::kLiteral && !base->parenthesized) {
    Fail(SpanOf(c.Position() - 1, c.Position()), "'.' can't follow a number or a text");
  }
  Identifier field = c.At(TokenKind::PARAM) ? TokenName(c.TakeToken()) : Name(c);
  if (InColonPath(base)) {
    field.quoted = true;
    return Make<FieldAccess>(SpanOf(first, c.Position()), base, field, AccessStyle::kColonField);
  }
  if (c.At(Rule::CallSuffix)) {
    const uint32_t suffix = c.TakeRule();
    Needs(Feature::kMethodCall, field.span);
    return BuildCall({field}, suffix, SpanOf(first, c.Position()), base);
  }
  return Make<FieldAccess>(SpanOf(first, c.Position()), base, field);
}

}  // namespace wapc::grammar

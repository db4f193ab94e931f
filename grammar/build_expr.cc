#include <algorithm>
#include <array>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

/// Chains of AND and OR longer than this are built as balanced trees: they mean the same, and a condition of thousands
/// of terms stays shallow.
constexpr size_t kLeftDeepChain = 32;

struct BinaryToken {
  bool binary = false;
  BinaryOp op = BinaryOp::kOr;
};

constexpr auto MakeBinaryTokens() {
  using K = TokenKind;
  using O = BinaryOp;
  std::array<BinaryToken, static_cast<size_t>(K::COUNT)> table{};
  constexpr auto kPairs = std::to_array<std::pair<K, O>>({
      {K::OR, O::kOr},
      {K::AND, O::kAnd},
      {K::EQ, O::kEq},
      {K::NE, O::kNe},
      {K::LT, O::kLt},
      {K::LE, O::kLe},
      {K::GT, O::kGt},
      {K::GE, O::kGe},
      {K::PLUS, O::kAdd},
      {K::MINUS, O::kSub},
      {K::STAR, O::kMul},
      {K::SLASH, O::kDiv},
      {K::SLASH_SLASH, O::kIntDiv},
      {K::PERCENT, O::kMod},
      {K::CARET, O::kPow},
      {K::STAR_STAR, O::kPow},
      {K::CONCAT, O::kConcat},
      {K::AMP, O::kBitAnd},
      {K::PIPE, O::kBitOr},
      {K::SHL, O::kShiftLeft},
      {K::SHR, O::kShiftRight},
      {K::ARROW, O::kArrow},
      {K::ARROW_TEXT, O::kArrowText},
      {K::HASH_ARROW, O::kHashArrow},
      {K::HASH_ARROW_TEXT, O::kHashArrowText},
      {K::AT_GT, O::kContains},
      {K::LT_AT, O::kContainedBy},
      {K::AND_AND, O::kOverlaps},
      {K::TILDE, O::kRegexMatch},
      {K::TILDE_STAR, O::kRegexMatchI},
      {K::NOT_TILDE, O::kNotRegexMatch},
      {K::NOT_TILDE_STAR, O::kNotRegexMatchI},
      {K::CARET_AT, O::kStartsWith},
      {K::HASH, O::kBitXor},
      {K::HASH_MINUS, O::kJsonDelete},
      {K::QUESTION, O::kJsonExists},
      {K::QUESTION_PIPE, O::kJsonExistsAny},
      {K::QUESTION_AMP, O::kJsonExistsAll},
      {K::AT_QUESTION, O::kJsonPathExists},
      {K::AT_AT, O::kJsonPathMatch},
  });
  for (const auto& [kind, op] : kPairs) table[static_cast<size_t>(kind)] = {true, op};
  return table;
}
constexpr auto kBinaryTokens = MakeBinaryTokens();

/// What an operator asks of a dialect; kCount: nothing.
Feature FeatureOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kIntDiv: return Feature::kIntDiv;
    case BinaryOp::kPow: return Feature::kPower;
    case BinaryOp::kBitXor: return Feature::kXorOperator;
    case BinaryOp::kBitAnd:
    case BinaryOp::kBitOr:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight: return Feature::kBitOperators;
    case BinaryOp::kArrow:
    case BinaryOp::kArrowText: return Feature::kJsonArrows;
    case BinaryOp::kHashArrow:
    case BinaryOp::kHashArrowText:
    case BinaryOp::kContains:
    case BinaryOp::kContainedBy:
    case BinaryOp::kOverlaps:
    case BinaryOp::kJsonExists:
    case BinaryOp::kJsonExistsAny:
    case BinaryOp::kJsonExistsAll:
    case BinaryOp::kJsonPathExists:
    case BinaryOp::kJsonPathMatch:
    case BinaryOp::kJsonDelete: return Feature::kJsonOperators;
    case BinaryOp::kRegexMatch:
    case BinaryOp::kRegexMatchI:
    case BinaryOp::kNotRegexMatch:
    case BinaryOp::kNotRegexMatchI: return Feature::kRegexOperators;
    case BinaryOp::kStartsWith: return Feature::kCaretStartsWith;
    default: return Feature::kCount;
  }
}

bool IsComparison(const Expr* expr) {
  const auto* binary = As<Binary>(expr);
  return binary != nullptr && !expr->parenthesized && PrecedenceOf(binary->op, true) == kComparisonLevel;
}

}  // namespace

std::string_view Builder::TextOf(uint32_t token) const {
  const Token& t = TokenAt(token);
  return place_.text.substr(t.begin, t.end - t.begin);
}

Span Builder::SpanOf(uint32_t first, uint32_t end) const {
  if (end <= first) return place_.At(TokenAt(first).begin, TokenAt(first).begin);
  return place_.At(TokenAt(first).begin, TokenAt(end - 1).end);
}

std::string_view Builder::LowerText(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::none_of(text.begin(), text.end(), upper)) return text;
  std::string lower(text);
  for (char& c : lower) {
    if (upper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return arena_.Copy(lower);
}

void Builder::Fail(Span span, std::string message, std::string help) {
  failed_ = true;
  auto report = diagnostics_.Report(kSqlSyntax, span, std::move(message));
  if (!help.empty()) report.Help(std::move(help));
}

void Builder::FailFeature(Feature feature, Span span) {
  diagnostics_.Report(kNotInDialect, span, std::string(NameOf(feature)) + " is not in " + std::string(dialect_.title))
      .Help(std::string(InsteadOf(feature)));
}

void Builder::CheckHeight(int height, Span span) {
  if (height <= kMaxHeight || failed_) return;
  failed_ = true;
  diagnostics_
      .Report(kTooDeep, span,
              "this expression is nested too deeply: at most " + std::to_string(kMaxHeight) + " levels are allowed")
      .Help("split it up, into common table expressions for example");
}

void Builder::FailDoubleComma(const Cursor& c) {
  Fail(SpanOf(c.Position(), c.Position() + 1), "found ',' after ',', expected an expression",
       "remove one of the commas");
}

// ------------------------------------------------------------------------------------------------------------- names

Identifier Builder::TokenName(uint32_t token) {
  const std::string_view text = TextOf(token);
  const Span span = SpanOf(token, token + 1);
  switch (TokenAt(token).kind) {
    case TokenKind::QUOTED_IDENT: {
      const std::string_view inner = text.substr(1, text.size() - 2);
      if (inner.empty()) Fail(span, "a quoted name is empty");
      if (inner.find('"') == std::string_view::npos) return {inner, true, span};
      std::string plain;
      for (size_t i = 0; i < inner.size(); ++i) {
        plain += inner[i];
        if (inner[i] == '"') ++i;
      }
      return {arena_.Copy(plain), true, span};
    }
    case TokenKind::STRING: return {StringValue(token), true, span};
    default: return {text, false, span};
  }
}

Identifier Builder::Name(Cursor& c) {
  if (c.AtRule()) return TokenName(cst_.nodes[c.TakeRule()].begin);
  return TokenName(c.TakeToken());
}

/// `(a, b)`, where the cursor stands before the opening parenthesis.
List<Identifier> Builder::NamesInParens(Cursor& c) {
  std::vector<Identifier> names;
  c.Accept(TokenKind::LPAREN);
  names.push_back(Name(c));
  while (c.Accept(TokenKind::COMMA)) names.push_back(Name(c));
  c.Accept(TokenKind::RPAREN);
  return arena_.Copy(names);
}

// ------------------------------------------------------------------------------------------------- flat expressions

Expr* Builder::BuildExpr(uint32_t node, bool star_allowed) {
  Cursor c = Children(node);
  const Built built = Climb(c, Prefixed(c), kLoosest);
  if (!star_allowed) RejectStar(built.expr);
  height_ = std::max(height_, built.height);
  return built.expr;
}

Builder::Built Builder::Wrap(Expr* expr, int height, Span at) {
  CheckHeight(height, at);
  return {expr, height};
}

/// An operand with the signs and NOTs before it.
Builder::Built Builder::Prefixed(Cursor& c) {
  const uint32_t first = c.Position();
  if (c.At(TokenKind::ANY) || c.At(TokenKind::ALL) || c.At(TokenKind::SOME)) return MisplacedQuantifier(c);
  while (!c.AtRule()) c.TakeToken();
  const uint32_t after = c.Position();
  Built built = BuildOperand(c.TakeRule());
  for (uint32_t i = after; i-- > first;) {
    UnaryOp op = UnaryOp::kNot;
    int minimum = kSignLevel;
    switch (TokenAt(i).kind) {
      case TokenKind::NOT: minimum = kNotLevel; break;
      case TokenKind::TILDE:
        op = UnaryOp::kBitNot;
        Needs(Feature::kBitOperators, SpanOf(i, i + 1));
        minimum = kOtherLevel + 1;
        break;
      case TokenKind::PLUS: op = UnaryOp::kPlus; break;
      default: op = UnaryOp::kMinus; break;
    }
    RejectStar(built.expr);
    if (minimum < kSignLevel) built = Climb(c, built, minimum);
    const Span span = base::Join(SpanOf(i, i + 1), built.expr->span);
    built = Wrap(Make<Unary>(span, op, built.expr), built.height + 1, span);
  }
  return built;
}

/// ANY (...), ALL (...) where only an operand may stand.
Builder::Built Builder::MisplacedQuantifier(Cursor& c) {
  const uint32_t word = c.TakeToken();
  Fail(SpanOf(word, word + 1), "found " + std::string(TextOf(word)) + ", expected an expression",
       "ANY, ALL and SOME may only follow a comparison or LIKE");
  c.Accept(TokenKind::LPAREN);
  c.TakeRule();
  c.Accept(TokenKind::RPAREN);
  return {Make<Literal>(SpanOf(word, word + 1), LiteralKind::kNull, TextOf(word)), 1};
}

Builder::Infix Builder::PeekInfix(const Cursor& c) const {
  using Shape = Infix::Shape;
  Infix infix;
  TokenKind kind = c.Kind();
  if (kind == TokenKind::NOT) {
    infix.negated = true;
    kind = TokenAt(c.Position() + 1).kind;
  }
  const auto set = [&infix](Shape shape, int precedence) {
    infix.shape = shape;
    infix.precedence = precedence;
  };
  switch (kind) {
    case TokenKind::IN: set(Shape::kIn, kRangeLevel); break;
    case TokenKind::RLIKE:
    case TokenKind::REGEXP:
      infix.like = LikeOp::kRegexp;
      set(Shape::kLike, kRangeLevel);
      break;
    case TokenKind::BETWEEN_SYMMETRIC:
    case TokenKind::BETWEEN: set(Shape::kBetween, kRangeLevel); break;
    case TokenKind::ILIKE: infix.like = LikeOp::kILike; [[fallthrough]];
    case TokenKind::LIKE: set(Shape::kLike, kRangeLevel); break;
    case TokenKind::SIMILAR_TO:
      infix.like = LikeOp::kSimilar;
      set(Shape::kLike, kRangeLevel);
      break;
    case TokenKind::GLOB:
      infix.like = LikeOp::kGlob;
      set(Shape::kLike, kRangeLevel);
      break;
    case TokenKind::IS: set(Shape::kIs, kIsLevel); break;
    case TokenKind::NULL_:
    case TokenKind::ISNULL:
    case TokenKind::NOTNULL: set(Shape::kPostfixNull, kIsLevel); break;
    case TokenKind::COLLATE: set(Shape::kCollate, kCollateLevel); break;
    case TokenKind::AT_TIME_ZONE: set(Shape::kTimeZone, kTimeZoneLevel); break;
    case TokenKind::ESCAPE: set(Shape::kEscape, kRangeLevel); break;
    default:
      if (const BinaryToken& token = kBinaryTokens[static_cast<size_t>(kind)]; token.binary) {
        infix.op = token.op;
        set(Shape::kBinary, Level(token.op));
      }
      break;
  }
  return infix;
}

/// Precedence climbing over the flat row: takes every operator that binds at least as tightly as `minimum`.
Builder::Built Builder::Climb(Cursor& c, Built left, int minimum) {
  using Shape = Infix::Shape;
  if (++recursion_ > kMaxHeight) CheckHeight(recursion_, left.expr->span);
  while (!c.AtEnd() && !failed_) {
    const Infix infix = PeekInfix(c);
    if (infix.shape == Shape::kNone || infix.precedence < minimum) break;
    if (infix.shape != Shape::kLike) RejectStar(left.expr);
    switch (infix.shape) {
      case Shape::kBinary: left = BinaryTail(c, left, infix); break;
      case Shape::kIn: left = InTail(c, left, infix.negated); break;
      case Shape::kBetween: left = BetweenTail(c, left, infix.negated); break;
      case Shape::kLike: left = LikeTail(c, left, infix); break;
      case Shape::kIs: left = IsTail(c, left); break;
      case Shape::kPostfixNull: left = PostfixNullTail(c, left); break;
      case Shape::kCollate: left = CollateTail(c, left); break;
      case Shape::kTimeZone: left = TimeZoneTail(c, left); break;
      default:
        Fail(SpanOf(c.Position(), c.Position() + 1), "found ESCAPE, expected an operator",
             "ESCAPE may only follow the pattern of LIKE or ILIKE");
        break;
    }
  }
  --recursion_;
  return left;
}

Builder::Built Builder::BinaryTail(Cursor& c, Built left, const Infix& infix) {
  if (infix.op == BinaryOp::kAnd) return Chain(c, left, infix.op, TokenKind::AND);
  if (infix.op == BinaryOp::kOr) return Chain(c, left, infix.op, TokenKind::OR);
  const uint32_t op_token = c.TakeToken();
  const Span op_span = SpanOf(op_token, op_token + 1);
  // An arrow may yet turn out to be a lambda.
  const bool arrow = infix.op == BinaryOp::kArrow && dialect_.write.arrow_lambdas;
  if (const Feature feature = FeatureOf(infix.op); feature != Feature::kCount && !arrow) Needs(feature, op_span);
  if (infix.op == BinaryOp::kEq && TextOf(op_token).size() == 2) Needs(Feature::kDoubleEquals, op_span);
  if (infix.precedence == kComparisonLevel && IsComparison(left.expr)) {
    Fail(op_span, "comparisons can't be chained", "write a < b AND b < c, or put one of them in parentheses");
  }
  if (!c.AtRule() && (c.At(TokenKind::ANY) || c.At(TokenKind::ALL) || c.At(TokenKind::SOME))) {
    return QuantifiedTail(c, left, infix);
  }
  const Built right = Climb(c, Prefixed(c), RightMinimum(infix.op, ArrowLoosest()));
  RejectStar(right.expr);
  const Span span = base::Join(left.expr->span, right.expr->span);
  return Wrap(Make<Binary>(span, infix.op, left.expr, right.expr, op_span), std::max(left.height, right.height) + 1,
              span);
}

Builder::Built Builder::Chain(Cursor& c, Built left, BinaryOp op, TokenKind kind) {
  std::vector<Built> operands{left};
  std::vector<Span> ops;
  while (c.At(kind) && !failed_) {
    const uint32_t op_token = c.TakeToken();
    ops.push_back(SpanOf(op_token, op_token + 1));
    operands.push_back(Climb(c, Prefixed(c), RightMinimum(op, true)));
    RejectStar(operands.back().expr);
  }
  return Balance(operands, ops, op, 0, operands.size());
}

Builder::Built Builder::Balance(const std::vector<Built>& operands, const std::vector<Span>& ops, BinaryOp op,
                                size_t begin, size_t end) {
  if (end - begin == 1) return operands[begin];
  const size_t middle = end - begin > kLeftDeepChain ? begin + (end - begin) / 2 : end - 1;
  const Built left = Balance(operands, ops, op, begin, middle);
  const Built right = Balance(operands, ops, op, middle, end);
  const Span span = base::Join(left.expr->span, right.expr->span);
  return Wrap(Make<Binary>(span, op, left.expr, right.expr, ops[middle - 1]), std::max(left.height, right.height) + 1,
              span);
}

Builder::Built Builder::QuantifiedTail(Cursor& c, Built left, const Infix& infix) {
  const uint32_t word = c.TakeToken();
  if (infix.precedence != kComparisonLevel) {
    Fail(SpanOf(word, word + 1), "found " + std::string(TextOf(word)) + ", expected an expression",
         "ANY, ALL and SOME may only follow a comparison");
  }
  c.Accept(TokenKind::LPAREN);
  const int outer = std::exchange(height_, 0);
  Paren paren = BuildParen(c.TakeRule());
  const uint32_t close = c.TakeToken();
  const int height = std::exchange(height_, outer) + 1;
  const Span span = base::Join(left.expr->span, SpanOf(close, close + 1));
  if (paren.query == nullptr && paren.items.size() != 1) Fail(span, "ANY, ALL and SOME take a query or one array");
  if (paren.query == nullptr) Needs(Feature::kArrayComparison, span);
  auto* out = Make<Quantified>(span, infix.op, left.expr, TokenAt(word).kind == TokenKind::ALL, paren.query,
                               paren.query == nullptr ? paren.items.front() : nullptr);
  return Wrap(out, std::max(left.height, height) + 1, span);
}

/// `a [NOT] IN (list or query)`; `a IN b` asks whether list b contains a.
Builder::Built Builder::InTail(Cursor& c, Built left, bool negated) {
  const uint32_t first = c.Position();
  while (!c.AtRule()) c.TakeToken();
  const uint32_t node = c.TakeRule();
  const CstNode& operand = cst_.nodes[node];
  Cursor inner = Children(node);
  const Span span = base::Join(left.expr->span, NodeSpan(node));
  const int outer = std::exchange(height_, 0);
  Expr* out = nullptr;
  if (inner.Accept(TokenKind::LPAREN) && inner.AtRule() && cst_.nodes[node + 1].end + 1 == operand.end) {
    const Paren paren = BuildParen(inner.TakeRule());
    if (paren.query != nullptr) {
      out = Make<InSubquery>(span, left.expr, paren.query, negated);
    } else {
      out = Make<InList>(span, left.expr, arena_.Copy(paren.items), negated);
    }
  } else {
    const Built list = BuildOperand(node);
    Needs(Feature::kInArray, span);
    height_ = list.height;
    out = PlainCall("contains", SpanOf(first, first + 1), {list.expr, left.expr}, span);
    if (negated) out = Make<Unary>(span, UnaryOp::kNot, out);
  }
  const int height = std::exchange(height_, outer) + 2;
  return Wrap(out, std::max(left.height + 1, height), span);
}

Builder::Built Builder::BetweenTail(Cursor& c, Built left, bool negated) {
  if (negated) c.TakeToken();
  const bool symmetric = c.At(TokenKind::BETWEEN_SYMMETRIC);
  const uint32_t word = c.TakeToken();
  if (symmetric) Needs(Feature::kBetweenSymmetric, SpanOf(word, word + 1));
  const Built low = Climb(c, Prefixed(c), kRangeLevel + 1);
  if (!c.Accept(TokenKind::AND)) {
    Fail(SpanOf(word, word + 1), "BETWEEN has no AND", "write x BETWEEN low AND high");
    return left;
  }
  const Built high = Climb(c, Prefixed(c), kRangeLevel + 1);
  RejectStar(low.expr);
  RejectStar(high.expr);
  const Span span = base::Join(left.expr->span, high.expr->span);
  return Wrap(Make<Between>(span, left.expr, low.expr, high.expr, negated, symmetric),
              std::max({left.height, low.height, high.height}) + 1, span);
}

Builder::Built Builder::LikeTail(Cursor& c, Built left, const Infix& infix) {
  if (infix.negated) c.TakeToken();
  const uint32_t word = c.TakeToken();
  const Span word_span = SpanOf(word, word + 1);
  if (infix.like == LikeOp::kILike) Needs(Feature::kILike, word_span);
  if (infix.like == LikeOp::kSimilar) Needs(Feature::kSimilarTo, word_span);
  if (infix.like == LikeOp::kGlob) Needs(Feature::kGlob, word_span);
  if (infix.like == LikeOp::kRegexp) Needs(Feature::kRLike, word_span);
  if (c.At(TokenKind::ANY) || c.At(TokenKind::ALL) || c.At(TokenKind::SOME)) return LikeAnyTail(c, left, infix);
  const Built pattern = Climb(c, Prefixed(c), kRangeLevel + 1);
  Built escape{nullptr, 0};
  if (c.Accept(TokenKind::ESCAPE)) escape = Climb(c, Prefixed(c), kRangeLevel + 1);
  RejectStar(pattern.expr);
  if (auto* star = As<Star>(left.expr)) return StarLike(star, pattern, infix);
  const Span span = base::Join(left.expr->span, (escape.expr != nullptr ? escape : pattern).expr->span);
  // DuckDB has no NOT GLOB.
  if (infix.like == LikeOp::kGlob && infix.negated) {
    Expr* const glob = Make<Like>(span, infix.like, left.expr, pattern.expr, escape.expr, false);
    return Wrap(Make<Unary>(span, UnaryOp::kNot, glob), std::max(left.height, pattern.height) + 2, span);
  }
  return Wrap(Make<Like>(span, infix.like, left.expr, pattern.expr, escape.expr, infix.negated),
              std::max({left.height, pattern.height, escape.height}) + 1, span);
}

/// `x LIKE ANY ('a%', 'b%')`: the patterns, or one array of them.
Builder::Built Builder::LikeAnyTail(Cursor& c, Built left, const Infix& infix) {
  RejectStar(left.expr);
  const uint32_t word = c.TakeToken();
  c.Accept(TokenKind::LPAREN);
  const int outer = std::exchange(height_, 0);
  const Paren paren = BuildParen(c.TakeRule());
  const uint32_t close = c.TakeToken();
  const int height = std::exchange(height_, outer) + 1;
  const Span span = base::Join(left.expr->span, SpanOf(close, close + 1));
  Needs(Feature::kLikeAny, SpanOf(word, word + 1));
  if (paren.query != nullptr) Fail(SpanOf(word, close + 1), "LIKE ANY takes patterns, no query", "use EXISTS");
  auto* like =
      Make<Like>(span, infix.like, left.expr, static_cast<Expr*>(nullptr), static_cast<Expr*>(nullptr), infix.negated);
  like->quantifier = TokenAt(word).kind == TokenKind::ALL ? LikeQuantifier::kAll : LikeQuantifier::kAny;
  like->patterns = arena_.Copy(paren.items);
  return Wrap(like, std::max(left.height, height) + 1, span);
}

/// `* LIKE 'a%'`: the columns whose names match.
Builder::Built Builder::StarLike(Star* star, Built pattern, const Infix& infix) {
  const Span span = base::Join(star->span, pattern.expr->span);
  const auto* text = As<Literal>(pattern.expr);
  if (text == nullptr || text->type != LiteralKind::kString || star->like != nullptr) {
    Fail(span, "a star may be followed by one pattern, a string");
  }
  Needs(Feature::kStarLike, span);
  star->like = Make<Like>(span, infix.like, static_cast<Expr*>(nullptr), pattern.expr, static_cast<Expr*>(nullptr),
                          infix.negated);
  star->span = span;
  return Wrap(star, pattern.height + 1, span);
}

Builder::Built Builder::IsTail(Cursor& c, Built left) {
  c.TakeToken();
  const bool negated = c.Accept(TokenKind::NOT);
  const uint32_t word = c.TakeToken();
  const Span span = base::Join(left.expr->span, SpanOf(word, word + 1));
  const int height = left.height + 1;
  switch (TokenAt(word).kind) {
    case TokenKind::NULL_: return Wrap(Make<IsNull>(span, left.expr, negated), height, span);
    case TokenKind::TRUE: return Wrap(Make<IsBool>(span, left.expr, BoolTest::kTrue, negated), height, span);
    case TokenKind::FALSE: return Wrap(Make<IsBool>(span, left.expr, BoolTest::kFalse, negated), height, span);
    case TokenKind::DISTINCT: break;
    default:
      if (LowerText(TextOf(word)) != "unknown") {
        Fail(SpanOf(word, word + 1),
             "found " + std::string(TextOf(word)) + " after IS, expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
      }
      return Wrap(Make<IsBool>(span, left.expr, BoolTest::kUnknown, negated), height, span);
  }
  c.Accept(TokenKind::FROM);
  const Built right = Climb(c, Prefixed(c), kIsLevel + 1);
  RejectStar(right.expr);
  const Span whole = base::Join(left.expr->span, right.expr->span);
  return Wrap(Make<IsDistinct>(whole, left.expr, right.expr, negated), std::max(left.height, right.height) + 1, whole);
}

/// `a ISNULL`, `a NOTNULL`, `a NOT NULL`.
Builder::Built Builder::PostfixNullTail(Cursor& c, Built left) {
  const bool negated = !c.At(TokenKind::ISNULL);
  uint32_t last = c.TakeToken();
  if (c.At(TokenKind::NULL_)) last = c.TakeToken();
  const Span span = base::Join(left.expr->span, SpanOf(last, last + 1));
  Needs(Feature::kPostfixNull, SpanOf(last, last + 1));
  return Wrap(Make<IsNull>(span, left.expr, negated), left.height + 1, span);
}

Builder::Built Builder::CollateTail(Cursor& c, Built left) {
  c.TakeToken();
  const uint32_t first = c.Position();
  const bool string = c.At(TokenKind::STRING);
  Identifier collation = string ? Identifier{TextOf(c.TakeToken()), false, {}} : Name(c);
  // The parts of a path are kept as they were written, quotes and all.
  std::string path(TextOf(first));
  while (c.Accept(TokenKind::DOT)) {
    const uint32_t part = c.Position();
    Name(c);
    path += '.';
    path += TextOf(part);
    collation = {arena_.Copy(path), false, {}};
  }
  collation.span = SpanOf(first, c.Position());
  Needs(Feature::kCollate, collation.span);
  const Span span = base::Join(left.expr->span, collation.span);
  return Wrap(Make<Collate>(span, left.expr, collation), left.height + 1, span);
}

Builder::Built Builder::TimeZoneTail(Cursor& c, Built left) {
  const uint32_t word = c.TakeToken();
  Needs(Feature::kAtTimeZone, SpanOf(word, word + 1));
  const Built zone = Climb(c, Prefixed(c), kTimeZoneLevel + 1);
  RejectStar(zone.expr);
  const Span span = base::Join(left.expr->span, zone.expr->span);
  return Wrap(Make<AtTimeZone>(span, left.expr, zone.expr), std::max(left.height, zone.height) + 1, span);
}

/// A star stands for columns, so it may only be a whole item of SELECT or a whole argument; COLUMNS(*) is a call.
void Builder::RejectStar(const Expr* expr) {
  if (As<Star>(expr) == nullptr) return;
  Fail(expr->span, "'*' can't be part of an expression",
       "use it alone in a SELECT list, or as an argument like count(*)");
}

}  // namespace wapc::grammar

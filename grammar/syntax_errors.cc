#include "grammar/syntax_errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace wapc::grammar {
namespace {

using K = TokenKind;

/// At most this many alternatives are named.
constexpr size_t kMaxNamed = 5;

constexpr auto kOperators = std::to_array<K>({
    K::AMP,
    K::AND,
    K::AND_AND,
    K::ARROW,
    K::ARROW_TEXT,
    K::AT_GT,
    K::AT_TIME_ZONE,
    K::BETWEEN,
    K::BETWEEN_SYMMETRIC,
    K::AT_AT,
    K::AT_QUESTION,
    K::HASH,
    K::HASH_MINUS,
    K::QUESTION,
    K::QUESTION_AMP,
    K::QUESTION_PIPE,
    K::COLON_PATH,
    K::REGEXP,
    K::RLIKE,
    K::CARET,
    K::CARET_AT,
    K::COLLATE,
    K::COLON_COLON,
    K::CONCAT,
    K::DOT,
    K::EQ,
    K::ESCAPE,
    K::GE,
    K::GLOB,
    K::GT,
    K::HASH_ARROW,
    K::HASH_ARROW_TEXT,
    K::ILIKE,
    K::IN,
    K::IS,
    K::ISNULL,
    K::LBRACK,
    K::LE,
    K::LIKE,
    K::LT,
    K::LT_AT,
    K::MINUS,
    K::NE,
    K::NOT,
    K::NOTNULL,
    K::NOT_TILDE,
    K::NOT_TILDE_STAR,
    K::OR,
    K::PERCENT,
    K::PIPE,
    K::PLUS,
    K::SHL,
    K::SHR,
    K::SIMILAR_TO,
    K::SLASH,
    K::SLASH_SLASH,
    K::STAR,
    K::STAR_STAR,
    K::TILDE,
    K::TILDE_STAR,
    // These may follow a name or a call as well; naming them helps nobody.
    K::LPAREN,
    K::STRING,
    K::ESTRING,
    K::DOLLAR_STRING,
    K::WITH_TIME_ZONE,
    K::WITHOUT_TIME_ZONE,
    K::OVER,
    K::FILTER,
    K::WITHIN_GROUP,
    K::IGNORE_NULLS_OVER,
    K::RESPECT_NULLS_OVER,
    K::WITH_ORDINALITY,
    K::UNIT,
    K::EXCLUDE,
    K::REPLACE,
    K::RENAME,
    K::EMPTY_BRACKETS,
    K::PIVOT,
    K::UNPIVOT,
    K::MACRO_WITH,
    K::MACRO_JOIN,
    K::MACRO_WHERE,
    K::MACRO_GROUP_BY,
    K::MACRO_HAVING,
    K::MACRO_ORDER_BY,
    K::MACRO_LIMIT,
    K::SAMPLE,
    K::TABLESAMPLE,
});

constexpr auto kExpressionStarts = std::to_array<K>({
    K::ARRAY,        K::CASE,    K::CAST,        K::COLUMNS,  K::DOLLAR_STRING,  K::EMPTY_BRACKETS, K::ESCAPE,
    K::ESTRING,      K::EXCLUDE, K::EXISTS,      K::FALSE,    K::FILTER,         K::FOLLOWING,      K::GLOB,
    K::GROUPS,       K::IDENT,   K::INTERVAL,    K::KIND,     K::LAMBDA,         K::LBRACE,         K::LBRACK,
    K::LEFT,         K::LPAREN,  K::MACRO_NAME,  K::MAP,      K::MATERIALIZED,   K::MINUS,          K::NOT,
    K::NULL_,        K::NUMBER,  K::OVER,        K::PARAM,    K::PLUS,           K::PRECEDING,      K::QUESTION,
    K::QUOTED_IDENT, K::RANGE,   K::RENAME,      K::REPLACE,  K::RIGHT,          K::ROWS,           K::STAR,
    K::STRING,       K::TILDE,   K::TRUE,        K::TRY_CAST, K::TYPE_WORDS,     K::UNIT,           K::SELECT,
    K::FROM,         K::WITH,    K::ANY,         K::SOME,     K::WITH_RECURSIVE, K::VALUES,         K::DISTINCT,
    K::ALL,          K::BOTH,    K::LEADING,     K::TRAILING, K::TABLE,          K::HASH,           K::REGEXP,
    K::RLIKE,        K::TOP,     K::MACRO_LIMIT,
});

constexpr auto kNames = std::to_array<K>(
    {K::COLUMNS, K::ESCAPE,       K::EXCLUDE, K::FILTER,     K::FOLLOWING,    K::GROUPS,    K::IDENT,
     K::KIND,    K::MATERIALIZED, K::OVER,    K::PRECEDING,  K::QUOTED_IDENT, K::RANGE,     K::RENAME,
     K::REPLACE, K::ROWS,         K::UNIT,    K::MACRO_NAME, K::MAP,          K::INTERVAL,  K::TYPE_WORDS,
     K::STRING,  K::LATERAL,      K::ARRAY,   K::UNION,      K::TYPE_OPEN,    K::TABLE_CALL});

/// What is named first when not everything can be.
constexpr auto kImportant =
    std::to_array<K>({K::COMMA, K::RPAREN, K::RBRACK, K::RBRACE, K::AS, K::FROM, K::BY, K::THEN, K::WHEN, K::END,
                      K::JOIN, K::WHERE, K::GROUP, K::ORDER, K::ON, K::LPAREN, K::COLON, K::SELECT});

/// Words that hardly anyone means as a name, nor as the start of a value.
constexpr auto kStructure = std::to_array<K>({K::ALL,  K::AND,   K::AS,     K::BOTH,          K::DISTINCT, K::ELSE,
                                              K::END,  K::FROM,  K::GROUP,  K::HAVING,        K::JOIN,     K::LEADING,
                                              K::ON,   K::OR,    K::SELECT, K::THEN,          K::TRAILING, K::VALUES,
                                              K::WHEN, K::WHERE, K::WITH,   K::WITH_RECURSIVE});

constexpr auto kJoinWords = std::to_array<K>(
    {K::NATURAL, K::ASOF, K::CROSS, K::POSITIONAL, K::INNER, K::LEFT, K::RIGHT, K::FULL, K::OUTER, K::SEMI, K::ANTI});

constexpr auto kClauses =
    std::to_array<std::string_view>({"select", "from", "where", "group by", "having", "order by", "limit", "union",
                                     "join", "left join", "inner join", "qualify", "with", "as", "on", "using"});

template <class Kinds>
bool In(const Kinds& kinds, K kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string Named(K kind) {
  if (kind == K::END_OF_TEXT) return "the end of the statement";
  if (kind == K::TYPE_WORDS || kind == K::UNIT) return std::string(Spelling(kind));
  if (IsWord(kind)) return Upper(Spelling(kind));
  if (kind >= K::NUMBER) return std::string(Spelling(kind));
  return "'" + std::string(Spelling(kind)) + "'";
}

/// Words of SQL that wapc does not read: `words` stand at or up to two tokens before the fault.
struct KnownGap {
  std::string_view words;
  std::string_view message;
  std::string_view help;
};
constexpr auto kGaps = std::to_array<KnownGap>({
    {"match_recognize", "MATCH_RECOGNIZE is not supported", "find the pattern with window functions (lag, lead, sum)"},
    {"for update", "a model can't lock rows: FOR UPDATE is not supported", "remove FOR UPDATE"},
    {"for share", "a model can't lock rows: FOR SHARE is not supported", "remove FOR SHARE"},
    {"for no", "a model can't lock rows: FOR NO KEY UPDATE is not supported", "remove it"},
    {"for key", "a model can't lock rows: FOR KEY SHARE is not supported", "remove it"},
    {"into", "SELECT INTO is not supported", "a model is the query alone; wapc makes the table, of the MODEL's name"},
    {"connect by", "CONNECT BY is not supported", "use WITH RECURSIVE"},
    {"start with", "START WITH is not supported", "use WITH RECURSIVE"},
    {"search depth", "SEARCH of a recursive query is not supported",
     "add a column that tells the order, and sort by it"},
    {"search breadth", "SEARCH of a recursive query is not supported",
     "add a column that tells the order, and sort by it"},
    {"cycle", "CYCLE of a recursive query is not supported", "keep the path in an array column and test it in WHERE"},
    {"rows from", "ROWS FROM is not supported", "join the functions WITH ORDINALITY"},
    {"json_table", "JSON_TABLE is not supported", "use the engine's functions that unnest JSON"},
    {"xmltable", "XMLTABLE is not supported", "use the engine's functions on XML"},
    {"for system_time", "time travel (FOR SYSTEM_TIME) is not supported", "read the table as it is now"},
    {"for version", "time travel (FOR VERSION) is not supported", "read the table as it is now"},
    {"for timestamp", "time travel (FOR TIMESTAMP) is not supported", "read the table as it is now"},
});

/// SQLMesh's property; the names in its parentheses are what does not parse.
constexpr KnownGap kBlueprints{"blueprints", "wapc has no blueprints",
                               "write one file for each model; what they share can be a MACRO of macros/"};

/// The faulty statement, looked at from the fault.
class Scene {
 public:
  Scene(const SyntaxFault& fault, std::span<const Token> tokens, const TextPlace& place)
      : fault_(fault), tokens_(tokens), place_(place) {}

  bool Expects(K kind) const {
    return std::find(fault_.expected.begin(), fault_.expected.end(), kind) != fault_.expected.end();
  }
  K Found() const { return tokens_[fault_.token].kind; }
  K Before() const { return fault_.token == 0 ? K::END_OF_TEXT : tokens_[fault_.token - 1].kind; }
  std::string_view Text(uint32_t token) const {
    return place_.text.substr(tokens_[token].begin, tokens_[token].end - tokens_[token].begin);
  }
  Span At(uint32_t token) const { return place_.At(tokens_[token].begin, tokens_[token].end); }

  Span FaultSpan() const;
  std::string FoundText() const;
  std::string ExpectedText() const;
  std::string Help() const;
  /// What stands here, where it is a thing of SQL that wapc knows of and does not read; null for anything else.
  const struct KnownGap* Gap() const;
  /// The bracket that the fault lies in, when nothing in the statement closes it.
  std::optional<uint32_t> Unclosed() const;

 private:
  std::vector<std::string> Alternatives() const;
  std::string MisspeltHelp() const;
  std::string MissingWordHelp() const;
  std::string MisplacedClauseHelp() const;
  std::string MissingPartHelp() const;
  /// The innermost bracket that is open at the fault.
  std::optional<uint32_t> Opener() const;

  const SyntaxFault& fault_;
  std::span<const Token> tokens_;
  const TextPlace& place_;
};

/// At the end of a statement, the fault is shown behind its last token rather than on a far-off semicolon.
Span Scene::FaultSpan() const {
  if (Found() != K::END_OF_TEXT || fault_.token == 0) return At(fault_.token);
  const uint32_t end = tokens_[fault_.token - 1].end;
  return place_.At(end, end);
}

std::string Scene::FoundText() const {
  if (Found() == K::END_OF_TEXT) return "the end of the statement";
  std::string text(Text(fault_.token));
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  const bool quoted = Found() == K::STRING || Found() == K::QUOTED_IDENT || Found() == K::ESTRING;
  return quoted ? text : "'" + text + "'";
}

std::vector<std::string> Scene::Alternatives() const {
  std::vector<std::string> out;
  std::vector<K> rest = fault_.expected;
  const auto drop = [&rest](const auto& kinds) {
    rest.erase(std::remove_if(rest.begin(), rest.end(), [&](K kind) { return In(kinds, kind); }), rest.end());
  };
  const bool operators = Expects(K::CONCAT);
  if (Expects(K::CASE) && Expects(K::NUMBER)) {
    out.emplace_back("an expression");
    drop(kExpressionStarts);
  } else if (Expects(K::LATERAL) && Expects(K::LPAREN)) {
    out.emplace_back("a table");
    drop(kNames);
    drop(kExpressionStarts);
  } else if (Expects(K::TYPE_WORDS)) {
    out.emplace_back("a type");
    drop(kNames);
  } else if (Expects(K::IDENT) && Expects(K::SELECT)) {
    out.emplace_back("a name");
    rest.erase(std::remove_if(rest.begin(), rest.end(), IsWord), rest.end());
    drop(kNames);
  } else if (Expects(K::IDENT)) {
    if (!operators) out.emplace_back("a name");
    drop(kNames);
  }
  if (operators) {
    out.emplace_back("an operator");
    drop(kOperators);
  }
  const auto rank = [](K kind) {
    return std::find(std::begin(kImportant), std::end(kImportant), kind) - std::begin(kImportant);
  };
  std::stable_sort(rest.begin(), rest.end(), [&](K a, K b) { return rank(a) < rank(b); });
  const bool end = std::find(rest.begin(), rest.end(), K::END_OF_TEXT) != rest.end();
  for (const K kind : rest) {
    if (kind == K::END_OF_TEXT) continue;
    if (out.size() + (end ? 1 : 0) >= kMaxNamed) break;
    out.push_back(Named(kind));
  }
  if (end) out.push_back(Named(K::END_OF_TEXT));
  return out;
}

std::string Scene::ExpectedText() const {
  const std::vector<std::string> all = Alternatives();
  std::string out;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += i + 1 == all.size() ? " or " : ", ";
    out += all[i];
  }
  return out.empty() ? "something else" : out;
}

std::optional<uint32_t> Scene::Unclosed() const {
  std::vector<uint32_t> open;
  std::vector<bool> closed(tokens_.size(), false);
  std::vector<uint32_t> at_fault;
  for (uint32_t i = 0; i < tokens_.size(); ++i) {
    if (i == fault_.token) at_fault = open;
    const K kind = tokens_[i].kind;
    if (kind == K::LPAREN || kind == K::LBRACK || kind == K::LBRACE) open.push_back(i);
    if ((kind == K::RPAREN || kind == K::RBRACK || kind == K::RBRACE) && !open.empty()) {
      closed[open.back()] = true;
      open.pop_back();
    }
  }
  if (!at_fault.empty() && !closed[at_fault.back()]) return at_fault.back();
  // The innermost was closed by a bracket that belongs to an outer one.
  if (!at_fault.empty() && !open.empty() &&
      std::find(at_fault.begin(), at_fault.end(), open.back()) != at_fault.end()) {
    return open.back();
  }
  return std::nullopt;
}

/// A misspelt keyword often reads as an alias, so that the fault is at the word after it.
std::string Scene::MisspeltHelp() const {
  std::vector<std::string> expected;
  for (const K kind : fault_.expected) {
    if (IsWord(kind) && Spelling(kind).size() > 3) expected.push_back(Upper(Spelling(kind)));
  }
  if (Found() == K::IDENT && Text(fault_.token).size() > 3) {
    if (const auto near = base::ClosestName(Text(fault_.token), expected)) return "did you mean " + *near + "?";
  }
  if (Before() == K::IDENT && fault_.token > 1 && Text(fault_.token - 1).size() > 2) {
    std::vector<std::string> clauses;
    clauses.reserve(kClauses.size());
    for (const std::string_view clause : kClauses) clauses.push_back(Upper(clause.substr(0, clause.find(' '))));
    if (const auto near = base::ClosestName(Text(fault_.token - 1), clauses)) {
      return "did you mean " + *near + " instead of " + std::string(Text(fault_.token - 1)) + "?";
    }
  }
  return {};
}

const KnownGap* Scene::Gap() const {
  for (uint32_t at = fault_.token; Found() == K::COLON_EQ && at-- > 0;) {
    if (Lower(Text(at)) == kBlueprints.words) return &kBlueprints;
  }
  for (uint32_t back = 0; back <= std::min(2U, fault_.token); ++back) {
    const uint32_t at = fault_.token - back;
    std::string words = Lower(Text(at));
    std::string two = words;
    if (at + 1 < tokens_.size()) two += " " + Lower(Text(at + 1));
    for (const KnownGap& gap : kGaps) {
      const bool several = gap.words.find(' ') != std::string_view::npos;
      if (several ? gap.words == two : gap.words == words && (gap.words != "into" || back < 2)) return &gap;
    }
  }
  return nullptr;
}

std::optional<uint32_t> Scene::Opener() const {
  uint32_t closed = 0;
  for (uint32_t i = fault_.token; i-- > 0;) {
    if (tokens_[i].kind == K::RPAREN) ++closed;
    if (tokens_[i].kind == K::LPAREN && closed-- == 0) return i;
  }
  return std::nullopt;
}

/// One keyword is missing, and it is known which.
std::string Scene::MissingWordHelp() const {
  const auto open = Opener();
  const K called = open && *open > 0 ? tokens_[*open - 1].kind : K::END_OF_TEXT;
  if (Expects(K::BY) && (Before() == K::GROUP || Before() == K::ORDER))
    return "write " + Upper(Spelling(Before())) + " BY";
  if (Expects(K::JOIN) && In(kJoinWords, Before())) return "write " + Upper(Spelling(Before())) + " JOIN";
  if (Expects(K::AS) && (called == K::CAST || called == K::TRY_CAST)) return "write AS before the type";
  if (Found() == K::DOT && fault_.token > 2 && Before() == K::IDENT) {
    const K third = tokens_[fault_.token - 3].kind;
    const K fourth = fault_.token > 3 ? tokens_[fault_.token - 4].kind : third;
    if (third == K::JOIN || fourth == K::JOIN)
      return "is ON missing before '" + std::string(Text(fault_.token - 1)) + "'?";
  }
  if (Expects(K::END) && !Expects(K::THEN) && In(kStructure, Found()))
    return "close the CASE with END before " + FoundText();
  if (Before() == K::OVER && (Found() == K::PARTITION_BY || Found() == K::ORDER)) {
    return "put the window in parentheses: OVER (PARTITION BY ... ORDER BY ...)";
  }
  if (Found() == K::SELECT && Before() == K::LPAREN && !Expects(K::SELECT))
    return "is AS missing before the parenthesis?";
  if (Found() == K::SELECT && Expects(K::MATERIALIZED)) return "put the query in parentheses: AS (SELECT ...)";
  return {};
}

std::string Scene::MisplacedClauseHelp() const {
  constexpr auto kOrdered = std::to_array<K>({K::FROM, K::WHERE, K::GROUP, K::HAVING, K::WINDOW, K::QUALIFY});
  if (Found() == K::ON && !Expects(K::ON)) return "ON belongs behind JOIN and a table";
  if (!In(kOrdered, Found()) || Expects(Found()) || !Expects(K::END_OF_TEXT)) return {};
  return "the order of clauses is FROM, WHERE, GROUP BY, HAVING, WINDOW, QUALIFY, ORDER BY, LIMIT";
}

/// Something that no keyword starts is missing.
std::string Scene::MissingPartHelp() const {
  const bool ends = Found() == K::END_OF_TEXT || In(kStructure, Found()) || Found() == K::ORDER || Found() == K::LIMIT;
  if (Expects(K::LATERAL) && IsWord(Found())) {
    return "name a table before " + FoundText() + ", or write the word in double quotes if it is the table's name";
  }
  if (fault_.token > 1 && tokens_[fault_.token - 2].kind == K::AS && IsWord(Before()) && IsWord(Found())) {
    return "to use a keyword as a name, write it in double quotes: \"" + std::string(Text(fault_.token - 1)) + "\"";
  }
  if (Found() == K::NUMBER && Before() == K::AS) return "a name starts with a letter, or stands in double quotes";
  if (Found() == K::IDENT && Expects(K::SELECT) && !Expects(K::NUMBER))
    return "a query stands here: start it with SELECT";
  const bool operand = Expects(K::CASE) && Expects(K::NUMBER) && Before() != K::COMMA && Before() != K::END_OF_TEXT;
  if (operand && ends && Found() != K::SELECT) {
    return "put an expression between '" + std::string(Text(fault_.token - 1)) + "' and " + FoundText();
  }
  return {};
}

std::string Scene::Help() const {
  if (std::string help = MisspeltHelp(); !help.empty()) return help;
  if (Before() == K::COMMA && (In(kStructure, Found()) || Found() == K::RPAREN))
    return "remove the comma before " + FoundText();
  if (std::string help = MissingWordHelp(); !help.empty()) return help;
  if (std::string help = MisplacedClauseHelp(); !help.empty()) return help;
  const bool starts = In(kExpressionStarts, Found()) && !In(kOperators, Found()) && !In(kStructure, Found());
  if (Expects(K::COMMA) && (starts || Found() == K::STRING)) return "is a comma missing before " + FoundText() + "?";
  if (IsWord(Found()) && !In(kStructure, Found()) && Expects(K::QUOTED_IDENT) && !Expects(K::CONCAT)) {
    return "to use this word as a name, write it in double quotes: \"" + std::string(Text(fault_.token)) + "\"";
  }
  if (std::string help = MissingPartHelp(); !help.empty()) return help;
  if (Found() == K::RPAREN && !Expects(K::RPAREN) && Expects(K::END_OF_TEXT)) return "nothing is open here: remove it";
  if (Found() == K::UNEXPECTED && Text(fault_.token) == "`") return "names are quoted with double quotes here";
  return {};
}

}  // namespace

void ReportSyntaxFault(const SyntaxFault& fault, std::span<const Token> tokens, const TextPlace& place,
                       base::Diagnostics& diagnostics) {
  const Scene scene(fault, tokens, place);
  if (const KnownGap* const gap = scene.Gap()) {
    diagnostics.Report(kSqlSyntax, scene.FaultSpan(), std::string(gap->message)).Help(std::string(gap->help));
    return;
  }
  auto report = diagnostics.Report(kSqlSyntax, scene.FaultSpan(),
                                   "found " + scene.FoundText() + ", expected " + scene.ExpectedText());
  const auto open = scene.Unclosed();
  if (open && (scene.Found() == K::END_OF_TEXT || scene.Expects(K::RPAREN) || scene.Expects(K::RBRACK) ||
               scene.Expects(K::RBRACE))) {
    report.Note(scene.At(*open), "this '" + std::string(scene.Text(*open)) + "' is never closed");
  }
  if (std::string help = scene.Help(); !help.empty()) report.Help(std::move(help));
}

void ReportLexFault(const LexFault& fault, const TextPlace& place, base::Diagnostics& diagnostics) {
  const Span at = place.At(fault.begin, fault.end);
  switch (fault.kind) {
    case LexFaultKind::kUnclosedString:
      diagnostics.Report(kSqlSyntax, at, "this string is never closed")
          .Help("add the closing quote; a quote inside a string is written twice: 'it''s'");
      return;
    case LexFaultKind::kUnclosedName:
      diagnostics.Report(kSqlSyntax, at, "this quoted name is never closed").Help("add the closing double quote");
      return;
    case LexFaultKind::kUnclosedComment:
      diagnostics.Report(kSqlSyntax, at, "this comment is never closed").Help("add */ where it ends; comments nest");
      return;
    case LexFaultKind::kTooDeep:
      diagnostics
          .Report(kTooDeep, at,
                  "this is nested too deeply: at most " + std::to_string(kMaxNesting) +
                      " parentheses, brackets and CASEs may stand inside each other")
          .Help("split it up, into common table expressions for example");
      return;
  }
}

}  // namespace wapc::grammar

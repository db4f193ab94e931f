#include "grammar/parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "grammar/antlr_parser.h"
#include "grammar/builder.h"
#include "grammar/parse_observer.h"
#include "grammar/syntax_errors.h"

namespace wapc::grammar {
namespace {

/// First words of statements that are kept as they stand.
constexpr auto kOtherStatements = std::to_array<std::string_view>({
    "alter",    "analyze",    "attach",  "begin",    "call",   "checkpoint", "comment", "commit",   "copy",
    "create",   "deallocate", "delete",  "describe", "detach", "drop",       "execute", "explain",  "export",
    "grant",    "import",     "insert",  "install",  "load",   "lock",       "merge",   "optimize", "pivot",
    "pragma",   "prepare",    "refresh", "reset",    "revoke", "rollback",   "set",     "show",     "summarize",
    "truncate", "unpivot",    "update",  "use",      "vacuum",
});

std::string Lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

bool StartsQuery(TokenKind kind) {
  return kind == TokenKind::SELECT || kind == TokenKind::WITH || kind == TokenKind::WITH_RECURSIVE ||
         kind == TokenKind::TABLE || kind == TokenKind::FROM || kind == TokenKind::VALUES ||
         kind == TokenKind::LPAREN || kind == TokenKind::MACRO_WITH;
}

/// The place of a text that a caller found at `within` of a source. Views that outlast the caller's text are taken from
/// the source, or copied into the arena.
TextPlace PlaceOf(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena) {
  if (within.known()) {
    const std::string_view there = sources.Text(within);
    if (there == text) return {there, within, true};
    // A quoted scalar: the same bytes between its quotes.
    if (there.size() == text.size() + 2 && there.substr(1, text.size()) == text) {
      return {there.substr(1, text.size()), {within.source, within.begin + 1, within.end - 1}, true};
    }
  }
  return {arena.Copy(text), within, false};
}

}  // namespace

struct Parser::Impl {
  AntlrParser antlr;
  LexedText lexed;
  Cst cst;
  const Dialect* dialect = &DuckDbDialect();  ///< of the text that is being read

  bool LexAll(const TextPlace& place, base::Diagnostics& diagnostics) {
    Lex(place.text, lexed, dialect->lex);
    return ReportLexed(place, diagnostics);
  }
  bool ReportLexed(const TextPlace& place, base::Diagnostics& diagnostics) {
    if (lexed.fault) ReportLexFault(*lexed.fault, place, diagnostics);
    return !lexed.fault;
  }

  bool Match(Rule entry, std::span<const Token> tokens, const TextPlace& place, base::Diagnostics& diagnostics) {
    SyntaxFault fault;
    if (antlr.Parse(entry, tokens, cst, fault)) return true;
    ReportSyntaxFault(fault, tokens, place, diagnostics);
    return false;
  }

  /// Parses a text that is one query, expression or type, and builds it by a method of Builder.
  template <class T>
  T* ParseOne(Rule entry, T* (Builder::*build)(), const TextPlace& place, Arena& arena,
              base::Diagnostics& diagnostics) {
    if (!LexAll(place, diagnostics) || !Match(entry, lexed.tokens, place, diagnostics)) return nullptr;
    Builder builder(cst, place, *dialect, arena, diagnostics);
    T* const out = (builder.*build)();
    return builder.failed() ? nullptr : out;
  }

  /// Like LexAll, in the dialect that the text's own block names.
  bool LexDocument(const TextPlace& place, base::Diagnostics& diagnostics) {
    Lex(place.text, lexed, dialect->lex);
    if (const Dialect* const named = NamedDialect(place.text); named != nullptr && named != dialect) {
      dialect = named;
      Lex(place.text, lexed, dialect->lex);
    }
    return ReportLexed(place, diagnostics);
  }
  const Dialect* NamedDialect(std::string_view text) const;

  bool ParseStatement(std::span<const Token> tokens, const TextPlace& place, Arena& arena,
                      base::Diagnostics& diagnostics, Statement& out);
  bool KindOf(std::span<const Token> tokens, const TextPlace& place, base::Diagnostics& diagnostics,
              StatementKind& out);
};

/// The dialect of `MODEL (..., dialect x, ...)` when the text starts with such a block; else null. Looked for in the
/// tokens, since strings and comments may be cut differently once it is known.
const Dialect* Parser::Impl::NamedDialect(std::string_view text) const {
  const std::vector<Token>& tokens = lexed.tokens;
  const auto word = [&](size_t i) { return Lowered(text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin)); };
  if (tokens.size() < 4 || tokens[1].kind != TokenKind::LPAREN) return nullptr;
  if (const std::string block = word(0); block != "model" && block != "audit") return nullptr;
  int depth = 1;
  for (size_t i = 2; i + 1 < tokens.size() && depth > 0; ++i) {
    const TokenKind before = tokens[i - 1].kind;
    const bool starts = depth == 1 && (before == TokenKind::COMMA || before == TokenKind::LPAREN);
    if (starts && tokens[i].kind == TokenKind::IDENT && word(i) == "dialect") {
      std::string name = word(i + 1);
      std::erase_if(name, [](char c) { return c == '\'' || c == '"'; });
      return FindDialect(name);
    }
    if (tokens[i].kind == TokenKind::LPAREN) ++depth;
    if (tokens[i].kind == TokenKind::RPAREN) --depth;
  }
  return nullptr;
}

bool Parser::Impl::KindOf(std::span<const Token> tokens, const TextPlace& place, base::Diagnostics& diagnostics,
                          StatementKind& out) {
  const Token& first = tokens[0];
  const std::string word = Lowered(place.text.substr(first.begin, first.end - first.begin));
  if (StartsQuery(first.kind)) {
    out = StatementKind::kQuery;
  } else if (word == "model") {
    out = StatementKind::kModel;
  } else if (word == "audit") {
    out = StatementKind::kAudit;
  } else if (word == "macro") {
    out = StatementKind::kMacro;
  } else if (word == "@def") {
    out = StatementKind::kDef;
  } else if (first.kind == TokenKind::MACRO_NAME && word != "@if") {
    out = StatementKind::kQuery;
  } else if (first.kind == TokenKind::MACRO_NAME || word == "on_virtual_update_begin" ||
             word == "on_virtual_update_end" ||
             std::binary_search(kOtherStatements.begin(), kOtherStatements.end(), word)) {
    out = StatementKind::kOther;
  } else {
    const std::vector<std::string> known{"MODEL", "AUDIT", "MACRO", "SELECT", "WITH", "FROM", "VALUES"};
    auto report = diagnostics.Report(kSqlSyntax, place.At(first.begin, first.end),
                                     "found '" + std::string(place.text.substr(first.begin, first.end - first.begin)) +
                                         "', expected a query, MODEL (...), AUDIT (...) or MACRO");
    if (const auto near = base::ClosestName(word, known)) report.Help("did you mean " + *near + "?");
    return false;
  }
  return true;
}

bool Parser::Impl::ParseStatement(std::span<const Token> tokens, const TextPlace& place, Arena& arena,
                                  base::Diagnostics& diagnostics, Statement& out) {
  if (!KindOf(tokens, place, diagnostics, out.kind)) return false;
  out.span = place.At(tokens.front().begin, tokens[tokens.size() - 2].end);
  if (out.kind == StatementKind::kOther) return true;
  const Rule entry = out.kind == StatementKind::kQuery   ? Rule::QueryEntry
                     : out.kind == StatementKind::kMacro ? Rule::MacroEntry
                     : out.kind == StatementKind::kDef   ? Rule::ExpressionEntry
                                                         : Rule::BlockEntry;
  if (!Match(entry, tokens, place, diagnostics)) return false;
  Builder builder(cst, place, *dialect, arena, diagnostics);
  switch (out.kind) {
    case StatementKind::kQuery: out.query = builder.EntryQuery(); break;
    case StatementKind::kMacro: builder.EntryMacro(out); break;
    case StatementKind::kDef: out.macro_expr = builder.EntryExpr(); break;
    default: builder.EntryBlock(out); break;
  }
  return !builder.failed();
}

Parser::Parser() : impl_(std::make_unique<Impl>()) {}
Parser::~Parser() = default;

Document* Parser::ParseDocument(const base::SourceMap& sources, base::SourceId source, Arena& arena,
                                base::Diagnostics& diagnostics, const Dialect& dialect, ParseObserver* observer) {
  const std::string_view text = sources.Text(source);
  const TextPlace place{text, {source, 0, static_cast<uint32_t>(text.size())}, true};
  impl_->dialect = &dialect;
  if (!impl_->LexDocument(place, diagnostics)) return nullptr;
  std::vector<Token>& tokens = impl_->lexed.tokens;
  if (observer != nullptr) observer->OnTokens(text, impl_->lexed);
  std::vector<Statement> statements;
  bool good = true;
  for (size_t begin = 0; begin < tokens.size();) {
    size_t end = begin;
    while (tokens[end].kind != TokenKind::SEMICOLON && tokens[end].kind != TokenKind::END_OF_TEXT) ++end;
    if (end > begin) {
      // A semicolon can't stand inside a statement, so it ends one even where a parenthesis is open.
      tokens[end].kind = TokenKind::END_OF_TEXT;
      Statement statement{};
      const std::span<const Token> window(tokens.data() + begin, end - begin + 1);
      good = impl_->ParseStatement(window, place, arena, diagnostics, statement) && good;
      if (observer != nullptr && good) {
        const bool kept = statement.kind == StatementKind::kOther;
        observer->OnStatement(statement.kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
                              kept ? nullptr : &impl_->cst);
      }
      statements.push_back(statement);
    }
    begin = end + 1;
  }
  if (!good) return nullptr;
  std::vector<Comment> comments;
  for (const auto& [from, to] : impl_->lexed.comments)
    comments.push_back({place.At(from, to), text.substr(from, to - from)});
  return arena.New<Document>(arena.Copy(statements), arena.Copy(comments), impl_->dialect);
}

Query* Parser::ParseQuery(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                          base::Diagnostics& diagnostics, const Dialect& dialect) {
  impl_->dialect = &dialect;
  return impl_->ParseOne(Rule::QueryEntry, &Builder::EntryQuery, PlaceOf(text, within, sources, arena), arena,
                         diagnostics);
}

Expr* Parser::ParseExpression(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                              base::Diagnostics& diagnostics, const Dialect& dialect) {
  impl_->dialect = &dialect;
  return impl_->ParseOne(Rule::ExpressionEntry, &Builder::EntryExpr, PlaceOf(text, within, sources, arena), arena,
                         diagnostics);
}

TypeName* Parser::ParseType(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                            base::Diagnostics& diagnostics, const Dialect& dialect) {
  impl_->dialect = &dialect;
  return impl_->ParseOne(Rule::TypeEntry, &Builder::EntryType, PlaceOf(text, within, sources, arena), arena,
                         diagnostics);
}

}  // namespace wapc::grammar

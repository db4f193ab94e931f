#include "grammar/format.h"

#include <algorithm>
#include <deque>

#include "grammar/format_comments.h"
#include "grammar/format_doc.h"
#include "grammar/format_layout.h"
#include "grammar/parse_observer.h"
#include "grammar/walk.h"

namespace wapc::grammar {
namespace {

/// Lays out each statement as it is parsed.
class FormatObserver final : public ParseObserver {
 public:
  void OnTokens(std::string_view text, const LexedText& lexed) override {
    text_ = text;
    tokens_ = lexed.tokens;
    comments_ = PlaceComments(text, lexed);
    layout_.emplace_back(text, tokens_, comments_, doc_);
  }

  void OnStatement(StatementKind kind, uint32_t begin, uint32_t end, const Cst* cst) override {
    EmptyStatements(begin);
    Separate(kind, begin);
    Layout& layout = layout_.front();
    layout.WriteCommentsBefore(begin);
    if (cst != nullptr) {
      layout.WriteStatement(*cst, begin);
    } else {
      layout.WriteVerbatim(begin, end - 1);
    }
    last_kind_ = kind;
    next_ = end;
    if (tokens_[end].begin < text_.size()) layout.WriteSemicolon(next_++);
  }

  std::string Finish(const FormatOptions& options) {
    const auto end = static_cast<uint32_t>(tokens_.size() - 1);
    EmptyStatements(end);
    layout_.front().WriteCommentsBefore(end);
    const size_t feed = text_.find('\n');
    const bool windows = feed != std::string_view::npos && feed > 0 && text_[feed - 1] == '\r';
    return doc_.Render(options, windows ? "\r\n" : "\n");
  }

 private:
  void EmptyStatements(uint32_t until) {
    while (next_ < until) layout_.front().WriteSemicolon(next_++);
  }

  /// An empty line stands between two statements, unless both are kept as they stand and had none. Where comments stand
  /// between them, their own empty lines are enough.
  void Separate(StatementKind kind, uint32_t begin) {
    if (begin == 0) return;
    const bool kept = kind == StatementKind::kOther && last_kind_ == StatementKind::kOther;
    const std::span<const PlacedComment> comments = layout_.front().OwnBefore(begin);
    bool blank = !kept;
    if (comments.empty()) {
      const std::string_view gap = text_.substr(tokens_[begin - 1].end, tokens_[begin].begin - tokens_[begin - 1].end);
      blank = blank || std::count(gap.begin(), gap.end(), '\n') > 1;
    } else {
      blank = blank && std::none_of(comments.begin(), comments.end(), [](const PlacedComment& comment) {
                return comment.blank_before || comment.blank_after;
              });
    }
    doc_.HardLine(blank);
  }

  std::string_view text_;
  std::span<const Token> tokens_;
  std::vector<PlacedComment> comments_;
  Doc doc_;
  std::deque<Layout> layout_;  ///< one, made when the tokens are known
  uint32_t next_ = 0;          ///< the first token that is not written
  StatementKind last_kind_ = StatementKind::kOther;
};

std::string_view Trimmed(std::string_view comment) {
  return comment.substr(0, comment.find_last_not_of(" \t\f\v") + 1);
}

/// A token's text as far as it means something: keywords have no letter case, phrases any blanks and comments inside.
bool SameToken(const Token& a, std::string_view text_a, const Token& b, std::string_view text_b) {
  if (a.kind != b.kind) return false;
  const std::string_view one = text_a.substr(a.begin, a.end - a.begin);
  const std::string_view two = text_b.substr(b.begin, b.end - b.begin);
  if (IsWord(a.kind) && a.kind != TokenKind::UNIT) return true;
  if (a.kind != TokenKind::IDENT && a.kind != TokenKind::UNIT) return one == two;
  return std::equal(one.begin(), one.end(), two.begin(), two.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

bool SameWords(std::string_view before, std::string_view after, const LexRules& rules) {
  LexedText a;
  LexedText b;
  Lex(before, a, rules);
  Lex(after, b, rules);
  const bool tokens = std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), b.tokens.end(),
                                 [&](const Token& x, const Token& y) { return SameToken(x, before, y, after); });
  const auto comment = [](std::string_view text, const std::pair<uint32_t, uint32_t>& at) {
    return Trimmed(text.substr(at.first, at.second - at.first));
  };
  return tokens && !b.fault &&
         std::equal(a.comments.begin(), a.comments.end(), b.comments.begin(), b.comments.end(),
                    [&](const auto& x, const auto& y) { return comment(before, x) == comment(after, y); });
}

bool SameTrees(const Document& before, const Document& after) {
  return std::equal(before.statements.begin(), before.statements.end(), after.statements.begin(),
                    after.statements.end(), [](const Statement& x, const Statement& y) { return Equal(x, y); });
}

/// Whether a MODEL block of the file says `formatting false`, SQLMesh's word for a file laid out by hand.
bool IsLaidOutByHand(const Document& document) {
  return std::any_of(document.statements.begin(), document.statements.end(), [](const Statement& statement) {
    return std::any_of(statement.properties.begin(), statement.properties.end(), [](const Property& property) {
      const auto* const value = property.value == nullptr ? nullptr : As<Literal>(property.value);
      return property.name.text == "formatting" && value != nullptr && value->type == LiteralKind::kFalse;
    });
  });
}

}  // namespace

Formatted FormatText(Parser& parser, const base::SourceMap& sources, base::SourceId source,
                     const FormatOptions& options, base::Diagnostics& diagnostics, const Dialect& dialect) {
  const std::string_view text = sources.Text(source);
  Arena arena;
  FormatObserver observer;
  const Document* const document = parser.ParseDocument(sources, source, arena, diagnostics, dialect, &observer);
  if (document == nullptr) return {FormatOutcome::kBroken, {}};
  if (IsLaidOutByHand(*document)) return {FormatOutcome::kFormatted, std::string(text)};
  Formatted out{FormatOutcome::kFormatted, observer.Finish(options)};
  if (out.text == text) return out;
  base::SourceMap again;
  base::Diagnostics faults;
  const Document* const reread = parser.ParseDocument(again, again.Add("", out.text), arena, faults, dialect);
  if (reread == nullptr || !SameWords(text, out.text, document->dialect->lex) || !SameTrees(*document, *reread)) {
    return {FormatOutcome::kRefused, {}};
  }
  return out;
}

}  // namespace wapc::grammar

#include "grammar/format_comments.h"

#include <algorithm>

namespace wapc::grammar {
namespace {

using Comments = std::vector<PlacedComment>;

bool IsLineComment(std::string_view comment) { return !comment.starts_with("/*"); }

/// Finds the comments between one token and the next, and says where each stands.
class Placer {
 public:
  Placer(std::string_view text, const LexedText& lexed) : text_(text), lexed_(lexed) {}

  Comments Run() {
    std::vector<Comments> gaps(lexed_.tokens.size());
    for (size_t token = 0; token < gaps.size(); ++token) gaps[token] = Gap(static_cast<uint32_t>(token));
    for (size_t token = 0; token + 1 < gaps.size(); ++token) Settle(gaps, token);
    Comments out;
    for (const Comments& gap : gaps) out.insert(out.end(), gap.begin(), gap.end());
    return out;
  }

 private:
  uint32_t Begin(size_t comment) const { return lexed_.comments[comment].first; }
  uint32_t End(size_t comment) const { return lexed_.comments[comment].second; }

  /// How many lines end in [from, to).
  size_t LineEnds(uint32_t from, uint32_t to) const {
    const std::string_view gap = text_.substr(from, to - from);
    const auto feeds = std::count(gap.begin(), gap.end(), '\n');
    return static_cast<size_t>(feeds > 0 ? feeds : std::count(gap.begin(), gap.end(), '\r'));
  }

  /// The comments behind the token before `token` (within it, where it is of several words) and before `token` itself.
  Comments Gap(uint32_t token) {
    const size_t first = next_;
    while (next_ < lexed_.comments.size() && Begin(next_) < lexed_.tokens[token].begin) ++next_;
    if (first == next_) return {};
    Comments out;
    std::vector<bool> ends_line;
    uint32_t from = token == 0 ? 0 : std::min(lexed_.tokens[token - 1].end, Begin(first));
    bool same_line = token > 0;
    size_t behind = 0;  // how many stand on the line of the token before
    for (size_t i = first; i < next_; ++i) {
      const size_t before = LineEnds(from, Begin(i));
      const uint32_t follows = i + 1 < next_ ? Begin(i + 1) : lexed_.tokens[token].begin;
      const size_t after = End(i) < follows ? LineEnds(End(i), follows) : 0;
      same_line = same_line && before == 0;
      if (same_line) behind = i - first + 1;
      std::string_view comment = text_.substr(Begin(i), End(i) - Begin(i));
      comment = comment.substr(0, comment.find_last_not_of(" \t\f\v") + 1);
      out.push_back({comment, token, CommentPlace::kOwn, before > 1, i + 1 == next_ && after > 1});
      ends_line.push_back(after > 0 || IsLineComment(comment));
      from = End(i);
    }
    if (behind > 0 && (ends_line[behind - 1] || lexed_.tokens[token].kind == TokenKind::END_OF_TEXT)) {
      for (size_t i = 0; i < behind; ++i) {
        out[i].token = token - 1;
        out[i].place = CommentPlace::kTrailing;
      }
    }
    if (lexed_.tokens[token].kind == TokenKind::END_OF_TEXT) return out;
    for (size_t i = out.size(); i > 0 && !ends_line[i - 1]; --i) out[i - 1].place = CommentPlace::kInline;
    return out;
  }

  bool EndsAfter(size_t token) const { return lexed_.tokens[token + 1].kind == TokenKind::END_OF_TEXT; }

  void Settle(std::vector<Comments>& gaps, size_t token) const {
    switch (lexed_.tokens[token].kind) {
      case TokenKind::COMMA: return MoveBehindComma(gaps[token], gaps[token + 1], static_cast<uint32_t>(token));
      case TokenKind::SEMICOLON: return MoveBehindSemicolon(gaps[token], gaps[token + 1], static_cast<uint32_t>(token));
      case TokenKind::AND:
      case TokenKind::OR:
        return MoveBeforeOperator(gaps[token], gaps[token + 1], static_cast<uint32_t>(token), EndsAfter(token));
      default: return;
    }
  }

  static void MoveBehindComma(Comments& before, Comments& after, uint32_t comma) {
    const auto moves = [](const PlacedComment& comment) { return comment.place != CommentPlace::kInline; };
    if (std::none_of(before.begin(), before.end(), moves)) return;
    for (PlacedComment& comment : before) {
      const bool trailing = comment.place == CommentPlace::kTrailing;
      comment.token = trailing ? comma : comma + 1;
      comment.place = trailing ? CommentPlace::kTrailing : CommentPlace::kOwn;
    }
    Prepend(before, after, comma);
  }

  static void MoveBehindSemicolon(Comments& before, Comments& after, uint32_t semicolon) {
    const auto stays = [](const PlacedComment& comment) { return comment.place != CommentPlace::kTrailing; };
    if (before.empty() || std::any_of(before.begin(), before.end(), stays)) return;
    for (PlacedComment& comment : before) comment.token = semicolon;
    Prepend(before, after, semicolon);
  }

  /// Puts comments before those that stand behind `token` already.
  static void Prepend(Comments& moved, Comments& there, uint32_t token) {
    const bool line_ended = moved.back().place == CommentPlace::kOwn || IsLineComment(moved.back().text);
    for (PlacedComment& comment : there) {
      if (!line_ended || comment.place != CommentPlace::kTrailing) continue;
      comment.token = token + 1;
      comment.place = CommentPlace::kOwn;
    }
    there.insert(there.begin(), moved.begin(), moved.end());
    moved.clear();
  }

  /// Behind an operator that ends a kept statement nothing moves: there is no operand to stand before.
  static void MoveBeforeOperator(Comments& before, Comments& after, uint32_t token, bool after_is_end) {
    if (!before.empty() || token == 0 || after_is_end) return;
    const auto stays = std::find_if(after.begin(), after.end(), [](const PlacedComment& comment) {
      return comment.place == CommentPlace::kInline;
    });
    for (auto comment = after.begin(); comment != stays; ++comment) {
      comment->token = comment->place == CommentPlace::kTrailing ? token - 1 : token;
      before.push_back(*comment);
    }
    after.erase(after.begin(), stays);
  }

  std::string_view text_;
  const LexedText& lexed_;
  size_t next_ = 0;
};

}  // namespace

std::vector<PlacedComment> PlaceComments(std::string_view text, const LexedText& lexed) {
  return Placer(text, lexed).Run();
}

}  // namespace wapc::grammar

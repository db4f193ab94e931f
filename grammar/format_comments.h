#ifndef WAPC_GRAMMAR_FORMAT_COMMENTS_H_
#define WAPC_GRAMMAR_FORMAT_COMMENTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "grammar/lexer.h"

/// Which token every comment of a text belongs to. Internal to this room.
namespace wapc::grammar {

enum class CommentPlace : uint8_t {
  kTrailing,  ///< behind its token, the last thing on the line
  kInline,    ///< before its token, on the same line
  kOwn,       ///< before its token, on lines of its own
};

struct PlacedComment {
  std::string_view text;  ///< without blanks at the end
  uint32_t token;
  CommentPlace place;
  bool blank_before = false;  ///< an empty line stood before it
  bool blank_after = false;   ///< an empty line stood between it and its token
};

/// Every comment in the order of the text; their tokens rise with them. A comment at a line's end before a comma goes
/// behind the comma, one behind AND or OR before it, since that is where the formatter breaks lines.
std::vector<PlacedComment> PlaceComments(std::string_view text, const LexedText& lexed);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FORMAT_COMMENTS_H_

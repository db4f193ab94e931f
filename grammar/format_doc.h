#ifndef WAPC_GRAMMAR_FORMAT_DOC_H_
#define WAPC_GRAMMAR_FORMAT_DOC_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/format.h"

namespace wapc::grammar {

/// A text with the places where its lines may break, after Oppen and Wadler: a group stands on one line if it fits,
/// else every Line of its own becomes a line end, from the outside in. Internal to this room.
class Doc {
 public:
  /// The views given must live until Render.
  void Text(std::string_view text);
  void Space() { ops_.push_back({OpKind::kSpace, false, false, 0, {}}); }
  /// A blank, or a line end when the group is broken.
  void Line() { ops_.push_back({OpKind::kLine, false, false, 0, {}}); }
  /// Nothing, or a line end when the group is broken.
  void SoftLine() { ops_.push_back({OpKind::kSoftLine, false, false, 0, {}}); }
  /// A line end in any case; with `blank` an empty line too.
  void HardLine(bool blank);

  void Open();
  void Close();
  /// Breaks every group that is open here.
  void Break() { BreakOuter(open_.size()); }
  void Indent() { ops_.push_back({OpKind::kIndent, false, false, 0, {}}); }
  void Dedent() { ops_.push_back({OpKind::kDedent, false, false, 0, {}}); }

  /// A comment behind the text before it; the line ends after it.
  void TrailingComment(std::string_view text);
  /// A comment on lines of its own, perhaps with an empty line before or after it.
  void OwnComment(std::string_view text, bool blank_before, bool blank_after);
  /// A block comment between two texts of one line.
  void InlineComment(std::string_view text);

  std::string Render(const FormatOptions& options, std::string_view line_end) const;

 private:
  friend class DocRenderer;
  enum class OpKind : uint8_t {
    kText,
    kSpace,
    kLine,
    kSoftLine,
    kHardLine,
    kOpen,
    kClose,
    kIndent,
    kDedent,
    kTrailing,
    kOwn
  };
  struct Op {
    OpKind kind;
    bool flag;       ///< of kOpen: broken; of kHardLine and kOwn: an empty line before; of kText: a comment
    bool after;      ///< of kOwn: an empty line after
    uint32_t match;  ///< of kOpen: its kClose
    std::string_view text;
  };

  void BreakOuter(size_t depth);
  void Settle();

  std::vector<Op> ops_;
  std::vector<uint32_t> open_;  ///< the kOpen of every open group
  size_t shared_ = 0;           ///< how many open groups hold the last text too
  bool breaks_next_ = false;    ///< a comment ended the line behind the last text
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FORMAT_DOC_H_

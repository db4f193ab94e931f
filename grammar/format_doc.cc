#include "grammar/format_doc.h"

#include <algorithm>
#include <utility>

namespace wapc::grammar {

void Doc::Text(std::string_view text) {
  Settle();
  ops_.push_back({OpKind::kText, false, false, 0, text});
  shared_ = open_.size();
}

void Doc::HardLine(bool blank) {
  Break();
  ops_.push_back({OpKind::kHardLine, blank, false, 0, {}});
}

void Doc::Open() {
  open_.push_back(static_cast<uint32_t>(ops_.size()));
  ops_.push_back({OpKind::kOpen, false, false, 0, {}});
}

void Doc::Close() {
  ops_[open_.back()].match = static_cast<uint32_t>(ops_.size());
  open_.pop_back();
  shared_ = std::min(shared_, open_.size());
  ops_.push_back({OpKind::kClose, false, false, 0, {}});
}

void Doc::BreakOuter(size_t depth) {
  for (size_t i = 0; i < depth; ++i) ops_[open_[i]].flag = true;
}

/// Called before something is added behind the last text: a group that holds both can't stand on one line when a
/// comment ended the line between them.
void Doc::Settle() {
  if (breaks_next_) BreakOuter(shared_);
  breaks_next_ = false;
}

void Doc::TrailingComment(std::string_view text) {
  ops_.push_back({OpKind::kTrailing, false, false, 0, text});
  breaks_next_ = true;
}

void Doc::OwnComment(std::string_view text, bool blank_before, bool blank_after) {
  breaks_next_ = true;
  Settle();
  ops_.push_back({OpKind::kOwn, blank_before, blank_after, 0, text});
}

void Doc::InlineComment(std::string_view text) {
  Text(text);
  ops_.back().flag = true;
}

/// Goes over the ops once; a group's fate is settled where it opens.
class DocRenderer {
 public:
  DocRenderer(const Doc& doc, const FormatOptions& options, std::string_view line_end)
      : ops_(doc.ops_), options_(options), line_end_(line_end) {}

  std::string Run() {
    for (size_t at = 0; at < ops_.size(); ++at) Step(at);
    if (!out_.empty()) out_ += line_end_;
    return std::move(out_);
  }

 private:
  using OpKind = Doc::OpKind;

  void Step(size_t at) {
    const Doc::Op& op = ops_[at];
    switch (op.kind) {
      case OpKind::kText: return Write(op.text);
      case OpKind::kSpace: space_ = true; return;
      case OpKind::kLine:
      case OpKind::kSoftLine:
        if (Broken()) {
          lines_ = std::max(lines_, 1);
        } else if (op.kind == OpKind::kLine) {
          space_ = true;
        }
        return;
      case OpKind::kHardLine: lines_ = std::max(lines_, op.flag ? 2 : 1); return;
      case OpKind::kOpen: groups_.push_back(Broken() && (op.flag || !Fits(at))); return;
      case OpKind::kClose: groups_.pop_back(); return;
      case OpKind::kIndent: indent_ += options_.indent; return;
      case OpKind::kDedent: indent_ -= options_.indent; return;
      case OpKind::kTrailing:
        // Several stand on the line that they all end.
        if (ops_[at - 1].kind == OpKind::kTrailing) lines_ = 0;
        space_ = true;
        Write(op.text);
        lines_ = 1;
        return;
      case OpKind::kOwn:
        lines_ = std::max(lines_, op.flag && !AfterOpener() ? 2 : 1);
        Write(op.text);
        lines_ = op.after ? 2 : 1;
        return;
    }
  }

  bool Broken() const { return groups_.empty() || groups_.back(); }
  bool AfterOpener() const { return !out_.empty() && (out_.back() == '(' || out_.back() == '[' || out_.back() == '{'); }

  void Write(std::string_view text) {
    if (out_.empty()) {
      lines_ = 0;
    } else if (lines_ > 0) {
      for (; lines_ > 0; --lines_) out_ += line_end_;
      out_.append(indent_, ' ');
      column_ = indent_;
    } else if (space_) {
      out_ += ' ';
      ++column_;
    }
    space_ = false;
    out_ += text;
    const size_t end = text.rfind('\n');
    column_ = end == std::string_view::npos ? column_ + Width(text) : Width(text.substr(end + 1));
  }

  static size_t Width(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  }

  /// Whether the group and what must follow it on its line end before the width does.
  bool Fits(size_t open) const {
    size_t width = lines_ > 0 ? indent_ : column_ + (space_ ? 1 : 0);
    size_t comments = 0;  // behind the group: they count once something else stands behind them on the line
    bool comments_end = false;
    bool space = false;
    for (size_t at = open; at < ops_.size(); ++at) {
      const Doc::Op& op = ops_[at];
      const bool inside = at < ops_[open].match;
      if (op.kind == OpKind::kText) {
        const size_t line = op.text.find('\n');
        const size_t here = Width(op.text.substr(0, line)) + (space ? 1 : 0);
        space = false;
        if (op.flag && !inside) {
          comments += comments_end ? 0 : here;
          comments_end = comments_end || line != std::string_view::npos;
          continue;
        }
        width += std::exchange(comments, 0) + (comments_end ? 0 : here);
        if (width > options_.width) return false;
        if (line != std::string_view::npos || comments_end) return true;
      } else if (op.kind == OpKind::kSpace || (inside && op.kind == OpKind::kLine)) {
        space = true;
      } else if (op.kind == OpKind::kHardLine || op.kind == OpKind::kTrailing ||
                 (!inside && (op.kind == OpKind::kLine || op.kind == OpKind::kSoftLine || op.kind == OpKind::kOwn))) {
        return true;
      }
    }
    return true;
  }

  const std::vector<Doc::Op>& ops_;
  const FormatOptions& options_;
  std::string_view line_end_;
  std::string out_;
  std::vector<bool> groups_;  ///< of each open group: is it broken
  size_t indent_ = 0;
  size_t column_ = 0;
  int lines_ = 0;  ///< line ends to write before the next text
  bool space_ = false;
};

std::string Doc::Render(const FormatOptions& options, std::string_view line_end) const {
  return DocRenderer(*this, options, line_end).Run();
}

}  // namespace wapc::grammar

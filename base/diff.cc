#include "base/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace wapc::base {
namespace {

using Lines = std::vector<std::string_view>;

constexpr size_t kContext = 3;
/// Where texts differ in more lines than this, the whole of the difference is one change: the search grows with its
/// square.
constexpr int kMostEdits = 2000;

/// Lines with their ends.
Lines SplitLines(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

/// Lines [a, a_end) of the old text gave way to [b, b_end) of the new.
struct Change {
  size_t a, a_end, b, b_end;
};

/// The shortest way from one text to the other, after Myers, "An O(ND) Difference Algorithm" (1986): for every number
/// of edits, how far each diagonal a - b gets.
class Differ {
 public:
  Differ(const Lines& a, const Lines& b) : a_(a), b_(b) {}

  std::vector<Change> Run() {
    size_t head = 0;
    while (head < a_.size() && head < b_.size() && a_[head] == b_[head]) ++head;
    size_t tail = 0;
    while (tail < a_.size() - head && tail < b_.size() - head && a_[a_.size() - 1 - tail] == b_[b_.size() - 1 - tail]) {
      ++tail;
    }
    begin_ = static_cast<int>(head);
    a_end_ = static_cast<int>(a_.size() - tail);
    b_end_ = static_cast<int>(b_.size() - tail);
    if (begin_ == a_end_ && begin_ == b_end_) return {};
    if (!Search()) return {{head, a_.size() - tail, head, b_.size() - tail}};
    return Trace();
  }

 private:
  /// One row for each number of edits; diagonal k is at [k + edits].
  int Reached(int edits, int k) const {
    const std::vector<int>& row = rows_[static_cast<size_t>(edits)];
    const int at = k + edits;
    return at < 0 || at >= static_cast<int>(row.size()) ? -1 : row[static_cast<size_t>(at)];
  }
  bool Down(int edits, int k) const {
    return k == -edits || (k != edits && Reached(edits - 1, k - 1) < Reached(edits - 1, k + 1));
  }

  bool Search() {
    const int goal = a_end_ - b_end_;
    for (int edits = 0; edits <= kMostEdits; ++edits) {
      rows_.emplace_back(static_cast<size_t>(2 * edits + 1), -1);
      for (int k = -edits; k <= edits; k += 2) {
        int x = begin_;
        if (edits > 0) x = Down(edits, k) ? Reached(edits - 1, k + 1) : Reached(edits - 1, k - 1) + 1;
        if (x < begin_ || x > a_end_ || x - k > b_end_) continue;
        while (x < a_end_ && x - k < b_end_ && a_[static_cast<size_t>(x)] == b_[static_cast<size_t>(x - k)]) ++x;
        const int slot = k + edits;
        rows_.back()[static_cast<size_t>(slot)] = x;
        if (k == goal && x == a_end_) return true;
      }
    }
    return false;
  }

  /// Goes the way back, joining edits that touch.
  std::vector<Change> Trace() const {
    std::vector<Change> out;
    int k = a_end_ - b_end_;
    for (int edits = static_cast<int>(rows_.size()) - 1; edits > 0; --edits) {
      const bool down = Down(edits, k);
      const int from_k = down ? k + 1 : k - 1;
      const int from_x = Reached(edits - 1, from_k);
      const int end_x = down ? from_x : from_x + 1;
      const Change edit{static_cast<size_t>(from_x), static_cast<size_t>(end_x), static_cast<size_t>(from_x - from_k),
                        static_cast<size_t>(end_x - k)};
      if (!out.empty() && out.back().a == edit.a_end && out.back().b == edit.b_end) {
        out.back().a = edit.a;
        out.back().b = edit.b;
      } else {
        out.push_back(edit);
      }
      k = from_k;
    }
    std::reverse(out.begin(), out.end());
    return out;
  }

  const Lines& a_;
  const Lines& b_;
  int begin_ = 0, a_end_ = 0, b_end_ = 0;
  std::vector<std::vector<int>> rows_;
};

void AppendLine(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// "3,4", or "3" for one line; an empty range names the line before it.
std::string Range(size_t begin, size_t end) {
  const size_t size = end - begin;
  const size_t first = size == 0 ? begin : begin + 1;
  return size == 1 ? fmt::format("{}", first) : fmt::format("{},{}", first, size);
}

void AppendHunk(std::string& out, const Lines& a, const Lines& b, const Change* first, const Change* last) {
  const size_t before = std::min(kContext, first->a);
  const size_t after = std::min(kContext, a.size() - last->a_end);
  fmt::format_to(std::back_inserter(out), "@@ -{} +{} @@\n", Range(first->a - before, last->a_end + after),
                 Range(first->b - before, last->b_end + after));
  size_t at = first->a - before;
  for (const Change* change = first; change <= last; ++change) {
    for (; at < change->a; ++at) AppendLine(out, ' ', a[at]);
    for (; at < change->a_end; ++at) AppendLine(out, '-', a[at]);
    for (size_t line = change->b; line < change->b_end; ++line) AppendLine(out, '+', b[line]);
  }
  for (; at < last->a_end + after; ++at) AppendLine(out, ' ', a[at]);
}

}  // namespace

std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after) {
  const Lines a = SplitLines(before);
  const Lines b = SplitLines(after);
  const std::vector<Change> changes = Differ(a, b).Run();
  if (changes.empty()) return "";
  std::string out = fmt::format("--- a/{}\n+++ b/{}\n", name, name);
  for (size_t first = 0; first < changes.size();) {
    size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].a - changes[last].a_end <= 2 * kContext) ++last;
    AppendHunk(out, a, b, &changes[first], &changes[last]);
    first = last + 1;
  }
  return out;
}

}  // namespace wapc::base

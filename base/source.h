#ifndef WAPC_BASE_SOURCE_H_
#define WAPC_BASE_SOURCE_H_

#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace wapc::base {

/// Names one text that was read, within one SourceMap.
using SourceId = uint32_t;
inline constexpr SourceId kNoSource = std::numeric_limits<SourceId>::max();

/// A half-open range of bytes [begin, end) in one source. Everything that wapc reads carries one; lines and columns
/// are computed only when a span is shown.
struct Span {
  SourceId source = kNoSource;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool known() const { return source != kNoSource; }
};

/// The smallest span that covers both; where one is unknown, the other.
Span Join(Span a, Span b);

/// A place as people count it: both from 1. The column counts Unicode code points, not bytes.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

/// Keeps every text that was read, so that a span can be shown with its line. Safe to use from several threads; the
/// views it gives stay valid as long as the map lives.
class SourceMap {
 public:
  /// Takes a text under the name to show for it (a path relative to the project folder, or "<stdin>").
  SourceId Add(std::string name, std::string text);
  /// A file that is read only when its text is asked for; one that can't be read by then counts as empty.
  SourceId AddUnread(std::string name, std::filesystem::path path);

  std::string_view Name(SourceId id) const;
  /// How many sources there are: their ids are the numbers below.
  size_t size() const;
  std::string_view Text(SourceId id) const;
  /// A source with the name and text of `body`, for what one expansion of a macro puts in the place of its call: nodes
  /// with such spans can be traced to both. `what` names the macro in notes ("@net_price"). Costs an entry, no copy.
  /// Const, as nothing that was read changes.
  SourceId AddExpansion(SourceId body, Span call, std::string what) const;
  /// The call that a span's source is an expansion of, and what it expands; an unknown span for an ordinary source.
  Span CallOf(SourceId id) const;
  std::string_view ExpandedBy(SourceId id) const;
  /// The same place in the text that was read.
  Span Written(Span span) const;

  /// The bytes of a span; empty for an unknown one.
  std::string_view Text(Span span) const;
  /// Where a byte offset is; offsets past the end give the end.
  LineColumn Locate(SourceId id, uint32_t offset) const;
  /// The whole line (without its newline) that holds the offset.
  std::string_view LineAt(SourceId id, uint32_t offset) const;
  /// "path:line:col" of a span's begin; the bare word "wapc" for an unknown span.
  std::string Place(Span span) const;

 private:
  struct Entry {
    std::string name;
    mutable std::string text;
    std::filesystem::path path;  // of a text that is read late
    mutable std::once_flag read;
    SourceId body = kNoSource;  ///< of an expansion: whose text it shows
    Span call;
    mutable std::once_flag indexed;
    mutable std::vector<uint32_t> line_starts;
  };
  const Entry& Raw(SourceId id) const;
  const Entry& At(SourceId id) const;
  static std::string_view TextOf(const Entry& entry);
  static const std::vector<uint32_t>& LineStarts(const Entry& entry);

  mutable std::mutex mutex_;
  mutable std::deque<Entry> entries_;
};

}  // namespace wapc::base

#endif  // WAPC_BASE_SOURCE_H_

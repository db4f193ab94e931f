#include "base/source.h"

#include <algorithm>

#include "base/files.h"

namespace wapc::base {

Span Join(Span a, Span b) {
  if (!a.known()) return b;
  if (!b.known() || a.source != b.source) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceId SourceMap::Add(std::string name, std::string text) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_.emplace_back();
  entry.name = std::move(name);
  entry.text = std::move(text);
  return static_cast<SourceId>(entries_.size() - 1);
}

SourceId SourceMap::AddUnread(std::string name, std::filesystem::path path) {
  const SourceId id = Add(std::move(name), {});
  const std::lock_guard lock(mutex_);
  entries_[id].path = std::move(path);
  return id;
}

std::string_view SourceMap::TextOf(const Entry& entry) {
  if (!entry.path.empty()) {
    std::call_once(entry.read, [&entry] {
      if (auto text = ReadFile(entry.path)) entry.text = std::move(*text);
    });
  }
  return entry.text;
}

SourceId SourceMap::AddExpansion(SourceId body, Span call, std::string what) const {
  const Span plain = Written({body, 0, 0});
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_.emplace_back();
  entry.name = std::move(what);
  entry.body = plain.source;
  entry.call = call;
  return static_cast<SourceId>(entries_.size() - 1);
}

const SourceMap::Entry& SourceMap::Raw(SourceId id) const {
  const std::lock_guard lock(mutex_);
  return entries_.at(id);
}

size_t SourceMap::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

const SourceMap::Entry& SourceMap::At(SourceId id) const {
  const Entry& entry = Raw(id);
  return entry.body == kNoSource ? entry : Raw(entry.body);
}

Span SourceMap::CallOf(SourceId id) const { return Raw(id).call; }

std::string_view SourceMap::ExpandedBy(SourceId id) const { return Raw(id).name; }

Span SourceMap::Written(Span span) const {
  if (!span.known()) return span;
  const Entry& entry = Raw(span.source);
  return entry.body == kNoSource ? span : Span{entry.body, span.begin, span.end};
}

std::string_view SourceMap::Name(SourceId id) const { return At(id).name; }

std::string_view SourceMap::Text(SourceId id) const { return TextOf(At(id)); }

std::string_view SourceMap::Text(Span span) const {
  if (!span.known()) return {};
  const std::string_view text = Text(span.source);
  const size_t begin = std::min<size_t>(span.begin, text.size());
  const size_t end = std::clamp<size_t>(span.end, begin, text.size());
  return text.substr(begin, end - begin);
}

const std::vector<uint32_t>& SourceMap::LineStarts(const Entry& entry) {
  std::call_once(entry.indexed, [&entry] {
    entry.line_starts.push_back(0);
    const std::string_view text = TextOf(entry);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') entry.line_starts.push_back(static_cast<uint32_t>(i + 1));
    }
  });
  return entry.line_starts;
}

LineColumn SourceMap::Locate(SourceId id, uint32_t offset) const {
  const Entry& entry = At(id);
  const std::vector<uint32_t>& starts = LineStarts(entry);
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(TextOf(entry).size()));
  const auto next = std::upper_bound(starts.begin(), starts.end(), offset);
  const uint32_t begin = *(next - 1);
  // UTF-8 continuation bytes belong to the code point before them.
  const auto continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  const auto bytes = TextOf(entry).substr(begin, offset - begin);
  const auto points = bytes.size() - static_cast<size_t>(std::count_if(bytes.begin(), bytes.end(), continuation));
  return {static_cast<uint32_t>(next - starts.begin()), static_cast<uint32_t>(points + 1)};
}

std::string_view SourceMap::LineAt(SourceId id, uint32_t offset) const {
  const Entry& entry = At(id);
  const std::vector<uint32_t>& starts = LineStarts(entry);
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(TextOf(entry).size()));
  const uint32_t begin = *(std::upper_bound(starts.begin(), starts.end(), offset) - 1);
  std::string_view line = TextOf(entry).substr(begin);
  line = line.substr(0, line.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string SourceMap::Place(Span span) const {
  if (!span.known()) return "wapc";
  const LineColumn at = Locate(span.source, span.begin);
  return std::string(Name(span.source)) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace wapc::base

#include "compiler/project/csv.h"

#include <fmt/format.h>

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::Span;

namespace {

constexpr DiagnosticCode kSeedFormat{"seed-format", Severity::kError};

using Row = std::vector<std::optional<std::string>>;

class CsvReader {
 public:
  CsvReader(std::string_view text, char delimiter, base::SourceId source, base::Diagnostics& diagnostics)
      : text_(text), delimiter_(delimiter), source_(source), diagnostics_(diagnostics) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::optional<Csv> Read() {
    Csv out;
    const auto header = ReadRow();
    if (!header || header->empty()) {
      diagnostics_.Report(kSeedFormat, {source_, 0, 0}, "a seed needs a first line with the names of its columns");
      return std::nullopt;
    }
    for (const auto& name : *header) out.header.push_back(name.value_or(""));
    while (at_ < text_.size()) {
      const size_t start = at_;
      auto row = ReadRow();
      if (!row) return std::nullopt;
      if (row->size() == 1 && !row->front()) continue;  // an empty line
      if (row->size() != out.header.size()) {
        Report(start, fmt::format("this row has {} fields, but the header has {}", row->size(), out.header.size()));
        return std::nullopt;
      }
      out.rows.push_back(std::move(*row));
    }
    return out;
  }

 private:
  void Report(size_t at, std::string message) {
    diagnostics_.Report(kSeedFormat, {source_, static_cast<uint32_t>(at), static_cast<uint32_t>(at + 1)},
                        std::move(message));
  }

  bool AtLineEnd() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  void SkipLineEnd() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  }

  std::optional<Row> ReadRow() {
    Row row;
    while (true) {
      auto field = at_ < text_.size() && text_[at_] == '"' ? ReadQuoted() : ReadPlain();
      if (!field) return std::nullopt;
      row.push_back(std::move(*field));
      if (AtLineEnd()) break;
      if (text_[at_] != delimiter_) {
        Report(at_, fmt::format("expected '{}' or the end of the line after a closing quote", delimiter_));
        return std::nullopt;
      }
      ++at_;
    }
    SkipLineEnd();
    return row;
  }

  std::optional<std::optional<std::string>> ReadPlain() {
    const size_t start = at_;
    while (!AtLineEnd() && text_[at_] != delimiter_) ++at_;
    if (at_ == start) return std::optional<std::string>();
    return std::optional<std::string>(text_.substr(start, at_ - start));
  }

  std::optional<std::optional<std::string>> ReadQuoted() {
    const size_t start = at_++;
    std::string value;
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') return std::optional<std::string>(std::move(value));
      }
      value += text_[at_++];
    }
    Report(start, "this quote is never closed");
    return std::nullopt;
  }

  std::string_view text_;
  char delimiter_;
  base::SourceId source_;
  base::Diagnostics& diagnostics_;
  size_t at_ = 0;
};

}  // namespace

std::optional<Csv> ReadCsv(std::string_view text, char delimiter, base::SourceId source,
                           base::Diagnostics& diagnostics) {
  return CsvReader(text, delimiter, source, diagnostics).Read();
}

}  // namespace wapc::compiler

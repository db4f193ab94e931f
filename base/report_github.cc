#include <fmt/format.h>

#include "base/report.h"

namespace wapc::base {
namespace {

// What the runner undoes: in a message percent and line ends, in a property the separators too.
std::string Escape(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view Command(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "notice";
  }
  return "error";
}

std::string Place(Span span, const SourceMap& sources) {
  if (!span.known()) return "";
  const LineColumn begin = sources.Locate(span.source, span.begin);
  const LineColumn end = sources.Locate(span.source, span.end);
  // Its end column is the last one; columns are of use only within one line.
  std::string out =
      fmt::format("file={},line={},endLine={},", Escape(sources.Name(span.source), true), begin.line, end.line);
  if (begin.line == end.line) {
    const uint32_t last = end.column > begin.column ? end.column - 1 : begin.column;
    out += fmt::format("col={},endColumn={},", begin.column, last);
  }
  return out;
}

}  // namespace

std::string RenderGithub(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) {
    std::string message = d.message;
    for (const Note& note : d.notes) {
      message += fmt::format("\nnote: {}{}", note.span.known() ? sources.Place(note.span) + ": " : "", note.text);
    }
    if (!d.help.empty()) message += "\nhelp: " + d.help;
    out += fmt::format("::{} {}title={}::{}\n", Command(d.severity), Place(d.span, sources), Escape(d.code, true),
                       Escape(message, false));
  }
  return out;
}

}  // namespace wapc::base

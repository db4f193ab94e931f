#include "base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>

namespace wapc::base {
namespace {

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "info";
  }
  return "error";
}

// The part of a source line to show, and where its carets stand, in code points.
struct Excerpt {
  std::string line;
  std::string carets;
};

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

size_t CodePoints(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), IsContinuation));
}

Excerpt ExcerptOf(Span span, const SourceMap& sources) {
  constexpr size_t kWidest = 160;
  const std::string_view line = sources.LineAt(span.source, span.begin);
  const auto before = static_cast<size_t>(line.data() - sources.Text(span.source).data());
  const size_t begin = std::min<size_t>(span.begin < before ? 0 : span.begin - before, line.size());
  const size_t end = std::clamp<size_t>(span.end < before ? 0 : span.end - before, begin, line.size());
  // A minified line is cut to a window around the fault.
  size_t from = line.size() > kWidest && begin > kWidest / 2 ? begin - kWidest / 2 : 0;
  while (from < begin && IsContinuation(line[from])) ++from;
  size_t shown_end = std::min(line.size(), from + kWidest);
  while (shown_end < line.size() && IsContinuation(line[shown_end])) ++shown_end;
  Excerpt out;
  out.line = std::string(line.substr(from, shown_end - from));
  for (const char c : line.substr(from, begin - from)) {
    if (!IsContinuation(c)) out.carets += c == '\t' ? '\t' : ' ';
  }
  const size_t last = std::max(begin, std::min(end, shown_end));
  out.carets += std::string(std::max<size_t>(1, CodePoints(line.substr(begin, last - begin))), '^');
  return out;
}

struct Palette {
  std::string_view bold, red, yellow, blue, reset;
};

constexpr Palette kPlain{"", "", "", "", ""};
constexpr Palette kColor{"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[0m"};

void AppendExcerpt(std::string& out, Span span, const SourceMap& sources, const Palette& palette) {
  if (!span.known()) return;
  const Excerpt excerpt = ExcerptOf(span, sources);
  const std::string number = std::to_string(sources.Locate(span.source, span.begin).line);
  const std::string pad(number.size(), ' ');
  out += fmt::format("  {}{} |{} {}\n", palette.blue, number, palette.reset, excerpt.line);
  out +=
      fmt::format("  {}{} |{} {}{}{}\n", palette.blue, pad, palette.reset, palette.red, excerpt.carets, palette.reset);
}

void AppendText(std::string& out, const Diagnostic& d, const SourceMap& sources, const Palette& palette) {
  const std::string_view tint = d.severity == Severity::kError ? palette.red : palette.yellow;
  out += fmt::format("{}{}: {}{}[{}]{}: {}\n", palette.bold, sources.Place(d.span), tint, SeverityName(d.severity),
                     d.code, palette.reset, d.message);
  AppendExcerpt(out, d.span, sources, palette);
  for (const Note& note : d.notes) {
    out += fmt::format("  {}note:{} {}{}\n", palette.blue, palette.reset,
                       note.span.known() ? sources.Place(note.span) + ": " : "", note.text);
    AppendExcerpt(out, note.span, sources, palette);
  }
  if (!d.help.empty()) out += fmt::format("  {}help:{} {}\n", palette.blue, palette.reset, d.help);
  if (d.fix) out += fmt::format("  {}fix:{} {}\n", palette.blue, palette.reset, d.fix->title);
}

nlohmann::ordered_json PlaceJson(Span span, const SourceMap& sources) {
  nlohmann::ordered_json out;
  if (!span.known()) return out;
  const LineColumn begin = sources.Locate(span.source, span.begin);
  const LineColumn end = sources.Locate(span.source, span.end);
  out["file"] = sources.Name(span.source);
  out["line"] = begin.line;
  out["column"] = begin.column;
  out["end_line"] = end.line;
  out["end_column"] = end.column;
  return out;
}

nlohmann::ordered_json ToJson(const Diagnostic& d, const SourceMap& sources) {
  nlohmann::ordered_json out;
  out["code"] = d.code;
  out["severity"] = SeverityName(d.severity);
  out["message"] = d.message;
  if (!d.help.empty()) out["help"] = d.help;
  const auto place = PlaceJson(d.span, sources);
  for (const auto& [key, value] : place.items()) out[key] = value;
  out["notes"] = nlohmann::ordered_json::array();
  for (const Note& note : d.notes) {
    nlohmann::ordered_json entry = PlaceJson(note.span, sources);
    entry["message"] = note.text;
    out["notes"].push_back(std::move(entry));
  }
  if (d.fix) {
    nlohmann::ordered_json fix = PlaceJson(d.fix->span, sources);
    fix["title"] = d.fix->title;
    fix["replacement"] = d.fix->replacement;
    fix["safe"] = d.fix->safe;
    out["fix"] = std::move(fix);
  }
  return out;
}

// The call stands first; the places in macros follow, from the outermost to where the fault is.
void TraceToCall(Diagnostic& d, const SourceMap& sources) {
  std::vector<Note> places;
  while (d.span.known() && sources.CallOf(d.span.source).known()) {
    places.insert(places.begin(),
                  {sources.Written(d.span), fmt::format("in the macro {}", sources.ExpandedBy(d.span.source))});
    d.span = sources.CallOf(d.span.source);
  }
  for (Note& note : d.notes) note.span = sources.Written(note.span);
  d.notes.insert(d.notes.begin(), places.begin(), places.end());
  if (!places.empty()) d.fix.reset();
  if (d.fix && d.fix->span.known() && sources.CallOf(d.fix->span.source).known()) d.fix.reset();
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many letters to add, drop, change or swap with their neighbour (optimal string alignment).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  const auto same = [&](size_t i, size_t j) { return Lower(a[i - 1]) == Lower(b[j - 1]); };
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i, j) ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

DiagnosticBuilder::~DiagnosticBuilder() { sink_.Add(std::move(diagnostic_)); }

DiagnosticBuilder& DiagnosticBuilder::Note(Span span, std::string text) {
  diagnostic_.notes.push_back({span, std::move(text)});
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::Help(std::string text) {
  diagnostic_.help = std::move(text);
  return *this;
}

DiagnosticBuilder& DiagnosticBuilder::Fix(Span span, std::string replacement, std::string title, bool safe) {
  diagnostic_.fix = {span, std::move(replacement), std::move(title), safe};
  return *this;
}

DiagnosticBuilder Diagnostics::Report(const DiagnosticCode& code, Span span, std::string message) {
  Diagnostic diagnostic;
  diagnostic.code = code.name;
  diagnostic.severity = code.severity;
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  return {*this, std::move(diagnostic)};
}

void Diagnostics::Add(Diagnostic diagnostic) {
  errors_ += diagnostic.severity == Severity::kError ? 1 : 0;
  warnings_ += diagnostic.severity == Severity::kWarning ? 1 : 0;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::Append(Diagnostics&& other) {
  for (Diagnostic& diagnostic : other.all_) Add(std::move(diagnostic));
  other = Diagnostics();
}

void Diagnostics::Sort(const SourceMap& sources) {
  for (Diagnostic& diagnostic : all_) TraceToCall(diagnostic, sources);
  const auto key = [&sources](const Diagnostic& d) {
    const std::string_view name = d.span.known() ? sources.Name(d.span.source) : std::string_view();
    return std::tuple(name, d.span.begin, d.code, std::string_view{d.message});
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&key](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto repeated = std::unique(all_.begin(), all_.end(),
                                    [&key](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); });
  std::vector<Diagnostic> kept(std::make_move_iterator(all_.begin()), std::make_move_iterator(repeated));
  *this = Diagnostics();
  for (Diagnostic& diagnostic : kept) Add(std::move(diagnostic));
}

std::string RenderText(const Diagnostics& diagnostics, const SourceMap& sources, bool color) {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) AppendText(out, d, sources, color ? kColor : kPlain);
  return out;
}

std::string RenderJson(const Diagnostics& diagnostics, const SourceMap& sources) {
  auto out = nlohmann::ordered_json::array();
  for (const Diagnostic& d : diagnostics.all()) out.push_back(ToJson(d, sources));
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<std::string> ClosestName(std::string_view name, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  size_t best_distance = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace wapc::base

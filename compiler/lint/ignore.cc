#include "compiler/lint/ignore.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lint/rule.h"
#include "grammar/lexer.h"

namespace wapc::compiler {
namespace {

using base::Diagnostic;
using base::Severity;
using base::SourceId;
using base::Span;

constexpr base::DiagnosticCode kUnusedIgnore{"unused-ignore", Severity::kWarning};
constexpr std::string_view kMark = "wapc:";
constexpr std::string_view kVerb = "ignore";
constexpr std::string_view kBlank = " \t\r";

// One code of one comment, and the line that it speaks of.
struct Ignore {
  Span span;  ///< of the code's name
  std::string code;
  uint32_t line = 0;
  bool used = false;
};

std::string_view TrimLeft(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text;
}

// What stands behind the mark of a comment, or nothing: "-- wapc: ignore a, b" gives "ignore a, b".
std::optional<std::string_view> Directive(std::string_view comment) {
  if (comment.ends_with("*/")) comment.remove_suffix(2);
  comment = TrimLeft(comment.substr(std::min<size_t>(2, comment.size())));
  if (!comment.starts_with(kMark)) return std::nullopt;
  return TrimLeft(comment.substr(kMark.size()));
}

class FileIgnores {
 public:
  FileIgnores(const base::SourceMap& sources, SourceId source, base::Diagnostics& complaints)
      : sources_(sources), source_(source), text_(sources.Text(source)), complaints_(complaints) {}

  std::vector<Ignore> Find() {
    grammar::LexedText lexed;
    grammar::Lex(text_, lexed);
    for (const auto& [begin, end] : lexed.comments) {
      if (const auto directive = Directive(text_.substr(begin, end - begin))) Read(*directive, begin, end);
    }
    return std::move(out_);
  }

 private:
  void Read(std::string_view directive, uint32_t begin, uint32_t end) {
    const bool known = directive.starts_with(kVerb) && (directive.size() == kVerb.size() ||
                                                        kBlank.find(directive[kVerb.size()]) != std::string_view::npos);
    std::string_view rest = known ? TrimLeft(directive.substr(kVerb.size())) : std::string_view();
    if (rest.empty()) {
      complaints_.Report(kUnusedIgnore, {source_, begin, end}, "this comment ignores nothing: it names no code")
          .Help("write `-- wapc: ignore CODE`, with the code that stands in brackets behind a warning");
      return;
    }
    const uint32_t line = LineOf(begin, end);
    while (!rest.empty()) {
      const size_t length = std::min(rest.find_first_of(", \t\r\n"), rest.size());
      const auto at = static_cast<uint32_t>(rest.data() - text_.data());
      const std::string_view word = rest.substr(0, length);
      if (!word.empty()) {
        const LintRule* const rule = FindLintRule(word);
        out_.push_back({{source_, at, at + static_cast<uint32_t>(length)},
                        std::string(rule != nullptr ? rule->code.name : word),
                        line});
      }
      // What follows the last code without a comma is a reason, for people.
      rest = TrimLeft(rest.substr(length));
      if (!rest.starts_with(',')) break;
      rest = TrimLeft(rest.substr(1));
    }
  }

  // Its own line, or the next that is neither blank nor a comment when it stands alone.
  uint32_t LineOf(uint32_t begin, uint32_t end) const {
    const size_t before = text_.find_last_of('\n', begin);
    const size_t start = before == std::string_view::npos || begin == 0 ? 0 : before + 1;
    const bool alone = TrimLeft(text_.substr(start, begin - start)).empty();
    if (!alone) return sources_.Locate(source_, begin).line;
    size_t at = std::min(text_.find('\n', end), text_.size());
    while (at < text_.size()) {
      const std::string_view line = TrimLeft(text_.substr(at + 1, text_.find('\n', at + 1) - at - 1));
      if (!line.empty() && !line.starts_with("--")) break;
      at = std::min(text_.find('\n', at + 1), text_.size());
    }
    return sources_.Locate(source_, static_cast<uint32_t>(std::min(at + 1, text_.size()))).line;
  }

  const base::SourceMap& sources_;
  SourceId source_;
  std::string_view text_;
  base::Diagnostics& complaints_;
  std::vector<Ignore> out_;
};

bool IsLint(std::string_view code) {
  const LintRule* const rule = FindLintRule(code);
  return rule != nullptr && rule->code.name == code;
}

bool Dropped(const Diagnostic& diagnostic, const base::SourceMap& sources, std::vector<Ignore>& ignores) {
  if (!diagnostic.span.known() || (diagnostic.severity == Severity::kError && !IsLint(diagnostic.code))) return false;
  bool dropped = false;
  for (Ignore& ignore : ignores) {
    if (ignore.span.source != diagnostic.span.source || ignore.code != diagnostic.code) continue;
    if (sources.Locate(diagnostic.span.source, diagnostic.span.begin).line != ignore.line) continue;
    ignore.used = true;
    dropped = true;
  }
  return dropped;
}

// Whether all that could be found has been: an error may have kept a model from being looked at.
bool IsComplete(const base::Diagnostics& diagnostics) {
  return std::none_of(diagnostics.all().begin(), diagnostics.all().end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::kError && !IsLint(diagnostic.code);
  });
}

void ReportUnused(const Ignore& ignore, base::Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const LintRule* const rule : AllLintRules()) names.emplace_back(rule->code.name);
  const auto nearest = IsLint(ignore.code) ? std::nullopt : base::ClosestName(ignore.code, names);
  diagnostics
      .Report(kUnusedIgnore, ignore.span,
              fmt::format("this ignores nothing: line {} has no {}", ignore.line, ignore.code))
      .Help(nearest ? fmt::format("did you mean {}?", *nearest) : "take the comment out");
}

}  // namespace

void ApplyIgnores(const Config& config, bool judge, const base::SourceMap& sources, base::Diagnostics& diagnostics,
                  const std::set<std::string>* files) {
  std::vector<Ignore> ignores;
  base::Diagnostics complaints;
  for (SourceId source = 0; source < sources.size(); ++source) {
    const std::string_view name = sources.Name(source);
    if (!name.ends_with(".sql") || (files != nullptr && !files->contains(std::string(name)))) continue;
    if (sources.Text(source).find(kMark) == std::string_view::npos) continue;
    std::vector<Ignore> found = FileIgnores(sources, source, complaints).Find();
    ignores.insert(ignores.end(), found.begin(), found.end());
  }
  if (ignores.empty() && complaints.empty()) return;
  const bool complete = judge && IsComplete(diagnostics);
  base::Diagnostics kept;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (!Dropped(diagnostic, sources, ignores)) kept.Add(diagnostic);
  }
  diagnostics = std::move(kept);
  if (!complete) return;
  for (const Ignore& ignore : ignores) {
    if (!ignore.used && (config.lint || !IsLint(ignore.code))) ReportUnused(ignore, diagnostics);
  }
  diagnostics.Append(std::move(complaints));
}

}  // namespace wapc::compiler

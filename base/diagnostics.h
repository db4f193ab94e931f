#ifndef WAPC_BASE_DIAGNOSTICS_H_
#define WAPC_BASE_DIAGNOSTICS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace wapc::base {

enum class Severity : uint8_t { kError, kWarning, kInfo };

/// What a diagnostic is about, by a stable name in kebab case ("unknown-column"). Declared as a constant beside its
/// use, in the form `inline constexpr DiagnosticCode kUnknownColumn{"unknown-column", Severity::kError}` (constexpr
/// alone inside a .cc); a test fails for a code that no golden case shows.
struct DiagnosticCode {
  std::string_view name;
  Severity severity;
};

/// A second place that explains the first.
struct Note {
  Span span;
  std::string text;
};

/// An edit that would mend the fault: `safe` when it cannot change what the project means.
struct Fix {
  Span span;
  std::string replacement;
  std::string title;
  bool safe = false;
};

/// One finding. `message` says what is wrong and what was expected, `help` how to mend it.
struct Diagnostic {
  std::string_view code;
  Severity severity = Severity::kError;
  Span span;
  std::string message;
  std::string help;
  std::vector<Note> notes;
  std::optional<Fix> fix;
};

class Diagnostics;

/// Adds detail to a diagnostic; it is reported when the builder goes out of scope.
class DiagnosticBuilder {
 public:
  DiagnosticBuilder(Diagnostics& sink, Diagnostic diagnostic) : sink_(sink), diagnostic_(std::move(diagnostic)) {}
  DiagnosticBuilder(const DiagnosticBuilder&) = delete;
  DiagnosticBuilder& operator=(const DiagnosticBuilder&) = delete;
  ~DiagnosticBuilder();

  DiagnosticBuilder& Note(Span span, std::string text);
  DiagnosticBuilder& Help(std::string text);
  DiagnosticBuilder& Fix(Span span, std::string replacement, std::string title, bool safe);

 private:
  Diagnostics& sink_;
  Diagnostic diagnostic_;
};

/// Where a stage reports and goes on. One thread at a time; stages that run in parallel give each item its own and
/// append them in order.
class Diagnostics {
 public:
  DiagnosticBuilder Report(const DiagnosticCode& code, Span span, std::string message);
  void Add(Diagnostic diagnostic);
  void Append(Diagnostics&& other);

  bool has_errors() const { return errors_ > 0; }
  size_t error_count() const { return errors_; }
  size_t warning_count() const { return warnings_; }
  bool empty() const { return all_.empty(); }
  const std::vector<Diagnostic>& all() const { return all_; }
  /// Puts what was found inside of expanded macros at the call, with a note at every place in a macro that led there.
  /// Then orders by file name, then place, then code, and drops exact repeats.
  void Sort(const SourceMap& sources);

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
};

/// Diagnostics as people read them: place, severity[code], message, the source line with a caret, notes and help.
std::string RenderText(const Diagnostics& diagnostics, const SourceMap& sources, bool color);

/// Diagnostics as one JSON array; each has code, severity, message, help, file, line, column, end_line, end_column,
/// notes and fix.
std::string RenderJson(const Diagnostics& diagnostics, const SourceMap& sources);

/// The candidate nearest to a misspelt name, or nothing when none is near (edit distance at most a third of its
/// length; two swapped letters are one edit, letter case is none). Ties go to the first.
std::optional<std::string> ClosestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace wapc::base

#endif  // WAPC_BASE_DIAGNOSTICS_H_

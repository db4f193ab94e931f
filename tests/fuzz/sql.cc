#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "grammar/format.h"
#include "grammar/parser.h"
#include "grammar/printer.h"
#include "grammar/walk.h"
#include "tests/fuzz/targets.h"

namespace wapc::fuzz {
namespace {

using grammar::Dialect;

[[noreturn]] void Wrong(const char* what, const Dialect& dialect, std::string_view before, std::string_view after) {
  std::fprintf(stderr, "%s (%s)\n--- before\n%.*s\n--- after\n%.*s\n", what, std::string(dialect.name).c_str(),
               static_cast<int>(before.size()), before.data(), static_cast<int>(after.size()), after.data());
  std::abort();
}

/// A text with all that its tree refers to.
struct Read {
  Read(std::string_view text, const Dialect& dialect) : source(sources.Add("fuzz.sql", std::string(text))) {
    static thread_local grammar::Parser parser;
    document = parser.ParseDocument(sources, source, arena, diagnostics, dialect);
  }
  bool clean() const { return document != nullptr && diagnostics.empty(); }

  base::SourceMap sources;
  base::SourceId source;
  grammar::Arena arena;
  base::Diagnostics diagnostics;
  grammar::Document* document = nullptr;
};

const Dialect& DialectOf(char byte) {
  static const auto* const kAll = new std::vector<const Dialect*>(grammar::AllDialects());
  return *(*kAll)[static_cast<unsigned char>(byte) % kAll->size()];
}

size_t Quotes(std::string_view text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '"')); }

void PrintsBack(const grammar::Query& query, const Dialect& dialect, std::string_view source, bool pretty) {
  grammar::PrintOptions options;
  options.dialect = &dialect;
  options.pretty = pretty;
  const std::string text = grammar::Print(query, options);
  const Read again(text, dialect);
  if (!again.clean())
    Wrong("printed text is broken", dialect, text, RenderText(again.diagnostics, again.sources, false));
  if (again.document->statements.size() != 1) Wrong("printed text is not one statement", dialect, text, "");
  const grammar::Query* const reread = again.document->statements[0].query;
  if (reread != nullptr && Quotes(text) > Quotes(source)) {
    // A keyword that stood as a name is printed in quotes, which Equal takes for another where letter case counts.
    if (grammar::Print(*reread, options) != text) Wrong("printing again changes it", dialect, text, "");
    return;
  }
  if (reread == nullptr || !Equal(query, *reread)) {
    Wrong("printed text is another query", dialect, text, reread == nullptr ? "" : grammar::Print(*reread, options));
  }
}

}  // namespace

void Sql(std::string_view bytes) {
  if (bytes.empty()) return;
  const Read read(bytes.substr(1), DialectOf(bytes[0]));
  if (!read.clean()) {
    // Every message can be shown, whatever bytes it points at.
    RenderText(read.diagnostics, read.sources, false);
    return;
  }
  for (const grammar::Statement& statement : read.document->statements) {
    if (statement.query == nullptr) continue;
    PrintsBack(*statement.query, *read.document->dialect, bytes, false);
    PrintsBack(*statement.query, *read.document->dialect, bytes, true);
  }
}

void Format(std::string_view bytes) {
  if (bytes.empty()) return;
  const Dialect& dialect = DialectOf(bytes[0]);
  const auto format = [&dialect](std::string_view text) {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    grammar::Parser parser;
    const base::SourceId source = sources.Add("fuzz.sql", std::string(text));
    return FormatText(parser, sources, source, {}, diagnostics, dialect);
  };
  const grammar::Formatted once = format(bytes.substr(1));
  if (once.outcome == grammar::FormatOutcome::kBroken) return;
  if (once.outcome == grammar::FormatOutcome::kRefused) Wrong("formatting is refused", dialect, bytes.substr(1), "");
  const grammar::Formatted twice = format(once.text);
  if (twice.text != once.text) Wrong("formatting again changes it", dialect, once.text, twice.text);
}

}  // namespace wapc::fuzz

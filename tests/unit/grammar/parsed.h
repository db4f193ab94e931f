#ifndef WAPC_TESTS_UNIT_GRAMMAR_PARSED_H_
#define WAPC_TESTS_UNIT_GRAMMAR_PARSED_H_

#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "grammar/parser.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::grammar {

/// A text that was parsed, with everything that its tree refers to.
class Parsed {
 public:
  explicit Parsed(std::string_view text, const Dialect& dialect = DuckDbDialect())
      : source_(sources_.Add("model.sql", std::string(text))) {
    static thread_local Parser parser;
    document_ = parser.ParseDocument(sources_, source_, arena_, diagnostics_, dialect);
  }

  Document* document() const { return document_; }
  const Statement& statement(size_t i = 0) const { return document_->statements[i]; }
  Query* query(size_t i = 0) const { return document_ == nullptr ? nullptr : document_->statements[i].query; }
  const Select& select() const { return *As<Select>(query()->body); }
  Expr* item(size_t i = 0) const { return select().items[i].expr; }
  const base::Diagnostics& diagnostics() const { return diagnostics_; }
  std::string Text(base::Span span) const { return std::string(sources_.Text(span)); }
  std::string Rendered() const { return base::RenderText(diagnostics_, sources_, false); }
  /// "1:8 sql-syntax: message" of the first diagnostic.
  std::string First() const {
    if (diagnostics_.empty()) return "none";
    const base::Diagnostic& first = diagnostics_.all().front();
    const base::LineColumn at = sources_.Locate(first.span.source, first.span.begin);
    return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(first.code) + ": " +
           first.message;
  }
  std::string Help() const { return diagnostics_.empty() ? "" : diagnostics_.all().front().help; }
  Arena& arena() { return arena_; }

 private:
  base::SourceMap sources_;
  base::SourceId source_;
  Arena arena_;
  base::Diagnostics diagnostics_;
  Document* document_ = nullptr;
};

inline std::string Flat(const Query& query, const Dialect& dialect = DuckDbDialect()) {
  PrintOptions options;
  options.dialect = &dialect;
  return Print(query, options);
}
inline std::string Pretty(const Query& query, const Dialect& dialect = DuckDbDialect()) {
  PrintOptions options;
  options.dialect = &dialect;
  options.pretty = true;
  return Print(query, options);
}

}  // namespace wapc::grammar

#endif  // WAPC_TESTS_UNIT_GRAMMAR_PARSED_H_

#ifndef WAPC_GRAMMAR_PARSER_H_
#define WAPC_GRAMMAR_PARSER_H_

#include <memory>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "grammar/ast.h"
#include "grammar/dialect.h"

namespace wapc::grammar {

class ParseObserver;

/// Turns text into trees. Reuse one per thread: it keeps the generated parser's state. Broken text is reported with the
/// token that was found, what was expected there and how to mend it; what the dialect does not have is reported as
/// `not-in-dialect`, with a tree all the same. Nothing is thrown.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// A file: MODEL, AUDIT and MACRO blocks, queries, other statements. Null when the text is broken. It is read in the
  /// dialect that its own MODEL or AUDIT block names, where it names one that exists, else in `dialect`. An observer
  /// sees the tokens and concrete trees (grammar/parse_observer.h).
  Document* ParseDocument(const base::SourceMap& sources, base::SourceId source, Arena& arena,
                          base::Diagnostics& diagnostics, const Dialect& dialect = DuckDbDialect(),
                          ParseObserver* observer = nullptr);
  /// One query without a trailing semicolon, found at `within` of a source (an expression of YAML, say): spans are that
  /// place's. `text` is what to parse; when it is not byte for byte the source's (an escaped scalar), every span is
  /// `within` itself.
  Query* ParseQuery(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                    base::Diagnostics& diagnostics, const Dialect& dialect = DuckDbDialect());
  /// One expression, likewise.
  Expr* ParseExpression(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                        base::Diagnostics& diagnostics, const Dialect& dialect = DuckDbDialect());
  /// One type name, likewise ("decimal(18,4)").
  TypeName* ParseType(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                      base::Diagnostics& diagnostics, const Dialect& dialect = DuckDbDialect());

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PARSER_H_

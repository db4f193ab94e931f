#ifndef WAPC_GRAMMAR_PARSER_H_
#define WAPC_GRAMMAR_PARSER_H_

#include <memory>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "grammar/ast.h"

namespace wapc::grammar {

/// Turns text into trees. Reuse one per thread: it keeps the generated parser's state. Broken text is reported with the
/// token that was found, what was expected there and how to mend it; nothing is thrown.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// A file: MODEL, AUDIT and MACRO blocks, queries, other statements. Null when the text is broken.
  Document* ParseDocument(const base::SourceMap& sources, base::SourceId source, Arena& arena,
                          base::Diagnostics& diagnostics);
  /// One query without a trailing semicolon, found at `within` of a source (an expression of YAML, say): spans are that
  /// place's. `text` is what to parse; when it is not byte for byte the source's (an escaped scalar), every span is
  /// `within` itself.
  Query* ParseQuery(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                    base::Diagnostics& diagnostics);
  /// One expression, likewise.
  Expr* ParseExpression(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                        base::Diagnostics& diagnostics);
  /// One type name, likewise ("decimal(18,4)").
  TypeName* ParseType(std::string_view text, base::Span within, const base::SourceMap& sources, Arena& arena,
                      base::Diagnostics& diagnostics);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PARSER_H_

#include "compiler/translate/translate_text.h"

#include <fmt/format.h>

#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::compiler::translate {
namespace {

constexpr base::DiagnosticCode kNotAQuery{"not-a-query", base::Severity::kError};

// The comments up to an offset that were not given yet, one a line.
class CommentReader {
 public:
  explicit CommentReader(const grammar::Document& document) : comments_(document.comments) {}

  std::string UpTo(uint32_t offset) {
    std::string out;
    for (; next_ < comments_.size() && comments_[next_].span.begin < offset; ++next_) {
      out += std::string(comments_[next_].text) + "\n";
    }
    return out;
  }

 private:
  grammar::List<grammar::Comment> comments_;
  size_t next_ = 0;
};

std::string OneStatement(const grammar::Statement& statement, const Options& options, grammar::Arena& arena,
                         base::Diagnostics& diagnostics) {
  if (statement.kind != grammar::StatementKind::kQuery || statement.query == nullptr) {
    diagnostics
        .Report(kNotAQuery, statement.span, "this is no query: only SELECT, WITH, VALUES and FROM are translated")
        .Help("translate the query inside of it, and write the statement around it by hand");
    return {};
  }
  const size_t before = diagnostics.error_count();
  Translate(*statement.query, options, arena, diagnostics);
  if (diagnostics.error_count() > before) return {};
  grammar::PrintOptions print;
  print.dialect = options.to;
  print.pretty = true;
  return grammar::Print(*statement.query, print) + ";\n";
}

}  // namespace

std::string TranslateText(const base::SourceMap& sources, base::SourceId source, const Options& options,
                          base::Diagnostics& diagnostics) {
  grammar::Arena arena;
  grammar::Parser parser;
  const grammar::Document* const document = parser.ParseDocument(sources, source, arena, diagnostics, *options.from);
  if (document == nullptr) return {};
  CommentReader comments(*document);
  std::string out;
  for (const grammar::Statement& statement : document->statements) {
    const std::string before = comments.UpTo(statement.span.end);
    const std::string text = OneStatement(statement, options, arena, diagnostics);
    if (!text.empty()) out += before + text;
  }
  return out + comments.UpTo(static_cast<uint32_t>(sources.Text(source).size()) + 1);
}

}  // namespace wapc::compiler::translate

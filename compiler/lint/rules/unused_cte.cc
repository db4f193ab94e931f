#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "compiler/lint/rule.h"
#include "compiler/passes/scope.h"
#include "grammar/walk.h"

/// unused-cte: a CTE that nothing reads.
/// Why: it is text to read and to keep up for nothing; often the reference to it was meant to be there.
/// Bad: `WITH late AS (SELECT ...) SELECT * FROM marts.legs`. Good: read it, or take it out.
/// Fix (safe): takes it out.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kUnusedCte{"unused-cte", base::Severity::kWarning};
constexpr std::string_view kSpace = " \t\r\n";

bool Within(base::Span inner, base::Span outer) {
  return inner.source == outer.source && inner.begin >= outer.begin && inner.end <= outer.end;
}

size_t SkipSpace(std::string_view text, size_t at) { return std::min(text.find_first_not_of(kSpace, at), text.size()); }

bool StartsWithWord(std::string_view text, std::string_view word) {
  return text.size() > word.size() && SameName(text.substr(0, word.size()), word);
}

// What to take out so that the rest still reads well; unknown when the text is not as it is written (a macro's).
base::Span Removed(const grammar::Query& query, size_t index, const base::SourceMap& sources) {
  const base::Span cte = query.ctes[index].span;
  const std::string_view text = sources.Text(cte.source);
  const std::string_view name = query.ctes[index].name.text;
  if (!cte.known() || sources.Text(query.ctes[index].name.span).find(name) == std::string_view::npos) return {};
  if (query.ctes.size() == 1) {
    if (!StartsWithWord(text.substr(query.span.begin), "with")) return {};
    return {cte.source, query.span.begin, static_cast<uint32_t>(SkipSpace(text, cte.end))};
  }
  if (index + 1 == query.ctes.size()) return {cte.source, query.ctes[index - 1].span.end, cte.end};
  const size_t comma = SkipSpace(text, cte.end);
  if (comma >= text.size() || text[comma] != ',') return {};
  return {cte.source, cte.begin, static_cast<uint32_t>(SkipSpace(text, comma + 1))};
}

void CheckQuery(const grammar::Query& query, const std::vector<const grammar::TableName*>& names,
                const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  for (size_t i = 0; i < query.ctes.size(); ++i) {
    const grammar::Cte& cte = query.ctes[i];
    bool used = false;
    for (const grammar::TableName* const name : names) {
      used |= SameName(name->parts[0].text, cte.name.text) && !Within(name->span, cte.span);
    }
    if (used) continue;
    auto report = diagnostics.Report(kUnusedCte, cte.name.span, fmt::format("nothing reads \"{}\"", cte.name.text));
    const base::Span removed = Removed(query, i, sources);
    if (removed.known()) report.Fix(removed, "", fmt::format("take \"{}\" out", cte.name.text), true);
  }
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (context.model.query == nullptr) return;
  std::vector<const grammar::TableName*> names;
  std::vector<const grammar::Query*> queries;
  grammar::Visitor visitor;
  visitor.query = [&](grammar::Query& query) {
    if (!query.ctes.empty()) queries.push_back(&query);
    return true;
  };
  visitor.table = [&](grammar::TableRef& ref) {
    const auto* const name = grammar::As<grammar::TableName>(&ref);
    if (name != nullptr && name->parts.size() == 1) names.push_back(name);
    return true;
  };
  grammar::Walk(*context.model.query, visitor);
  for (const grammar::Query* const query : queries) CheckQuery(*query, names, context.sources, diagnostics);
}

}  // namespace

const LintRule& UnusedCteLint() {
  static const LintRule kRule{kUnusedCte, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler

#include "compiler/unit_tests/query.h"

#include <fmt/format.h>

#include "compiler/ast_build.h"
#include "compiler/plan/emit.h"
#include "compiler/translate/translate.h"
#include "grammar/fold.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

bool IsOrdered(const grammar::Query& query) { return !query.order_by.empty() || query.order_by_all; }

Moment TimeOf(RuntimeVariable::Moment moment, const TestTimes& times) {
  switch (moment) {
    case RuntimeVariable::Moment::kStart: return times.start.value_or(*ReadMoment("1970-01-01", false));
    case RuntimeVariable::Moment::kEnd: return times.end.value_or(*ReadMoment("1970-01-01", true));
    case RuntimeVariable::Moment::kExecution: return times.execution.value_or(*ReadMoment("1970-01-01", false));
  }
  return 0;
}

}  // namespace

TestQueries::TestQueries(const Model& model, const Project& project, const TestTimes& times,
                         base::Diagnostics& diagnostics)
    : model_(model), project_(project), times_(times) {
  if (project.config.dialect->name == grammar::DuckDbDialect().name) {
    query_ = model.query;
    return;
  }
  translate::Options options;
  options.from = project.config.dialect;
  options.to = &grammar::DuckDbDialect();
  query_ = translate::TranslateModel(model, project, options, arena_, diagnostics);
}

std::string TestQueries::Main() const { return Print(*query_); }

bool TestQueries::ordered() const { return IsOrdered(*query_); }

std::optional<TestQueries::OneCte> TestQueries::Cte(const std::string& name) const {
  for (const grammar::Cte& cte : query_->ctes) {
    if (grammar::FoldName(cte.name) != name) continue;
    grammar::Arena arena;
    const AstBuilder build(arena, cte.span);
    auto* const table = arena.New<grammar::TableName>();
    table->kind = grammar::TableRefKind::kName;
    table->parts = arena.Copy(std::vector<grammar::Identifier>{cte.name});
    auto* const star = arena.New<grammar::Star>();
    star->kind = grammar::ExprKind::kStar;
    grammar::SelectItem item{};
    item.expr = star;
    grammar::Query* const query = build.Select({item}, table, nullptr);
    query->recursive = query_->recursive;
    query->ctes = query_->ctes;
    return OneCte{Print(*query), IsOrdered(*cte.query)};
  }
  return std::nullopt;
}

std::vector<std::string> TestQueries::CteNames() const {
  std::vector<std::string> out;
  for (const grammar::Cte& cte : query_->ctes) out.push_back(grammar::FoldName(cte.name));
  return out;
}

std::string TestQueries::Print(const grammar::Query& query) const {
  grammar::PrintOptions options;
  options.dialect = &grammar::DuckDbDialect();
  // The catalog of a name is the gateway's database, which is not there.
  options.relation = [](const grammar::TableName& name) -> std::optional<std::string> {
    if (name.parts.size() != 3) return std::nullopt;
    return fmt::format("{}.{}", grammar::QuoteIdentifier(name.parts[1].text, grammar::DuckDbDialect()),
                       grammar::QuoteIdentifier(name.parts[2].text, grammar::DuckDbDialect()));
  };
  options.variable = [this](const grammar::MacroVariable& variable) -> std::optional<std::string> {
    const auto known = ReadRuntimeVariable(grammar::LowerCase(variable.name));
    if (!known) return std::nullopt;
    return RuntimeLiteral(*known, TimeOf(known->moment, times_));
  };
  if (times_.execution) {
    const RuntimeVariable now{RuntimeVariable::Moment::kExecution, RuntimeVariable::Form::kTstz};
    const std::string moment = RuntimeLiteral(now, *times_.execution);
    options.call = [moment](const grammar::FunctionCall& call) { return MomentCall(call, moment); };
  }
  return grammar::Print(query, options);
}

}  // namespace wapc::compiler

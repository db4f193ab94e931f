#include "compiler/lint/rule.h"

#include <algorithm>
#include <array>

#include "compiler/passes/functions.h"
#include "compiler/passes/scope.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;

// Rules of SQLMesh that are errors of the compiler here, by what they are called there.
constexpr std::array<std::string_view, 3> kAlwaysChecked = {"ambiguousorinvalidcolumn", "invalidselectstarexpansion",
                                                            "nomissingexternalmodels"};

std::string Normalized(std::string_view name) {
  std::string out = FoldName(name);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

bool IsOne(const grammar::Expr* expr) {
  const auto* const literal = As<grammar::Literal>(expr);
  return literal != nullptr && literal->text == "1";
}

bool IsAggregate(grammar::Expr& expr, const FunctionCatalog& catalog) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.query = [](grammar::Query&) { return false; };
  visitor.expr = [&](grammar::Expr& node) {
    const auto* const call = As<grammar::FunctionCall>(&node);
    if (call == nullptr || call->over != nullptr || !call->over_name.text.empty()) return true;
    const FunctionSet* const set = catalog.Find(call->name.back().text);
    found |= set != nullptr && set->has(FunctionKind::kAggregate);
    return true;
  };
  grammar::Walk(expr, visitor);
  return found;
}

}  // namespace

const LintRule* FindLintRule(std::string_view name) {
  const std::string wanted = Normalized(name);
  for (const LintRule* const rule : AllLintRules()) {
    if (rule->code.name == wanted) return rule;
    if (std::find(rule->aliases.begin(), rule->aliases.end(), wanted) != rule->aliases.end()) return rule;
  }
  return nullptr;
}

bool IsAlwaysChecked(std::string_view name) {
  return std::find(kAlwaysChecked.begin(), kAlwaysChecked.end(), FoldName(name)) != kAlwaysChecked.end();
}

const std::vector<std::string>& KeyOf(const Model& model) {
  return model.grain.empty() ? model.unique_key : model.grain;
}

bool GivesOneRow(const grammar::Query& query, const grammar::Dialect& dialect) {
  if (IsOne(query.limit)) return true;
  if (const auto* const values = As<grammar::Values>(query.body)) return values->rows.size() == 1;
  if (const auto* const nested = As<grammar::NestedQuery>(query.body)) return GivesOneRow(*nested->query, dialect);
  const auto* const select = As<grammar::Select>(query.body);
  if (select == nullptr) return false;
  const auto is_call = [](const grammar::SelectItem& item) {
    const auto* const call = As<grammar::FunctionCall>(item.expr);
    return call != nullptr && FoldName(call->name.back().text) == "unnest";
  };
  if (select->from == nullptr) return std::none_of(select->items.begin(), select->items.end(), is_call);
  if (!select->group_by.empty() || select->group_by_all) return false;
  const FunctionCatalog& catalog = FunctionCatalog::Of(dialect);
  return std::any_of(select->items.begin(), select->items.end(),
                     [&](const grammar::SelectItem& item) { return IsAggregate(*item.expr, catalog); });
}

const grammar::Query* FindCteQuery(const grammar::Query& query, std::string_view name) {
  const grammar::Query* found = nullptr;
  grammar::Visitor visitor;
  visitor.query = [&](grammar::Query& inner) {
    for (const grammar::Cte& cte : inner.ctes) {
      if (SameName(cte.name.text, name)) found = cte.query;
    }
    return true;
  };
  // It only reads.
  grammar::Walk(const_cast<grammar::Query&>(query), visitor);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return found;
}

}  // namespace wapc::compiler

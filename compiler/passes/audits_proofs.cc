#include "compiler/passes/audits_proofs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "compiler/passes/audits_template.h"
#include "compiler/passes/binder.h"
#include "compiler/project/quarantine.h"
#include "grammar/fold.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::BinaryOp;
using grammar::Expr;

const Expr* ArgumentOf(const AuditCall& call, std::string_view name) {
  for (const auto& [argument, value] : call.arguments) {
    if (argument == name) return value;
  }
  return nullptr;
}

// The columns that an audit names; nothing when one of them is no plain name.
std::optional<std::vector<std::string>> ColumnsOf(const AuditCall& call) {
  Expr* const columns = const_cast<Expr*>(ArgumentOf(call, "columns"));  // NOLINT: only looked at
  if (columns == nullptr) return std::nullopt;
  std::vector<std::string> out;
  for (const Expr* const item : ListItems(columns)) {
    const auto* const ref = As<grammar::ColumnRef>(item);
    if (ref == nullptr) return std::nullopt;
    out.push_back(grammar::FoldName(ref->parts.back()));
  }
  return out;
}

std::string Text(const Expr& expr) { return grammar::Print(expr, {}); }

// Relations whose rows are all in each row of the query: an outer join would add NULLs.
bool JoinsInnerOnly(const grammar::TableRef* ref) {
  if (ref == nullptr || As<grammar::TableName>(ref) != nullptr) return true;
  const auto* const join = As<grammar::Join>(ref);
  if (join == nullptr || join->only_if != nullptr) return false;
  const bool inner = join->join == grammar::JoinKind::kInner || join->join == grammar::JoinKind::kCross ||
                     join->join == grammar::JoinKind::kComma;
  return inner && JoinsInnerOnly(join->left) && JoinsInnerOnly(join->right);
}

class NullProver {
 public:
  NullProver(const Project& project, const Model& model, const grammar::Select& select)
      : project_(project), model_(model), select_(select) {
    if (select.where != nullptr && select.where_if == nullptr) TakeConditions(*select.where);
  }

  // Why the column at that place is never NULL.
  std::optional<std::string> Column(size_t at) {
    const Expr& expr = *select_.items[at].expr;
    if (auto proof = Prove(expr)) return proof;
    const auto* const ref = As<grammar::ColumnRef>(&expr);
    if (ref == nullptr) return std::nullopt;
    return FromUpstream(model_.columns[at]);
  }

 private:
  void TakeConditions(const Expr& expr) {
    if (const auto* const binary = As<grammar::Binary>(&expr); binary != nullptr && binary->op == BinaryOp::kAnd) {
      TakeConditions(*binary->left);
      TakeConditions(*binary->right);
    }
    const auto* const is_null = As<grammar::IsNull>(&expr);
    const bool column = is_null != nullptr && is_null->negated && As<grammar::ColumnRef>(is_null->operand) != nullptr;
    if (column) filtered_.insert(Text(*is_null->operand));
  }

  std::optional<std::string> Prove(const Expr& expr) {
    if (filtered_.contains(Text(expr))) return fmt::format("WHERE keeps no row in which {} is NULL", Text(expr));
    if (const auto* const literal = As<grammar::Literal>(&expr)) {
      if (literal->type == grammar::LiteralKind::kNull) return std::nullopt;
      return fmt::format("{} is a value", Text(expr));
    }
    if (const auto* const cast = As<grammar::Cast>(&expr)) return ProveCast(*cast);
    if (const auto* const call = As<grammar::FunctionCall>(&expr)) return ProveCall(*call);
    if (const auto* const choice = As<grammar::Case>(&expr)) return ProveCase(*choice);
    if (As<grammar::IsNull>(&expr) != nullptr) return fmt::format("{} is true or false", Text(expr));
    return std::nullopt;
  }

  // A cast fails or gives a value, but for JSON's own null.
  std::optional<std::string> ProveCast(const grammar::Cast& cast) {
    auto proof = cast.style == grammar::CastStyle::kTryCast ? std::nullopt : Prove(*cast.operand);
    if (!proof || As<grammar::Literal>(cast.operand) != nullptr) return proof;
    if (!types_) types_ = TypesOf(project_, model_);
    const auto type = types_->find(cast.operand);
    if (type == types_->end()) return std::nullopt;
    const metadata::TypeKind kind = type->second.type.kind;
    const bool plain = kind != metadata::TypeKind::kUnknown && kind != metadata::TypeKind::kJson &&
                       kind != metadata::TypeKind::kEngine;
    return plain ? proof : std::nullopt;
  }

  std::optional<std::string> ProveCall(const grammar::FunctionCall& call) {
    if (call.name.size() != 1) return std::nullopt;
    const std::string name = grammar::FoldName(call.name.back());
    const bool window = call.over != nullptr || !call.over_name.text.empty();
    if (name == "count" || (window && (name == "row_number" || name == "rank" || name == "dense_rank"))) {
      return fmt::format("{} gives a number for every row", name);
    }
    if (name != "coalesce" || window) return std::nullopt;
    for (const grammar::Argument& argument : call.arguments) {
      if (Prove(*argument.value)) return fmt::format("{} falls back on {}", Text(call), Text(*argument.value));
    }
    return std::nullopt;
  }

  std::optional<std::string> ProveCase(const grammar::Case& choice) {
    if (choice.otherwise == nullptr || !Prove(*choice.otherwise)) return std::nullopt;
    const bool all = std::all_of(choice.whens.begin(), choice.whens.end(),
                                 [this](const grammar::WhenClause& when) { return Prove(*when.result).has_value(); });
    return all ? std::optional<std::string>("every branch of its CASE gives a value") : std::nullopt;
  }

  // A column taken over as it is from a table that is audited itself.
  std::optional<std::string> FromUpstream(const compiler::Column& column) const {
    if (column.sources.size() != 1 || !JoinsInnerOnly(select_.from)) return std::nullopt;
    const Model& upstream = project_.models[static_cast<size_t>(column.sources[0].model)];
    const bool stored = upstream.has_build() && upstream.kind != ModelKind::kView;
    const bool direct = std::find(model_.depends_on.begin(), model_.depends_on.end(), column.sources[0].model) !=
                        model_.depends_on.end();
    if (!stored || !direct) return std::nullopt;
    for (const AuditCall& audit : upstream.audits) {
      const bool enforced = audit.name == "not_null" && audit.blocking && audit.max_rows == 0 && audit.max_share == 0 &&
                            ArgumentOf(audit, "condition") == nullptr && !upstream.local_audits.contains("not_null") &&
                            !project_.audits.contains("not_null");
      const auto names = enforced ? ColumnsOf(audit) : std::nullopt;
      if (names && std::find(names->begin(), names->end(), column.sources[0].column) != names->end()) {
        return fmt::format("{} is audited not to have NULL in {}", upstream.name, column.sources[0].column);
      }
    }
    return std::nullopt;
  }

  const Project& project_;
  const Model& model_;
  const grammar::Select& select_;
  std::set<std::string> filtered_;
  std::optional<ExprTypes> types_;
};

// The place of an audited column among the query's; nothing when it has no such column.
std::optional<size_t> PlaceOf(const Model& model, const std::string& name) {
  for (size_t i = 0; i < model.columns.size(); ++i) {
    if (grammar::LowerCase(model.columns[i].name) == name) return i;
  }
  return std::nullopt;
}

std::optional<std::string> ProveNotNull(const Project& project, const Model& model, const grammar::Select& select,
                                        const std::vector<std::string>& columns) {
  // ROLLUP and its like put NULL where a key is left out.
  const bool plain = std::all_of(
      select.group_by.begin(), select.group_by.end(),
      [](const grammar::GroupElement& element) { return element.kind == grammar::GroupElementKind::kExpr; });
  if (!plain || select.group_by_if != nullptr) return std::nullopt;
  NullProver prover(project, model, select);
  std::vector<std::string> proofs;
  for (const std::string& name : columns) {
    const auto place = PlaceOf(model, name);
    auto proof = place ? prover.Column(*place) : std::nullopt;
    if (!proof) return std::nullopt;
    if (std::find(proofs.begin(), proofs.end(), *proof) == proofs.end()) proofs.push_back(std::move(*proof));
  }
  return fmt::format("{}", fmt::join(proofs, "; "));
}

// Whether a key of GROUP BY is the projection at that place.
bool IsKey(const Expr& key, const grammar::Select& select, size_t place) {
  if (const auto* const literal = As<grammar::Literal>(&key)) return literal->text == std::to_string(place + 1);
  const grammar::SelectItem& item = select.items[place];
  return Text(key) == Text(*item.expr);
}

// One row for each value of the keys: unique when all keys are among the columns.
std::optional<std::string> ProveUnique(const Model& model, const grammar::Select& select,
                                       const std::vector<std::string>& columns) {
  std::vector<size_t> places;
  for (const std::string& name : columns) {
    const auto place = PlaceOf(model, name);
    if (!place) return std::nullopt;
    places.push_back(*place);
  }
  if (select.group_by.empty() || select.group_by_all || select.group_by_if != nullptr) return std::nullopt;
  std::vector<std::string> keys;
  for (const grammar::GroupElement& element : select.group_by) {
    const bool among =
        element.kind == grammar::GroupElementKind::kExpr &&
        std::any_of(places.begin(), places.end(), [&](size_t place) { return IsKey(*element.expr, select, place); });
    if (!among) return std::nullopt;
    keys.push_back(Text(*element.expr));
  }
  return fmt::format("GROUP BY {} gives one row for each", fmt::join(keys, ", "));
}

}  // namespace

std::optional<std::string> ProofOf(const Project& project, const Model& model, const AuditCall& call) {
  const bool whole = model.kind == ModelKind::kFull || model.kind == ModelKind::kView;
  const bool own = model.local_audits.contains(call.name) || project.audits.contains(call.name);
  if (!whole || own || call.standalone || model.query == nullptr || IsQuarantine(call)) return std::nullopt;
  const auto* const select = As<grammar::Select>(model.query->body);
  if (select == nullptr || select->items.size() != model.columns.size()) return std::nullopt;
  const auto columns = ColumnsOf(call);
  if (!columns || columns->empty()) return std::nullopt;
  if (call.name == "not_null") return ProveNotNull(project, model, *select, *columns);
  const bool unique =
      call.name == "unique_combination_of_columns" || (call.name == "unique_values" && columns->size() == 1);
  return unique ? ProveUnique(model, *select, *columns) : std::nullopt;
}

}  // namespace wapc::compiler

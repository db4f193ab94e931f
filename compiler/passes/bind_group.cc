#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/binder_impl.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using grammar::As;

namespace {

constexpr base::DiagnosticCode kNotGrouped{"not-grouped", base::Severity::kError};

bool Contains(const std::vector<ColumnPlace>& places, ColumnPlace place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

}  // namespace

void Binder::BindGroupBy(grammar::Select& select, Scope& scope) {
  scope.grouping.by_all = select.group_by_all;
  scope.grouping.grouped = select.group_by_all || !select.group_by.empty();
  scope.clause = Clause::kGroupBy;
  bool several = false;
  const size_t errors = diagnostics_->error_count();
  for (const grammar::GroupElement& element : select.group_by) {
    several |= element.kind != grammar::GroupElementKind::kExpr;
    BindGroupElement(element, scope);
  }
  scope.grouping.failed = diagnostics_->error_count() > errors;
  if (!several) return;
  // Under ROLLUP, CUBE and GROUPING SETS a column is NULL in the groups that are not by it.
  for (ScopeTable& table : scope.tables) {
    table.outer = true;
    table.not_null.clear();
  }
}

void Binder::BindGroupElement(const grammar::GroupElement& element, Scope& scope) {
  for (const grammar::GroupElement& child : element.elements) BindGroupElement(child, scope);
  if (element.expr == nullptr) return;
  size_t index = 0;
  if (auto* const tuple = As<grammar::Tuple>(element.expr)) {
    for (Expr* const item : tuple->items) AddGroup(*item, scope);
  } else if (Position(*element.expr, scope.items.size(), "GROUP BY", &index)) {
    if (index < scope.items.size() && As<grammar::Star>(scope.items[index].expr) == nullptr) {
      AliasValue(scope, index, element.expr->span);
      AddGroupColumn(*scope.items[index].expr, scope);
    }
  } else {
    AddGroup(*element.expr, scope);
  }
}

void Binder::AddGroup(Expr& expr, Scope& scope) {
  const Restore whole(scope.whole, As<grammar::ColumnRef>(&expr) != nullptr);
  BindExpr(expr, scope);
  if (const auto* const ref = As<grammar::ColumnRef>(&expr); ref != nullptr && ref->parts.size() == 1) {
    const Lookup found = FindName(Key(ref->parts[0]), scope);
    if (found.found == Found::kAlias && found.scope == &scope) {
      AddGroupColumn(*scope.items[found.index].expr, scope);
      return;
    }
  }
  AddGroupColumn(expr, scope);
}

void Binder::AddGroupColumn(const Expr& expr, Scope& scope) {
  if (const auto* const ref = As<grammar::ColumnRef>(&expr)) {
    Scope* holder = nullptr;
    ColumnPlace place;
    if (ref->parts.size() == 1) {
      const Lookup found = FindName(Key(ref->parts[0]), scope);
      if (found.found == Found::kMerged) {
        scope.grouping.columns.push_back(
            {found.scope->merged[found.index].table, found.scope->merged[found.index].column});
        return;
      }
      if (found.found == Found::kColumn) {
        scope.grouping.columns.push_back(found.place);
        return;
      }
    } else if (const ScopeTable* const table =
                   FindTable({}, Key(ref->parts[ref->parts.size() - 2]), scope, &holder, &place.table)) {
      const int column = ColumnOf(*table->relation, Key(ref->parts.back()));
      if (column >= 0) {
        scope.grouping.columns.push_back({place.table, static_cast<size_t>(column)});
        return;
      }
    }
  }
  scope.grouping.exprs.push_back(&expr);
  scope.grouping.keys.push_back(GroupKey(expr, scope));
}

bool Binder::IsGrouped(const Expr& expr, Scope& scope) {
  const Grouping& grouping = scope.grouping;
  bool same_kind = false;
  for (const Expr* const group : grouping.exprs) {
    if (group == &expr) return true;
    same_kind |= group->kind == expr.kind;
  }
  if (!same_kind) return false;
  return std::find(grouping.keys.begin(), grouping.keys.end(), GroupKey(expr, scope)) != grouping.keys.end();
}

// The text of an expression in which `a` and `t.a` are one where they name one column.
std::string Binder::GroupKey(const Expr& expr, Scope& scope) {
  const auto replace = [&](const Expr& node) -> Expr* {
    const auto* const ref = As<grammar::ColumnRef>(&node);
    if (ref == nullptr || ref->parts.size() < 2) return nullptr;
    Scope* holder = nullptr;
    size_t index = 0;
    if (FindTable({}, Key(ref->parts[ref->parts.size() - 2]), scope, &holder, &index) == nullptr) return nullptr;
    const Lookup bare = FindName(Key(ref->parts.back()), scope);
    if (bare.found != Found::kColumn || bare.scope != holder || bare.place.table != index) return nullptr;
    auto* const out = scratch_.New<grammar::ColumnRef>(*ref);
    out->parts = ref->parts.subspan(ref->parts.size() - 1);
    return out;
  };
  return grammar::PrintCanonical(*grammar::Clone(expr, scratch_, {replace, nullptr}), dialect_);
}

// GROUP BY ALL: by every item without an aggregate.
void Binder::GroupByAll(Scope& scope) {
  Grouping& grouping = scope.grouping;
  for (size_t i = 0; i < scope.items.size(); ++i) {
    if (!scope.states[i].has_aggregate && As<grammar::ColumnRef>(scope.items[i].expr) != nullptr) {
      AddGroupColumn(*scope.items[i].expr, scope);
    }
  }
  std::erase_if(grouping.bare, [&](const BareColumn& bare) {
    return !scope.states[bare.item].has_aggregate || Contains(grouping.columns, bare.place);
  });
}

void Binder::ReportBare(Scope& scope) {
  const Grouping& grouping = scope.grouping;
  if (grouping.failed || (!grouping.aggregated && !grouping.grouped)) return;
  std::vector<ColumnPlace> reported;
  for (const BareColumn& bare : grouping.bare) {
    if (Contains(grouping.columns, bare.place) || Contains(reported, bare.place)) continue;
    reported.push_back(bare.place);
    Report(kNotGrouped, bare.span,
           grouping.grouped ? fmt::format("\"{}\" is neither in GROUP BY nor inside an aggregate", bare.name)
                            : fmt::format("\"{}\" stands beside an aggregate, but there is no GROUP BY", bare.name))
        .Help(fmt::format("add {0} to GROUP BY, or take one value of the group: any_value({0})", bare.name));
  }
}

}  // namespace wapc::compiler

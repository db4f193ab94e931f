#include "compiler/passes/bind_facts.h"

#include <algorithm>

#include "compiler/passes/scope.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::Expr;

class SelectRecorder {
 public:
  SelectRecorder(const grammar::Select& select, Scope& scope, const std::map<const grammar::TableName*, int>* models,
                 SelectFacts& out)
      : select_(select), scope_(scope), models_(models), out_(out), clause_(scope.clause) {
    scope_.clause = Clause::kFrom;  // aliases of the SELECT list are not meant
  }
  SelectRecorder(const SelectRecorder&) = delete;
  SelectRecorder& operator=(const SelectRecorder&) = delete;
  ~SelectRecorder() { scope_.clause = clause_; }

  void Run() {
    for (const ScopeTable& table : scope_.tables) out_.tables.push_back({table.alias, -1, table.span});
    size_t next = 0;
    if (select_.from != nullptr) AddTables(*select_.from, next);
    if (!out_.joins.empty()) AddConditions(select_.where, nullptr);
    for (const grammar::SelectItem& item : select_.items) out_.items.push_back(ColumnOf(item.expr));
    for (const grammar::GroupElement& element : select_.group_by) AddGroup(element);
  }

 private:
  // The tables below a reference stand in the scope in the order of the text.
  void AddTables(const grammar::TableRef& ref, size_t& next) {
    if (const auto* const join = As<grammar::Join>(&ref)) {
      JoinFact fact{join, next, 0, 0, !join->using_columns.empty()};
      AddTables(*join->left, next);
      fact.middle = next;
      AddTables(*join->right, next);
      fact.end = next;
      fact.connected |= join->natural && HasMerged(fact);
      out_.joins.push_back(fact);
      AddUsing(fact);
      AddConditions(join->on, join);
      return;
    }
    if (next < out_.tables.size()) {
      if (const auto* const name = As<grammar::TableName>(&ref); name != nullptr && models_ != nullptr) {
        if (const auto found = models_->find(name); found != models_->end()) out_.tables[next].model = found->second;
      }
    }
    ++next;
  }

  bool HasMerged(const JoinFact& fact) const {
    return std::any_of(scope_.tables.begin() + static_cast<std::ptrdiff_t>(std::min(fact.middle, scope_.tables.size())),
                       scope_.tables.begin() + static_cast<std::ptrdiff_t>(std::min(fact.end, scope_.tables.size())),
                       [](const ScopeTable& table) { return !table.merged.empty(); });
  }

  // USING (a) is left.a = right.a.
  void AddUsing(const JoinFact& fact) {
    for (const grammar::Identifier& name : fact.join->using_columns) {
      const auto left = FindAmong(name, fact.begin, fact.middle);
      const auto right = FindAmong(name, fact.middle, fact.end);
      if (left && right) AddEqual(*left, *right, name.span);
    }
  }

  std::optional<ColumnPlace> FindAmong(const grammar::Identifier& name, size_t begin, size_t end) const {
    for (size_t t = begin; t < std::min(end, scope_.tables.size()); ++t) {
      const int column = FindColumn(*scope_.tables[t].relation, name.text, NameHash(name.text), scope_.names);
      if (column >= 0) return ColumnPlace{t, static_cast<size_t>(column)};
    }
    return std::nullopt;
  }

  // Each part of a conjunction by itself.
  void AddConditions(const Expr* condition, const grammar::Join* join) {
    if (condition == nullptr) return;
    const auto* const binary = As<grammar::Binary>(condition);
    if (binary != nullptr && binary->op == grammar::BinaryOp::kAnd) {
      AddConditions(binary->left, join);
      AddConditions(binary->right, join);
      return;
    }
    const std::vector<bool> tables = TablesOf(*condition);
    for (JoinFact& fact : out_.joins) {
      const auto named = [&](size_t begin, size_t end) {
        return std::find(tables.begin() + static_cast<std::ptrdiff_t>(std::min(begin, tables.size())),
                         tables.begin() + static_cast<std::ptrdiff_t>(std::min(end, tables.size())),
                         true) != tables.begin() + static_cast<std::ptrdiff_t>(std::min(end, tables.size()));
      };
      fact.connected |= named(fact.begin, fact.middle) && named(fact.middle, fact.end);
    }
    const auto* const distinct = As<grammar::IsDistinct>(condition);
    if (binary != nullptr && binary->op == grammar::BinaryOp::kEq) {
      AddEquality(*binary->left, *binary->right, binary->span);
    } else if (distinct != nullptr && distinct->negated) {
      AddEquality(*distinct->left, *distinct->right, distinct->span);
    }
  }

  void AddEquality(const Expr& left, const Expr& right, base::Span span) {
    const auto one = PlaceOf(&left);
    const auto other = PlaceOf(&right);
    if (one && other) {
      AddEqual(*one, *other, span);
      return;
    }
    if (one) AddFixed(*one, right);
    if (other) AddFixed(*other, left);
  }

  void AddEqual(ColumnPlace one, ColumnPlace other, base::Span span) {
    if (one.table == other.table) return;
    out_.fixed.push_back({FactOf(one), false});
    out_.fixed.push_back({FactOf(other), false});
    out_.comparisons.push_back({FactOf(one), FactOf(other), ColumnAt(one).type, ColumnAt(other).type, span});
  }

  void AddFixed(ColumnPlace place, const Expr& value) {
    const std::vector<bool> tables = TablesOf(value);
    if (tables[place.table]) return;
    out_.fixed.push_back({FactOf(place), std::find(tables.begin(), tables.end(), true) == tables.end()});
  }

  void AddGroup(const grammar::GroupElement& element) {
    size_t item = SIZE_MAX;
    const auto* const literal = As<grammar::Literal>(element.expr);
    if (literal != nullptr && literal->type == grammar::LiteralKind::kNumber) {
      const auto at = static_cast<size_t>(std::atoi(std::string(literal->text).c_str()));
      item = at - 1;
    } else {
      for (size_t i = 0; i < select_.items.size() && element.expr != nullptr; ++i) {
        if (Stands(select_.items[i], *element.expr)) item = i;
      }
    }
    std::optional<ColumnFact> column = ColumnOf(element.expr);
    if (!column && item < out_.items.size()) column = out_.items[item];
    out_.groups.push_back(column);
    out_.group_items.push_back(item < select_.items.size() ? item : SIZE_MAX);
  }

  // Whether a GROUP BY expression is an item of the list, or its alias.
  static bool Stands(const grammar::SelectItem& item, const Expr& group) {
    const auto* const name = As<grammar::ColumnRef>(&group);
    const bool alias = name != nullptr && name->parts.size() == 1 && SameName(name->parts[0].text, item.alias.text);
    return alias || grammar::Equal(*item.expr, group);
  }

  std::optional<ColumnPlace> PlaceOf(const Expr* expr) const {
    const auto* const ref = As<grammar::ColumnRef>(expr);
    if (ref == nullptr) return std::nullopt;
    if (ref->parts.size() == 1) {
      const Lookup found = FindName(ref->parts[0].text, scope_);
      if (found.scope != &scope_) return std::nullopt;
      if (found.found == Found::kColumn) return found.place;
      if (found.found == Found::kMerged) {
        return ColumnPlace{scope_.merged[found.index].table, scope_.merged[found.index].column};
      }
      return std::nullopt;
    }
    Scope* holder = nullptr;
    size_t index = 0;
    const ScopeTable* const table = FindTable({}, ref->parts[0].text, scope_, &holder, &index);
    if (table == nullptr || holder != &scope_) return std::nullopt;
    const int column = FindColumn(*table->relation, ref->parts[1].text, NameHash(ref->parts[1].text), scope_.names);
    if (column < 0) return std::nullopt;
    return ColumnPlace{index, static_cast<size_t>(column)};
  }

  // Which tables of this SELECT an expression names, subqueries included.
  std::vector<bool> TablesOf(const Expr& expr) const {
    std::vector<bool> out(scope_.tables.size(), false);
    grammar::Visitor visitor;
    visitor.expr = [&](Expr& node) {
      const auto* const ref = As<grammar::ColumnRef>(&node);
      if (ref == nullptr) return true;
      Scope* holder = nullptr;
      size_t index = 0;
      if (const auto place = PlaceOf(ref)) {
        out[place->table] = true;
      } else if (FindTable({}, ref->parts[0].text, scope_, &holder, &index) != nullptr && holder == &scope_) {
        out[index] = true;
      }
      return true;
    };
    grammar::Walk(const_cast<Expr&>(expr), visitor);  // NOLINT(cppcoreguidelines-pro-type-const-cast): it only reads
    return out;
  }

  const RelationColumn& ColumnAt(ColumnPlace place) const {
    return scope_.tables[place.table].relation->columns[place.column];
  }
  ColumnFact FactOf(ColumnPlace place) const { return {place.table, ColumnAt(place).name}; }
  std::optional<ColumnFact> ColumnOf(const Expr* expr) const {
    const auto place = PlaceOf(expr);
    return place ? std::optional(FactOf(*place)) : std::nullopt;
  }

  const grammar::Select& select_;
  Scope& scope_;
  const std::map<const grammar::TableName*, int>* models_;
  SelectFacts& out_;
  Clause clause_;
};

// What each star of the list became: items whose text lies within it.
std::vector<StarFact> StarsOf(const grammar::Select& select, grammar::List<grammar::SelectItem> written) {
  std::vector<StarFact> out;
  if (written.data() == select.items.data()) return out;
  for (const grammar::SelectItem& item : written) {
    const auto* const star = As<grammar::Star>(item.expr);
    if (star == nullptr) continue;
    StarFact fact{star, {}};
    for (const grammar::SelectItem& expanded : select.items) {
      const base::Span at = expanded.expr->span;
      if (at.source == star->span.source && at.begin >= star->span.begin && at.end <= star->span.end) {
        fact.items.push_back(expanded);
      }
    }
    out.push_back(std::move(fact));
  }
  return out;
}

// `GROUP BY x` groups by the column x, also where the list gives another value that name.
void RecordGroupNames(const grammar::Select& select, const SelectFacts& known, BindFacts& facts) {
  for (size_t g = 0; g < select.group_by.size(); ++g) {
    const auto* const name = As<grammar::ColumnRef>(select.group_by[g].expr);
    if (name == nullptr || name->parts.size() != 1 || !known.groups[g]) continue;
    for (size_t i = 0; i < select.items.size(); ++i) {
      const grammar::SelectItem& item = select.items[i];
      const bool other = SameName(item.alias.text, name->parts[0].text) && As<grammar::ColumnRef>(item.expr) == nullptr;
      if (!other || known.groups[g]->name.empty() || !SameName(known.groups[g]->name, item.alias.text)) continue;
      facts.names.push_back({NameFact::Why::kAliasInGroupBy, name->parts[0].text, {}, name->span, item.alias.span});
    }
  }
}

}  // namespace

void RecordSelect(const grammar::Select& select, grammar::List<grammar::SelectItem> written, Scope& scope,
                  const std::map<const grammar::TableName*, int>* models, BindFacts& facts) {
  const bool stars = written.data() != select.items.data();
  const bool joins = select.from != nullptr && select.from->kind == grammar::TableRefKind::kJoin;
  if (!stars && !joins && select.group_by.empty()) return;
  SelectFacts out;
  out.select = &select;
  out.stars = StarsOf(select, written);
  SelectRecorder(select, scope, models, out).Run();
  if (!select.group_by.empty()) RecordGroupNames(select, out, facts);
  facts.selects.push_back(std::move(out));
}

void RecordName(const grammar::ColumnRef& ref, const Lookup& found, const Scope& scope, BindFacts& facts) {
  // Without a FROM of its own, or in it, a subquery can only mean what stands around it.
  const bool open = scope.tables.empty() || scope.clause == Clause::kFrom || !scope.lambdas.empty();
  if (found.found != Found::kColumn || ref.parts.size() != 1 || open) return;
  const ScopeTable& table = found.scope->tables[found.place.table];
  facts.names.push_back({NameFact::Why::kOuterQuery, ref.parts[0].text, table.alias, ref.span, table.span});
}

}  // namespace wapc::compiler

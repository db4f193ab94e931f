#include "compiler/plan/query_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "compiler/passes/functions.h"
#include "grammar/fold.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using grammar::As;
using grammar::Expr;
using grammar::LowerCase;
using grammar::Query;
using grammar::Select;
using grammar::TableRef;

namespace {

using Item = QueryDifference::Item;

// What lies under a query and may differ.
struct Touched {
  Names columns;
  std::map<std::string, std::string> relations;  ///< CTEs whose rows may differ, and why
};

constexpr std::array<std::string_view, 7> kClauses = {"DISTINCT", "FROM",   "WHERE",  "GROUP BY",
                                                      "HAVING",   "WINDOW", "QUALIFY"};

// A SELECT with only one of its clauses.
Select Only(const Select& from, size_t clause) {
  Select out;
  out.kind = grammar::BodyKind::kSelect;
  switch (clause) {
    case 0:
      out.distinct = from.distinct;
      out.distinct_on = from.distinct_on;
      break;
    case 1: out.from = from.from; break;
    case 2:
      out.where = from.where;
      out.where_if = from.where_if;
      break;
    case 3:
      out.group_by = from.group_by;
      out.group_by_all = from.group_by_all;
      out.group_by_if = from.group_by_if;
      break;
    case 4:
      out.having = from.having;
      out.having_if = from.having_if;
      break;
    case 5: out.windows = from.windows; break;
    default: out.qualify = from.qualify; break;
  }
  return out;
}

std::string NameOf(const grammar::SelectItem& item) {
  if (!item.alias.text.empty()) return LowerCase(item.alias.text);
  const auto* const ref = As<grammar::ColumnRef>(item.expr);
  return ref == nullptr ? std::string() : LowerCase(ref->parts.back().text);
}

// `a.city` and `a.city AS city`: whoever says the name means the same, the column or the item.
bool IsPlain(const grammar::SelectItem& item) {
  const auto* const ref = As<grammar::ColumnRef>(item.expr);
  return ref != nullptr && LowerCase(ref->parts.back().text) == NameOf(item);
}

bool SameNames(grammar::List<grammar::Identifier> a, grammar::List<grammar::Identifier> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) { return left.text == right.text; });
}

class Comparer {
 public:
  explicit Comparer(const grammar::Dialect& dialect) : dialect_(dialect), catalog_(FunctionCatalog::Of(dialect)) {}

  QueryDifference Compare(Query& old, Query& now, Touched touched) {
    CompareCtes(old, now, touched);
    QueryDifference out = CompareBodies(old.body, now.body, touched);
    if (out.rows.empty()) out.rows = OrderAndLimit(old, now, touched, out);
    return out;
  }

  void TakeAliases(Query& query) {
    grammar::Visitor visitor;
    visitor.table = [this](TableRef& ref) {
      if (!ref.alias.text.empty()) aliases_.insert(LowerCase(ref.alias.text));
      if (const auto* const name = As<grammar::TableName>(&ref)) aliases_.insert(LowerCase(name->parts.back().text));
      return true;
    };
    grammar::Walk(query, visitor);
  }

 private:
  std::string Text(const Query& query) const { return grammar::PrintCanonical(query, dialect_); }
  std::string Text(const Expr* expr) const { return expr == nullptr ? "" : grammar::PrintCanonical(*expr, dialect_); }
  std::string Text(grammar::QueryBody& body) const {
    Query query;
    query.body = &body;
    return Text(query);
  }

  bool MentionsRelation(TableRef& ref, const Touched& touched) const {
    if (const auto* const name = As<grammar::TableName>(&ref)) {
      return name->parts.size() == 1 && touched.relations.contains(LowerCase(name->parts[0].text));
    }
    if (touched.columns.empty()) return false;
    if (const auto* const join = As<grammar::Join>(&ref)) {
      return join->natural ||
             std::any_of(join->using_columns.begin(), join->using_columns.end(),
                         [&](const auto& name) { return touched.columns.contains(LowerCase(name.text)); });
    }
    return As<grammar::Pivot>(&ref) != nullptr || As<grammar::Unpivot>(&ref) != nullptr;
  }

  // Whether an expression may mean something else: it names a touched column, or a whole row.
  bool MentionsColumn(const Expr& expr, const Touched& touched) const {
    if (touched.columns.empty()) return false;
    if (const auto* const star = As<grammar::Star>(&expr)) return !star->qualifier.empty();
    const auto* const ref = As<grammar::ColumnRef>(&expr);
    if (ref == nullptr) return false;
    if (ref->parts.size() == 1 && aliases_.contains(LowerCase(ref->parts[0].text))) return true;
    return std::any_of(ref->parts.begin(), ref->parts.end(),
                       [&](const auto& part) { return touched.columns.contains(LowerCase(part.text)); });
  }

  grammar::Visitor Finder(const Touched& touched, bool into_subqueries, bool& found) const {
    grammar::Visitor visitor;
    visitor.expr = [this, &touched, &found](Expr& expr) {
      found = found || MentionsColumn(expr, touched);
      return !found;
    };
    visitor.table = [this, &touched, into_subqueries, &found](TableRef& ref) {
      found = found || MentionsRelation(ref, touched);
      const auto* const subquery = As<grammar::SubqueryRef>(&ref);
      return !found && (into_subqueries || subquery == nullptr || subquery->lateral);
    };
    return visitor;
  }

  bool Mentions(Expr& expr, const Touched& touched) const {
    bool found = false;
    grammar::Walk(expr, Finder(touched, true, found));
    return found;
  }

  bool Mentions(Select& clause, const Touched& touched, bool into_subqueries = true) const {
    Query query;
    query.body = &clause;
    bool found = false;
    grammar::Walk(query, Finder(touched, into_subqueries, found));
    return found;
  }

  void CompareCtes(Query& old, Query& now, Touched& touched) {
    for (grammar::Cte& cte : now.ctes) {
      const std::string name = LowerCase(cte.name.text);
      const auto before = std::find_if(old.ctes.begin(), old.ctes.end(),
                                       [&](const grammar::Cte& other) { return other.name.text == cte.name.text; });
      if (before == old.ctes.end()) {
        touched.relations[name] = fmt::format("its WITH has {} now", name);
        continue;
      }
      QueryDifference difference = Compare(*before->query, *cte.query, touched);
      const bool differs = !difference.rows.empty() || !difference.same;
      if (differs &&
          (old.recursive || now.recursive || !SameNames(before->columns, cte.columns) || !cte.columns.empty())) {
        difference.rows = fmt::format("{} in its WITH changed", name);
      }
      if (!difference.rows.empty()) touched.relations[name] = difference.rows;
      touched.columns.merge(difference.touched());
    }
    for (const grammar::Cte& cte : old.ctes) {
      const bool kept = std::any_of(now.ctes.begin(), now.ctes.end(),
                                    [&](const grammar::Cte& other) { return other.name.text == cte.name.text; });
      if (!kept) touched.relations[LowerCase(cte.name.text)] = fmt::format("its WITH lost {}", cte.name.text);
    }
  }

  static QueryDifference Whole(std::string why) {
    QueryDifference out;
    out.rows = std::move(why);
    return out;
  }

  QueryDifference CompareBodies(grammar::QueryBody* old, grammar::QueryBody* now, const Touched& touched) {
    if (old->kind != now->kind) return Whole("its query has another shape");
    if (auto* const select = As<Select>(now)) return CompareSelects(*As<Select>(old), *select, touched);
    if (auto* const both = As<grammar::SetOperation>(now)) {
      return CompareSets(*As<grammar::SetOperation>(old), *both, touched);
    }
    if (auto* const nested = As<grammar::NestedQuery>(now)) {
      return Compare(*As<grammar::NestedQuery>(old)->query, *nested->query, touched);
    }
    return Text(*old) == Text(*now) ? QueryDifference{} : Whole("its VALUES changed");
  }

  QueryDifference CompareSets(grammar::SetOperation& old, grammar::SetOperation& now, const Touched& touched) {
    if (old.op != now.op || old.all != now.all || old.by_name != now.by_name || old.common != now.common) {
      return Whole("its set operation changed");
    }
    QueryDifference left = CompareBodies(old.left, now.left, touched);
    const QueryDifference right = CompareBodies(old.right, now.right, touched);
    if (!left.rows.empty()) return left;
    if (!right.rows.empty()) return right;
    if (left.same && right.same) return left;
    // Where rows are compared with each other, every column decides; by name, places tell nothing.
    if (!now.all || now.op != grammar::SetOperator::kUnion || now.by_name || now.common) {
      return Whole("a side of its set operation changed");
    }
    return ByPosition(std::move(left), right);
  }

  static QueryDifference ByPosition(QueryDifference left, const QueryDifference& right) {
    const bool known = left.same || right.same || left.items.size() == right.items.size();
    if (!known || left.same) return Whole("a side of its UNION changed");
    for (size_t i = 0; i < left.items.size(); ++i) {
      const int place = static_cast<int>(i);
      const Item other = right.same ? Item{{}, place, false} : right.items[i];
      if (left.items[i].old != other.old) return Whole("a side of its UNION changed");
      left.items[i].changed = left.items[i].changed || other.changed;
    }
    return left;
  }

  // A call in a list of columns that makes more or fewer rows than it is given.
  bool MakesRows(Expr& expr, bool grouped) const {
    bool found = false;
    grammar::Visitor visitor;
    visitor.query = [](Query&) { return false; };
    visitor.expr = [&](Expr& node) {
      const auto* const call = As<grammar::FunctionCall>(&node);
      if (call == nullptr || call->over != nullptr || !call->over_name.text.empty()) return true;
      const FunctionSet* const set = catalog_.Find(LowerCase(call->name.back().text));
      const bool table = catalog_.FindTable(LowerCase(call->name.back().text)) != nullptr;
      found = found || set == nullptr || table || (!grouped && set->has(FunctionKind::kAggregate));
      return true;
    };
    grammar::Walk(expr, visitor);
    return found;
  }

  QueryDifference CompareSelects(Select& old, Select& now, Touched touched) {
    for (Select* const select : {&old, &now}) {
      for (const grammar::SelectItem& item : select->items) {
        if (As<grammar::Star>(item.expr) == nullptr) continue;
        return Text(old) == Text(now) && touched.columns.empty() ? QueryDifference{} : Whole("it selects *");
      }
    }
    if (!SameUnnamed(old, now)) return Whole("a column without a name changed");
    if (std::string why = CompareFrom(old.from, now.from, touched); !why.empty()) return Whole(std::move(why));
    for (size_t clause = 0; clause < kClauses.size(); ++clause) {
      Select before = Only(old, clause);
      Select after = Only(now, clause);
      if (clause != 1 && Text(before) != Text(after)) return Whole(fmt::format("its {} changed", kClauses[clause]));
    }
    QueryDifference out = CompareItems(old, now, touched);
    out.rows = RowsOf(old, now, touched, out);
    return out;
  }

  // Finds each item's old place; then whatever names a column that is touched is touched itself, until nothing is
  // added. Names of items that are more than a column join the touched ones.
  QueryDifference CompareItems(Select& old, Select& now, Touched& touched) const {
    QueryDifference out;
    for (const grammar::SelectItem& item : now.items) out.items.push_back(Place(item, old, out.items.size()));
    for (const grammar::SelectItem& item : old.items) {
      const std::string name = NameOf(item);
      const bool kept = std::any_of(now.items.begin(), now.items.end(),
                                    [&](const grammar::SelectItem& other) { return NameOf(other) == name; });
      if (kept) continue;
      out.gone.insert(name);
      if (!IsPlain(item)) touched.columns.insert(name);
    }
    for (bool more = true; more;) {
      more = false;
      for (size_t i = 0; i < out.items.size(); ++i) {
        Item& item = out.items[i];
        if (!item.changed && Mentions(*now.items[i].expr, touched)) item.changed = true;
        const bool alias = (item.changed || item.old < 0) && !IsPlain(now.items[i]);
        more = (alias && touched.columns.insert(item.name).second) || more;
      }
    }
    out.same = out.gone.empty() && old.items.size() == now.items.size();
    for (size_t i = 0; i < out.items.size(); ++i) {
      out.same = out.same && !out.items[i].changed && out.items[i].old == static_cast<int>(i);
    }
    return out;
  }

  // Columns whose names only the engine knows can be told from each other by their place alone.
  bool SameUnnamed(const Select& old, const Select& now) const {
    const auto any = [](const Select& select) {
      return std::any_of(select.items.begin(), select.items.end(),
                         [](const grammar::SelectItem& item) { return NameOf(item).empty(); });
    };
    return (!any(old) && !any(now)) ||
           std::equal(old.items.begin(), old.items.end(), now.items.begin(), now.items.end(),
                      [this](const grammar::SelectItem& a, const grammar::SelectItem& b) {
                        return NameOf(a) == NameOf(b) && (!NameOf(a).empty() || Text(a.expr) == Text(b.expr));
                      });
  }

  Item Place(const grammar::SelectItem& item, const Select& old, size_t index) const {
    const std::string name = NameOf(item);
    if (name.empty()) return {name, static_cast<int>(index), false};
    const auto found = std::find_if(old.items.begin(), old.items.end(),
                                    [&](const grammar::SelectItem& other) { return NameOf(other) == name; });
    if (found == old.items.end()) return {name, -1, false};
    return {name, static_cast<int>(found - old.items.begin()), Text(found->expr) != Text(item.expr)};
  }

  // Why items that differ, or clauses that name what differs, change which rows there are.
  std::string RowsOf(Select& old, Select& now, const Touched& touched, const QueryDifference& items) const {
    for (size_t clause = 0; clause < kClauses.size(); ++clause) {
      Select after = Only(now, clause);
      if (Mentions(after, touched, false)) return fmt::format("its {} reads what changed", kClauses[clause]);
    }
    if (items.same) return {};
    if (now.distinct && now.distinct_on.empty()) return "its rows are DISTINCT";
    if (now.group_by_all) return "it groups by all columns";
    const bool grouped = !now.group_by.empty();
    for (size_t i = 0; i < items.items.size(); ++i) {
      const Item& item = items.items[i];
      if (item.old >= 0 && !item.changed) continue;
      const bool before = item.old >= 0 && MakesRows(*old.items[static_cast<size_t>(item.old)].expr, grouped);
      if (before || MakesRows(*now.items[i].expr, grouped)) return "a column of it makes rows";
    }
    for (const grammar::SelectItem& item : old.items) {
      if (items.gone.contains(NameOf(item)) && MakesRows(*item.expr, grouped)) return "a column of it makes rows";
    }
    return GroupPlaces(now, items);
  }

  // GROUP BY 2: the columns up to there must be where they were.
  static std::string GroupPlaces(const Select& now, const QueryDifference& items) {
    size_t last = 0;
    for (const grammar::GroupElement& element : now.group_by) {
      if (element.kind != grammar::GroupElementKind::kExpr) return "its groups are sets";
      if (const auto* const place = As<grammar::Literal>(element.expr)) {
        size_t number = 0;
        std::from_chars(place->text.data(), place->text.data() + place->text.size(), number);
        last = std::max(last, number);
      }
    }
    for (size_t i = 0; i < std::min(last, items.items.size()); ++i) {
      if (items.items[i].changed || items.items[i].old != static_cast<int>(i)) return "it groups by what changed";
    }
    return {};
  }

  // The same relations in the same joins; what differs in subqueries is added to what is touched. Says why not.
  std::string CompareFrom(TableRef* old, TableRef* now, Touched& touched) {
    if (old == nullptr && now == nullptr) return {};
    const std::string changed = "its FROM changed";
    const bool alike = old != nullptr && now != nullptr && old->kind == now->kind &&
                       old->alias.text == now->alias.text && SameNames(old->column_aliases, now->column_aliases) &&
                       old->sample == nullptr && now->sample == nullptr;
    if (!alike) return changed;
    if (const auto* const join = As<grammar::Join>(now)) return CompareJoins(*As<grammar::Join>(old), *join, touched);
    if (const auto* const subquery = As<grammar::SubqueryRef>(now)) {
      QueryDifference inner = Compare(*As<grammar::SubqueryRef>(old)->query, *subquery->query, touched);
      if (inner.rows.empty() && !inner.same && !now->column_aliases.empty()) inner.rows = changed;
      touched.columns.merge(inner.touched());
      return inner.rows;
    }
    Select before;
    Select after;
    before.kind = after.kind = grammar::BodyKind::kSelect;
    before.from = old;
    after.from = now;
    if (Text(before) != Text(after)) return changed;
    const auto* const name = As<grammar::TableName>(now);
    if (name == nullptr || name->parts.size() != 1) return {};
    const auto dirty = touched.relations.find(LowerCase(name->parts[0].text));
    return dirty == touched.relations.end() ? std::string() : dirty->second;
  }

  std::string CompareJoins(const grammar::Join& old, const grammar::Join& now, Touched& touched) {
    const bool alike = old.join == now.join && old.natural == now.natural &&
                       SameNames(old.using_columns, now.using_columns) && Text(old.on) == Text(now.on) &&
                       Text(old.only_if) == Text(now.only_if) && Text(old.match_condition) == Text(now.match_condition);
    if (!alike) return "its joins changed";
    if (std::string why = CompareFrom(old.left, now.left, touched); !why.empty()) return why;
    return CompareFrom(old.right, now.right, touched);
  }

  std::string OrderAndLimit(Query& old, Query& now, const Touched& touched, const QueryDifference& body) const {
    Query before;
    Query after;
    Select empty;
    empty.kind = grammar::BodyKind::kSelect;
    before.body = after.body = &empty;
    for (const auto& [from, to] : {std::pair{&old, &before}, std::pair{&now, &after}}) {
      to->order_by = from->order_by;
      to->order_by_all = from->order_by_all;
      to->order_by_all_descending = from->order_by_all_descending;
      to->limit = from->limit;
      to->offset = from->offset;
      to->limit_percent = from->limit_percent;
      to->with_ties = from->with_ties;
    }
    if (Text(before) != Text(after)) return "its ORDER BY or LIMIT changed";
    if (now.limit == nullptr && now.offset == nullptr) return {};
    // Which rows are first hangs on what they are ordered by, and on every column where that is the same.
    Touched all = touched;
    all.columns.merge(body.touched());
    bool found = !body.same && (now.order_by.empty() || now.order_by_all);
    for (const grammar::OrderItem& item : now.order_by) {
      found = found || As<grammar::Literal>(item.expr) != nullptr || Mentions(*item.expr, all);
    }
    return found && !(body.same && all.columns.empty()) ? "its LIMIT takes other rows" : "";
  }

  const grammar::Dialect& dialect_;
  const FunctionCatalog& catalog_;
  Names aliases_;
};

}  // namespace

Names QueryDifference::touched() const {
  Names out = gone;
  for (const Item& item : items) {
    if (item.changed || item.old < 0) out.insert(item.name);
  }
  return out;
}

QueryDifference CompareQueries(Query& old, Query& now, const Names& upstream, const grammar::Dialect& dialect) {
  Comparer comparer(dialect);
  comparer.TakeAliases(old);
  comparer.TakeAliases(now);
  return comparer.Compare(old, now, {upstream, {}});
}

}  // namespace wapc::compiler

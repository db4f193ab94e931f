#include <algorithm>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

template <class T>
T* NewBody(Arena& arena, Span span) {
  auto* body = arena.New<T>(QueryBody{T::kKind, span});
  return body;
}

}  // namespace

/// Of the rules query and plainQuery, which differ only in how they may start.
Query* Builder::BuildQuery(uint32_t node) {
  const int outer = std::exchange(height_, 0);
  Cursor c = Children(node);
  auto* query = arena_.New<Query>();
  query->span = NodeSpan(node);
  if (c.At(Rule::WithClause)) WithClause(c.TakeRule(), query);
  QueryBody* const first = BuildBody(c.TakeRule());
  // TOP of the only SELECT is a LIMIT.
  Expr* const top = std::exchange(top_, nullptr);
  QueryAfterFirst(c, query, first);
  if (top != nullptr) {
    if (first->kind != BodyKind::kSelect || query->body != first || query->limit != nullptr) {
      Fail(top->span, "TOP may only stand in a query of one SELECT without LIMIT", "use LIMIT");
    }
    query->limit = top;
  }
  const int height = height_ + 1;
  CheckHeight(height, query->span);
  height_ = std::max(outer, height);
  return query;
}

/// The rest of a query after its first SELECT: set operations, ORDER BY, LIMIT.
Query* Builder::QueryAfterFirst(Cursor& c, Query* query, QueryBody* first) {
  query->body = c.At(Rule::SetTail) ? SetOperations(c, first) : first;
  if (c.At(Rule::QueryTail)) QueryTail(c.TakeRule(), query);
  // A parenthesised query that nothing was added to is the query itself.
  if (auto* nested = As<NestedQuery>(query->body); nested != nullptr && query->ctes.empty() &&
                                                   query->order_by.empty() && !query->order_by_all &&
                                                   query->limit == nullptr && query->offset == nullptr) {
    const Span span = query->span;
    *query = *nested->query;
    query->span = span;
  }
  return query;
}

void Builder::WithClause(uint32_t node, Query* query) {
  Cursor c = Children(node);
  query->recursive = c.At(TokenKind::WITH_RECURSIVE);
  const uint32_t word = c.TakeToken();
  if (TokenAt(word).kind == TokenKind::MACRO_WITH) query->ctes_if = ClauseCondition(c);
  std::vector<Cte> ctes;
  CommaList(c, [&] { ctes.push_back(BuildCte(c.TakeRule())); });
  query->ctes = arena_.Copy(ctes);
}

Cte Builder::BuildCte(uint32_t node) {
  Cursor c = Children(node);
  Cte cte{};
  cte.span = NodeSpan(node);
  cte.name = Name(c);
  if (c.At(TokenKind::LPAREN)) cte.columns = NamesInParens(c);
  c.Accept(TokenKind::AS);
  cte.materialized = Materialization::kDefault;
  const bool negated = c.Accept(TokenKind::NOT);
  if (c.Accept(TokenKind::MATERIALIZED)) {
    Needs(Feature::kMaterialized, SpanOf(c.Position() - 1, c.Position()));
    cte.materialized = negated ? Materialization::kNotMaterialized : Materialization::kMaterialized;
  }
  c.Accept(TokenKind::LPAREN);
  cte.query = BuildQuery(c.TakeRule());
  return cte;
}

QueryBody* Builder::BuildBody(uint32_t node) {
  switch (cst_.nodes[node].rule) {
    case Rule::Select: return BuildSelect(node);
    case Rule::Values: return BuildValues(node);
    case Rule::MacroQuery: {
      Cursor c = Children(node);
      auto* macro = NewBody<MacroQuery>(arena_, NodeSpan(node));
      macro->call = BuildMacro(c, c.Position());
      return macro;
    }
    default: {
      Cursor c = Children(node);
      c.Accept(TokenKind::LPAREN);
      auto* nested = NewBody<NestedQuery>(arena_, NodeSpan(node));
      nested->query = BuildQuery(c.TakeRule());
      // Parentheses around a plain SELECT change nothing.
      const Query& inner = *nested->query;
      const bool plain = inner.ctes.empty() && inner.order_by.empty() && !inner.order_by_all &&
                         inner.limit == nullptr && inner.offset == nullptr && inner.body != nullptr &&
                         inner.body->kind != BodyKind::kSetOperation;
      return plain ? inner.body : nested;
    }
  }
}

/// INTERSECT binds tighter than UNION and EXCEPT; each is taken from the left.
QueryBody* Builder::SetOperations(Cursor& c, QueryBody* first) {
  QueryBody* left = first;          // of UNION and EXCEPT
  SetOperation* pending = nullptr;  // the UNION or EXCEPT whose right side may still grow by INTERSECT
  int count = 0;
  while (c.At(Rule::SetTail)) {
    const uint32_t node = c.TakeRule();
    Cursor tail = Children(node);
    auto* operation = NewBody<SetOperation>(arena_, {});
    operation->op = tail.At(TokenKind::UNION)       ? SetOperator::kUnion
                    : tail.At(TokenKind::INTERSECT) ? SetOperator::kIntersect
                                                    : SetOperator::kExcept;
    tail.TakeToken();
    operation->all = tail.Accept(TokenKind::ALL);
    tail.Accept(TokenKind::DISTINCT);
    if (operation->all && operation->op != SetOperator::kUnion) Needs(Feature::kSetAll, NodeSpan(node));
    operation->by_name = tail.Accept(TokenKind::BY);
    if (operation->by_name) {
      const uint32_t name = tail.TakeToken();
      if (LowerText(TextOf(name)) != "name") Fail(SpanOf(name, name + 1), "expected NAME after BY");
      Needs(Feature::kSetByName, SpanOf(name - 1, name + 1));
    }
    QueryBody* const right = BuildBody(tail.TakeRule());
    const bool inner = operation->op == SetOperator::kIntersect && pending != nullptr;
    operation->left = inner ? pending->right : left;
    operation->right = right;
    operation->span = base::Join(operation->left->span, right->span);
    if (inner) {
      pending->right = operation;
      pending->span = base::Join(pending->span, right->span);
    } else {
      left = operation;
      pending = operation->op == SetOperator::kIntersect ? nullptr : operation;
    }
    ++count;
  }
  height_ += count;
  CheckHeight(height_, left->span);
  return left;
}

void Builder::QueryTail(uint32_t node, Query* query) {
  Cursor c = Children(node);
  if (c.At(TokenKind::ORDER) || c.At(TokenKind::MACRO_ORDER_BY)) OrderByTail(c, query);
  bool limited = false;
  bool offset = false;
  while (!c.AtEnd()) {
    const uint32_t word = c.Position();
    bool& seen = c.At(TokenKind::OFFSET) ? offset : limited;
    if (seen) Fail(SpanOf(word, word + 1), "a query has at most one LIMIT and one OFFSET");
    seen = true;
    LimitPart(c, query);
  }
}

void Builder::OrderByTail(Cursor& c, Query* query) {
  if (TokenAt(c.TakeToken()).kind == TokenKind::MACRO_ORDER_BY) query->order_by_if = ClauseCondition(c);
  c.Accept(TokenKind::BY);
  if (c.Accept(TokenKind::ALL)) {
    query->order_by_all = true;
    Needs(Feature::kOrderByAll, SpanOf(c.Position() - 1, c.Position()));
    query->order_by_all_descending = c.Accept(TokenKind::DESC);
    c.Accept(TokenKind::ASC);
    query->order_by_all_nulls_first = c.Accept(TokenKind::NULLS_FIRST);
    query->order_by_all_nulls_last = c.Accept(TokenKind::NULLS_LAST);
    return;
  }
  std::vector<OrderItem> items;
  CommaList(c, [&] { items.push_back(BuildOrderItem(c.TakeRule())); });
  query->order_by = arena_.Copy(items);
}

/// LIMIT n, LIMIT n PERCENT, OFFSET n ROWS, FETCH FIRST n ROWS ONLY.
void Builder::LimitPart(Cursor& c, Query* query) {
  const uint32_t word = c.TakeToken();
  const TokenKind kind = TokenAt(word).kind;
  if (kind == TokenKind::FETCH_FIRST) {
    Needs(Feature::kFetchFirst, SpanOf(word, word + 1));
    return FetchPart(c.TakeRule(), query);
  }
  if (kind == TokenKind::MACRO_LIMIT) query->limit_if = ClauseCondition(c);
  if (c.Accept(TokenKind::ALL)) return Needs(Feature::kLimitAll, SpanOf(word, c.Position()));
  Expr* const value = TakeExpr(c);
  (kind == TokenKind::OFFSET ? query->offset : query->limit) = value;
  if (c.Accept(TokenKind::ROWS) || !c.At(TokenKind::IDENT)) return;
  const uint32_t unit = c.TakeToken();
  const std::string_view text = LowerText(TextOf(unit));
  if (kind == TokenKind::OFFSET && text == "row") return;
  if (kind == TokenKind::LIMIT && text == "percent") {
    query->limit_percent = true;
    return Needs(Feature::kLimitPercent, SpanOf(unit, unit + 1));
  }
  Fail(SpanOf(unit, unit + 1), "found '" + std::string(TextOf(unit)) + "', expected the end of the statement");
}

void Builder::FetchPart(uint32_t node, Query* query) {
  Cursor c = Children(node);
  const uint32_t first = c.Position();
  const Span at = SpanOf(first, first + 1);
  if (c.Accept(TokenKind::LPAREN)) {
    query->limit = TakeExpr(c);
    c.Accept(TokenKind::RPAREN);
  } else if (c.Accept(TokenKind::NUMBER)) {
    query->limit = Make<Literal>(at, LiteralKind::kNumber, TextOf(first));
  } else if (c.Accept(TokenKind::PARAM) || c.Accept(TokenKind::QUESTION)) {
    query->limit = Make<Parameter>(at, TextOf(first));
  } else if (c.Accept(TokenKind::MACRO_NAME)) {
    query->limit = Make<MacroVariable>(at, TextOf(first).substr(1));
  } else {
    query->limit = Make<Literal>(at, LiteralKind::kNumber, std::string_view("1"));
  }
  const uint32_t rows = c.TakeToken();
  const bool counted = TokenAt(rows).kind == TokenKind::ROWS || LowerText(TextOf(rows)) == "row";
  const uint32_t last = c.TakeToken();
  query->with_ties = TokenAt(last).kind == TokenKind::WITH_TIES;
  if (query->with_ties) Needs(Feature::kFetchTies, SpanOf(last, last + 1));
  if (query->with_ties && query->order_by.empty()) {
    Fail(SpanOf(last, last + 1), "WITH TIES needs an ORDER BY", "say by what rows are tied, or write ONLY");
  }
  if (!counted || (!query->with_ties && LowerText(TextOf(last)) != "only")) {
    Fail(SpanOf(rows, last + 1), "expected ROWS ONLY or ROWS WITH TIES");
  }
}

/// `TABLE t` is SELECT * FROM t.
QueryBody* Builder::TableCommand(Cursor& c, Select* select) {
  const uint32_t first = c.Position();
  Needs(Feature::kTableCommand, SpanOf(first - 1, first));
  std::vector<Identifier> parts{Name(c)};
  while (c.Accept(TokenKind::DOT)) parts.push_back(Name(c));
  const Span span = SpanOf(first, c.Position());
  auto* table = arena_.New<TableName>(TableRef{TableRefKind::kName, span});
  table->parts = arena_.Copy(parts);
  select->from = table;
  const std::vector<SelectItem> all{{Make<Star>(span), {}, span}};
  select->items = arena_.Copy(all);
  if (!c.AtEnd()) {
    Fail(SpanOf(c.Position(), c.Position() + 1),
         "found " + std::string(TextOf(c.Position())) + " after TABLE and a name",
         "write SELECT * FROM ... to add clauses");
  }
  return select;
}

QueryBody* Builder::BuildSelect(uint32_t node) {
  Cursor c = Children(node);
  auto* select = NewBody<Select>(arena_, NodeSpan(node));
  if (c.Accept(TokenKind::TABLE)) return TableCommand(c, select);
  if (c.At(Rule::FromClause)) {
    Needs(Feature::kFromFirst, SpanOf(c.Position(), c.Position() + 1));
    select->from = BuildFrom(c.TakeRule());
  }
  if (c.Accept(TokenKind::SELECT)) {
    SelectList(c.TakeRule(), select);
  } else {
    const Span at = select->from->span;
    const std::vector<SelectItem> all{{Make<Star>(at), {}, at}};
    select->items = arena_.Copy(all);
  }
  if (c.At(Rule::FromClause)) select->from = BuildFrom(c.TakeRule());
  if (c.Accept(TokenKind::MACRO_WHERE)) {
    select->where_if = ClauseCondition(c);
    select->where = TakeExpr(c);
  }
  if (c.Accept(TokenKind::WHERE)) select->where = TakeExpr(c);
  if (c.Accept(TokenKind::MACRO_GROUP_BY)) {
    select->group_by_if = ClauseCondition(c);
    GroupBy(c, select);
  }
  if (c.Accept(TokenKind::GROUP)) GroupBy(c, select);
  if (c.Accept(TokenKind::MACRO_HAVING)) {
    select->having_if = ClauseCondition(c);
    select->having = TakeExpr(c);
  }
  if (c.Accept(TokenKind::HAVING)) select->having = TakeExpr(c);
  if (c.Accept(TokenKind::WINDOW)) {
    Needs(Feature::kNamedWindow, SpanOf(c.Position() - 1, c.Position()));
    std::vector<NamedWindow> windows;
    CommaList(c, [&] {
      Cursor window = Children(c.TakeRule());
      const Identifier name = Name(window);
      window.Accept(TokenKind::AS);
      windows.push_back({name, BuildWindow(window.TakeRule())});
    });
    select->windows = arena_.Copy(windows);
  }
  if (c.Accept(TokenKind::QUALIFY)) {
    Needs(Feature::kQualify, SpanOf(c.Position() - 1, c.Position()));
    select->qualify = TakeExpr(c);
  }
  return select;
}

/// The parenthesis of `@WHERE(condition)`, where the cursor stands before it.
Expr* Builder::ClauseCondition(Cursor& c) {
  c.Accept(TokenKind::LPAREN);
  Expr* const condition = TakeExpr(c);
  c.Accept(TokenKind::RPAREN);
  return condition;
}

void Builder::SelectList(uint32_t node, Select* select) {
  Cursor c = Children(node);
  select->distinct = c.Accept(TokenKind::DISTINCT);
  c.Accept(TokenKind::ALL);
  if (c.Accept(TokenKind::ON)) {
    Needs(Feature::kDistinctOn, SpanOf(c.Position() - 2, c.Position()));
    c.Accept(TokenKind::LPAREN);
    std::vector<Expr*> on;
    CommaList(c, [&] { on.push_back(TakeExpr(c)); });
    c.Accept(TokenKind::RPAREN);
    select->distinct_on = arena_.Copy(on);
  }
  if (c.Accept(TokenKind::TOP)) {
    const uint32_t count = c.TakeToken();
    Needs(Feature::kTop, SpanOf(count - 1, count + 1));
    top_ = Make<Literal>(SpanOf(count, count + 1), LiteralKind::kNumber, TextOf(count));
  }
  std::vector<SelectItem> items;
  CommaList(c, [&] { items.push_back(BuildSelectItem(c.TakeRule())); });
  select->items = arena_.Copy(items);
}

SelectItem Builder::BuildSelectItem(uint32_t node) {
  Cursor c = Children(node);
  SelectItem item{BuildExpr(c.TakeRule(), true), {}, NodeSpan(node)};
  if (c.AtEnd()) return item;
  if (c.Accept(TokenKind::COLON)) {
    const auto* name = As<ColumnRef>(item.expr);
    Needs(Feature::kPrefixAlias, item.expr->span);
    if (name == nullptr || name->parts.size() != 1) Fail(item.expr->span, "an alias before ':' must be one name");
    if (name != nullptr) item.alias = name->parts[0];
    item.expr = BuildExpr(c.TakeRule(), true);
    return item;
  }
  c.Accept(TokenKind::AS);
  if (c.At(TokenKind::STRING)) Needs(Feature::kStringAlias, SpanOf(c.Position(), c.Position() + 1));
  item.alias = Name(c);
  if (As<Star>(item.expr) != nullptr)
    Fail(item.alias.span, "'*' can't have an alias", "rename single columns with * RENAME (a AS b)");
  return item;
}

void Builder::GroupBy(Cursor& c, Select* select) {
  c.Accept(TokenKind::BY);
  if (c.Accept(TokenKind::ALL)) {
    select->group_by_all = true;
    Needs(Feature::kGroupByAll, SpanOf(c.Position() - 1, c.Position()));
    return;
  }
  std::vector<GroupElement> elements;
  CommaList(c, [&] { elements.push_back(BuildGroupElement(c.TakeRule())); });
  select->group_by = arena_.Copy(elements);
}

GroupElement Builder::BuildGroupElement(uint32_t node) {
  Cursor c = Children(node);
  if (!c.Accept(TokenKind::GROUPING_SETS)) {
    ++empties_;
    Expr* const expr = TakeExpr(c);
    --empties_;
    return GroupElementOf(expr);
  }
  c.Accept(TokenKind::LPAREN);
  GroupElement sets{GroupElementKind::kSets, nullptr, {}};
  std::vector<GroupElement> elements;
  CommaList(c, [&] { elements.push_back(BuildGroupElement(c.TakeRule())); });
  sets.elements = arena_.Copy(elements);
  return sets;
}

/// `rollup(a, b)` and `cube(a, b)` look like calls to the grammar, `()` like an empty tuple.
GroupElement Builder::GroupElementOf(Expr* expr) {
  if (const auto* tuple = As<Tuple>(expr); tuple != nullptr && tuple->items.empty() && !tuple->row) {
    return {GroupElementKind::kEmpty, nullptr, {}};
  }
  const auto* call = As<FunctionCall>(expr);
  if (call == nullptr || call->name.size() != 1 || call->name[0].quoted) return {GroupElementKind::kExpr, expr, {}};
  const std::string_view name = LowerText(call->name[0].text);
  if (name != "rollup" && name != "cube") return {GroupElementKind::kExpr, expr, {}};
  GroupElement out{name == "cube" ? GroupElementKind::kCube : GroupElementKind::kRollup, nullptr, {}};
  std::vector<GroupElement> elements;
  for (const Argument& argument : call->arguments) elements.push_back(GroupElementOf(argument.value));
  out.elements = arena_.Copy(elements);
  return out;
}

QueryBody* Builder::BuildValues(uint32_t node) {
  Cursor c = Children(node);
  c.TakeToken();
  std::vector<List<Expr*>> rows;
  do {
    Expr* const expr = TakeExpr(c);
    const auto* tuple = As<Tuple>(expr);
    std::vector<Expr*> row{expr};
    if (tuple != nullptr) row.assign(tuple->items.begin(), tuple->items.end());
    if (tuple == nullptr && !expr->parenthesized && As<ScalarSubquery>(expr) == nullptr) {
      Needs(Feature::kBareValues, expr->span);
    }
    if (!rows.empty() && rows.front().size() != row.size()) {
      Fail(row.empty() ? NodeSpan(node) : row.front()->span, "this row of VALUES has " + std::to_string(row.size()) +
                                                                 " values, the first one has " +
                                                                 std::to_string(rows.front().size()));
    }
    rows.push_back(arena_.Copy(row));
  } while (c.Accept(TokenKind::COMMA));
  auto* values = NewBody<Values>(arena_, NodeSpan(node));
  values->rows = arena_.Copy(rows);
  return values;
}

Query* Builder::EntryQuery() {
  Cursor c = Children(0);
  return BuildQuery(c.TakeRule());
}

Expr* Builder::EntryExpr() {
  Cursor c = Children(0);
  return BuildExpr(c.TakeRule());
}

TypeName* Builder::EntryType() {
  Cursor c = Children(0);
  return BuildType(c.TakeRule());
}

}  // namespace wapc::grammar

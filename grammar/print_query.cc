#include <algorithm>

#include "grammar/fold.h"
#include "grammar/writer.h"

namespace wapc::grammar {

void Writer::Clause() { pretty_ ? NewLine() : Put(" "); }

void Writer::WriteQuery(const Query& query) {
  const size_t outer = ctes_.size();
  if (!query.ctes.empty()) WriteCtes(query);
  WriteBody(*query.body);
  WriteTail(query);
  ctes_.resize(outer);
}

void Writer::WriteCtes(const Query& query) {
  PutClause(query.recursive ? "WITH RECURSIVE" : "WITH", query.ctes_if);
  bool first = true;
  for (const Cte& cte : query.ctes) {
    if (!first) {
      Put(pretty_ ? ",\n" : ", ");
      if (pretty_) NewLine();
    }
    first = false;
    // A recursive one reads itself; any other reads a table of the same name.
    if (query.recursive) ctes_.push_back(FoldName(cte.name));
    WriteCte(cte);
    if (!query.recursive) ctes_.push_back(FoldName(cte.name));
  }
  if (pretty_) Put("\n");
  Clause();
}

void Writer::WriteCte(const Cte& cte) {
  WriteName(cte.name);
  if (!cte.columns.empty()) {
    Put(" (");
    WriteNames(cte.columns);
    Put(")");
  }
  Put(" AS ");
  if (cte.materialized == Materialization::kMaterialized) Put("MATERIALIZED ");
  if (cte.materialized == Materialization::kNotMaterialized) Put("NOT MATERIALIZED ");
  Put("(");
  if (pretty_) {
    Indented([&] {
      NewLine();
      WriteQuery(*cte.query);
    });
    NewLine();
  } else {
    WriteQuery(*cte.query);
  }
  Put(")");
}

void Writer::WriteBody(const QueryBody& body) {
  switch (body.kind) {
    case BodyKind::kSelect: return WriteSelect(static_cast<const Select&>(body));
    case BodyKind::kSetOperation: return WriteSetOperation(static_cast<const SetOperation&>(body));
    case BodyKind::kValues: return WriteValues(static_cast<const Values&>(body));
    case BodyKind::kMacro: return WriteMacroCall(*static_cast<const MacroQuery&>(body).call);
    case BodyKind::kNested: return WriteSubquery("", *static_cast<const NestedQuery&>(body).query);
  }
}

void Writer::WriteSelect(const Select& select) {
  Put("SELECT");
  if (select.distinct) Put(" DISTINCT");
  if (!select.distinct_on.empty()) {
    Enclosed(" ON (", select.distinct_on, ")", [&](const Expr* item) { WriteExpr(*item); });
  }
  WriteSelectItems(select);
  if (select.from != nullptr) {
    Clause();
    Put("FROM ");
    WriteTable(*select.from);
  }
  WriteCondition("WHERE", select.where, select.where_if);
  WriteGroupBy(select);
  WriteCondition("HAVING", select.having, select.having_if);
  if (!select.windows.empty()) {
    Clause();
    Put("WINDOW ");
    CommaItems(select.windows, [&](const NamedWindow& window) {
      WriteName(window.name);
      Put(" AS ");
      WriteWindow(*window.spec);
    });
  }
  WriteCondition("QUALIFY", select.qualify, nullptr);
}

void Writer::WriteSelectItems(const Select& select) {
  const auto each = [&](const SelectItem& item) { WriteSelectItem(item); };
  if (!pretty_ || select.items.size() == 1) {
    const auto flat = [&] {
      Put(" ");
      CommaItems(select.items, each);
    };
    if (Flat(flat)) return;
  }
  Indented([&] { LineItems(select.items, each); });
}

void Writer::WriteSelectItem(const SelectItem& item) {
  WriteExpr(*item.expr);
  if (item.alias.text.empty()) return;
  Put(" AS ");
  WriteName(item.alias);
}

/// The keyword of a clause with a blank behind it: "WHERE ", or "@WHERE(condition) ".
void Writer::PutClause(std::string_view keyword, const Expr* only_if) {
  if (only_if != nullptr) {
    Put("@");
    std::string name(keyword);
    std::replace(name.begin(), name.end(), ' ', '_');
    Put(name);
    Put("(");
    WriteExpr(*only_if);
    Put(")");
  } else {
    Put(keyword);
  }
  Put(" ");
}

void Writer::WriteCondition(std::string_view clause, const Expr* condition, const Expr* only_if) {
  if (condition == nullptr) return;
  Clause();
  PutClause(clause, only_if);
  WriteConditionText(*condition);
}

/// Three terms or more of AND stand below each other even where one line would hold them.
void Writer::WriteConditionText(const Expr& condition) {
  const auto* last = As<Binary>(&condition);
  const auto* before = last != nullptr ? As<Binary>(last->left) : nullptr;
  const bool terms = before != nullptr && last->op == BinaryOp::kAnd && before->op == BinaryOp::kAnd;
  terms&& pretty_ ? WriteChain(*last) : WriteExpr(condition);
}

void Writer::WriteGroupBy(const Select& select) {
  if (!select.group_by_all && select.group_by.empty()) return;
  Clause();
  const auto each = [&](const GroupElement& element) { WriteGroupElement(element); };
  if (select.group_by_if != nullptr) {
    PutClause("GROUP BY", select.group_by_if);
    return CommaItems(select.group_by, each);
  }
  Put("GROUP BY");
  if (select.group_by_all) return Put(" ALL");
  const auto flat = [&] {
    Put(" ");
    CommaItems(select.group_by, each);
  };
  if (Flat(flat)) return;
  Indented([&] { LineItems(select.group_by, each); });
}

void Writer::WriteGroupElement(const GroupElement& element) {
  const auto each = [&](const GroupElement& inner) { WriteGroupElement(inner); };
  switch (element.kind) {
    case GroupElementKind::kExpr: return WriteExpr(*element.expr);
    case GroupElementKind::kEmpty: return Put("()");
    case GroupElementKind::kSets: return Enclosed("GROUPING SETS (", element.elements, ")", each);
    case GroupElementKind::kRollup: return Enclosed("ROLLUP (", element.elements, ")", each);
    case GroupElementKind::kCube: return Enclosed("CUBE (", element.elements, ")", each);
  }
}

void Writer::WriteSetOperation(const SetOperation& operation) {
  const auto is_intersect = [](const SetOperation* inner) { return inner->op == SetOperator::kIntersect; };
  const bool intersect = operation.op == SetOperator::kIntersect;
  const auto* left = As<SetOperation>(operation.left);
  const auto* right = As<SetOperation>(operation.right);
  WriteSetOperand(*operation.left, left != nullptr && intersect && !is_intersect(left));
  Clause();
  switch (operation.op) {
    case SetOperator::kUnion: Put("UNION"); break;
    case SetOperator::kIntersect: Put("INTERSECT"); break;
    case SetOperator::kExcept: Put("EXCEPT"); break;
  }
  if (operation.all) Put(" ALL");
  if (operation.by_name) Put(" BY NAME");
  Clause();
  WriteSetOperand(*operation.right, right != nullptr && (intersect || !is_intersect(right)));
}

void Writer::WriteSetOperand(const QueryBody& body, bool parenthesized) {
  if (!parenthesized) return WriteBody(body);
  Put("(");
  Indented([&] {
    if (pretty_) NewLine();
    WriteBody(body);
  });
  if (pretty_) NewLine();
  Put(")");
}

void Writer::WriteValues(const Values& values) {
  Put("VALUES");
  const auto each = [&](const List<Expr*>& row) {
    Enclosed("(", row, ")", [&](const Expr* item) { WriteExpr(*item); });
  };
  const auto flat = [&] {
    Put(" ");
    CommaItems(values.rows, each);
  };
  if (Flat(flat)) return;
  Indented([&] { LineItems(values.rows, each); });
}

void Writer::WriteTail(const Query& query) {
  if (query.order_by_all) {
    Clause();
    Put(query.order_by_all_descending ? "ORDER BY ALL DESC" : "ORDER BY ALL");
    if (query.order_by_all_nulls_first) Put(" NULLS FIRST");
    if (query.order_by_all_nulls_last) Put(" NULLS LAST");
  } else if (query.order_by_if != nullptr) {
    Clause();
    PutClause("ORDER BY", query.order_by_if);
    CommaItems(query.order_by, [&](const OrderItem& item) { WriteOrderItem(item); });
  } else if (!query.order_by.empty()) {
    Clause();
    if (!Flat([&] { WriteOrder(query.order_by); })) {
      Put("ORDER BY");
      Indented([&] { LineItems(query.order_by, [&](const OrderItem& item) { WriteOrderItem(item); }); });
    }
  }
  const auto offset = [&] {
    if (query.offset == nullptr) return;
    Clause();
    Put("OFFSET ");
    WriteExpr(*query.offset);
  };
  // FETCH stands behind OFFSET everywhere.
  const bool first = options_.dialect->write.offset_first || query.with_ties;
  if (first) offset();
  if (query.limit != nullptr) WriteLimit(query);
  if (!first) offset();
}

void Writer::WriteLimit(const Query& query) {
  Clause();
  if (query.with_ties) {
    Put("FETCH FIRST ");
    const bool plain = query.limit->kind == ExprKind::kLiteral;
    plain ? WriteExpr(*query.limit) : WriteExpr(*query.limit, kPrimaryLevel + 1);
    return Put(" ROWS WITH TIES");
  }
  PutClause("LIMIT", query.limit_if);
  WriteExpr(*query.limit);
  if (query.limit_percent) Put(" PERCENT");
}

}  // namespace wapc::grammar

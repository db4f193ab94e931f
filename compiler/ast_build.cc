#include "compiler/ast_build.h"

namespace wapc::compiler {

using grammar::Expr;
using grammar::Identifier;

Expr* AstBuilder::Column(std::initializer_list<std::string_view> parts) const {
  std::vector<Identifier> names;
  for (const std::string_view part : parts) names.push_back(Name(part));
  auto* const node = NewExpr<grammar::ColumnRef>();
  node->parts = arena_.Copy(names);
  return node;
}

Expr* AstBuilder::Text(std::string_view value) const {
  auto* const node = NewExpr<grammar::Literal>();
  node->type = grammar::LiteralKind::kString;
  node->text = arena_.Copy(value);
  return node;
}

Expr* AstBuilder::Number(std::string_view digits) const {
  auto* const node = NewExpr<grammar::Literal>();
  node->type = grammar::LiteralKind::kNumber;
  node->text = arena_.Copy(digits);
  return node;
}

Expr* AstBuilder::Bool(bool value) const {
  auto* const node = NewExpr<grammar::Literal>();
  node->type = value ? grammar::LiteralKind::kTrue : grammar::LiteralKind::kFalse;
  return node;
}

Expr* AstBuilder::Tuple(const std::vector<Expr*>& items) const {
  auto* const node = NewExpr<grammar::Tuple>();
  node->items = arena_.Copy(items);
  return node;
}

Expr* AstBuilder::Columns(const std::vector<std::string>& names) const {
  std::vector<Expr*> items;
  items.reserve(names.size());
  for (const std::string& name : names) items.push_back(Column({name}));
  return Tuple(items);
}

Expr* AstBuilder::Cast(Expr* operand, grammar::TypeName* type) const {
  auto* const node = NewExpr<grammar::Cast>();
  node->operand = operand;
  node->type = type;
  node->style = grammar::CastStyle::kCast;
  return node;
}

Expr* AstBuilder::Binary(grammar::BinaryOp op, Expr* left, Expr* right) const {
  auto* const node = NewExpr<grammar::Binary>();
  node->op = op;
  node->left = left;
  node->right = right;
  node->op_span = span_;
  return node;
}

Expr* AstBuilder::All(const std::vector<Expr*>& conditions) const {
  Expr* all = nullptr;
  for (Expr* const condition : conditions) {
    all = all == nullptr ? condition : Binary(grammar::BinaryOp::kAnd, all, condition);
  }
  return all;
}

grammar::TableRef* AstBuilder::Table(std::string_view schema, std::string_view table, std::string_view alias) const {
  auto* const node = NewExpr<grammar::TableName>();
  node->parts = arena_.Copy(std::vector<Identifier>{Name(schema), Name(table)});
  if (!alias.empty()) node->alias = Name(alias);
  return node;
}

grammar::TableRef* AstBuilder::Subquery(grammar::Query* query, std::string_view alias) const {
  auto* const node = NewExpr<grammar::SubqueryRef>();
  node->query = query;
  node->lateral = false;
  node->alias = Name(alias);
  return node;
}

grammar::TableRef* AstBuilder::InnerJoin(grammar::TableRef* left, grammar::TableRef* right, Expr* condition) const {
  auto* const node = NewExpr<grammar::Join>();
  node->join = grammar::JoinKind::kInner;
  node->left = left;
  node->right = right;
  node->on = condition;
  return node;
}

grammar::TypeName* AstBuilder::Type(std::string_view name, const std::vector<int64_t>& arguments) const {
  auto* const node = New<grammar::TypeName>();
  node->name = arena_.Copy(name);
  node->arguments = arena_.Copy(arguments);
  return node;
}

grammar::Query* AstBuilder::Select(const std::vector<grammar::SelectItem>& items, grammar::TableRef* from,
                                   Expr* where) const {
  auto* const select = NewExpr<grammar::Select>();
  select->items = arena_.Copy(items);
  select->from = from;
  select->where = where;
  auto* const query = New<grammar::Query>();
  query->body = select;
  return query;
}

}  // namespace wapc::compiler

#include "compiler/passes/audits_template.h"

#include <algorithm>

#include "compiler/ast_build.h"
#include "compiler/passes/scope.h"
#include "compiler/passes/typing.h"
#include "compiler/project/properties.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::BinaryOp;
using grammar::Expr;
using grammar::Literal;
using grammar::LiteralKind;

bool IsTime(std::string_view name) {
  return name.starts_with("start_") || name.starts_with("end_") || name.starts_with("execution_");
}

Expr* Bool(bool value, base::Span span, grammar::Arena& arena) {
  auto* const literal = arena.New<Literal>();
  literal->kind = Literal::kKind;
  literal->span = span;
  literal->type = value ? LiteralKind::kTrue : LiteralKind::kFalse;
  return literal;
}

// Fills the holes of one copy.
class Filler {
 public:
  Filler(const AuditArguments& arguments, const Typing& typing, grammar::Arena& arena)
      : arguments_(arguments), typing_(typing), arena_(arena) {
    hooks_.replace_expr = [this](const Expr& expr) { return Replace(expr); };
    hooks_.replace_table = [this](const grammar::TableRef& ref) { return ReplaceTable(ref); };
  }

  grammar::Query* Fill(const grammar::Query& query) {
    grammar::Query* const copy = grammar::Clone(query, arena_, hooks_);
    grammar::Visitor visitor;
    visitor.query = [this](grammar::Query& inner) {
      SpliceBody(inner.body);
      return true;
    };
    visitor.expr = [this](Expr& expr) {
      SpliceExpr(expr);
      return true;
    };
    grammar::Walk(*copy, visitor);
    return copy;
  }

 private:
  Expr* Replace(const Expr& expr) {
    if (const auto* const variable = As<grammar::MacroVariable>(&expr)) {
      const std::string name = FoldName(variable->name);
      if (name == "each" && each_ != nullptr) return grammar::Clone(*each_, arena_);
      const auto found = arguments_.find(name);
      if (found == arguments_.end()) return nullptr;
      Expr* const copy = grammar::Clone(*found->second, arena_);
      if (copy->kind == grammar::ExprKind::kTuple || copy->kind == grammar::ExprKind::kArray) lists_.insert(copy);
      return copy;
    }
    if (const auto* const call = As<grammar::MacroCall>(&expr)) return ReplaceCall(*call);
    return nullptr;
  }

  // `FROM @to`, where the argument names a model.
  grammar::TableRef* ReplaceTable(const grammar::TableRef& ref) {
    const auto* const macro = As<grammar::MacroTable>(&ref);
    if (macro == nullptr || !macro->call->arguments.empty()) return nullptr;
    const auto found = arguments_.find(FoldName(macro->call->name.text));
    const auto* const name = found == arguments_.end() ? nullptr : As<grammar::ColumnRef>(found->second);
    if (name == nullptr) return nullptr;
    auto* const table = arena_.New<grammar::TableName>();
    table->kind = grammar::TableRefKind::kName;
    table->span = name->span;
    table->alias = ref.alias;
    table->parts = name->parts;
    return table;
  }

  Expr* Matches(const grammar::MacroCall& call) {
    const AstBuilder build(arena_, call.span);
    auto* const search = arena_.New<grammar::FunctionCall>();
    search->kind = grammar::FunctionCall::kKind;
    search->span = call.span;
    const std::vector<grammar::Identifier> name{build.Name(typing_.regex_search)};
    search->name = arena_.Copy(name);
    std::vector<grammar::Argument> arguments;
    for (const grammar::Argument& argument : call.arguments) {
      arguments.push_back({{}, grammar::Clone(*argument.value, arena_, hooks_)});
    }
    search->arguments = arena_.Copy(arguments);
    return typing_.regex_search_is_place ? build.Binary(BinaryOp::kGt, search, build.Number("0")) : search;
  }

  // The list of an argument that is written as `@name`; nothing when it is none.
  std::vector<Expr*> ListOf(const Expr* written) const {
    const auto* const name = As<grammar::MacroVariable>(written);
    const auto found = name == nullptr ? arguments_.end() : arguments_.find(FoldName(name->name));
    return found == arguments_.end() ? std::vector<Expr*>() : ListItems(found->second);
  }

  // `this_model.a = target.x AND this_model.b = target.y`: qualified, as both sides may have the same names.
  Expr* Same(const grammar::MacroCall& call) {
    const AstBuilder build(arena_, call.span);
    const std::vector<Expr*> left = ListOf(call.arguments[0].value);
    const std::vector<Expr*> right = ListOf(call.arguments[1].value);
    Expr* out = nullptr;
    for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
      const auto* const mine = As<grammar::ColumnRef>(left[i]);
      const auto* const other = As<grammar::ColumnRef>(right[i]);
      if (mine == nullptr || other == nullptr) return nullptr;  // reported with the arguments
      Expr* const both = build.Binary(BinaryOp::kEq, Qualified("this_model", *mine), Qualified("target", *other));
      out = out == nullptr ? both : Join(BinaryOp::kAnd, out, both);
    }
    return out;
  }

  Expr* Qualified(std::string_view relation, const grammar::ColumnRef& column) {
    auto* const out = arena_.New<grammar::ColumnRef>(column);
    const std::vector<grammar::Identifier> parts{{relation, false, column.span}, column.parts.back()};
    out->parts = arena_.Copy(parts);
    return out;
  }

  // @any(@list, condition), @all(@list, condition), @same(@list, @list), @matches(text, pattern).
  Expr* ReplaceCall(const grammar::MacroCall& call) {
    if (SameName(call.name.text, "same") && call.arguments.size() == 2) return Same(call);
    if (SameName(call.name.text, "matches") && call.arguments.size() == 2) return Matches(call);
    const bool any = SameName(call.name.text, "any");
    if ((!any && !SameName(call.name.text, "all")) || call.arguments.size() != 2) return nullptr;
    const auto* const name = As<grammar::MacroVariable>(call.arguments[0].value);
    const auto found = name == nullptr ? arguments_.end() : arguments_.find(FoldName(name->name));
    if (found == arguments_.end()) return nullptr;
    Expr* out = nullptr;
    for (const Expr* const item : ListItems(found->second)) {
      const Expr* const before = std::exchange(each_, item);
      Expr* const condition = grammar::Clone(*call.arguments[1].value, arena_, hooks_);
      each_ = before;
      out = out == nullptr ? condition : Join(any ? BinaryOp::kOr : BinaryOp::kAnd, out, condition);
    }
    return out != nullptr ? out : Bool(!any, call.span, arena_);
  }

  Expr* Join(BinaryOp op, Expr* left, Expr* right) {
    auto* const binary = arena_.New<grammar::Binary>();
    binary->kind = grammar::Binary::kKind;
    binary->span = right->span;
    binary->op = op;
    binary->left = left;
    binary->right = right;
    return binary;
  }

  bool IsList(const Expr* expr) const { return lists_.contains(expr); }

  void SpliceList(grammar::List<Expr*>& items) {
    if (std::none_of(items.begin(), items.end(), [this](const Expr* item) { return IsList(item); })) return;
    std::vector<Expr*> out;
    for (Expr* const item : items) {
      if (!IsList(item)) {
        out.push_back(item);
        continue;
      }
      const std::vector<Expr*> more = ListItems(item);
      out.insert(out.end(), more.begin(), more.end());
    }
    items = arena_.Copy(out);
  }

  void SpliceExpr(Expr& expr) {
    if (auto* const in = As<grammar::InList>(&expr)) SpliceList(in->items);
    // One column is compared as it is; several as a row.
    if (auto* const in = As<grammar::InSubquery>(&expr); in != nullptr && IsList(in->operand)) {
      if (const std::vector<Expr*> items = ListItems(in->operand); items.size() == 1) in->operand = items[0];
    }
    auto* const call = As<grammar::FunctionCall>(&expr);
    if (call == nullptr) return;
    if (call->over != nullptr) SpliceList(call->over->partition_by);
    std::vector<grammar::Argument> out;
    for (const grammar::Argument& argument : call->arguments) {
      if (!IsList(argument.value)) {
        out.push_back(argument);
        continue;
      }
      for (Expr* const item : ListItems(argument.value)) out.push_back({{}, item});
    }
    if (out.size() != call->arguments.size()) call->arguments = arena_.Copy(out);
  }

  void SpliceBody(grammar::QueryBody* body) {
    if (auto* const both = As<grammar::SetOperation>(body)) {
      SpliceBody(both->left);
      SpliceBody(both->right);
    }
    auto* const select = As<grammar::Select>(body);
    if (select == nullptr) return;
    std::vector<grammar::SelectItem> items;
    for (const grammar::SelectItem& item : select->items) {
      if (!IsList(item.expr)) {
        items.push_back(item);
        continue;
      }
      for (Expr* const expr : ListItems(item.expr)) items.push_back({expr, {}, expr->span});
    }
    if (items.size() != select->items.size() || !lists_.empty()) select->items = arena_.Copy(items);
    SpliceGroups(*select);
    for (Expr** const condition : {&select->where, &select->having, &select->qualify}) {
      if (*condition != nullptr) *condition = Simplify(*condition);
      const auto* const literal = As<Literal>(*condition);
      if (literal != nullptr && literal->type == LiteralKind::kTrue) *condition = nullptr;
    }
  }

  void SpliceGroups(grammar::Select& select) {
    std::vector<grammar::GroupElement> groups;
    for (const grammar::GroupElement& element : select.group_by) {
      if (element.expr == nullptr || !IsList(element.expr)) {
        groups.push_back(element);
        continue;
      }
      for (Expr* const expr : ListItems(element.expr)) groups.push_back({grammar::GroupElementKind::kExpr, expr, {}});
    }
    select.group_by = arena_.Copy(groups);
  }

  static bool Is(const Expr* expr, LiteralKind kind) {
    const auto* const literal = As<Literal>(expr);
    return literal != nullptr && literal->type == kind;
  }

  // A condition that keeps a row only when it is true, so that NULL and false are one.
  Expr* Simplify(Expr* expr) {
    if (auto* const no = As<grammar::Unary>(expr); no != nullptr && no->op == grammar::UnaryOp::kNot) {
      if (Is(no->operand, LiteralKind::kTrue)) return Bool(false, expr->span, arena_);
      if (Is(no->operand, LiteralKind::kFalse)) return Bool(true, expr->span, arena_);
      return expr;
    }
    auto* const binary = As<grammar::Binary>(expr);
    if (binary == nullptr) return Is(expr, LiteralKind::kNull) ? Bool(false, expr->span, arena_) : expr;
    if (binary->op >= BinaryOp::kEq && binary->op <= BinaryOp::kGe) {
      const bool null = IsNull(binary->left) || IsNull(binary->right);
      return null ? Bool(false, expr->span, arena_) : expr;
    }
    if (binary->op != BinaryOp::kAnd && binary->op != BinaryOp::kOr) return expr;
    binary->left = Simplify(binary->left);
    binary->right = Simplify(binary->right);
    const LiteralKind decides = binary->op == BinaryOp::kAnd ? LiteralKind::kFalse : LiteralKind::kTrue;
    const LiteralKind vanishes = binary->op == BinaryOp::kAnd ? LiteralKind::kTrue : LiteralKind::kFalse;
    if (Is(binary->left, decides) || Is(binary->right, vanishes)) return binary->left;
    if (Is(binary->right, decides) || Is(binary->left, vanishes)) return binary->right;
    return expr;
  }

  // NULL, and what is reckoned with it.
  static bool IsNull(const Expr* expr) {
    const auto* const binary = As<grammar::Binary>(expr);
    if (binary == nullptr) return Is(expr, LiteralKind::kNull);
    if (binary->op < BinaryOp::kAdd || binary->op > BinaryOp::kPow) return false;
    return IsNull(binary->left) || IsNull(binary->right);
  }

  const AuditArguments& arguments_;
  const Typing& typing_;
  grammar::Arena& arena_;
  grammar::CloneHooks hooks_;
  const Expr* each_ = nullptr;
  std::set<const Expr*> lists_;
};

}  // namespace

std::set<std::string> AuditParameters(grammar::Query& query) {
  std::set<std::string> names;
  grammar::Visitor visitor;
  visitor.expr = [&](Expr& expr) {
    if (const auto* const variable = As<grammar::MacroVariable>(&expr)) {
      std::string name = FoldName(variable->name);
      if (name != "each" && name != "this_model" && !IsTime(name)) names.insert(std::move(name));
    }
    return true;
  };
  visitor.table = [&](grammar::TableRef& table) {
    if (const auto* const macro = As<grammar::MacroTable>(&table)) {
      std::string name = FoldName(macro->call->name.text);
      if (name != "this_model" && name != "served_model") names.insert(std::move(name));
    }
    return true;
  };
  grammar::Walk(query, visitor);
  return names;
}

std::vector<Expr*> ListItems(Expr* argument) {
  if (const auto* const tuple = As<grammar::Tuple>(argument)) return {tuple->items.begin(), tuple->items.end()};
  if (const auto* const array = As<grammar::Array>(argument)) return {array->items.begin(), array->items.end()};
  return {argument};
}

grammar::Query* FillAudit(const grammar::Query& query, const AuditArguments& arguments, const grammar::Dialect& dialect,
                          grammar::Arena& arena) {
  return Filler(arguments, TypingOf(dialect), arena).Fill(query);
}

}  // namespace wapc::compiler

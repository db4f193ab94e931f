#ifndef WAPC_COMPILER_AST_BUILD_H_
#define WAPC_COMPILER_AST_BUILD_H_

#include <initializer_list>
#include <string_view>
#include <vector>

#include "grammar/ast.h"

namespace wapc::compiler {

/// Makes nodes that no text was written for, in one arena. Every node gets the builder's span: the place that asked for
/// it, so that an error in what was generated points at its cause. Texts are copied into the arena.
class AstBuilder {
 public:
  AstBuilder(grammar::Arena& arena, base::Span span) : arena_(arena), span_(span) {}

  /// A name that is what it says: with an `@` or `$` in it, it is no hole of a macro and no column by number.
  grammar::Identifier Name(std::string_view text) const {
    return {arena_.Copy(text), text.find_first_of("@$") != std::string_view::npos, span_};
  }
  /// `a`, `t.a`.
  grammar::Expr* Column(std::initializer_list<std::string_view> parts) const;
  grammar::Expr* Text(std::string_view value) const;
  grammar::Expr* Number(std::string_view digits) const;
  grammar::Expr* Bool(bool value) const;
  grammar::Expr* Tuple(const std::vector<grammar::Expr*>& items) const;
  /// `(a, b)` of plain column names.
  grammar::Expr* Columns(const std::vector<std::string>& names) const;
  grammar::Expr* Cast(grammar::Expr* operand, grammar::TypeName* type) const;
  grammar::Expr* Binary(grammar::BinaryOp op, grammar::Expr* left, grammar::Expr* right) const;
  /// Joined with AND; null when there are none.
  grammar::Expr* All(const std::vector<grammar::Expr*>& conditions) const;
  /// `schema.table AS alias`.
  grammar::TableRef* Table(std::string_view schema, std::string_view table, std::string_view alias) const;
  /// `(query) AS alias`.
  grammar::TableRef* Subquery(grammar::Query* query, std::string_view alias) const;
  /// `left JOIN right ON condition`.
  grammar::TableRef* InnerJoin(grammar::TableRef* left, grammar::TableRef* right, grammar::Expr* condition) const;
  /// A type of one word with number arguments: decimal(18, 4).
  grammar::TypeName* Type(std::string_view name, const std::vector<int64_t>& arguments) const;
  grammar::Query* Select(const std::vector<grammar::SelectItem>& items, grammar::TableRef* from,
                         grammar::Expr* where) const;

  grammar::Arena& arena() const { return arena_; }
  base::Span span() const { return span_; }

 private:
  template <class T>
  T* New() const {
    T* const node = arena_.New<T>();
    node->span = span_;
    return node;
  }
  template <class T>
  T* NewExpr() const {
    T* const node = New<T>();
    node->kind = T::kKind;
    return node;
  }

  grammar::Arena& arena_;
  base::Span span_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_AST_BUILD_H_

#ifndef WAPC_GRAMMAR_AST_H_
#define WAPC_GRAMMAR_AST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/source.h"
#include "grammar/arena.h"
#include "grammar/ast_expr.h"

/// The typed syntax tree of SQL and of wapc's blocks: tables, queries and statements here, expressions in ast_expr.h.
namespace wapc::grammar {

// --------------------------------------------------------------------------------------------------------- queries

enum class TableRefKind : uint8_t { kName, kSubquery, kJoin, kFunction, kPivot, kUnpivot, kMacro };

/// `TABLESAMPLE bernoulli (10) REPEATABLE (1)`.
struct Sample {
  std::string_view method;  ///< lower case; empty: the engine's default
  Expr* amount;
  bool rows;  ///< else a percentage
  std::string_view seed;
};

struct TableRef {
  TableRefKind kind;
  Span span;
  Identifier alias;  ///< empty text: none
  List<Identifier> column_aliases;
  Sample* sample = nullptr;
};

template <class T>
T* As(TableRef* ref) {
  return ref != nullptr && ref->kind == T::kKind ? static_cast<T*>(ref) : nullptr;
}
template <class T>
const T* As(const TableRef* ref) {
  return ref != nullptr && ref->kind == T::kKind ? static_cast<const T*>(ref) : nullptr;
}

/// `schema.table`, or the name of a CTE; a trailing `.column` is never here.
struct TableName : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kName;
  List<Identifier> parts;
};

struct SubqueryRef : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kSubquery;
  Query* query;
  bool lateral;
};

enum class JoinKind : uint8_t {
  kInner,
  kLeft,
  kRight,
  kFull,
  kCross,
  kComma,
  kSemi,
  kAnti,
  kAsof,
  kAsofLeft,
  kPositional
};

struct Join : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kJoin;
  JoinKind join;
  bool natural;
  TableRef* left;
  TableRef* right;
  Expr* on;  ///< or null
  List<Identifier> using_columns;
  Expr* only_if = nullptr;          ///< the condition of @JOIN(...); else null
  Expr* match_condition = nullptr;  ///< of Snowflake's ASOF JOIN
};

/// `unnest(x)`, `generate_series(1, 3)`, `lateral flatten(...)` in FROM.
struct TableFunction : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kFunction;
  FunctionCall* call;
  bool lateral;
  bool with_ordinality;
  bool table_word = false;  ///< stood in TABLE(...)
};

struct PivotAggregate {
  Expr* call;
  Identifier alias;  ///< empty text: none
};
struct PivotValue {
  Expr* value;
  Identifier alias;
};
struct PivotColumn {
  Expr* expr;
  List<PivotValue> values;  ///< empty: not listed
};

/// `t PIVOT (sum(x) FOR y IN ('a', 'b') GROUP BY z)`.
struct Pivot : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kPivot;
  TableRef* source;
  List<PivotAggregate> aggregates;
  List<PivotColumn> columns;
  List<Expr*> group_by;
};

/// `t UNPIVOT [INCLUDE NULLS] (value FOR name IN (a, b))`.
struct Unpivot : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kUnpivot;
  TableRef* source;
  List<Identifier> values;
  Identifier name;
  List<PivotValue> columns;
  bool include_nulls;
};

/// `@name(a, b)` as a relation.
struct MacroTable : TableRef {
  static constexpr TableRefKind kKind = TableRefKind::kMacro;
  MacroCall* call;
};

enum class GroupElementKind : uint8_t { kExpr, kSets, kRollup, kCube, kEmpty };

struct GroupElement {
  GroupElementKind kind;
  Expr* expr;                   ///< of kExpr (a Tuple inside sets)
  List<GroupElement> elements;  ///< of kSets, kRollup, kCube
};

enum class BodyKind : uint8_t { kSelect, kSetOperation, kValues, kNested, kMacro };

struct QueryBody {
  BodyKind kind;
  Span span;
};

template <class T>
T* As(QueryBody* body) {
  return body != nullptr && body->kind == T::kKind ? static_cast<T*>(body) : nullptr;
}
template <class T>
const T* As(const QueryBody* body) {
  return body != nullptr && body->kind == T::kKind ? static_cast<const T*>(body) : nullptr;
}

struct Select : QueryBody {
  static constexpr BodyKind kKind = BodyKind::kSelect;
  bool distinct = false;
  List<Expr*> distinct_on;
  List<SelectItem> items;
  TableRef* from = nullptr;
  Expr* where = nullptr;
  bool group_by_all = false;
  List<GroupElement> group_by;
  Expr* having = nullptr;
  List<NamedWindow> windows;
  Expr* qualify = nullptr;
  Expr* where_if = nullptr;  ///< the condition of @WHERE(...) in place of WHERE; else null; likewise the others
  Expr* group_by_if = nullptr;
  Expr* having_if = nullptr;
};

enum class SetOperator : uint8_t { kUnion, kIntersect, kExcept };

struct SetOperation : QueryBody {
  static constexpr BodyKind kKind = BodyKind::kSetOperation;
  SetOperator op;
  bool all;
  bool by_name;
  QueryBody* left;
  QueryBody* right;
  bool common = false;  ///< of @UNION: only the columns that all sides have, with one type
};

struct Values : QueryBody {
  static constexpr BodyKind kKind = BodyKind::kValues;
  List<List<Expr*>> rows;
};

/// A parenthesised query as an operand of a set operation, with its own ORDER BY and LIMIT.
struct NestedQuery : QueryBody {
  static constexpr BodyKind kKind = BodyKind::kNested;
  Query* query;
};

/// A query that a macro gives: `@union('all', a, b)`, `(@date_spine(...))`.
struct MacroQuery : QueryBody {
  static constexpr BodyKind kKind = BodyKind::kMacro;
  MacroCall* call;
};

enum class Materialization : uint8_t { kDefault, kMaterialized, kNotMaterialized };

struct Cte {
  Identifier name;
  List<Identifier> columns;
  Query* query;
  Materialization materialized;
  Span span;
};

struct Query {
  Span span;
  bool recursive = false;
  List<Cte> ctes;
  QueryBody* body = nullptr;
  List<OrderItem> order_by;
  bool order_by_all = false;
  bool order_by_all_descending = false;  ///< `ORDER BY ALL DESC`
  bool order_by_all_nulls_first = false;
  bool order_by_all_nulls_last = false;
  Expr* limit = nullptr;
  Expr* offset = nullptr;
  Expr* ctes_if = nullptr;  ///< the condition of @WITH(...) in place of WITH; else null; likewise the others
  Expr* order_by_if = nullptr;
  Expr* limit_if = nullptr;
  bool limit_percent = false;  ///< `LIMIT 10 PERCENT`
  bool with_ties = false;      ///< `FETCH FIRST ... WITH TIES`
};

// ---------------------------------------------------------------------------------------------- files and blocks

/// One entry of a MODEL or AUDIT block: `cron '@daily'`, `kind FULL`, `grain (a, b)`, `columns (a int)`.
struct Property {
  Identifier name;  ///< text in lower case
  Span span;
  Expr* value = nullptr;      ///< of most; a parenthesised list is a Tuple even with one item or none
  List<Property> properties;  ///< of `kind NAME (...)`: value is the name as a ColumnRef
  TypeName* type = nullptr;   ///< of an entry of `columns (...)`
};

enum class StatementKind : uint8_t { kModel, kAudit, kMacro, kDef, kQuery, kOther };

/// `name`, `name type`, `name := default` of MACRO.
struct MacroParameter {
  Identifier name;
  TypeName* type = nullptr;   ///< or null
  Expr* otherwise = nullptr;  ///< the default, or null
};

/// One statement of a file, up to its semicolon.
struct Statement {
  StatementKind kind;
  Span span;
  List<Property> properties;  ///< of MODEL and AUDIT
  Identifier macro_name;      ///< of MACRO
  List<MacroParameter> macro_parameters;
  Expr* macro_expr = nullptr;  ///< of MACRO name(...) AS expression; of `@DEF(name, value)`, the call
  Query* query = nullptr;      ///< of a query, and of MACRO ... AS SELECT
};

struct Comment {
  Span span;
  std::string_view text;  ///< with its delimiters
};

struct Document {
  List<Statement> statements;
  List<Comment> comments;
  const Dialect* dialect = nullptr;  ///< that it was read in
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_AST_H_

#ifndef WAPC_COMPILER_PASSES_BINDER_IMPL_H_
#define WAPC_COMPILER_PASSES_BINDER_IMPL_H_

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/passes/binder.h"
#include "compiler/passes/functions.h"
#include "compiler/passes/scope.h"
#include "compiler/passes/types.h"
#include "compiler/passes/typing.h"

/// The inside of the binder, for the files bind_*.cc only.
namespace wapc::compiler {

inline constexpr base::DiagnosticCode kUnknownColumn{"unknown-column", base::Severity::kError};
inline constexpr base::DiagnosticCode kTypeMismatch{"type-mismatch", base::Severity::kError};
inline constexpr base::DiagnosticCode kColumnCount{"column-count", base::Severity::kError};
inline constexpr base::DiagnosticCode kUnknownMacro{"unknown-macro", base::Severity::kError};
inline constexpr base::DiagnosticCode kOpaqueRelation{"opaque-relation", base::Severity::kError};
inline constexpr base::DiagnosticCode kNoSuchSignature{"no-such-signature", base::Severity::kError};
inline constexpr base::DiagnosticCode kUnknownFunction{"unknown-function", base::Severity::kError};
inline constexpr base::DiagnosticCode kUnknownAlias{"unknown-relation-alias", base::Severity::kError};

/// The relations of models that are bound already, by index; null where one is not.
using ModelRelations = std::vector<std::unique_ptr<Relation>>;

/// Sets a value for as long as the guard lives.
template <class T>
class Restore {
 public:
  Restore(T& slot, T value) : slot_(slot), before_(std::exchange(slot, std::move(value))) {}
  ~Restore() { slot_ = std::move(before_); }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  T& slot_;
  T before_;
};

class Binder {
 public:
  /// `relations` may be null: then they are made from the project's models.
  Binder(const BindContext& context, const ModelRelations* relations, base::Diagnostics& diagnostics);

  /// The columns that a query gives. `outer` is the scope around a subquery.
  const Relation& BindQuery(grammar::Query& query, Scope* outer);
  Value BindExpr(grammar::Expr& expr, Scope& scope);
  /// Likewise; the columns that the value comes from go to `sources`.
  Value BindTracked(grammar::Expr& expr, Scope& scope, Sources& sources);

  const grammar::Dialect& dialect() const { return dialect_; }
  /// False when a relation under the query is not known, which was reported elsewhere.
  bool complete() const { return complete_; }

 private:
  using Expr = grammar::Expr;

  // bind_query.cc
  void BindCtes(grammar::Query& query, Scope* outer);
  const Relation& BindRecursive(const grammar::Cte& cte, Scope* outer);
  const Relation& BindBody(grammar::QueryBody& body, grammar::Query* owner, Scope* outer);
  const Relation& BindCommonUnion(grammar::SetOperation& body, grammar::Query* owner, Scope* outer);
  const Relation& BindSetOperation(grammar::SetOperation& body, grammar::Query* owner, Scope* outer);
  RelationColumn MeetColumns(const RelationColumn& left, const RelationColumn& right, base::Span span);
  Relation MeetByPosition(const Relation& left, const Relation& right, const grammar::SetOperation& body);
  Relation MeetByName(const Relation& left, const Relation& right, base::Span span);
  const Relation& BindValues(grammar::Values& body, Scope* outer);
  std::string ValuesName(size_t index) const;
  void OrderByOutput(grammar::Query& query, const Relation& output, Scope* outer);
  void BindLimits(grammar::Query& query, Scope* outer);
  const Relation& Renamed(const Relation& relation, grammar::List<grammar::Identifier> names, std::string_view what);
  const Relation& Keep(Relation relation);
  const Relation& Settled(const Relation& relation);
  std::string_view Key(const grammar::Identifier& name) { return names_.Key(name, *arena_); }
  int ColumnOf(const Relation& relation, std::string_view key) const {
    return FindColumn(relation, key, NameHash(key), names_);
  }
  Scope NewScope(Scope* outer) const { return {outer, typing_, names_}; }

  // bind_select.cc
  const Relation& BindSelect(grammar::Select& select, grammar::Query* owner, Scope* outer);
  void BindItem(Scope& scope, size_t index);
  void ProbeItem(Scope& scope, size_t index);
  void BindCondition(Expr* condition, Scope& scope, Clause clause, std::string_view what);
  void BindOrder(grammar::List<grammar::OrderItem> order, Scope& scope);
  void NameItems(Scope& scope);
  std::string_view NameOf(const Expr& expr, Scope& scope);
  std::string_view PostgresName(const Expr& expr, Scope& scope);
  void ProveFrom(const Expr* condition, Scope& scope, size_t begin);
  void ProveColumn(const Expr* expr, Scope& scope, size_t begin);
  bool Position(const Expr& expr, size_t count, std::string_view clause, size_t* index);

  // bind_group.cc
  void BindGroupBy(grammar::Select& select, Scope& scope);
  void BindGroupElement(const grammar::GroupElement& element, Scope& scope);
  void AddGroup(Expr& expr, Scope& scope);
  void AddGroupColumn(const Expr& expr, Scope& scope);
  bool IsGrouped(const Expr& expr, Scope& scope);
  std::string GroupKey(const Expr& expr, Scope& scope);
  void GroupByAll(Scope& scope);
  void ReportBare(Scope& scope);

  // bind_from.cc
  void BindFrom(grammar::TableRef& ref, Scope& scope);
  void BindTableName(grammar::TableName& ref, Scope& scope);
  void BindJoin(grammar::Join& ref, Scope& scope);
  void MergeColumn(const grammar::Identifier& name, const grammar::Join& ref, Scope& scope, size_t begin,
                   size_t middle);
  std::vector<grammar::Identifier> CommonNames(Scope& scope, size_t begin, size_t middle);
  void BindTableFunction(grammar::TableFunction& ref, Scope& scope);
  Relation TableFunctionColumns(grammar::FunctionCall& call, Scope& scope);
  void BindMacroTable(grammar::MacroTable& ref, Scope& scope);
  void AddTable(const grammar::TableRef& ref, std::string_view alias, std::string_view schema, const Relation& relation,
                Scope& scope);
  const Relation* FindCte(std::string_view name) const;
  const Relation& RelationOfModel(int model);

  // bind_pivot.cc
  void BindPivot(grammar::Pivot& ref, Scope& scope);
  void BindUnpivot(grammar::Unpivot& ref, Scope& scope);
  Relation KeptColumns(Scope& source, const std::vector<ColumnPlace>& used);

  // bind_star.cc
  void ExpandStars(grammar::Select& select, Scope& scope);
  bool ExpandStar(const grammar::SelectItem& item, const grammar::Star& star, Scope& scope,
                  std::vector<grammar::SelectItem>& out);
  bool ExpandColumns(const grammar::SelectItem& item, Scope& scope, std::vector<grammar::SelectItem>& out);
  bool ExpandStruct(const grammar::SelectItem& item, const grammar::Star& star, Scope& scope,
                    std::vector<grammar::SelectItem>& out);

  // bind_column.cc
  Value BindColumnRef(grammar::ColumnRef& ref, Scope& scope);
  Value BindQualified(grammar::ColumnRef& ref, Scope& scope, ScopeTable& table, Scope& holder, size_t index,
                      size_t part);
  Value ValueOf(const Lookup& found, const grammar::Identifier& name, base::Span span, Scope& scope);
  Value ColumnValue(Scope& holder, ColumnPlace place, std::string_view name, base::Span span);
  Value AliasValue(Scope& holder, size_t index, base::Span span);
  void RecordAlias(const Expr& ref, const Lookup& found);
  Value RowValue(Scope& holder, size_t index);
  Value Fields(Value value, grammar::List<grammar::Identifier> parts, size_t from);
  Value Field(const Value& value, const grammar::Identifier& name);
  Value UnknownName(const grammar::Identifier& name, Scope& scope);
  Value UnknownIn(const grammar::Identifier& name, const ScopeTable& table, Scope& scope);
  Value UnknownQualifier(const grammar::Identifier& name, Scope& scope);
  Value Ambiguous(const grammar::Identifier& name, const Lookup& found);
  void Track(const Sources& sources);
  /// Writes down that columns are read, where that is asked for.
  void Read(const Sources& sources);

  // bind_expr.cc
  Value BindKind(Expr& expr, Scope& scope);
  Value BindLiteral(const grammar::Literal& literal) const;
  Value BindUnary(grammar::Unary& unary, Scope& scope);
  Value BindBinary(grammar::Binary& binary, Scope& scope);
  Value BindCase(grammar::Case& expr, Scope& scope);
  Value BindCast(grammar::Cast& cast, Scope& scope);
  Value BindBetween(grammar::Between& between, Scope& scope);
  Value BindInList(grammar::InList& in, Scope& scope);
  Value BindLike(grammar::Like& like, Scope& scope);
  Value BindTest(Expr& operand, Scope& scope);
  Value BindDistinct(grammar::IsDistinct& expr, Scope& scope);
  Value BindExtract(grammar::Extract& extract, Scope& scope);
  Value BindTypedLiteral(const grammar::TypedLiteral& literal);
  Value BindInterval(grammar::Interval& interval, Scope& scope);
  Value BindAtTimeZone(grammar::AtTimeZone& expr, Scope& scope);
  Value BindMacroVariable(const grammar::MacroVariable& variable);
  Value BindMacroCall(const grammar::MacroCall& call);
  /// The value that takes both in; reports when there is none.
  Value Combine(const Value& a, const Value& b, base::Span span, std::string_view what);
  /// Adds to the report of a comparison that cannot be.
  using AddNotes = std::function<void(base::DiagnosticBuilder& report)>;
  bool CheckCompare(const Value& a, const Value& b, base::Span span, const AddNotes& notes = nullptr);
  void CheckCondition(const Value& value, base::Span span, std::string_view what);
  Value Operate(std::string_view name, std::string_view shown, std::span<const Value> values, base::Span span,
                std::span<const grammar::Argument> arguments = {});
  Expr* DatePart(Expr& expr, const FunctionSet& set, size_t index, Scope& scope);
  void AddUnnested(const Value& value, const Sources& sources, base::Span span, Relation& relation);

  // bind_nested.cc
  Value BindArray(grammar::Array& array, Scope& scope);
  Value BindStruct(grammar::Struct& expr, Scope& scope);
  Value BindMap(grammar::Map& map, Scope& scope);
  Value BindTuple(grammar::Tuple& tuple, Scope& scope);
  Value BindIndex(grammar::Index& index, Scope& scope);
  Value BindSlice(grammar::Slice& slice, Scope& scope);
  const RelationColumn* SingleColumn(grammar::Query& query, Scope& scope, std::string_view what);
  Value BindScalarSubquery(grammar::ScalarSubquery& expr, Scope& scope);
  Value BindArraySubquery(grammar::ArraySubquery& expr, Scope& scope);
  Value BindInSubquery(grammar::InSubquery& in, Scope& scope);
  Value BindQuantified(grammar::Quantified& expr, Scope& scope);

  // bind_call.cc
  Value BindCall(grammar::FunctionCall& call, Scope& scope);
  Value BindKnownCall(grammar::FunctionCall& call, const FunctionSet& set, Scope& scope);
  std::vector<Value> BindArguments(grammar::FunctionCall& call, const FunctionSet& set, Scope& scope,
                                   std::vector<grammar::Argument>& arguments);
  void BindWithinGroup(const grammar::FunctionCall& call, Scope& scope, std::vector<grammar::Argument>& arguments,
                       std::vector<Value>& values);
  Value BindLambdaArgument(Expr& expr, std::span<const Value> before, const FunctionSet& set, Scope& scope);
  Value BindLambdaBody(grammar::List<grammar::Identifier> parameters, Expr& body, std::span<const Value> given,
                       Scope& scope);
  Value BindLambda(grammar::Lambda& lambda, Scope& scope);
  Expr* Subject(const grammar::FunctionCall& call);
  bool CheckPlace(const grammar::FunctionCall& call, bool aggregate, bool window, Scope& scope);
  void BindWindow(grammar::FunctionCall& call, Scope& scope);
  void BindWindowSpec(grammar::WindowSpec& spec, Scope& scope);
  Value ReportUnknownFunction(const grammar::FunctionCall& call, bool table);
  Value ReportSignature(const grammar::FunctionCall& call, const FunctionSet& set, std::span<const Value> values);

  Value Fail(const base::DiagnosticCode& code, base::Span span, std::string message, std::string help = {});
  base::DiagnosticBuilder Report(const base::DiagnosticCode& code, base::Span span, std::string message) {
    return diagnostics_->Report(code, span, std::move(message));
  }

  const BindContext& context_;
  const ModelRelations* relations_;
  base::Diagnostics* diagnostics_;
  const grammar::Dialect& dialect_;
  const Typing& typing_;
  const FunctionCatalog& catalog_;
  const NameRule names_;
  std::deque<Relation> kept_;
  std::vector<std::pair<std::string_view, const Relation*>> ctes_;  ///< the innermost last
  std::vector<std::string_view> cte_names_;                         ///< of every WITH that was met, in scope or not
  grammar::Arena scratch_;
  grammar::Arena* arena_;
  Sources* sink_ = nullptr;  ///< where the columns that are read go
  bool complete_ = true;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_BINDER_IMPL_H_

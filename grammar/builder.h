#ifndef WAPC_GRAMMAR_BUILDER_H_
#define WAPC_GRAMMAR_BUILDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "grammar/ast.h"
#include "grammar/cst.h"
#include "grammar/dialect.h"
#include "grammar/precedence.h"

namespace wapc::grammar {

/// How high a tree may grow. Every pass walks trees by recursion, so this keeps all of them off the end of the stack.
inline constexpr int kMaxHeight = 1000;

inline constexpr base::DiagnosticCode kSqlSyntax{"sql-syntax", base::Severity::kError};
inline constexpr base::DiagnosticCode kNotInDialect{"not-in-dialect", base::Severity::kError};
inline constexpr base::DiagnosticCode kTooDeep{"too-deep", base::Severity::kError};

/// Whether a function of that lower-case name takes lambdas written with an arrow; elsewhere `->` takes a value out of
/// JSON.
bool TakesLambdas(std::string_view lower_name);

/// Where the text of a parse lies in a source.
struct TextPlace {
  std::string_view text;  ///< lives as long as the trees
  base::Span within;
  bool exact = true;  ///< the text is the source's own bytes from within.begin on; else every span is `within`

  base::Span At(uint32_t begin, uint32_t end) const {
    if (!exact) return within;
    return {within.source, within.begin + begin, within.begin + end};
  }
};

/// Turns the concrete tree of one statement into the typed one: settles precedence, names, lambdas, special forms, and
/// reports what the flat grammar accepts too much. Internal to this room.
class Builder {
 public:
  Builder(const Cst& cst, const TextPlace& place, const Dialect& dialect, Arena& arena, base::Diagnostics& diagnostics)
      : cst_(cst), place_(place), dialect_(dialect), arena_(arena), diagnostics_(diagnostics) {}

  /// Whether a fault was reported: then the tree that was built is not to be used.
  bool failed() const { return failed_; }

  // The tape's first node is the entry rule.
  Query* EntryQuery();
  Expr* EntryExpr();
  TypeName* EntryType();
  void EntryBlock(Statement& out);
  void EntryMacro(Statement& out);

 private:
  /// An expression with the height of its tree.
  struct Built {
    Expr* expr;
    int height;
  };
  /// What stood between parentheses: a query or expressions.
  struct Paren {
    Query* query = nullptr;
    std::vector<Expr*> items;
    bool comma = false;  ///< at least one comma stood there
  };
  struct Infix {
    enum class Shape : uint8_t {
      kNone,
      kBinary,
      kIn,
      kBetween,
      kLike,
      kIs,
      kPostfixNull,
      kCollate,
      kTimeZone,
      kEscape,
    };
    Shape shape = Shape::kNone;
    int precedence = -1;
    BinaryOp op = BinaryOp::kOr;
    LikeOp like = LikeOp::kLike;
    bool negated = false;
  };
  /// One argument of a call, with the word that stood before it.
  struct RawArgument {
    TokenKind separator = TokenKind::COMMA;
    Argument argument;
  };

  // Common (build_expr.cc).
  Cursor Children(uint32_t node) const { return {cst_, node}; }
  const Token& TokenAt(uint32_t index) const { return cst_.tokens[index]; }
  std::string_view TextOf(uint32_t token) const;
  Span SpanOf(uint32_t first, uint32_t end) const;
  Span NodeSpan(uint32_t node) const { return SpanOf(cst_.nodes[node].begin, cst_.nodes[node].end); }
  std::string_view LowerText(std::string_view text);
  void Fail(Span span, std::string message, std::string help = {});
  /// Reports a construct that the dialect does not have.
  void Needs(Feature feature, Span span) {
    if (!dialect_.Has(feature)) FailFeature(feature, span);
  }
  void FailFeature(Feature feature, Span span);
  /// Where an arrow makes lambdas, all that follows it is the body.
  bool ArrowLoosest() const { return dialect_.write.arrow_loosest || dialect_.write.arrow_lambdas; }
  int Level(BinaryOp op) const { return PrecedenceOf(op, ArrowLoosest()); }
  void CheckHeight(int height, Span span);
  template <class T, class... Args>
  T* Make(Span span, Args... args) {
    return arena_.New<T>(Expr{T::kKind, span}, args...);
  }

  /// Calls `each` for every inner rule of a list with commas; a trailing comma is fine, two in a row are not.
  template <class F>
  void CommaList(Cursor& c, F each) {
    if (c.AtRule()) each();
    while (c.Accept(TokenKind::COMMA)) {
      if (c.At(TokenKind::COMMA)) FailDoubleComma(c);
      if (!c.AtRule()) {
        if (!in_block_) Needs(Feature::kTrailingComma, SpanOf(c.Position() - 1, c.Position()));
        continue;
      }
      each();
    }
  }
  void FailDoubleComma(const Cursor& c);

  // Names.
  Identifier TokenName(uint32_t token);
  Identifier Name(Cursor& c);
  List<Identifier> NamesInParens(Cursor& c);
  std::string_view StringValue(uint32_t token);
  std::string_view NumberText(uint32_t token);

  // Expressions (build_expr.cc).
  Expr* BuildExpr(uint32_t node, bool star_allowed = false);
  Expr* TakeExpr(Cursor& c) { return BuildExpr(c.TakeRule()); }
  Built Prefixed(Cursor& c);
  Built Climb(Cursor& c, Built left, int minimum);
  Infix PeekInfix(const Cursor& c) const;
  Built BinaryTail(Cursor& c, Built left, const Infix& infix);
  Built Chain(Cursor& c, Built left, BinaryOp op, TokenKind kind);
  Built Balance(const std::vector<Built>& operands, const std::vector<Span>& ops, BinaryOp op, size_t begin,
                size_t end);
  Built QuantifiedTail(Cursor& c, Built left, const Infix& infix);
  Built InTail(Cursor& c, Built left, bool negated);
  Built BetweenTail(Cursor& c, Built left, bool negated);
  Built LikeAnyTail(Cursor& c, Built left, const Infix& infix);
  Built StarLike(Star* star, Built pattern, const Infix& infix);
  Built MisplacedQuantifier(Cursor& c);
  Built LikeTail(Cursor& c, Built left, const Infix& infix);
  Built IsTail(Cursor& c, Built left);
  Built CollateTail(Cursor& c, Built left);
  Built TimeZoneTail(Cursor& c, Built left);
  Built PostfixNullTail(Cursor& c, Built left);
  Built Wrap(Expr* expr, int height, Span at);

  // Operands (build_operand.cc).
  Built BuildOperand(uint32_t node);
  Expr* Primary(Cursor& c, Span span);
  Expr* WordPrimary(Cursor& c, Span span);
  Expr* NamePrimary(Cursor& c, Span span);
  Expr* AfterName(Cursor& c, std::vector<Identifier>& parts, Span span, uint32_t first);
  Expr* StarTail(Cursor& c, const std::vector<Identifier>& qualifier, Span span);
  Expr* TypedLiteralTail(Cursor& c, const Identifier& name, uint32_t first);
  Expr* ParenPrimary(Cursor& c, Span span);
  Expr* PositionNumber(uint32_t first);
  Expr* CasePrimary(Cursor& c);
  Expr* CastPrimary(Cursor& c);
  Expr* IntervalPrimary(Cursor& c);
  Expr* ArrayPrimary(Cursor& c);
  Expr* BracketItems(Cursor& c);
  Expr* Comprehension(Cursor& c, Expr* body, uint32_t first);
  Expr* LambdaCall(std::string_view function, Expr* list, const std::vector<Identifier>& parameters, Expr* body,
                   Span span);
  std::string_view UnitOf(uint32_t token);
  std::string_view UnicodeValue(uint32_t token);
  Expr* StructPrimary(Cursor& c);
  Expr* MapPrimary(Cursor& c);
  Expr* Postfixes(Cursor& c, Expr* base, uint32_t first, int& levels);
  Expr* SubscriptTail(Cursor& c, Expr* base, uint32_t first);
  bool AddFixedSize(Cursor& c, Expr* base);
  Expr* FieldTail(Cursor& c, Expr* base, uint32_t first);
  Paren BuildParen(uint32_t node);
  Query* QueryInParen(uint32_t node);
  void StarOptions(Cursor& c, Star* star);
  void RejectStar(const Expr* expr);

  // Calls (build_call.cc).
  Expr* BuildCall(const std::vector<Identifier>& name, uint32_t suffix, Span span, Expr* receiver = nullptr);
  MacroCall* BuildMacro(Cursor& c, uint32_t first);
  MacroCall* BuildMacroCall(uint32_t name_token, uint32_t suffix, Span span);
  Argument BuildArgument(uint32_t node, bool lambdas);
  void RejectAlias(const Expr* argument);
  Expr* ArrowLambda(Expr* expr, bool lambdas);
  Expr* BuildLambda(uint32_t node);
  std::vector<RawArgument> CallArguments(Cursor& c, bool lambdas);
  void CallTail(Cursor& c, FunctionCall* call);
  void OverTail(Cursor& c, FunctionCall* call);
  Expr* PositionForm(uint32_t argument, Span name_span, Span span);
  Expr* SpecialForm(const Identifier& name, std::vector<RawArgument>& arguments, TokenKind quantifier, Span span);
  bool Separators(const std::vector<RawArgument>& arguments, std::initializer_list<TokenKind> wanted) const;
  Expr* PlainCall(std::string_view name, Span name_span, std::initializer_list<Expr*> values, Span span);
  OrderItem BuildOrderItem(uint32_t node);
  List<OrderItem> OrderItems(Cursor& c);
  WindowSpec* BuildWindow(uint32_t node);
  Frame* BuildFrame(uint32_t node);
  FrameBound BuildFrameBound(uint32_t node);

  // Types (build_type.cc).
  TypeName* BuildType(uint32_t node);
  std::string_view TypeWords(const Identifier& name, uint32_t token);
  void TypeArguments(Cursor& c, TypeName* type);
  TypeName* SizedType(Cursor& c);
  void TypeSizes(Cursor& c, TypeName* type);
  void AddSize(TypeName* type, int64_t size);
  int64_t WholeNumber(uint32_t token);

  // Queries (build_query.cc).
  Query* BuildQuery(uint32_t node);
  Query* QueryAfterFirst(Cursor& c, Query* query, QueryBody* first);
  void WithClause(uint32_t node, Query* query);
  Cte BuildCte(uint32_t node);
  QueryBody* BuildBody(uint32_t node);
  QueryBody* SetOperations(Cursor& c, QueryBody* first);
  void QueryTail(uint32_t node, Query* query);
  void OrderByTail(Cursor& c, Query* query);
  void LimitPart(Cursor& c, Query* query);
  void FetchPart(uint32_t node, Query* query);
  QueryBody* TableCommand(Cursor& c, Select* select);
  QueryBody* BuildSelect(uint32_t node);
  void SelectList(uint32_t node, Select* select);
  void GroupBy(Cursor& c, Select* select);
  GroupElement BuildGroupElement(uint32_t node);
  GroupElement GroupElementOf(Expr* expr);
  SelectItem BuildSelectItem(uint32_t node);
  QueryBody* BuildValues(uint32_t node);
  Expr* ClauseCondition(Cursor& c);

  // Tables (build_table.cc).
  TableRef* BuildFrom(uint32_t node);
  TableRef* BuildTableRef(uint32_t node);
  Join* BuildJoin(Cursor& c, TableRef* left);
  void JoinCondition(Cursor& c, Join* join);
  Sample* BuildSample(uint32_t node);
  TableRef* TableCall(Cursor& c, uint32_t first, bool lateral);
  TableRef* BuildTablePrimary(uint32_t node);
  TableRef* NamedTable(Cursor& c, uint32_t first, bool lateral);
  TableRef* MacroRelation(Cursor& c, uint32_t first);
  TableRef* TableInParens(uint32_t node, bool lateral);
  void Alias(uint32_t node, TableRef* ref);
  TableRef* BuildPivot(uint32_t node, TableRef* source, Span span);
  PivotColumn BuildPivotColumn(uint32_t node);
  PivotValue BuildPivotValue(uint32_t node);
  TableRef* BuildUnpivot(uint32_t node, TableRef* source, Span span);

  // Blocks (build_block.cc).
  List<Property> Properties(Cursor& c);
  Property BuildProperty(uint32_t node);
  Property BuildMergeWhen(uint32_t node);
  void ColumnProperties(Cursor& c, Property& property);
  Expr* PropertyValue(Expr* value);

  const Cst& cst_;
  const TextPlace& place_;
  const Dialect& dialect_;
  Arena& arena_;
  base::Diagnostics& diagnostics_;
  int height_ = 0;       ///< the highest tree built since the innermost scope began
  int recursion_ = 0;    ///< of Climb within itself
  Expr* top_ = nullptr;  ///< of SELECT TOP, until the query is built
  bool failed_ = false;
  bool in_array_ = false;  ///< within ARRAY[...], where brackets nest
  int angles_ = 0;         ///< of type<...> still open
  int empties_ = 0;        ///< within what may hold (): GROUP BY, the arguments of a macro
  bool in_block_ = false;  ///< within MODEL (...), whose lists are wapc's own
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_BUILDER_H_

#ifndef WAPC_GRAMMAR_TOKENS_H_
#define WAPC_GRAMMAR_TOKENS_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// The kinds of tokens and the rules of the grammar, in the order of WapcSqlLexer.g4 and WapcSql.g4. The seam to the
/// generated parser (antlr_parser.cc) checks at compile time that the numbers agree.
namespace wapc::grammar {

/// Words that the parser knows by themselves: X(token, spelling).
// clang-format off
#define WAPC_WORDS(X) \
  X(ALL, "all") X(AND, "and") X(ANTI, "anti") X(ANY, "any") X(ARRAY, "array") X(AS, "as") X(ASC, "asc") \
  X(ASOF, "asof") X(BETWEEN, "between") X(BOTH, "both") X(BY, "by") X(CASE, "case") X(CAST, "cast") \
  X(COLLATE, "collate") X(COLUMNS, "columns") X(CROSS, "cross") X(DESC, "desc") X(DISTINCT, "distinct") \
  X(ELSE, "else") X(END, "end") X(ESCAPE, "escape") X(EXCEPT, "except") X(EXCLUDE, "exclude") X(EXISTS, "exists") \
  X(FALSE, "false") X(FILTER, "filter") X(FOLLOWING, "following") X(FOR, "for") X(FROM, "from") X(FULL, "full") \
  X(GLOB, "glob") X(GROUP, "group") X(GROUPS, "groups") X(HAVING, "having") X(ILIKE, "ilike") X(IN, "in") \
  X(INNER, "inner") X(INTERSECT, "intersect") X(INTERVAL, "interval") X(IS, "is") X(ISNULL, "isnull") \
  X(JOIN, "join") X(KIND, "kind") X(LAMBDA, "lambda") X(LATERAL, "lateral") X(LEADING, "leading") X(LEFT, "left") \
  X(LIKE, "like") X(LIMIT, "limit") X(MAP, "map") X(MATCH_CONDITION, "match_condition") X(MATERIALIZED, "materialized") X(NATURAL, "natural") \
  X(NOT, "not") X(NOTNULL, "notnull") X(NULL_, "null") X(OFFSET, "offset") X(ON, "on") X(OR, "or") X(ORDER, "order") \
  X(OUTER, "outer") X(OVER, "over") X(PIVOT, "pivot") X(PLACING, "placing") X(POSITIONAL, "positional") \
  X(PRECEDING, "preceding") X(QUALIFY, "qualify") X(RANGE, "range") X(REGEXP, "regexp") X(RENAME, "rename") X(REPLACE, "replace") \
  X(RIGHT, "right") X(RLIKE, "rlike") X(ROWS, "rows") X(SAMPLE, "sample") X(SELECT, "select") X(SEMI, "semi") X(SOME, "some") X(TABLE, "table") X(TABLE_CALL, "table(") X(TABLESAMPLE, "tablesample") X(THEN, "then") X(TOP, "top") \
  X(TRAILING, "trailing") X(TRUE, "true") X(TRY_CAST, "try_cast") X(UNION, "union") X(UNPIVOT, "unpivot") \
  X(USING, "using") X(VALUES, "values") X(WHEN, "when") X(WHERE, "where") X(WINDOW, "window") X(WITH, "with")
// clang-format on

/// Words that are one token only together: X(token, spelling).
// clang-format off
#define WAPC_PHRASES(X) \
  X(AT_TIME_ZONE, "at time zone") X(BETWEEN_SYMMETRIC, "between symmetric") X(CURRENT_ROW, "current row") \
  X(EXCLUDE_NULLS, "exclude nulls") X(FETCH_FIRST, "fetch first") X(GROUPING_SETS, "grouping sets") X(IGNORE_NULLS, "ignore nulls") \
  X(IGNORE_NULLS_OVER, "ignore nulls over") X(INCLUDE_NULLS, "include nulls") X(NULLS_FIRST, "nulls first") \
  X(NULLS_LAST, "nulls last") X(PARTITION_BY, "partition by") X(RESPECT_NULLS, "respect nulls") \
  X(RESPECT_NULLS_OVER, "respect nulls over") X(SIMILAR_TO, "similar to") \
  X(UNBOUNDED_FOLLOWING, "unbounded following") X(UNBOUNDED_PRECEDING, "unbounded preceding") \
  X(WITHIN_GROUP, "within group") X(WITHOUT_TIME_ZONE, "without time zone") X(WITH_ORDINALITY, "with ordinality") \
  X(WITH_RECURSIVE, "with recursive") X(WITH_TIES, "with ties") X(WITH_TIME_ZONE, "with time zone")
// clang-format on

/// Signs: X(token, spelling).
// clang-format off
#define WAPC_SIGNS(X) \
  X(AMP, "&") X(AND_AND, "&&") X(ARROW, "->") X(ARROW_TEXT, "->>") X(AT_AT, "@@") X(AT_GT, "@>") X(AT_QUESTION, "@?") X(CARET, "^") X(CARET_AT, "^@") \
  X(COLON, ":") X(COLON_COLON, "::") X(COLON_PATH, ":") X(COLON_EQ, ":=") X(COMMA, ",") X(CONCAT, "||") X(DOT, ".") \
  X(EMPTY_BRACKETS, "[]") X(EQ, "=") X(FAT_ARROW, "=>") X(GE, ">=") X(GT, ">") X(HASH, "#") X(HASH_ARROW, "#>") \
  X(HASH_ARROW_TEXT, "#>>") X(HASH_MINUS, "#-") X(LBRACE, "{") X(LBRACK, "[") X(LE, "<=") X(LPAREN, "(") X(LT, "<") X(LT_AT, "<@") \
  X(MINUS, "-") X(NE, "<>") X(NOT_TILDE, "!~") X(NOT_TILDE_STAR, "!~*") X(PERCENT, "%") X(PIPE, "|") X(PLUS, "+") \
  X(QUESTION, "?") X(QUESTION_AMP, "?&") X(QUESTION_PIPE, "?|") X(RBRACE, "}") X(RBRACK, "]") X(RPAREN, ")") X(SEMICOLON, ";") X(SHL, "<<") X(SHR, ">>") \
  X(SLASH, "/") X(SLASH_SLASH, "//") X(STAR, "*") X(STAR_STAR, "**") X(TILDE, "~") X(TILDE_STAR, "~*")
// clang-format on

/// The rest: X(token, what it is called in a message).
#define WAPC_VALUES(X)           \
  X(NUMBER, "a number")          \
  X(STRING, "a string")          \
  X(ESTRING, "a string")         \
  X(DOLLAR_STRING, "a string")   \
  X(PARAM, "a parameter")        \
  X(MACRO_WITH, "@with")         \
  X(MACRO_JOIN, "@join")         \
  X(MACRO_WHERE, "@where")       \
  X(MACRO_GROUP_BY, "@group_by") \
  X(MACRO_HAVING, "@having")     \
  X(MACRO_ORDER_BY, "@order_by") \
  X(MACRO_LIMIT, "@limit")       \
  X(MACRO_NAME, "a macro name") X(QUOTED_IDENT, "a name") X(IDENT, "a name") X(UNEXPECTED, "an unexpected character")

enum class TokenKind : uint16_t {
  END_OF_TEXT = 0,
#define WAPC_TOKEN(name, spelling) name,
  WAPC_WORDS(WAPC_TOKEN) WAPC_PHRASES(WAPC_TOKEN) TYPE_WORDS,
  UNIT,
  TO_UNIT,
  TYPE_OPEN,
  WAPC_SIGNS(WAPC_TOKEN) WAPC_VALUES(WAPC_TOKEN)
#undef WAPC_TOKEN
      COUNT
};

/// Some kinds of tokens.
class TokenSet {
 public:
  TokenSet() = default;
  TokenSet(std::initializer_list<TokenKind> kinds) {
    for (const TokenKind kind : kinds) bits_.set(static_cast<size_t>(kind));
  }
  bool Has(TokenKind kind) const { return bits_.test(static_cast<size_t>(kind)); }

 private:
  std::bitset<static_cast<size_t>(TokenKind::COUNT)> bits_;
};

/// How a kind of token is written ("select", "->>"), or what it is called ("a number").
std::string_view Spelling(TokenKind kind);
/// Whether the kind is a word or a phrase.
bool IsWord(TokenKind kind);

/// The rules of WapcSql.g4, in its order.
// clang-format off
#define WAPC_RULES(X) \
  X(QueryEntry) X(ExpressionEntry) X(TypeEntry) X(BlockEntry) X(MacroEntry) X(MacroParameter) X(Property) X(ColumnDef) X(MergeWhen) X(Word) \
  X(Keyword) X(Query) X(PlainQuery) X(MacroQuery) X(WithClause) X(Cte) X(Nested) X(SetTail) X(QueryTail) X(FetchTail) X(Select) X(SelectList) \
  X(SelectItem) X(GroupElement) X(NamedWindow) X(Values) X(FromClause) X(TableRef) X(TablePrimary) X(TableParen) \
  X(TableAlias) X(Pivot) X(PivotColumn) X(PivotValue) X(Unpivot) X(NonReserved) X(Expr) X(Operand) X(CallSuffix) \
  X(Argument) X(Lambda) X(OrderItem) X(Window) X(Frame) X(FrameBound) X(ParenContent) X(StarOption) X(StructField) \
  X(TypeName) X(TypeSize) X(TypeArg) X(Sample) X(SampleSize)
// clang-format on

enum class Rule : uint16_t {
#define WAPC_RULE(name) name,
  WAPC_RULES(WAPC_RULE)
#undef WAPC_RULE
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_TOKENS_H_

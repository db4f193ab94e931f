#ifndef WAPC_GRAMMAR_AST_EXPR_H_
#define WAPC_GRAMMAR_AST_EXPR_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/source.h"
#include "grammar/arena.h"

/// The expressions, types and windows of the typed syntax tree; include grammar/ast.h, which has all of it. Nodes live
/// in an Arena, are trivially destructible, refer to text by views into the source or the arena, and carry the byte
/// span they came from. A node belongs to one tree; passes that change a tree own it, or Clone it first
/// (grammar/walk.h).
namespace wapc::grammar {

using base::Span;

/// A name without its quotes, escapes undone.
struct Identifier {
  std::string_view text;
  bool quoted = false;
  Span span;
};

struct Dialect;
struct Query;
struct WindowSpec;
struct FunctionCall;

// ---------------------------------------------------------------------------------------------------- expressions

enum class ExprKind : uint8_t {
  kLiteral,
  kTypedLiteral,
  kInterval,
  kColumnRef,
  kStar,
  kUnary,
  kBinary,
  kBetween,
  kInList,
  kInSubquery,
  kLike,
  kIsNull,
  kIsDistinct,
  kIsBool,
  kCase,
  kCast,
  kFunctionCall,
  kExtract,
  kExists,
  kScalarSubquery,
  kQuantified,
  kArray,
  kArraySubquery,
  kStruct,
  kMap,
  kTuple,
  kIndex,
  kSlice,
  kFieldAccess,
  kLambda,
  kAtTimeZone,
  kCollate,
  kParameter,
  kMacroVariable,
  kMacroCall,
  kAliased,
};

struct Expr {
  ExprKind kind;
  Span span;
  bool parenthesized = false;  ///< stood in parentheses of its own; printing adds what precedence needs by itself
};

/// `As<ColumnRef>(expr)`: the node as its own type, or null when it is of another kind (or null itself).
template <class T>
T* As(Expr* expr) {
  return expr != nullptr && expr->kind == T::kKind ? static_cast<T*>(expr) : nullptr;
}
template <class T>
const T* As(const Expr* expr) {
  return expr != nullptr && expr->kind == T::kKind ? static_cast<const T*>(expr) : nullptr;
}

/// A type as written: `decimal(18, 4)`, `timestamp(3) with time zone`, `struct(a int)[]`. `name` is lower case with
/// single spaces, without arguments: "decimal", "timestamp", "double precision"; arrays are `dimensions` over it.
struct TypeName {
  Span span;
  std::string_view name;
  List<int64_t> arguments;
  bool with_time_zone = false;     ///< WITH TIME ZONE was written
  bool without_time_zone = false;  ///< WITHOUT TIME ZONE was written
  int dimensions = 0;              ///< how many [] follow
  List<int64_t> sizes;             ///< of `int[3]`: one for each of the dimensions, -1 for []; empty when none has one
  List<std::string_view> values;   ///< of enum('a', 'b')
  List<Identifier> field_names;    ///< of struct(...) / row(...); parallel to `nested`
  List<TypeName*> nested;          ///< of struct, map(k, v), array<T>/list<T>
};

enum class LiteralKind : uint8_t { kNull, kTrue, kFalse, kNumber, kString };

struct Literal : Expr {
  static constexpr ExprKind kKind = ExprKind::kLiteral;
  LiteralKind type;
  std::string_view text;  ///< a number as written; a string's value, unescaped
};

/// `date '2020-01-01'`, `timestamp with time zone '...'`.
struct TypedLiteral : Expr {
  static constexpr ExprKind kKind = ExprKind::kTypedLiteral;
  TypeName* type;
  std::string_view text;
};

/// `interval '1 day'`, `interval 3 month`, `interval (x) hour`.
struct Interval : Expr {
  static constexpr ExprKind kKind = ExprKind::kInterval;
  Expr* value;
  std::string_view unit;     ///< lower case, singular ("day"); empty when the text holds it
  std::string_view to_unit;  ///< of `YEAR TO MONTH`; mostly empty
};

/// `a`, `t.a`, `s.t.a`; what each part names is settled by binding.
struct ColumnRef : Expr {
  static constexpr ExprKind kKind = ExprKind::kColumnRef;
  List<Identifier> parts;
};

struct SelectItem {
  Expr* expr;
  Identifier alias;  ///< empty text: none
  Span span;
};

struct Like;

/// `*`, `t.*`, `* exclude (a) replace (x as b) rename (c as d)`.
struct Star : Expr {
  static constexpr ExprKind kKind = ExprKind::kStar;
  List<Identifier> qualifier;
  List<Identifier> exclude;
  List<SelectItem> replace;
  List<std::pair<Identifier, Identifier>> rename;  ///< from, to
  std::string_view prefix = {};                    ///< of @STAR: put before every name; likewise after it
  std::string_view suffix = {};
  Like* like = nullptr;  ///< of `* LIKE 'a%'`, whose operand is null; mostly null
};

enum class UnaryOp : uint8_t { kNot, kMinus, kPlus, kBitNot };

struct Unary : Expr {
  static constexpr ExprKind kKind = ExprKind::kUnary;
  UnaryOp op;
  Expr* operand;
};

enum class BinaryOp : uint8_t {
  kOr,
  kAnd,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kIntDiv,
  kMod,
  kPow,
  kConcat,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kArrow,
  kArrowText,
  kHashArrow,
  kHashArrowText,
  kContains,
  kContainedBy,
  kOverlaps,
  kRegexMatch,
  kRegexMatchI,
  kNotRegexMatch,
  kNotRegexMatchI,
  kStartsWith,
  kJsonExists,      ///< ?
  kJsonExistsAny,   ///< ?|
  kJsonExistsAll,   ///< ?&
  kJsonPathExists,  ///< @?
  kJsonPathMatch,   ///< @@
  kJsonDelete,      ///< #-
};

struct Binary : Expr {
  static constexpr ExprKind kKind = ExprKind::kBinary;
  BinaryOp op;
  Expr* left;
  Expr* right;
  Span op_span;
};

struct Between : Expr {
  static constexpr ExprKind kKind = ExprKind::kBetween;
  Expr* operand;
  Expr* low;
  Expr* high;
  bool negated;
  bool symmetric = false;  ///< low and high may stand in either order
};

struct InList : Expr {
  static constexpr ExprKind kKind = ExprKind::kInList;
  Expr* operand;
  List<Expr*> items;
  bool negated;
};

struct InSubquery : Expr {
  static constexpr ExprKind kKind = ExprKind::kInSubquery;
  Expr* operand;
  Query* query;
  bool negated;
};

enum class LikeOp : uint8_t { kLike, kILike, kSimilar, kGlob, kRegexp };
enum class LikeQuantifier : uint8_t { kNone, kAny, kAll };

struct Like : Expr {
  static constexpr ExprKind kKind = ExprKind::kLike;
  LikeOp op;
  Expr* operand;
  Expr* pattern;
  Expr* escape;  ///< or null
  bool negated;
  LikeQuantifier quantifier = LikeQuantifier::kNone;
  List<Expr*> patterns;  ///< of ANY and ALL; then `pattern` is null
};

struct IsNull : Expr {
  static constexpr ExprKind kKind = ExprKind::kIsNull;
  Expr* operand;
  bool negated;
};

/// `a IS [NOT] DISTINCT FROM b`; negated means IS NOT DISTINCT FROM (null-safe equality).
struct IsDistinct : Expr {
  static constexpr ExprKind kKind = ExprKind::kIsDistinct;
  Expr* left;
  Expr* right;
  bool negated;
};

enum class BoolTest : uint8_t { kTrue, kFalse, kUnknown };

struct IsBool : Expr {
  static constexpr ExprKind kKind = ExprKind::kIsBool;
  Expr* operand;
  BoolTest test;
  bool negated;
};

struct WhenClause {
  Expr* condition;
  Expr* result;
};

struct Case : Expr {
  static constexpr ExprKind kKind = ExprKind::kCase;
  Expr* operand;  ///< or null
  List<WhenClause> whens;
  Expr* otherwise;  ///< or null
};

enum class CastStyle : uint8_t { kCast, kColons, kTryCast };

struct Cast : Expr {
  static constexpr ExprKind kKind = ExprKind::kCast;
  Expr* operand;
  TypeName* type;
  CastStyle style;
};

struct OrderItem {
  Expr* expr;
  bool descending = false;
  bool nulls_first = false;
  bool nulls_last = false;  ///< neither: the dialect's default
};

/// `f(a, name := b, ...)`.
struct Argument {
  Identifier name;  ///< empty text: positional
  Expr* value;
};

enum class NullTreatment : uint8_t { kDefault, kRespect, kIgnore };

/// A call of a scalar, aggregate, window or table function; `count(*)` has one Star argument. SUBSTRING(x FROM a),
/// TRIM(BOTH y FROM x), POSITION(a IN b) and OVERLAY are turned into plain calls; CURRENT_DATE and its kind are calls
/// with `bare` set.
struct FunctionCall : Expr {
  static constexpr ExprKind kKind = ExprKind::kFunctionCall;
  List<Identifier> name;
  List<Argument> arguments;
  bool distinct = false;
  bool bare = false;  ///< written without parentheses
  List<OrderItem> order_by;
  List<OrderItem> within_group;
  Expr* filter = nullptr;
  NullTreatment nulls = NullTreatment::kDefault;
  WindowSpec* over = nullptr;
  Identifier over_name;          ///< of `OVER w`
  std::string_view on_overflow;  ///< of listagg: `truncate '...' with count`, words in lower case
};

struct Extract : Expr {
  static constexpr ExprKind kKind = ExprKind::kExtract;
  std::string_view field;  ///< lower case
  Expr* operand;
};

struct Exists : Expr {
  static constexpr ExprKind kKind = ExprKind::kExists;
  Query* query;
};

struct ScalarSubquery : Expr {
  static constexpr ExprKind kKind = ExprKind::kScalarSubquery;
  Query* query;
};

/// `x = ANY (subquery)`, `x > ALL (array)`: exactly one of query and array is set.
struct Quantified : Expr {
  static constexpr ExprKind kKind = ExprKind::kQuantified;
  BinaryOp op;
  Expr* left;
  bool all;
  Query* query;
  Expr* array;
};

/// `[1, 2]`, `array[1, 2]`.
struct Array : Expr {
  static constexpr ExprKind kKind = ExprKind::kArray;
  List<Expr*> items;
};

struct ArraySubquery : Expr {
  static constexpr ExprKind kKind = ExprKind::kArraySubquery;
  Query* query;
};

struct StructField {
  Identifier name;
  Expr* value;
};

/// `{'a': 1, b: 2}`.
struct Struct : Expr {
  static constexpr ExprKind kKind = ExprKind::kStruct;
  List<StructField> fields;
};

/// `map {'k': v}`.
struct MapEntry {
  Expr* key;
  Expr* value;
};
struct Map : Expr {
  static constexpr ExprKind kKind = ExprKind::kMap;
  List<MapEntry> entries;
};

/// `(a, b)` or `row(a)`; a single parenthesised expression is no tuple (but see Property).
struct Tuple : Expr {
  static constexpr ExprKind kKind = ExprKind::kTuple;
  List<Expr*> items;
  bool row = false;
};

struct Index : Expr {
  static constexpr ExprKind kKind = ExprKind::kIndex;
  Expr* base;
  Expr* index;
};

struct Slice : Expr {
  static constexpr ExprKind kKind = ExprKind::kSlice;
  Expr* base;
  Expr* low;   ///< or null
  Expr* high;  ///< or null
  Expr* step = nullptr;
};

/// How a field was written: `.field`, or as a path into JSON, whose names keep their letter case: `:field`, and
/// `.field` behind that.
enum class AccessStyle : uint8_t { kField, kColon, kColonField };

/// `(expr).field`, `f(x).field`, `a:b.c`: never a plain column path, which is a ColumnRef.
struct FieldAccess : Expr {
  static constexpr ExprKind kKind = ExprKind::kFieldAccess;
  Expr* base;
  Identifier field;
  AccessStyle style = AccessStyle::kField;
};

struct Lambda : Expr {
  static constexpr ExprKind kKind = ExprKind::kLambda;
  List<Identifier> parameters;
  Expr* body;
};

struct AtTimeZone : Expr {
  static constexpr ExprKind kKind = ExprKind::kAtTimeZone;
  Expr* operand;
  Expr* zone;
};

struct Collate : Expr {
  static constexpr ExprKind kKind = ExprKind::kCollate;
  Expr* operand;
  Identifier collation;
};

/// `$1`, `$name`, `?`.
struct Parameter : Expr {
  static constexpr ExprKind kKind = ExprKind::kParameter;
  std::string_view text;
};

/// `@start_ds`, `@col`.
struct MacroVariable : Expr {
  static constexpr ExprKind kKind = ExprKind::kMacroVariable;
  std::string_view name;
};

/// The name of the macro that `@'text with @{holes}'` calls.
inline constexpr std::string_view kTextMacro = "'";

/// `@name(a, b)` as an expression.
struct MacroCall : Expr {
  static constexpr ExprKind kKind = ExprKind::kMacroCall;
  Identifier name;
  List<Argument> arguments;
};

/// `expr AS name`, which only arguments of macros may be.
struct Aliased : Expr {
  static constexpr ExprKind kKind = ExprKind::kAliased;
  Expr* value;
  Identifier alias;
};

// --------------------------------------------------------------------------------------------------------- windows

enum class FrameUnit : uint8_t { kRows, kRange, kGroups };
enum class FrameBoundKind : uint8_t { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
enum class FrameExclude : uint8_t { kNone, kCurrentRow, kGroup, kTies };

struct FrameBound {
  FrameBoundKind kind;
  Expr* offset;  ///< of kPreceding and kFollowing, else null
};

struct Frame {
  FrameUnit unit;
  FrameBound start;
  FrameBound end;
  bool between;  ///< false: only the start was written
  FrameExclude exclude;
};

struct WindowSpec {
  Span span;
  Identifier base;  ///< `OVER (w ...)`; empty text: none
  List<Expr*> partition_by;
  List<OrderItem> order_by;
  Frame* frame = nullptr;
};

struct NamedWindow {
  Identifier name;
  WindowSpec* spec;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_AST_EXPR_H_

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "tests/unit/grammar/engines.h"
#include "tests/unit/grammar/parsed.h"

/// Random trees: what is printed of one, in any dialect and layout, parses to an equal tree, and where the engine's own
/// parser can be asked, it takes the text. RC_PARAMS sets the seed and how many are tried.
namespace wapc::grammar {
namespace {

/// Builds a tree out of choices that rapidcheck makes, so that it can make a failing one smaller.
class Grower {
 public:
  Grower(const Dialect& dialect, Arena& arena) : dialect_(dialect), arena_(arena) {}

  Query* GrowQuery(int depth) {
    auto* query = arena_.New<Query>();
    if (depth > 1 && Chance(4)) {
      const std::vector<Cte> ctes{{Name(), {}, GrowQuery(depth - 2), Materialization::kDefault, {}}};
      query->ctes = arena_.Copy(ctes);
    }
    query->body = GrowBody(depth);
    if (Chance(3)) query->order_by = Orders(depth - 1);
    if (Chance(4)) query->limit = Number();
    if (query->limit != nullptr && Chance(3)) query->offset = Number();
    return query;
  }

 private:
  int Below(int limit) { return *rc::gen::inRange(0, limit); }
  bool Chance(int of) { return Below(of) == of - 1; }
  template <class T>
  T Any(std::initializer_list<T> all) {
    return *(all.begin() + Below(static_cast<int>(all.size())));
  }
  template <class T, class... Args>
  T* Make(Args... args) {
    return arena_.New<T>(Expr{T::kKind, {}}, args...);
  }

  Identifier Name() {
    // Quoted where letter case or the word itself asks for it.
    const auto name = Any<Identifier>({{"a", false, {}},
                                       {"b2", false, {}},
                                       {"year", false, {}},
                                       {"name", false, {}},
                                       {"Mixed Case", true, {}},
                                       {"select", true, {}},
                                       {"a\"b", true, {}},
                                       {"interval", true, {}}});
    return name;
  }
  Expr* Number() {
    return Make<Literal>(LiteralKind::kNumber, Any<std::string_view>({"0", "1", "42", "1.5", "100000"}));
  }
  List<Expr*> Exprs(int depth, int least) {
    std::vector<Expr*> out;
    for (int left = least + Below(2); left > 0; --left) out.push_back(GrowExpr(depth));
    return arena_.Copy(out);
  }
  List<OrderItem> Orders(int depth) {
    std::vector<OrderItem> out;
    for (int left = 1 + Below(2); left > 0; --left) {
      OrderItem item{Column()};
      if (depth > 0 && Chance(2)) item.expr = GrowExpr(depth);
      item.descending = Chance(2);
      item.nulls_first = Chance(4);
      out.push_back(item);
    }
    return arena_.Copy(out);
  }
  Expr* Column() {
    std::vector<Identifier> parts{Name()};
    if (Chance(3)) parts.push_back(Name());
    return Make<ColumnRef>(arena_.Copy(parts));
  }
  Expr* Leaf() {
    switch (Below(5)) {
      case 0: return Number();
      case 1: return Make<Literal>(LiteralKind::kString, Any<std::string_view>({"", "x", "it's", "a\\b", "\n--"}));
      case 2:
        return Make<Literal>(Any({LiteralKind::kNull, LiteralKind::kTrue, LiteralKind::kFalse}), std::string_view());
      default: return Column();
    }
  }

  BinaryOp Operator() {
    using O = BinaryOp;
    const O op = Any({O::kOr,     O::kAnd,   O::kEq,        O::kNe,  O::kLt,     O::kLe,        O::kGt,
                      O::kGe,     O::kAdd,   O::kSub,       O::kMul, O::kDiv,    O::kMod,       O::kConcat,
                      O::kBitAnd, O::kBitOr, O::kShiftLeft, O::kPow, O::kIntDiv, O::kArrowText, O::kContains});
    const bool bits = op == O::kBitAnd || op == O::kBitOr || op == O::kShiftLeft;
    if ((bits && !dialect_.Has(Feature::kBitOperators)) || (op == O::kPow && !dialect_.Has(Feature::kPower)) ||
        (op == O::kIntDiv && !dialect_.Has(Feature::kIntDiv)) ||
        ((op == O::kArrowText || op == O::kContains) && !dialect_.Has(Feature::kJsonArrows))) {
      return O::kAdd;
    }
    return op;
  }

  Expr* GrowExpr(int depth) {
    if (depth <= 0 || Chance(5)) return Leaf();
    const auto inner = [&] { return GrowExpr(depth - 1); };
    switch (Below(17)) {
      case 0: return Make<Unary>(Any({UnaryOp::kNot, UnaryOp::kMinus, UnaryOp::kPlus}), inner());
      case 1:
      case 2:
      case 3: {
        const BinaryOp op = Operator();
        return Make<Binary>(op, inner(), inner(), Span{});
      }
      case 4: return Make<Between>(inner(), inner(), inner(), Chance(2));
      case 5: return Make<InList>(inner(), Exprs(depth - 1, 1), Chance(2));
      case 6: return Make<InSubquery>(inner(), GrowQuery(depth - 2), Chance(2));
      case 7: return Make<Like>(LikeOp::kLike, inner(), inner(), Chance(3) ? inner() : nullptr, Chance(2));
      case 8: return Make<IsNull>(inner(), Chance(2));
      case 9: return Make<IsDistinct>(inner(), inner(), Chance(2));
      case 10: return GrowCase(depth);
      case 11: return Make<Cast>(inner(), Type(), CastStyle::kCast);
      case 12:
      case 13: return GrowCall(depth);
      case 14: return Make<ScalarSubquery>(GrowQuery(depth - 2));
      case 15: return Make<Exists>(GrowQuery(depth - 2));
      default: return Make<Extract>(std::string_view("year"), inner());
    }
  }
  Expr* GrowCase(int depth) {
    std::vector<WhenClause> whens;
    for (int left = 1 + Below(2); left > 0; --left) whens.push_back({GrowExpr(depth - 1), GrowExpr(depth - 1)});
    Expr* const operand = Chance(2) ? GrowExpr(depth - 1) : nullptr;
    return Make<Case>(operand, arena_.Copy(whens), Chance(2) ? GrowExpr(depth - 1) : nullptr);
  }
  TypeName* Type() {
    auto* type = arena_.New<TypeName>();
    type->name = Any<std::string_view>({"integer", "varchar", "date", "timestamp", "decimal", "double precision"});
    if (type->name == "decimal") type->arguments = arena_.Copy(std::vector<int64_t>{10, 2});
    if (type->name == "timestamp") type->with_time_zone = Chance(2);
    return type;
  }
  Expr* GrowCall(int depth) {
    const std::vector<Identifier> name{{Any<std::string_view>({"f", "sum", "left", "coalesce"}), false, {}}};
    std::vector<Argument> arguments;
    for (Expr* const value : Exprs(depth - 1, 1)) arguments.push_back({{}, value});
    auto* call = Make<FunctionCall>(arena_.Copy(name), arena_.Copy(arguments));
    if (name[0].text != "sum") return call;
    call->distinct = Chance(4);
    if (Chance(4) && dialect_.Has(Feature::kFilterClause)) call->filter = GrowExpr(depth - 1);
    if (!Chance(3)) return call;
    call->over = arena_.New<WindowSpec>();
    if (Chance(2)) call->over->partition_by = Exprs(depth - 1, 1);
    if (Chance(2)) call->over->order_by = Orders(depth - 1);
    return call;
  }

  QueryBody* GrowBody(int depth) {
    if (depth > 1 && Chance(5)) {
      const auto op = Any({SetOperator::kUnion, SetOperator::kIntersect, SetOperator::kExcept});
      const bool all = op == SetOperator::kUnion && Chance(2);
      return arena_.New<SetOperation>(QueryBody{BodyKind::kSetOperation, {}}, op, all, false, GrowBody(depth - 2),
                                      GrowBody(depth - 2));
    }
    return GrowSelect(depth);
  }
  QueryBody* GrowSelect(int depth) {
    auto* select = arena_.New<Select>(QueryBody{BodyKind::kSelect, {}});
    std::vector<SelectItem> items;
    for (Expr* const expr : Exprs(depth, 1)) items.push_back({expr, Chance(2) ? Name() : Identifier{}, {}});
    select->items = arena_.Copy(items);
    select->distinct = Chance(4);
    if (!Chance(5)) select->from = GrowTable(depth);
    if (Chance(3)) select->where = GrowExpr(depth - 1);
    if (Chance(4)) {
      const std::vector<GroupElement> elements{{GroupElementKind::kExpr, Column(), {}}};
      select->group_by = arena_.Copy(elements);
      if (Chance(2)) select->having = GrowExpr(depth - 1);
    }
    return select;
  }
  TableRef* GrowTable(int depth) {
    if (depth > 1 && Chance(3)) {
      const auto kind = Any({JoinKind::kInner, JoinKind::kLeft, JoinKind::kFull, JoinKind::kCross});
      const bool condition = kind != JoinKind::kCross;
      TableRef* const left = GrowTable(depth - 1);
      TableRef* const right = GrowTable(depth - 1);
      return arena_.New<Join>(TableRef{TableRefKind::kJoin, {}}, kind, false, left, right,
                              condition ? GrowExpr(depth - 1) : nullptr);
    }
    TableRef* table = nullptr;
    if (depth > 1 && Chance(3)) {
      table = arena_.New<SubqueryRef>(TableRef{TableRefKind::kSubquery, {}}, GrowQuery(depth - 2), false);
      table->alias = Name();
    } else {
      const std::vector<Identifier> parts{Name()};
      table = arena_.New<TableName>(TableRef{TableRefKind::kName, {}}, arena_.Copy(parts));
      if (Chance(2)) table->alias = Name();
    }
    return table;
  }

  const Dialect& dialect_;
  Arena& arena_;
};

class RandomTree : public testing::TestWithParam<const char*> {};

TEST_P(RandomTree, PrintsToWhatParsesToIt) {
  const Dialect& dialect = *FindDialect(GetParam());
  // The same trees in every run, unless someone asks for others.
  setenv("RC_PARAMS", "seed=1 max_success=60", 0);
  const bool good = rc::check(std::string("printed trees parse back in ") + GetParam(), [&dialect] {
    Arena arena;
    const Query& query = *Grower(dialect, arena).GrowQuery(4);
    for (const std::string& text : {Flat(query, dialect), Pretty(query, dialect)}) {
      const Parsed again(text, dialect);
      if (again.First() != "none") RC_FAIL(text + "\n" + again.Rendered());
      if (again.query() == nullptr || !Equal(query, *again.query())) {
        RC_FAIL(text + "\n" + (again.query() == nullptr ? "no query" : Flat(*again.query(), dialect)));
      }
      if (const std::string engine = EngineSays(text, dialect); !engine.empty()) RC_FAIL(text + "\n" + engine);
    }
  });
  EXPECT_TRUE(good);
}

INSTANTIATE_TEST_SUITE_P(Dialects, RandomTree, testing::Values("duckdb", "postgres", "trino", "snowflake"));

}  // namespace
}  // namespace wapc::grammar

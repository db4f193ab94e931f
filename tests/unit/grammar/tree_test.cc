#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

using testing::ElementsAre;

TEST(Tree, PrecedenceIsDuckDbs) {
  // Each text parses like the parenthesised one.
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"a + b * c", "a + (b * c)"},
      {"a - b - c", "(a - b) - c"},
      {"a ^ b ^ c", "(a ^ b) ^ c"},
      {"-a ^ b", "(-a) ^ b"},
      {"-a::int", "-(a::int)"},
      {"-a[1]", "-(a[1])"},
      {"a || b + c", "a || (b + c)"},
      {"a || b = c", "(a || b) = c"},
      {"a or b and c", "a or (b and c)"},
      {"not a = b", "not (a = b)"},
      {"not a and b", "(not a) and b"},
      {"a = not b", "a = (not b)"},
      {"a = not b = c", "a = (not (b = c))"},
      {"a = b is null", "(a = b) is null"},
      {"a = b is distinct from c", "(a = b) is distinct from c"},
      {"a is distinct from b = c", "a is distinct from (b = c)"},
      {"a between b and c = d", "(a between b and c) = d"},
      {"a between b and c and d", "(a between b and c) and d"},
      {"a like b || c", "a like (b || c)"},
      {"a in (1) and b", "(a in (1)) and b"},
      {"a -> b = c", "a -> (b = c)"},
      {"a = b -> c", "(a = b) -> c"},
      {"a ->> b = c", "(a ->> b) = c"},
      {"a -> b ->> c", "(a -> b) ->> c"},
      {"a at time zone b collate c", "a at time zone (b collate c)"},
      {"a + b at time zone c", "a + (b at time zone c)"},
      {"~a + b", "~(a + b)"},
      {"a << b || c", "(a << b) || c"},
  };
  for (const auto& [text, meant] : kCases) {
    EXPECT_TRUE(Equal(*Parsed("select " + std::string(text)).item(), *Parsed("select " + std::string(meant)).item()))
        << text;
  }
}

TEST(Tree, SetOperationsBindByPrecedence) {
  const Parsed parsed("select 1 union select 2 intersect select 3 except select 4");
  const auto* except = As<SetOperation>(parsed.query()->body);
  EXPECT_EQ(except->op, SetOperator::kExcept);
  const auto* unions = As<SetOperation>(except->left);
  EXPECT_EQ(unions->op, SetOperator::kUnion);
  EXPECT_EQ(As<SetOperation>(unions->right)->op, SetOperator::kIntersect);
}

TEST(Tree, ArrowsAreLambdasOnlyWhereAFunctionTakesOne) {
  const auto argument = [](const Parsed& parsed, size_t i) {
    return As<FunctionCall>(parsed.item())->arguments[i].value;
  };
  const Parsed list("select list_transform(l, x -> x + 1)");
  EXPECT_THAT(As<Lambda>(argument(list, 1))->parameters.size(), 1U);
  const Parsed json("select coalesce(x -> 'a', y)");
  EXPECT_EQ(As<Binary>(argument(json, 0))->op, BinaryOp::kArrow);
  const Parsed two("select anything((x, y) -> x + y)");
  EXPECT_EQ(As<Lambda>(argument(two, 0))->parameters.size(), 2U);
  const Parsed word("select anything(lambda x, y: x)");
  EXPECT_EQ(As<Lambda>(argument(word, 0))->parameters.size(), 2U);
  const Parsed parenthesised("select list_transform((x -> 'a'), y -> y)");
  EXPECT_NE(As<Binary>(argument(parenthesised, 0)), nullptr);
}

TEST(Tree, SpecialFormsArePlainCalls) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"substring(a from 2 for 3)", "substring(a, 2, 3)"},
      {"substring(a for 3)", "substring(a, 1, 3)"},
      {"trim(both 'x' from a)", "trim(a, 'x')"},
      {"trim(leading from a)", "ltrim(a)"},
      {"trim(trailing 'x' from a)", "rtrim(a, 'x')"},
      {"position('a' in b || c)", "strpos(b || c, 'a')"},
      {"overlay(a placing b from 1 for 2)", "overlay(a, b, 1, 2)"},
      {"extract('YEAR' from a)", "EXTRACT(year FROM a)"},
      {"a in b", "contains(b, a)"},
      {"a not in b", "NOT contains(b, a)"},
      {"f(a).g(b)", "g(f(a), b)"},
      {"current_date", "current_date"},
      {"a not glob b", "NOT a GLOB b"},
  };
  for (const auto& [text, printed] : kCases)
    EXPECT_EQ(Print(*Parsed("select " + std::string(text)).item(), {}), printed) << text;
  EXPECT_TRUE(As<FunctionCall>(Parsed("select Current_Date").item())->bare);
  EXPECT_NE(As<ColumnRef>(Parsed("select \"current_date\"").item()), nullptr);
}

TEST(Tree, StringsAreUnescaped) {
  const Parsed parsed("select 'it''s', e'a\\n\\'\\x41\\u00e9', $$a'b$$, $t$x$$y$t$");
  const auto text = [&](size_t i) { return As<Literal>(parsed.item(i))->text; };
  EXPECT_EQ(text(0), "it's");
  EXPECT_EQ(text(1), "a\n'A\xC3\xA9");
  EXPECT_EQ(text(2), "a'b");
  EXPECT_EQ(text(3), "x$$y");
}

TEST(Tree, SpansAreTheTextOfTheNode) {
  const Parsed parsed("select a + b * f(c, 'x')::int as z, (d) from s.t as u join v using (k) where not q.x");
  const auto* sum = As<Binary>(parsed.item(0));
  EXPECT_EQ(parsed.Text(parsed.select().items[0].span), "a + b * f(c, 'x')::int as z");
  EXPECT_EQ(parsed.Text(sum->span), "a + b * f(c, 'x')::int");
  EXPECT_EQ(parsed.Text(sum->op_span), "+");
  EXPECT_EQ(parsed.Text(As<Binary>(sum->right)->right->span), "f(c, 'x')::int");
  EXPECT_EQ(parsed.Text(parsed.item(1)->span), "(d)");
  EXPECT_TRUE(parsed.item(1)->parenthesized);
  const auto* join = As<Join>(parsed.select().from);
  EXPECT_EQ(parsed.Text(join->span), "s.t as u join v using (k)");
  EXPECT_EQ(parsed.Text(join->left->span), "s.t as u");
  EXPECT_EQ(parsed.Text(join->left->alias.span), "u");
  EXPECT_EQ(parsed.Text(parsed.select().where->span), "not q.x");
  EXPECT_EQ(parsed.Text(As<ColumnRef>(As<Unary>(parsed.select().where)->operand)->parts[1].span), "x");
}

TEST(Tree, MacroRelations) {
  const Parsed parsed("select * from @this_model, @src(a, b := 1) as s");
  const auto* join = As<Join>(parsed.select().from);
  EXPECT_EQ(As<MacroTable>(join->left)->call->name.text, "this_model");
  EXPECT_EQ(As<MacroTable>(join->right)->call->arguments[1].name.text, "b");
  EXPECT_EQ(join->right->alias.text, "s");
}

TEST(Tree, TypesAreNormalised) {
  const Parsed parsed(
      "select a::Double\n Precision, b::TIMESTAMP(3) with  time zone[], c::map(text, struct(x int, \"Y\" date)[])");
  const auto* real = As<Cast>(parsed.item(0))->type;
  EXPECT_EQ(real->name, "double precision");
  const auto* time = As<Cast>(parsed.item(1))->type;
  EXPECT_EQ(time->name, "timestamp");
  EXPECT_TRUE(time->with_time_zone);
  EXPECT_EQ(time->dimensions, 1);
  EXPECT_EQ(time->arguments[0], 3);
  const auto* map = As<Cast>(parsed.item(2))->type;
  EXPECT_EQ(map->nested[1]->field_names[1].text, "Y");
  EXPECT_EQ(map->nested[1]->dimensions, 1);
}

TEST(Walk, VisitsInTheOrderOfTheText) {
  const Parsed parsed(
      "with x as (select a from t) select b, (select c from u) from x join v on d = e where f order by g limit h");
  std::vector<std::string> seen;
  Visitor visitor;
  visitor.expr = [&](Expr& expr) {
    if (const auto* column = As<ColumnRef>(&expr)) seen.emplace_back(column->parts.back().text);
    return true;
  };
  visitor.table = [&](TableRef& table) {
    if (const auto* name = As<TableName>(&table)) seen.emplace_back(name->parts.back().text);
    return true;
  };
  Walk(*parsed.query(), visitor);
  EXPECT_THAT(seen, ElementsAre("a", "t", "b", "c", "u", "x", "v", "d", "e", "f", "g", "h"));
}

TEST(Walk, HooksCanSkipWhatIsBelow) {
  const Parsed parsed("select f(a), (select b) from (select c from t) as s");
  std::vector<std::string> seen;
  Visitor visitor;
  visitor.query = [&](Query& query) { return &query == parsed.query(); };
  visitor.expr = [&](Expr& expr) {
    if (const auto* column = As<ColumnRef>(&expr)) seen.emplace_back(column->parts.back().text);
    return As<FunctionCall>(&expr) == nullptr;
  };
  Walk(*parsed.query(), visitor);
  EXPECT_TRUE(seen.empty());
}

TEST(Clone, HooksReplaceNodes) {
  const Parsed parsed("select @col + a, f(@col) from t, @src(@col)");
  Arena arena;
  CloneHooks hooks;
  Expr* const one = arena.New<Literal>(Expr{ExprKind::kLiteral, {}}, LiteralKind::kNumber, std::string_view("1"));
  hooks.replace_expr = [&](const Expr& expr) -> Expr* { return As<MacroVariable>(&expr) != nullptr ? one : nullptr; };
  hooks.replace_table = [&](const TableRef& table) -> TableRef* {
    if (As<TableName>(&table) == nullptr) return nullptr;
    return arena.New<TableName>(TableRef{TableRefKind::kName, {}}, arena.Copy(std::vector<Identifier>{{"other"}}));
  };
  const Query* copy = Clone(*parsed.query(), arena, hooks);
  EXPECT_EQ(Flat(*copy), "SELECT 1 + a, f(1) FROM other, @src(1)");
  EXPECT_EQ(Flat(*parsed.query()), "SELECT @col + a, f(@col) FROM t, @src(@col)");
}

}  // namespace
}  // namespace wapc::grammar

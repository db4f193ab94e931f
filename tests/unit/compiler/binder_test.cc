#include <gtest/gtest.h>

#include "compiler/passes/binder.h"
#include "grammar/printer.h"
#include "grammar/walk.h"
#include "tests/unit/compiler/test_project.h"

namespace wapc::compiler {
namespace {

TestProject Flights() {
  TestProject project;
  project
      .Table("raw.flights", {{"id", "int64"},
                             {"carrier", "text"},
                             {"origin", "text"},
                             {"distance", "int32"},
                             {"time_hour", "timestamp(6)"},
                             {"fare", "decimal(10,2)"},
                             {"extra", "struct<seat text, row int32>"}})
      .Table("raw.carriers", {{"carrier", "text"}, {"name", "text"}});
  return project;
}

// The columns of one query, or what was wrong with it.
std::string Bind(const std::string& query, const std::string& properties = "") {
  TestProject project = Flights();
  project.Query("a.q", query, properties);
  const Project& done = project.Run();
  const std::string messages = project.Messages();
  if (!messages.empty()) return messages;
  return TestProject::Columns(*done.Find("a.q"));
}

std::string Printed(const std::string& query) {
  TestProject project = Flights();
  project.Query("a.q", query);
  const Project& done = project.Run();
  EXPECT_EQ(project.Messages(), "");
  return grammar::Print(*done.Find("a.q")->query, {});
}

TEST(Binder, NamesTypesAndNulls) {
  EXPECT_EQ(
      Bind(
          "select id, f.carrier as c, count(*) over () as n from raw.flights f where id is not null and carrier > 'A'"),
      "id int64, c text, n int64");
  EXPECT_EQ(Bind("select coalesce(distance, 0) as d, upper(carrier) as u, 1 as one, null as none from raw.flights"),
            "d int32, u text?, one int32, none int32?");
}

TEST(Binder, JoinsDecideWhatMayBeNull) {
  EXPECT_EQ(
      Bind("select f.carrier, c.carrier as k, c.name from raw.flights f join raw.carriers c on f.carrier = c.carrier"),
      "carrier text, k text, name text?");
  EXPECT_EQ(
      Bind("select f.carrier, c.carrier as k from raw.flights f left join raw.carriers c on f.carrier = c.carrier"),
      "carrier text?, k text?");
  EXPECT_EQ(Bind("select carrier, name from raw.flights join raw.carriers using (carrier)"),
            "carrier text, name text?");
  EXPECT_EQ(
      Bind("select carrier from raw.flights f full join raw.carriers c using (carrier) where f.carrier is not null"),
      "carrier text?");
  EXPECT_EQ(
      Bind("select id from raw.flights f where exists (select 1 from raw.carriers c where c.carrier = f.carrier)"),
      "id int64?");
}

TEST(Binder, AliasesServeInLaterClauses) {
  EXPECT_EQ(Bind("select distance * 2 as twice, twice + 1 as more from raw.flights where twice > 5 order by more"),
            "twice int32?, more int32?");
  EXPECT_EQ(
      Bind("select upper(carrier) as u, sum(fare) as total from raw.flights group by u having total > 5 order by 2"),
      "u text?, total decimal(38,2)?");
  EXPECT_EQ(
      Bind("select carrier, count(*) as n from raw.flights group by all qualify row_number() over (order by n) = 1"),
      "carrier text?, n int64");
}

TEST(Binder, GroupsByExpressions) {
  EXPECT_EQ(Bind("select date_trunc('day', f.time_hour) as d, count(*) as n from raw.flights f group by "
                 "date_trunc('day', time_hour)"),
            "d timestamp(6)?, n int64");
  EXPECT_EQ(Bind("select case when distance > 1 then 'far' end as how, max(id) as last from raw.flights group by 1"),
            "how text?, last int64?");
  EXPECT_EQ(Bind("select carrier, origin, count(*) as n from raw.flights where carrier is not null group by rollup "
                 "(carrier, origin)"),
            "carrier text?, origin text?, n int64");
}

TEST(Binder, CtesSubqueriesAndSets) {
  EXPECT_EQ(Bind("with a as (select id, fare from raw.flights), b(k, v) as (select * from a) select k, v from b"),
            "k int64?, v decimal(10,2)?");
  EXPECT_EQ(Bind("with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select n from r"),
            "n int32");
  EXPECT_EQ(Bind("select id as x from raw.flights union all select 2.5 order by x"), "x decimal(20,1)?");
  EXPECT_EQ(Bind("select 1 as a, 'x' as b union by name select 'y' as b, 2.5 as c"),
            "a int32?, b text, c decimal(2,1)?");
  EXPECT_EQ(Bind("select (select max(name) from raw.carriers c where c.carrier = f.carrier) as n from raw.flights f"),
            "n text?");
  EXPECT_EQ(Bind("select v.a, w.b from (values (1, 'x')) v(a, n), (select v.a + 1 as b) w"), "a int32, b int32");
  EXPECT_EQ(Bind("select f.extra.seat, extra.row as r from raw.flights f"), "seat text?, r int32?");
}

TEST(Binder, ExpandsStarsInTheTree) {
  EXPECT_EQ(
      Printed(
          "select * exclude (time_hour, extra, origin) replace (fare * 2 as fare) rename (id as key) from raw.flights"),
      "SELECT id AS key, carrier, distance, fare * 2 AS fare FROM raw.flights");
  EXPECT_EQ(Printed("select c.*, f.id from raw.flights f join raw.carriers c using (carrier)"),
            "SELECT c.carrier, c.name, f.id FROM raw.flights AS f JOIN raw.carriers AS c USING (carrier)");
  EXPECT_EQ(Printed("select * from (select id, carrier from raw.flights) f join raw.carriers using (carrier)"),
            "SELECT f.id, carrier, carriers.name FROM (SELECT id, carrier FROM raw.flights) AS f JOIN raw.carriers "
            "USING (carrier)");
  EXPECT_EQ(Printed("select extra.* from raw.flights"), "SELECT extra.seat, extra.\"row\" FROM raw.flights");
}

TEST(Binder, ASchemaInFrontOfAColumnIsDropped) {
  EXPECT_EQ(Printed("select raw.flights.id from raw.flights where raw.flights.extra.row > 1"),
            "SELECT flights.id FROM raw.flights WHERE flights.extra.\"row\" > 1");
}

TEST(Binder, ACastKeepsItsColumnsName) {
  EXPECT_EQ(Printed("select id::text, cast(f.fare as double) from raw.flights f"),
            "SELECT CAST(id AS TEXT) AS id, CAST(f.fare AS DOUBLE) AS fare FROM raw.flights AS f");
}

TEST(Binder, Lineage) {
  TestProject project = Flights();
  project.Query(
      "a.q",
      "with x as (select carrier, sum(fare) + max(distance) as m from raw.flights group by carrier)\n"
      "select x.m, c.name, coalesce(x.carrier, c.carrier) as k, 1 as one from x join raw.carriers c using (carrier)");
  const Project& done = project.Run();
  ASSERT_EQ(project.Messages(), "");
  const auto sources = [&](size_t column) {
    std::string out;
    for (const ColumnSource& source : done.Find("a.q")->columns[column].sources) {
      out += done.models[static_cast<size_t>(source.model)].name + "." + source.column + " ";
    }
    return out;
  };
  EXPECT_EQ(sources(0), "raw.flights.distance raw.flights.fare ");
  EXPECT_EQ(sources(1), "raw.carriers.name ");
  EXPECT_EQ(sources(2), "raw.carriers.carrier raw.flights.carrier ");
  EXPECT_EQ(sources(3), "");
}

TEST(Binder, UnknownColumns) {
  EXPECT_EQ(Bind("select carier from raw.flights"),
            "m.sql:2:8 unknown-column: there is no column \"carier\" in \"flights\" (did you mean carrier?)\n");
  EXPECT_EQ(
      Bind("select f.nam from raw.flights f join raw.carriers c on true"),
      "m.sql:2:10 unknown-column: there is no column \"nam\" in \"f\" (its columns are id, carrier, origin, distance, "
      "time_hour, fare, extra)\n");
  EXPECT_EQ(Bind("select f.name from raw.flights f join raw.carriers c on true"),
            "m.sql:2:10 unknown-column: there is no column \"name\" in \"f\" (did you mean c.name?)\n");
  EXPECT_EQ(Bind("select nam as n from raw.flights f join raw.carriers c on true"),
            "m.sql:2:8 unknown-column: there is no column \"nam\" in this FROM (did you mean c.name?)\n");
  EXPECT_EQ(Bind("select x.id from raw.flights f"),
            "m.sql:2:8 unknown-relation-alias: nothing in this FROM is called \"x\" (did you mean f?)\n");
  EXPECT_EQ(Bind("select extra.set as s from raw.flights f"),
            "m.sql:2:14 unknown-column: this struct has no field \"set\" (did you mean seat?)\n");
  EXPECT_EQ(Bind("select * exclude (carier) from raw.flights"),
            "m.sql:2:19 unknown-column: there is no column \"carier\" in \"flights\" (did you mean carrier?)\n");
  EXPECT_EQ(Bind("select id from raw.flights order by 2"),
            "m.sql:2:37 unknown-column: ORDER BY 2 is not the number of an output column (there are 1 of them, counted "
            "from 1)\n");
}

TEST(Binder, OneErrorForOneFault) {
  EXPECT_EQ(Bind("with x as (select carier as c from raw.flights) select upper(c) || 1 as u, sum(c) over () as s from "
                 "x where c > 5"),
            "m.sql:2:19 unknown-column: there is no column \"carier\" in \"flights\" (did you mean carrier?)\n");
}

TEST(Binder, AmbiguousAndDuplicateNames) {
  EXPECT_EQ(
      Bind("select carrier from raw.flights f join raw.carriers c on true"),
      "m.sql:2:8 ambiguous-column: \"carrier\" is a column of both \"f\" and \"c\" (write f.carrier or c.carrier) "
      "[m.sql:2:21 one is here] [m.sql:2:40 the other is here]\n");
  EXPECT_EQ(Bind("select id, distance as ID from raw.flights"),
            "m.sql:2:12 duplicate-column: a second column is named \"ID\" (give one of them another name with AS) "
            "[m.sql:2:8 the first one is here]\n");
  EXPECT_EQ(Bind("select a.id from raw.flights a, raw.flights a"),
            "m.sql:2:45 duplicate-relation: \"a\" stands twice in this FROM (give one of them an alias: ... AS other) "
            "[m.sql:2:18 the first one is here]\n");
  EXPECT_EQ(Bind("select id + 1 from raw.flights"),
            "m.sql:2:8 unnamed-column: this column has no name (name it: ... AS name)\n");
}

TEST(Binder, Grouping) {
  EXPECT_EQ(Bind("select carrier, origin, count(*) as n from raw.flights group by carrier"),
            "m.sql:2:17 not-grouped: \"origin\" is neither in GROUP BY nor inside an aggregate (add origin to GROUP "
            "BY, or take "
            "one value of the group: any_value(origin))\n");
  EXPECT_EQ(Bind("select carrier, count(*) as n from raw.flights"),
            "m.sql:2:8 not-grouped: \"carrier\" stands beside an aggregate, but there is no GROUP BY (add carrier to "
            "GROUP BY, or "
            "take one value of the group: any_value(carrier))\n");
  EXPECT_EQ(Bind("select id from raw.flights where sum(fare) > 1"),
            "m.sql:2:34 misplaced-aggregate: the aggregate sum(...) cannot stand in WHERE (filter groups in HAVING, or "
            "aggregate "
            "in a subquery first)\n");
  EXPECT_EQ(
      Bind("select sum(max(fare)) as x from raw.flights"),
      "m.sql:2:12 misplaced-aggregate: the aggregate max(...) stands inside another aggregate (aggregate once in a "
      "subquery, and again outside of it)\n");
  EXPECT_EQ(Bind("select id from raw.flights where row_number() over (order by id) = 1"),
            "m.sql:2:34 misplaced-window: row_number(...) OVER cannot stand in WHERE (compute it in a subquery first, "
            "or filter "
            "by it in QUALIFY)\n");
}

TEST(Binder, TypesThatDoNotMeet) {
  EXPECT_EQ(
      Bind("select id from raw.flights where carrier > 5"),
      "m.sql:2:42 type-mismatch: a comparison of text and int32 (they have no type in common: cast one of them) [wapc "
      "raw.flights.carrier is text]\n");
  EXPECT_EQ(
      Bind("select id as x from raw.flights union all select carrier from raw.flights"),
      "m.sql:2:8 type-mismatch: column \"x\" is int64 here and text in the other query (cast one of them, so that both "
      "queries give the same type) [m.sql:2:50 this is text]\n");
  EXPECT_EQ(Bind("select id from raw.flights where carrier"),
            "m.sql:2:34 type-mismatch: WHERE needs a condition, this is text (compare it with something, or test it "
            "with IS NOT "
            "NULL)\n");
  EXPECT_EQ(Bind("select 1 as a union all select 1, 2"),
            "m.sql:2:25 column-count: this query gives 2 columns, the one before it 1 (the two sides of a set "
            "operation must have "
            "as many columns; UNION BY NAME fills the missing ones with NULL) [m.sql:2:1 gives 1 columns]\n");
  EXPECT_EQ(Bind("select cast(id as bigin) as x from raw.flights"),
            "m.sql:2:19 unknown-type: there is no type \"bigin\" in duckdb (did you mean bigint?)\n");
}

TEST(Binder, Functions) {
  EXPECT_EQ(Bind("select uper(carrier) as u from raw.flights"),
            "m.sql:2:8 unknown-function: there is no function \"uper\" in duckdb (did you mean upper?)\n");
  EXPECT_EQ(Bind("select upper(id) as u from raw.flights"),
            "m.sql:2:8 no-such-signature: there is no upper(int64) (there is upper(text))\n");
  EXPECT_EQ(
      Bind("select carrier + 1 as u from raw.flights"),
      "m.sql:2:8 no-such-signature: there is no + for text and int32 (cast what stands on one side to a type that the "
      "operator takes)\n");
  EXPECT_EQ(Bind("select * from read_csv('x.csv')"),
            "m.sql:2:15 opaque-relation: the columns of read_csv(...) are known only when it runs (load the file with "
            "dlt, or make "
            "it a SEED: then its columns have names and types)\n");
}

TEST(Binder, MacroVariables) {
  EXPECT_EQ(Bind("select id, @start_ds as s, @end_date as e from raw.flights where time_hour >= @start_ts"),
            "id int64?, s text, e date");
  EXPECT_EQ(
      Bind("select @start_dss as s"),
      "m.sql:2:8 unknown-macro: there is no variable @start_dss here (variables are @start_ds, @end_ds, @execution_ds, "
      "and the same with _ts, _date and _dt)\n");
  EXPECT_EQ(Bind("select @this_thing(1) as s"),
            "m.sql:2:8 unknown-macro: there is no macro @this_thing (write the expression out)\n");
}

TEST(Binder, DeclaredColumns) {
  EXPECT_EQ(Bind("select id, carrier from raw.flights", ", columns (id bigint, carrier varchar)"),
            "id int64?, carrier text?");
  EXPECT_EQ(
      Bind("select id, carrier from raw.flights", ", columns (id int, name text)"),
      "m.sql:1:41 column-contract: \"id\" is declared as int32, but the query gives int64 (cast it in the query, or "
      "declare "
      "what it gives) [m.sql:2:8 given here]\n"
      "m.sql:1:51 column-contract: the query gives no column \"name\" (select it, or take it out of columns (...))\n"
      "m.sql:2:12 column-contract: \"carrier\" is not among the declared columns (add it to columns (...), or take it "
      "out of "
      "the query)\n");
}

TEST(Binder, AModelBelowAFailedOneStaysUntypedInSilence) {
  TestProject project = Flights();
  project.File("a.sql", "MODEL (name a.a, kind FULL);\nselect nothing from raw.flights\n")
      .File("b.sql", "MODEL (name a.b, kind FULL);\nselect *, x.thing as t from a.a as x where thing > 5\n");
  const Project& done = project.Run();
  EXPECT_EQ(project.Messages(),
            "a.sql:2:8 unknown-column: there is no column \"nothing\" in \"flights\" (columns are id, carrier, "
            "origin, distance, time_hour, fare, extra)\n");
  EXPECT_FALSE(done.Find("a.b")->typed);
}

// Every expression of a bound model has a type when asked for.
TEST(Binder, TypesOfExpressions) {
  TestProject project = Flights();
  project.Query("a.q",
                "with w as (select *, distance * 2 as twice from raw.flights where fare > 1)\n"
                "select carrier, sum(w.twice) over (partition by origin) as s,\n"
                "  (select max(name) from raw.carriers c where c.carrier = w.carrier) as name\n"
                "from w where length(origin) > 1 order by lower(origin)");
  const Project& done = project.Run();
  const Model& model = *done.Find("a.q");
  const ExprTypes types = TypesOf(done, model);
  std::vector<std::string> seen;
  grammar::Visitor visitor;
  visitor.expr = [&](grammar::Expr& expr) {
    if (expr.kind == grammar::ExprKind::kStar) return true;
    const auto found = types.find(&expr);
    EXPECT_NE(found, types.end()) << grammar::Print(expr, {});
    if (found != types.end()) {
      EXPECT_FALSE(found->second.type.is_unknown()) << grammar::Print(expr, {});
      if (expr.kind == grammar::ExprKind::kFunctionCall) seen.push_back(ToString(found->second.type));
    }
    return true;
  };
  grammar::Walk(*model.query, visitor);
  EXPECT_EQ(seen, (std::vector<std::string>{"int128", "text", "int64", "text"}));
}

}  // namespace
}  // namespace wapc::compiler

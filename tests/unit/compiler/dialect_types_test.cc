#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/passes/binder.h"
#include "grammar/dialect.h"
#include "tests/unit/compiler/test_project.h"

/// Types and names in the dialects whose engines no test can ask: what their documentation says, line by line.
namespace wapc::compiler {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

// What a query gives in a dialect, or the codes of what was wrong with it.
std::string Bind(std::string_view dialect, const std::string& query) {
  TestProject project;
  project.config().dialect = grammar::FindDialect(dialect);
  project.Table("raw.t", {{"b", "bool"},
                          {"i8", "int8"},
                          {"i32", "int32"},
                          {"i64", "int64"},
                          {"d", "decimal(10,2)"},
                          {"d4", "decimal(18,4)"},
                          {"f", "float"},
                          {"g", "double"},
                          {"s", "text"},
                          {"v", "text(10)"},
                          {"bl", "binary"},
                          {"dt", "date"},
                          {"ts", "timestamp(6)"},
                          {"tz", "timestamp(6) with time zone"},
                          {"j", "json"},
                          {"l", "array<int64>"},
                          {"m", "map<text, int64>"},
                          {"r", "array<struct<a int64, b text>>"}});
  project.Query("a.q", query);
  const Project& done = project.Run();
  const Model* const model = done.Find("a.q");
  if (model != nullptr && model->typed) return TestProject::Columns(*model);
  std::string messages = project.Messages();
  const size_t code = messages.find(' ') + 1;
  return messages.substr(code, messages.find(':', code) - code);
}

struct Line {
  std::string_view expression;
  std::string_view type;  ///< or the code of what is wrong
};

void ExpectTypes(std::string_view dialect, const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    std::string found = Bind(dialect, "SELECT " + std::string(line.expression) + " AS x FROM raw.t");
    if (found.starts_with("x ")) found.erase(0, 2);
    if (found.ends_with('?')) found.pop_back();
    EXPECT_EQ(found, line.type) << line.expression;
  }
}

TEST(DialectTypes, Trino) {
  ExpectTypes("trino", {{"1", "int32"},
                        {"12345678901", "int64"},
                        {"1.5", "decimal(2,1)"},
                        {"0.05", "decimal(2,2)"},
                        {"1e5", "double"},
                        {"'abc'", "text(3)"},
                        {"i8 + 1", "int32"},
                        {"i32 + i64", "int64"},
                        {"i32 / 2", "int32"},
                        {"i64 * 1.5", "decimal(21,1)"},
                        {"d + d4", "decimal(19,4)"},
                        {"d * d4", "decimal(28,6)"},
                        {"d / d4", "decimal(16,4)"},
                        {"d / 3", "decimal(10,2)"},
                        {"d % 7", "decimal(10,2)"},
                        {"d * g", "double"},
                        {"d * f", "float"},
                        {"i64 + f", "float"},
                        {"count(*)", "int64"},
                        {"sum(i32)", "int64"},
                        {"sum(d)", "decimal(38,2)"},
                        {"avg(d)", "decimal(10,2)"},
                        {"avg(i32)", "double"},
                        {"round(d, 1)", "decimal(11,2)"},
                        {"round(d)", "decimal(9,0)"},
                        {"ceil(d)", "decimal(9,0)"},
                        {"upper(v)", "text(10)"},
                        {"v || 'x'", "text"},
                        {"s || i32", "no-such-signature"},
                        {"concat(s, 'x')", "text"},
                        {"s = i32", "type-mismatch"},
                        {"ts > '2020-01-01'", "type-mismatch"},
                        {"ts > timestamp '2020-01-01 00:00:00'", "bool"},
                        {"dt = ts", "bool"},
                        {"dt + interval '1' day", "date"},
                        {"ts - ts", "interval"},
                        {"dt + 1", "no-such-signature"},
                        {"date_trunc('month', ts)", "timestamp(6)"},
                        {"date_trunc('month', dt)", "date"},
                        {"date_add('day', 1, dt)", "date"},
                        {"date_diff('day', dt, dt)", "int64"},
                        {"extract(year from dt)", "int64"},
                        {"from_unixtime(i64)", "timestamp(3) with time zone"},
                        {"now()", "timestamp(3) with time zone"},
                        {"current_date", "date"},
                        {"date_parse(s, '%Y')", "timestamp(3)"},
                        {"json_extract_scalar(j, '$.a')", "text"},
                        {"regexp_extract(s, 'a')", "text"},
                        {"split(s, ',')", "array<text>"},
                        {"cardinality(l)", "int64"},
                        {"element_at(m, 'a')", "int64"},
                        {"l[1]", "int64"},
                        {"m['a']", "int64"},
                        {"transform(l, x -> x * 2)", "array<int64>"},
                        {"filter(l, x -> x > 1)", "array<int64>"},
                        {"reduce(l, 0.5, (a, x) -> a + x, a -> cast(a as double))", "double"},
                        {"transform_values(m, (k, v) -> k)", "map<text, text>"},
                        {"any_match(l, x -> x > 1)", "bool"},
                        {"map_keys(m)", "array<text>"},
                        {"array_agg(s)", "array<text>"},
                        {"map_agg(s, i64)", "map<text, int64>"},
                        {"approx_distinct(s)", "int64"},
                        {"max_by(s, i64)", "text"},
                        {"approx_percentile(g, 0.5)", "double"},
                        {"listagg(s, ',') within group (order by s)", "text"},
                        {"coalesce(i32, i64)", "int64"},
                        {"coalesce(d, 1)", "decimal(12,2)"},
                        {"coalesce(s, 1)", "no-such-signature"},
                        {"coalesce(v, 'x')", "text(10)"},
                        {"case when b then 1 else 2.5 end", "decimal(11,1)"},
                        {"if(b, 1, 2)", "int32"},
                        {"cast(dt as integer)", "type-mismatch"},
                        {"cast(s as decimal(10,2))", "decimal(10,2)"},
                        {"cast(s as timestamp)", "timestamp(3)"},
                        {"lag(d) over (order by dt)", "decimal(10,2)"},
                        {"not_a_function(1)", "unknown-function"},
                        {"string_agg(s, ',')", "unknown-function"}});
}

TEST(DialectTypes, TrinoNames) {
  EXPECT_EQ(Bind("trino", "SELECT i32 AS a, a + 1 AS c FROM raw.t"), "unknown-column");
  EXPECT_EQ(Bind("trino", "SELECT i32 + 1 AS a, count(*) AS n FROM raw.t GROUP BY a"), "unknown-column");
  EXPECT_EQ(Bind("trino", "SELECT \"I32\" FROM raw.t"), "i32 int32?");
  EXPECT_EQ(Bind("trino", "SELECT u.a, u.b FROM raw.t CROSS JOIN UNNEST(r) AS u(a, b)"), "a int64?, b text?");
  EXPECT_EQ(Bind("trino", "SELECT u.k, u.n FROM raw.t CROSS JOIN UNNEST(m) AS u(k, n)"), "k text?, n int64?");
  EXPECT_EQ(Bind("trino", "SELECT n FROM UNNEST(sequence(1, 3)) AS u(n)"), "n int64?");
  EXPECT_EQ(Bind("trino", "SELECT x.n FROM raw.t a, (SELECT a.i32 AS n) x"), "unknown-relation-alias");
}

TEST(DialectTypes, Snowflake) {
  ExpectTypes("snowflake", {{"1", "decimal(1,0)"},
                            {"1.5", "decimal(2,1)"},
                            {"'abc'", "text"},
                            {"i32 + i32", "decimal(11,0)"},
                            {"d + d4", "decimal(19,4)"},
                            {"d * d4", "decimal(28,6)"},
                            {"d / d4", "decimal(20,8)"},
                            {"i32 / 2", "decimal(16,6)"},
                            {"d * g", "double"},
                            {"count(*)", "decimal(18,0)"},
                            {"sum(i32)", "decimal(38,0)"},
                            {"sum(d)", "decimal(38,2)"},
                            {"avg(i32)", "decimal(38,6)"},
                            {"sum(f)", "double"},
                            {"s + 1", "decimal(38,0)"},
                            {"s || i32", "text"},
                            {"s = i32", "bool"},
                            {"ts > '2020-01-01'", "bool"},
                            {"dt + 1", "date"},
                            {"dt - dt", "decimal(9,0)"},
                            {"dt + interval '1 day'", "date"},
                            {"dateadd(day, 1, dt)", "date"},
                            {"dateadd(hour, 1, dt)", "timestamp(9)"},
                            {"dateadd('month', 1, ts)", "timestamp(6)"},
                            {"datediff(day, dt, ts)", "decimal(9,0)"},
                            {"date_trunc('month', ts)", "timestamp(6)"},
                            {"date_trunc(month, dt)", "date"},
                            {"last_day(dt, month)", "date"},
                            {"year(dt)", "decimal(4,0)"},
                            {"current_timestamp()", "timestamp(9) with time zone"},
                            {"to_date(s)", "date"},
                            {"to_number(s, 10, 2)", "decimal(10,2)"},
                            {"try_to_number(s)", "decimal(38,0)"},
                            {"iff(b, 1, 2.5)", "decimal(2,1)"},
                            {"nvl(d, 0)", "decimal(10,2)"},
                            {"zeroifnull(d)", "decimal(10,2)"},
                            {"decode(i32, 1, 'a', 2, 'b', 'c')", "text"},
                            {"coalesce(d, i32)", "decimal(12,2)"},
                            {"nullif(d, 0)", "decimal(10,2)"},
                            {"round(d, 1)", "decimal(10,1)"},
                            {"regexp_substr(s, 'a')", "text"},
                            {"split_part(s, ',', 1)", "text"},
                            {"parse_json(s)", "json"},
                            {"array_agg(s)", "array<json>"},
                            {"object_construct('a', 1)", "engine(object)"},
                            {"array_size(array_construct(1, 2))", "decimal(9,0)"},
                            {"listagg(s, ',') within group (order by s)", "text"},
                            {"median(i32)", "decimal(13,3)"},
                            {"percentile_cont(0.5) within group (order by g)", "double"},
                            {"row_number() over (order by dt)", "decimal(18,0)"},
                            {"lag(d) over (order by dt)", "decimal(10,2)"},
                            {"approx_count_distinct(s)", "decimal(18,0)"},
                            {"cast(s as number(10,2))", "decimal(10,2)"},
                            {"cast(i32 as bigint)", "decimal(38,0)"},
                            {"cast(s as float)", "double"},
                            {"not_a_function(1)", "unknown-function"},
                            {"list_sum(l)", "unknown-function"}});
}

TEST(DialectTypes, SnowflakeNames) {
  EXPECT_EQ(Bind("snowflake", "SELECT i32 AS a, a + 1 AS c FROM raw.t WHERE a > 1"), "a int32?, c decimal(11,0)?");
  EXPECT_EQ(Bind("snowflake", "SELECT \"I32\" FROM raw.t"), "i32 int32?");
  EXPECT_EQ(Bind("snowflake", "SELECT \"Mixed\" FROM (SELECT i32 AS \"Mixed\" FROM raw.t) q"), "Mixed int32?");
  EXPECT_EQ(Bind("snowflake", "SELECT mixed FROM (SELECT i32 AS \"Mixed\" FROM raw.t) q"), "unknown-column");
  EXPECT_EQ(Bind("snowflake", "SELECT F.value FROM raw.t, LATERAL FLATTEN(j) f"), "value json?");
}

// How raw columns of any type are written in each dialect.
TEST(DialectTypes, Written) {
  const auto written = [](std::string_view dialect, std::string_view type) {
    return TypeInDialect(metadata::TypeFromString(type), *grammar::FindDialect(dialect));
  };
  EXPECT_EQ(written("postgres", "int8"), "SMALLINT");
  EXPECT_EQ(written("postgres", "uint64"), "NUMERIC(20,0)");
  EXPECT_EQ(written("postgres", "decimal(50,4)"), "NUMERIC(50,4)");
  EXPECT_EQ(written("postgres", "decimal"), "NUMERIC");
  EXPECT_EQ(written("postgres", "text(10)"), "VARCHAR(10)");
  EXPECT_EQ(written("postgres", "timestamp(3)"), "TIMESTAMP(3)");
  EXPECT_EQ(written("postgres", "timestamp(9) with time zone"), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(written("postgres", "json"), "JSONB");
  EXPECT_EQ(written("postgres", "array<text>"), "TEXT[]");
  EXPECT_EQ(written("postgres", "int256"), "NUMERIC(78,0)");
  EXPECT_EQ(written("trino", "timestamp(6)"), "TIMESTAMP(6)");
  EXPECT_EQ(written("trino", "map<text, array<int64>>"), "MAP(VARCHAR, ARRAY(BIGINT))");
  EXPECT_EQ(written("trino", "struct<a int32>"), "ROW(\"a\" INTEGER)");
  EXPECT_EQ(written("snowflake", "int64"), "NUMBER(19,0)");
  EXPECT_EQ(written("snowflake", "timestamp(6) with time zone"), "TIMESTAMP_TZ(6)");
  EXPECT_EQ(written("snowflake", "json"), "VARIANT");
  EXPECT_EQ(written("duckdb", "time(9)"), "TIME_NS");
  EXPECT_EQ(written("duckdb", "timestamp(2)"), "TIMESTAMP_MS");
}

}  // namespace
}  // namespace wapc::compiler

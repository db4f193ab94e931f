#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "compiler/passes/binder.h"
#include "grammar/dialect.h"
#include "tests/support/private_postgres.h"
#include "tests/unit/compiler/test_project.h"

/// Statements that wapc and a real PostgreSQL bind: same columns, same types, refused by both or by none.
namespace wapc::compiler {
namespace {

const std::vector<std::pair<std::string, std::string>>& AllTypes() {
  static const std::vector<std::pair<std::string, std::string>> kTypes{{"b", "bool"},
                                                                       {"i16", "int16"},
                                                                       {"i32", "int32"},
                                                                       {"i64", "int64"},
                                                                       {"n", "decimal"},
                                                                       {"d", "decimal(10,2)"},
                                                                       {"d4", "decimal(18,4)"},
                                                                       {"f", "float"},
                                                                       {"g", "double"},
                                                                       {"s", "text"},
                                                                       {"v", "text(10)"},
                                                                       {"bl", "binary"},
                                                                       {"dt", "date"},
                                                                       {"tm", "time(6)"},
                                                                       {"ts", "timestamp(6)"},
                                                                       {"ts3", "timestamp(3)"},
                                                                       {"tz", "timestamp(6) with time zone"},
                                                                       {"iv", "interval"},
                                                                       {"uu", "uuid"},
                                                                       {"j", "json"},
                                                                       {"jj", "engine(json)"},
                                                                       {"l", "array<int32>"},
                                                                       {"ls", "array<text>"}};
  return kTypes;
}

const grammar::Dialect& Postgres() { return *grammar::FindDialect("postgres"); }

// One server for all tests of the program that need one.
class Server : public ::testing::Environment {
 public:
  static testing::PrivatePostgres& Get() {
    static testing::PrivatePostgres server;
    return server;
  }
};

class PostgresTypes : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(server_.problem(), "");
    static const bool kMade = MakeTable();
    ASSERT_TRUE(kMade);
  }

  static bool MakeTable() {
    std::string ddl = "CREATE SCHEMA raw; CREATE TABLE raw.t (";
    for (const auto& [name, type] : AllTypes()) {
      ddl += (name == "b" ? "" : ", ") + name + " " + TypeInDialect(metadata::TypeFromString(type), Postgres());
    }
    return Server::Get().Run(ddl + ")").error.empty();
  }

  // "name type, ...", as the engine describes it; "refused".
  std::string Engine(const std::string& query) {
    const testing::PostgresDescription described = server_.Describe(query);
    // What a literal says is read when the statement is prepared; that is no matter of types.
    for (const std::string reason : {"invalid input syntax", "malformed array literal"}) {
      if (described.error.find(reason) != std::string::npos) return "unreadable literal";
    }
    if (!described.error.empty()) return "refused";
    std::string out;
    for (const testing::PostgresColumn& column : described.columns) {
      out += (out.empty() ? "" : ", ") + column.name + " " + Plain(column.type);
    }
    return out;
  }

  // A type in the engine's own spelling.
  std::string Spelled(const std::string& type) {
    const auto [at, added] = spelled_.try_emplace(type);
    if (added) {
      const auto described = server_.Describe("SELECT CAST(NULL AS " + type + ")");
      at->second = described.error.empty() ? Plain(described.columns[0].type) : described.error;
    }
    return at->second;
  }

  std::string Ours(const std::string& query) {
    TestProject project;
    project.config().dialect = &Postgres();
    project.Table("raw.t", AllTypes()).Query("a.q", query);
    const Project& done = project.Run();
    const Model* const model = done.Find("a.q");
    if (model == nullptr || !model->typed) {
      messages_ = project.Messages();
      return "refused";
    }
    std::string out;
    for (const Column& column : model->columns) {
      const bool row = column.type.kind == metadata::TypeKind::kStruct;
      out += (out.empty() ? "" : ", ") + column.name + " " +
             (row ? std::string("record") : Spelled(TypeInDialect(column.type, Postgres())));
    }
    return out;
  }

  void ExpectSame(const std::string& text) {
    for (const std::string& query : Lines(text)) {
      const std::string engine = Engine(query);
      if (engine == "unreadable literal") continue;
      EXPECT_EQ(Ours(query), engine) << query << "\n" << messages_ << server_.Describe(query).error;
      messages_.clear();
    }
  }

  void ExpectSameExpressions(const std::string& text) {
    std::string queries;
    for (const std::string& expression : Lines(text)) queries += "SELECT " + expression + " AS x FROM raw.t\n";
    ExpectSame(queries);
  }

  // Of very many combinations a few hundred, spread over all; all of them in script/prove binder.
  void ExpectSameCombinations(const std::string& text) {
    constexpr size_t kEnough = 150;
    const std::vector<std::string> all = Lines(text);
    const bool thorough = std::getenv("WAPC_TEST_THOROUGH") != nullptr;
    const size_t step = thorough ? 1 : std::max<size_t>(all.size() / kEnough, 1);
    std::string chosen;
    for (size_t i = 0; i < all.size(); i += step) chosen += all[i] + "\n";
    ExpectSameExpressions(chosen);
  }

  static std::vector<std::string> Lines(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      if (end > 0) out.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

 private:
  // text, varchar, char and name are one type to wapc.
  static std::string Plain(std::string type) {
    // Which fields an interval literal has is no part of wapc's type.
    if (type.starts_with("interval")) return "interval";
    for (const std::string word : {"character varying", "character", "name"}) {
      if (!type.starts_with(word)) continue;
      type.replace(0, word.size(), "text");
      break;
    }
    return type;
  }

  testing::PrivatePostgres& server_ = Server::Get();
  std::map<std::string, std::string> spelled_;
  std::string messages_;
};

TEST_F(PostgresTypes, Arithmetic) {
  std::string expressions;
  const std::vector<std::string> operands{"i16", "i32", "i64",        "n",   "d",    "f", "g",
                                          "1",   "1.5", "3000000000", "'2'", "null", "s", "b",
                                          "dt",  "ts",  "tz",         "iv",  "tm",   "j", "l"};
  for (const std::string op : {"+", "-", "*", "/", "%"}) {
    for (const std::string& left : operands) {
      for (const std::string& right : operands) expressions += left + " " + op + " " + right + "\n";
    }
  }
  ExpectSameCombinations(expressions);
}

TEST_F(PostgresTypes, Comparisons) {
  std::string expressions;
  const std::vector<std::string> operands{"i16",  "i64", "n", "d",  "g",  "1",  "1.5", "'2020-01-01'",
                                          "null", "s",   "v", "b",  "dt", "ts", "tz",  "iv",
                                          "tm",   "uu",  "j", "jj", "l",  "ls", "bl"};
  for (const std::string& left : operands) {
    for (const std::string& right : operands) {
      expressions += left + " = " + right + "\n" + left + " < " + right + "\n";
      expressions += left + " in (" + right + ")\n";
    }
  }
  ExpectSameCombinations(expressions);
}

TEST_F(PostgresTypes, Choices) {
  std::string expressions;
  const std::vector<std::string> operands{"i16", "i32", "i64", "n",  "d",   "d4", "f",  "g", "1", "1.5", "'1'", "null",
                                          "s",   "v",   "dt",  "ts", "ts3", "tz", "iv", "b", "j", "l",   "ls",  "uu"};
  for (const std::string& left : operands) {
    for (const std::string& right : operands) {
      expressions += "coalesce(" + left + ", " + right + ")\n";
      expressions += "case when b then " + left + " else " + right + " end\n";
      expressions += "greatest(" + left + ", " + right + ")\n";
      expressions += "array[" + left + ", " + right + "]\n";
      expressions += "nullif(" + left + ", " + right + ")\n";
    }
  }
  ExpectSameCombinations(expressions);
}

TEST_F(PostgresTypes, Casts) {
  std::string expressions;
  const std::vector<std::string> types{
      "bool",     "smallint",   "int",   "bigint", "numeric", "numeric(10,2)", "real",         "double precision",
      "text",     "varchar(5)", "bytea", "date",   "time",    "timestamp",     "timestamp(3)", "timestamptz",
      "interval", "uuid",       "jsonb", "json",   "int[]",   "text[]"};
  for (const auto& [column, unused] : AllTypes()) {
    for (const std::string& type : types) expressions += "cast(" + column + " as " + type + ")\n";
  }
  for (const std::string& type : types) expressions += "'x'::" + type + "\n1::" + type + "\n";
  ExpectSameCombinations(expressions);
}

TEST_F(PostgresTypes, Functions) {
  ExpectSameExpressions(R"(
abs(i16)
abs(d)
abs(s)
round(d, 1)
round(g)
round(g, 2)
round(i32)
round(i32, 1)
ceil(d)
ceil(i32)
floor(g)
trunc(d, 1)
sqrt(i32)
sqrt(n)
power(i32, 2)
power(n, 2)
mod(i32, 2)
mod(i16, i64)
mod(d, 3)
ln(g)
log(n)
exp(1)
sign(d)
random()
pi()
width_bucket(g, 0, 10, 5)
div(n, 2)
gcd(i32, i64)
factorial(5)
upper(s)
upper(v)
upper(i32)
lower('X')
length(s)
length(bl)
char_length(v)
octet_length(s)
substring(s from 2 for 3)
substring(s, 2)
substr(s, 1, 2)
position('a' in s)
strpos(s, 'a')
trim(s)
trim(both 'x' from s)
ltrim(s, 'x')
btrim(s)
left(s, 2)
right(v, 1)
lpad(s, 5, '0')
repeat(s, 2)
replace(s, 'a', 'b')
reverse(s)
split_part(s, ',', 1)
translate(s, 'a', 'b')
initcap(s)
concat(s, i32, dt)
concat_ws(',', s, i32)
s || 'x'
s || i32
i32 || s
v || v
l || 1
1 || l
l || l
j || j
format('%s', s)
md5(s)
sha256(bl)
encode(bl, 'hex')
decode(s, 'hex')
to_hex(i32)
chr(65)
ascii(s)
quote_literal(s)
regexp_replace(s, 'a', 'b', 'g')
regexp_match(s, 'a')
regexp_matches(s, 'a')
regexp_split_to_array(s, ',')
regexp_split_to_table(s, ',')
regexp_count(s, 'a')
regexp_like(s, 'a')
regexp_substr(s, 'a')
string_to_array(s, ',')
array_to_string(l, ',')
s like 'a%'
s ilike 'a%'
i32 like 'a'
s similar to 'a'
s ~ 'a'
s !~* 'a'
starts_with(s, 'a')
s ^@ 'a'
to_char(ts, 'YYYY')
to_char(i32, '999')
to_char(d, '999')
to_char(dt, 'YYYY')
to_date(s, 'YYYY')
to_timestamp(s, 'YYYY')
to_timestamp(g)
to_timestamp(i32)
to_number(s, '999')
date_trunc('month', dt)
date_trunc('month', ts)
date_trunc('month', tz)
date_trunc('hour', iv)
date_part('year', dt)
date_part('year', ts)
extract(year from dt)
extract(epoch from ts)
extract(hour from tm)
extract(day from iv)
extract(year from s)
age(ts, ts)
age(dt)
age(dt, dt)
now()
current_date
current_timestamp
current_time
localtimestamp
localtime
clock_timestamp()
make_date(2020, 1, 1)
make_timestamp(2020, 1, 1, 0, 0, 0)
make_interval(days => 1)
justify_days(iv)
isfinite(dt)
date_bin('1 hour', ts, ts)
dt + 1
dt - 1
dt - dt
dt + iv
dt + tm
dt - interval '1 day'
ts - interval '1 day'
ts - ts
tz - tz
ts - dt
tm + iv
tm - tm
iv * 2
iv * 1.5
iv / 2
ts at time zone 'UTC'
tz at time zone 'UTC'
dt at time zone 'UTC'
gen_random_uuid()
l[1]
ls[1]
l[1:2]
array[1, 2]
array[[1, 2], [3, 4]]
array_length(l, 1)
cardinality(l)
array_append(l, 1)
array_append(l, 'x')
array_prepend(1, l)
array_cat(l, l)
array_position(ls, 'a')
array_remove(l, 1)
unnest(l)
l @> array[1]
l && array[1]
i32 = any(l)
i32 = any(ls)
s = all(ls)
j -> 'a'
j ->> 'a'
j -> 0
j #> '{a,b}'
j #>> '{a,b}'
jj -> 'a'
jj ->> 'a'
j @> '{}'
jsonb_array_length(j)
jsonb_array_elements(j)
jsonb_array_elements_text(j)
jsonb_typeof(j)
jsonb_extract_path_text(j, 'a', 'b')
jsonb_build_object('a', 1, 'b', s)
jsonb_build_array(1, s)
jsonb_set(j, '{a}', '1')
to_jsonb(s)
to_json(s)
row_to_json(t)
j::text
(j ->> 'a')::int
jsonb_object_keys(j)
jsonb_strip_nulls(j)
coalesce(s, 'a')
coalesce(dt, '2020-01-01')
coalesce(dt, current_date)
coalesce(d, 0)
greatest(i32, d, 0)
nullif(trim(s), '')
nullif(d, 0)
case when b then 'a' when i32 > 1 then 'b' end
case i32 when 1 then 'a' else s end
case s when 1 then 'a' end
not b
not i32
b and b
b and i32
b and 'true'
i32 is null
i32 is distinct from n
s is distinct from i32
b is true
i32 is true
i32 between 1 and 2.5
s between 'a' and 'b'
dt between '2020-01-01' and current_date
i32 between 'a' and s
-i32
-d
-s
+i32
~i32
i32 & 1
i32 | i64
i32 << 1
i32 ^ 2
2 ^ 3
cast(null as int)
date '2020-01-01'
timestamp '2020-01-01'
interval '1 day'
interval '1' month
time '10:00'
true
null
1
1.5
1e5
12345678901
123456789012345678901234567890
'x'
pg_typeof(1)
not_a_function(1)
lower(s, s)
length()
(i32, s)
row(1, 'a')
(i32, s) = (1, 'a')
s collate "C"
generate_series(1, 3)
num_nulls(s, i32)
)");
}

TEST_F(PostgresTypes, Aggregates) {
  ExpectSameExpressions(R"(
count(*)
count(s)
count(distinct s)
sum(i16)
sum(i32)
sum(i64)
sum(d)
sum(f)
sum(g)
sum(iv)
sum(b)
sum(s)
sum('1')
avg(i32)
avg(d)
avg(g)
avg(iv)
avg(dt)
min(d)
max(s)
max(v)
max(dt)
max(ts3)
max(b)
max(uu)
max(l)
bool_and(b)
bool_or(b)
every(b)
bit_and(i32)
string_agg(s, ',')
string_agg(s, ',' order by i32)
string_agg(i32, ',')
array_agg(d)
array_agg(s order by i32)
array_agg(l)
array_agg(distinct s)
json_agg(s)
jsonb_agg(t)
jsonb_object_agg(s, i32)
stddev(i32)
stddev(g)
variance(d)
var_pop(i64)
corr(i32, i64)
regr_slope(g, g)
percentile_cont(0.5) within group (order by i32)
percentile_cont(0.5) within group (order by d)
percentile_cont(array[0.1, 0.9]) within group (order by g)
percentile_disc(0.5) within group (order by d)
percentile_disc(0.5) within group (order by s)
mode() within group (order by s)
sum(i32) filter (where b)
sum(i32) filter (where i32)
any_value(s)
first(s)
sum(sum(i32))
row_number() over ()
rank() over (order by i32)
percent_rank() over (order by i32)
cume_dist() over (order by i32)
ntile(2) over (order by i32)
lag(d) over (order by i32)
lag(i32, 1, 0) over (order by i32)
lag(i64, 1, 0) over (order by i32)
lag(s, 1, 'x') over (order by i32)
lag(s, 1, 0) over (order by i32)
lead(s) over (order by i32)
first_value(d) over (order by i32)
nth_value(i32, 2) over (order by i32)
sum(d) over (partition by s order by i32)
avg(i32) over (partition by s)
count(*) over ()
sum(row_number() over ()) over ()
row_number()
)");
}

TEST_F(PostgresTypes, Queries) {
  ExpectSame(R"(
select 1 as x union all select 2.5
select null as x union all select 1
select 'a' as x union all select null
select 'a' as x union select 1
select '1' as x union select 1
select s as x from raw.t union select i32 from raw.t
select d as x from raw.t union all select d from raw.t
select d as x from raw.t union all select d4 from raw.t
select dt as x from raw.t union select ts from raw.t
select v as x from raw.t except select s from raw.t
select 1 as a, 2 as b union select 1
select x, y from (values (1, 'a'), (2.5, null)) v(x, y)
select column1, column2 from (values (1, 'a'), (2, 'b')) v
select * from (values (1, 'a'), ('2', 'b')) v
select * from (values (1, 'a'), ('x', 2)) v
select x from (select null as x) q
select x + 1 as y from (select null as x) q
select x from (select 'a' as x) q where x = 1
select generate_series from generate_series(1, 3)
select g from generate_series(1, 3) as g
select g.day from generate_series(date '2020-01-01', date '2020-02-01', interval '1 day') as g(day)
select day from generate_series('2020-01-01'::timestamp, '2020-02-01', '1 day') as day
select u from unnest(array[1, 2]) as u
select u.x, u.ordinality from unnest(array['a', 'b']) with ordinality as u(x, ordinality)
select e.value from raw.t, jsonb_array_elements(j) as e
select e.key, e.value from raw.t cross join lateral jsonb_each_text(j) as e
select t.s, x.n from raw.t t cross join lateral (select t.i32 + 1 as n) x
select t.s, x.n from raw.t t cross join (select t.i32 + 1 as n) x
with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select n from r
with recursive r(n) as (values (1) union all select n + 1 from r where n < 5) select n from r
with a as (select i32 from raw.t), b as (select i32 * 2 as j from a) select j from b
with a(x, y) as (select i32, s from raw.t) select y, x from a
select (select max(d) from raw.t) as x
select s, (select count(*) from raw.t b where b.s = a.s) as n from raw.t a
select exists (select 1 from raw.t b where b.i32 = a.i32) as x from raw.t a
select s from raw.t where s in (select s from raw.t)
select s from raw.t where s in (select i32 from raw.t)
select s from raw.t where (s, i32) in (select s, i32 from raw.t)
select i32 from raw.t a full join (select i64 as i32 from raw.t) b using (i32)
select a.s, b.s as s2 from raw.t a left join raw.t b on a.i32 = b.i32
select s from raw.t a join raw.t b on a.i32 = b.i32
select a.s from raw.t a join raw.t b on a.s = b.i32
select * from (select s, i32 from raw.t) a natural join (select s, d from raw.t) b
select s, count(*) from raw.t group by s
select s, count(*) as n from raw.t group by 1 order by 2 desc
select s, i32 from raw.t group by s
select s, max(i32) as m from raw.t group by s having max(i32) > 1
select s, max(i32) as m from raw.t group by s having m > 1
select i32 + 1 as k, count(*) as n from raw.t group by k
select i32 + 1 as k, count(*) as n from raw.t group by i32 + 1
select i32 + 1 as k from raw.t where k > 1
select i32 as a, a + 1 as b from raw.t
select i32 as a from raw.t order by a
select i32 as a from raw.t order by a + 1
select s from raw.t order by i32
select distinct s from raw.t order by s
select distinct on (s) s, i32 from raw.t order by s, i32
select count(*) as n from raw.t where count(*) > 1
select s from raw.t where row_number() over () = 1
select rank() over (order by sum(i32)) as r, s from raw.t group by s
select sum(sum(i32)) over (order by s) as x from raw.t group by s
select s, i32 from raw.t group by grouping sets ((s), (i32), ())
select s, grouping(s) as g from raw.t group by rollup (s)
select s from raw.t limit 5 offset 2
select upper(s), lower(s) from raw.t
select max(i32) from raw.t
select coalesce(s, 'x') from raw.t
select s::varchar from raw.t
select 1::int
select i32::text from raw.t
select case when b then s end from raw.t
select case when b then 'x' else s end from raw.t
select extract(year from dt) from raw.t
select current_date
select array[1]
select "S" from raw.t
select S, I32 from raw.t
select t.S from raw.t
select "s" as "Mixed" from raw.t
select "Mixed" from (select s as "Mixed" from raw.t) q
select Mixed from (select s as "Mixed" from raw.t) q
select mixed from (select s as Mixed from raw.t) q
select T.s from raw.t as T
select "T".s from raw.t as T
select t.* from raw.t t
select * from raw.t
select nothing from raw.t
select x.s from raw.t
select s from raw.t where i32
select s from raw.t where null
select s from raw.t where 'true'
select t from (select i32 from raw.t) t where t is not null
select sum(d) / count(*) as x from raw.t
select sum(i32) / count(*) as x from raw.t
select 100.0 * sum(i32) / nullif(count(*), 0) as x from raw.t
select round(100.0 * sum(i32) / nullif(count(*), 0), 2) as x from raw.t
select round(avg(g)::numeric, 2) as x from raw.t
select sum(case when b then 1 else 0 end) as x from raw.t
select sum(b::int) as x from raw.t
select avg(case when b then 1.0 else 0 end) as x from raw.t
select date_trunc('month', ts)::date as m, count(*) as n from raw.t group by 1
select dt - lag(dt) over (order by dt) as gap from raw.t
select extract(epoch from ts - lag(ts) over (order by ts)) / 60 as x from raw.t
select string_agg(distinct s, ', ') as x from raw.t
select first_value(s) over w as a, last_value(s) over w as b from raw.t window w as (partition by i32 order by dt)
select j ->> 'a' as a, (j -> 'b' ->> 'c')::numeric as c from raw.t
select l[1] + 1 as x, ls[1] || 'y' as y from raw.t
select dt from raw.t where dt >= current_date - 7
select dt from raw.t where dt >= current_date - interval '7 days'
select ts from raw.t where ts >= '2020-01-01' and dt < '2021-01-01'
select ts from raw.t where ts > i32
select to_char(ts, 'YYYY-MM') as m from raw.t
select count(*) filter (where b) as n from raw.t
select i32 from raw.t union select i64 from raw.t order by 1
select i32 from raw.t union select i64 from raw.t order by i32
select (select i32, s from raw.t) as x
)");
}

}  // namespace
}  // namespace wapc::compiler

#include <duckdb.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "compiler/passes/binder.h"
#include "grammar/parser.h"
#include "tests/unit/compiler/test_project.h"

namespace wapc::compiler {
namespace {

// One table with a column of every type, for wapc and for the engine.
const std::vector<std::pair<std::string, std::string>>& AllTypes() {
  static const std::vector<std::pair<std::string, std::string>> kTypes{{"b", "bool"},
                                                                       {"i8", "int8"},
                                                                       {"i16", "int16"},
                                                                       {"i32", "int32"},
                                                                       {"i64", "int64"},
                                                                       {"i128", "int128"},
                                                                       {"u8", "uint8"},
                                                                       {"u16", "uint16"},
                                                                       {"u32", "uint32"},
                                                                       {"u64", "uint64"},
                                                                       {"u128", "uint128"},
                                                                       {"d", "decimal(10,2)"},
                                                                       {"d4", "decimal(18,4)"},
                                                                       {"wide", "decimal(38,10)"},
                                                                       {"f", "float"},
                                                                       {"g", "double"},
                                                                       {"s", "text"},
                                                                       {"bl", "binary"},
                                                                       {"dt", "date"},
                                                                       {"tm", "time(6)"},
                                                                       {"ts", "timestamp(6)"},
                                                                       {"ts_s", "timestamp(0)"},
                                                                       {"ts_ms", "timestamp(3)"},
                                                                       {"ts_ns", "timestamp(9)"},
                                                                       {"tz", "timestamp(6) with time zone"},
                                                                       {"iv", "interval"},
                                                                       {"uu", "uuid"},
                                                                       {"j", "json"},
                                                                       {"l", "array<int32>"},
                                                                       {"ls", "array<text>"},
                                                                       {"ll", "array<array<int32>>"},
                                                                       {"st", "struct<a int32, b text>"},
                                                                       {"m", "map<text, int32>"}};
  return kTypes;
}

class Engine {
 public:
  Engine() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
    std::string ddl = "CREATE SCHEMA raw; CREATE TABLE raw.t (";
    for (const auto& [name, type] : AllTypes()) {
      ddl += (name == "b" ? "" : ", ") + name + " " +
             TypeInDialect(metadata::TypeFromString(type), grammar::DuckDbDialect());
    }
    Run(ddl + ")");
  }
  ~Engine() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The types of a query's columns, as DESCRIBE writes them; "error: ..." when the engine refuses it.
  std::string Describe(const std::string& query, const std::string& separator = ", ") {
    return Run("SELECT string_agg(column_type, '" + separator + "') FROM (DESCRIBE " + query + ")");
  }

  // A type's name in the engine's own spelling.
  std::string Spelled(const std::string& type) {
    const auto [at, added] = spelled_.try_emplace(type);
    if (added) at->second = Describe("SELECT CAST(NULL AS " + type + ")");
    return at->second;
  }

 private:
  std::string Run(const std::string& sql) {
    duckdb_result result;
    std::string out;
    if (duckdb_query(connection_, sql.c_str(), &result) == DuckDBError) {
      out = std::string("error: ") + duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0) {
      char* const text = duckdb_value_varchar(&result, 0, 0);
      out = text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

  std::map<std::string, std::string> spelled_;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

// The types that wapc infers, in the engine's words; its messages when it refuses.
std::vector<std::string> InferredColumns(const std::string& query) {
  TestProject project;
  project.Table("raw.t", AllTypes()).Query("a.q", query);
  const Project& done = project.Run();
  const Model* const model = done.Find("a.q");
  if (model == nullptr || !model->typed) return {"wapc: " + project.Messages()};
  std::vector<std::string> types;
  for (const Column& column : model->columns) types.push_back(TypeInDialect(column.type, grammar::DuckDbDialect()));
  return types;
}

std::string Inferred(const std::string& query) { return InferredColumns(query)[0]; }

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// All in one query; each by itself when one of them is refused.
void ExpectSameTypes(std::string_view text) {
  Engine engine;
  const std::vector<std::string> expressions = Lines(text);
  std::string all;
  for (size_t i = 0; i < expressions.size(); ++i)
    all += (i == 0 ? "" : ", ") + expressions[i] + " AS c" + std::to_string(i);
  const std::vector<std::string> together = InferredColumns("SELECT " + all + " FROM raw.t");
  const std::vector<std::string> described = Lines(engine.Describe("SELECT " + all + " FROM raw.t", "\n"));
  for (size_t i = 0; i < expressions.size(); ++i) {
    const std::string query = "SELECT " + expressions[i] + " AS x FROM raw.t";
    const std::string inferred = together.size() == expressions.size() ? together[i] : Inferred(query);
    EXPECT_EQ(inferred.starts_with("wapc") ? inferred : engine.Spelled(inferred), engine.Describe(query))
        << expressions[i];
  }
}

TEST(EngineTypes, Literals) {
  ExpectSameTypes(R"(
1.5
0.5
1e5
12345678901
123456789012345678901234567890
-1
-2.50
null
'x'
true
[]
[1, 2.5]
[1, null]
{'a': 1, 'b': 'x'}
map {'a': 1}
date '2020-01-01'
timestamp '2020-01-01 00:00:00'
timestamptz '2020-01-01 00:00:00+00'
time '10:00:00'
interval '1 day'
interval 3 month
)");
}

TEST(EngineTypes, Arithmetic) {
  std::string expressions;
  const std::vector<std::string> operands{"i8", "i16", "i32",  "i64", "i128", "u8", "u16", "u32", "u64",
                                          "d",  "d4",  "wide", "f",   "g",    "1",  "300", "1.5", "3000000000"};
  for (const std::string op : {"+", "-", "*", "/", "//", "%"}) {
    for (const std::string& left : operands) {
      for (const std::string& right : operands) {
        // The engine has no decimal wide enough for these.
        if (left == "wide" && right == "wide" && op == "*") continue;
        expressions += left + " " + op + " " + right + "\n";
      }
    }
  }
  ExpectSameTypes(expressions);
}

TEST(EngineTypes, Operators) {
  ExpectSameTypes(R"(
-i8
-d
+d
i32 ** 2
d ** 2
i32 & i64
i32 | 1
i32 << 1
~i32
dt + 1
1 + dt
dt - 1
dt - dt
dt + iv
iv + dt
dt - iv
dt + tm
ts - ts
tz - tz
ts + iv
ts - iv
tz + iv
tm + iv
ts_ms + iv
ts_ns + iv
iv + iv
iv * 2
iv / 2
ts - dt
dt - ts
tz - ts
s || s
s || 1
s || dt
1 || 's'
l || l
bl || bl
s[1]
s[1:2]
l[1]
l[1:2]
ll[1]
ll[1][1]
m['a']
st['a']
st.b
j.a
j['a']
j -> 'a'
j ->> 'a'
j -> '$.a' ->> 0
s ->> 'a'
not b
b and b
i32 = i64
s like 'x'
s ilike 'x'
s similar to 'x'
i32 between 1 and 2.5
i32 in (1, 2.5)
i32 is distinct from d
ts at time zone 'UTC'
tz at time zone 'UTC'
)");
}

TEST(EngineTypes, Choices) {
  std::string expressions;
  const std::vector<std::string> operands{"i8", "i32",  "i64", "i128", "u8", "u32",  "u64", "d",
                                          "d4", "wide", "f",   "g",    "1",  "1000", "1.5", "null"};
  for (const std::string& left : operands) {
    for (const std::string& right : operands) {
      expressions += "coalesce(" + left + ", " + right + ")\n";
      expressions += "case when b then " + left + " else " + right + " end\n";
      expressions += "greatest(" + left + ", " + right + ")\n";
      expressions += "[" + left + ", " + right + "]\n";
    }
  }
  ExpectSameTypes(expressions);
  ExpectSameTypes(R"(
coalesce(s, 'a')
coalesce(dt, '2020-01-01')
coalesce(ts, dt)
coalesce(tz, ts)
coalesce(ts_ms, ts)
coalesce(null, null)
coalesce(l, [])
coalesce(b, 1)
nullif(i32, 1)
nullif(d, 1)
nullif(i8, i64)
nullif(trim(s), '')
ifnull(d, 1)
if(b, 1, 2)
if(b, d, i32)
case when b then 'x' else s end
case when b then 1 end
case i32 when 1 then 'a' when 2 then 'b' end
try_cast(s as integer)
)");
}

TEST(EngineTypes, Casts) {
  ExpectSameTypes(R"(
cast(s as decimal)
cast(s as decimal(5))
cast(s as numeric(10,2))
cast(s as varchar(10))
cast(i32 as bigint)
cast(s as timestamp(3))
cast(s as timestamp(0))
cast(s as timestamptz)
cast(s as timestamp with time zone)
cast(s as real)
cast(s as double precision)
cast(s as string)
cast(s as bytea)
cast(s as hugeint)
cast(s as timestamp_s)
cast(s as datetime)
cast(s as int[])
cast(s as struct(a int, b varchar[]))
cast(s as map(varchar, int))
s::date
s::int8
s::json
s::uuid
s::timetz
)");
}

TEST(EngineTypes, NumberFunctions) {
  ExpectSameTypes(R"(
round(d, 1)
round(d)
round(d, -1)
round(d, 5)
round(i32, 1)
round(g, 2)
round(sum(d), 2)
floor(d)
ceil(d)
trunc(d)
floor(g)
abs(d)
abs(i8)
sign(d)
sqrt(i32)
ln(d)
power(i32, 2)
mod(i32, 2)
mod(d, 3)
gcd(i32, i64)
factorial(5)
isnan(g)
bit_count(i32)
xor(i32, i64)
even(i32)
random()
pi()
hash(i32, i64)
least(s, 'a')
greatest(dt, ts)
)");
}

TEST(EngineTypes, Aggregates) {
  ExpectSameTypes(R"(
sum(d)
sum(wide)
sum(i8)
sum(i32)
sum(i64)
sum(i128)
sum(f)
sum(g)
sum(b)
sum(distinct d)
avg(d)
avg(i32)
avg(g)
avg(ts)
median(d)
median(i32)
median(dt)
median(g)
quantile_cont(i32, 0.5)
quantile_cont(d, 0.5)
quantile_cont(i32, [0.25, 0.75])
quantile_disc(i32, 0.5)
percentile_cont(0.5) within group (order by i32)
percentile_disc(0.5) within group (order by d)
mode(s)
first(d)
any_value(s)
arg_max(s, i32)
arg_max(s, i32, 3)
max(d)
min(tz)
max(s)
max(i32, 2)
count(*)
count(s)
count(distinct s)
count_if(b)
string_agg(s, ',')
string_agg(s, ',' order by i32)
list(d)
array_agg(s order by i32)
histogram(s)
stddev(i32)
var_pop(d)
corr(i32, i64)
regr_slope(i32, i64)
approx_count_distinct(i32)
bool_and(b)
bit_and(i32)
product(i32)
sum(i32) filter (where b)
json_group_array(i32)
mad(i32)
entropy(s)
)");
}

TEST(EngineTypes, Windows) {
  ExpectSameTypes(R"(
row_number() over ()
rank() over (order by i32)
dense_rank() over (order by i32)
percent_rank() over (order by i32)
cume_dist() over (order by i32)
ntile(2) over (order by i32)
lag(d) over (order by i32)
lag(i32, 1, 0) over (order by i32)
lag(i64, 1, 0) over (order by i32)
lead(s) over (order by i32)
first_value(d) over (order by i32)
last_value(s) over (order by i32)
nth_value(i32, 2) over (order by i32)
sum(d) over (partition by s order by i32 rows between unbounded preceding and current row)
avg(i32) over (partition by s)
count(*) over ()
max(dt) over (partition by s)
)");
}

TEST(EngineTypes, DateFunctions) {
  ExpectSameTypes(R"(
date_trunc('month', dt)
date_trunc('month', ts)
date_trunc('day', tz)
date_trunc('day', ts_ms)
date_part('year', dt)
extract(year from ts)
extract(epoch from ts)
extract(hour from tm)
year(dt)
month(ts)
hour(tz)
datediff('day', dt, dt)
date_diff('day', dt, ts)
date_diff('hour', tz, tz)
date_sub('day', dt, dt)
date_add(dt, iv)
now()
current_date
current_timestamp
localtimestamp
today()
to_timestamp(i32)
epoch(ts)
epoch_ms(ts)
epoch_ms(i64)
strptime(s, '%Y')
strftime(dt, '%Y')
strftime(ts, '%Y')
make_date(1, 2, 3)
make_timestamp(1, 2, 3, 4, 5, 6.0)
age(ts, ts)
last_day(ts)
dayname(dt)
monthname(dt)
time_bucket(iv, ts)
quarter(tz)
to_days(i32)
to_hours(i32)
weekofyear(dt)
isodow(dt)
ts::date
)");
}

TEST(EngineTypes, TextFunctions) {
  ExpectSameTypes(R"(
concat(s, 1)
concat(s, 'a', dt)
concat_ws(',', s, i32)
upper(s)
lower(s)
trim(s)
trim(both 'x' from s)
ltrim(s, 'x')
length(s)
left(s, 2)
substring(s, 1, 2)
substring(s from 2 for 3)
split_part(s, ',', 1)
string_split(s, ',')
regexp_extract(s, 'a')
regexp_extract(s, 'a', 1)
regexp_matches(s, 'a')
regexp_replace(s, 'a', 'b', 'g')
replace(s, 'a', 'b')
lpad(s, 2, 'x')
contains(s, 'x')
starts_with(s, 'x')
md5(s)
sha256(s)
printf('%d', 1)
format('{}', 1)
upper(j)
strlen(s)
instr(s, 'x')
position('a' in s)
ascii(s)
chr(65)
reverse(s)
repeat(s, 2)
translate(s, 'a', 'b')
encode(s)
decode(bl)
base64(bl)
from_base64(s)
hex(s)
uuid()
gen_random_uuid()
typeof(i32)
levenshtein(s, s)
strip_accents(s)
)");
}

TEST(EngineTypes, NestedFunctions) {
  ExpectSameTypes(R"(
json_extract(j, '$.a')
json_extract_string(j, 'a')
json_extract_string(s, 'a')
json_array_length(j)
json_type(j)
json_keys(j)
to_json(st)
json_object('a', 1)
json_valid(s)
len(l)
array_length(l)
list_contains(l, 1)
list_position(l, 1)
list_transform(l, x -> x + 1)
list_transform(l, x -> x * 1.5)
list_transform(ls, x -> upper(x))
list_transform(l, lambda x: x * 1.5)
list_filter(l, x -> x > 1)
list_reduce(l, (x, y) -> x + y)
list_sum(l)
list_avg(l)
list_max(l)
list_sort(l)
list_distinct(l)
list_aggregate(l, 'sum')
flatten(ll)
range(3)
generate_series(1, 3)
list_concat(l, l)
list_append(l, 1)
list_prepend(1, l)
array_to_string(l, ',')
list_value(1, 2)
list_slice(l, 1, 2)
list_any_value(l)
unnest(l)
unnest(ls)
struct_extract(st, 'a')
struct_pack(a := 1, b := 'x')
struct_insert(st, c := 1)
map_keys(m)
map_values(m)
map_entries(m)
map_extract(m, 'a')
element_at(m, 'a')
map([1], [2])
cardinality(m)
list_has_any(l, l)
)");
}

// What wapc refuses, the engine refuses too, or takes only by casting text to something else when it runs.
TEST(EngineTypes, BothRefuse) {
  Engine engine;
  for (const std::string expression : {"lower(5)",
                                       "s > 1",
                                       "dt > s",
                                       "s between 1 and 2",
                                       "i32 like 'x'",
                                       "sum(s)",
                                       "s + 1",
                                       "dt + dt",
                                       "st + 1",
                                       "coalesce(s, 1)",
                                       "case when b then s else 1 end",
                                       "list_contains(i32, 1)",
                                       "date_trunc('day', s)",
                                       "abs(s)",
                                       "length(i32)",
                                       "round(s, 1)",
                                       "upper(dt)",
                                       "not_a_function(1)",
                                       "sum(sum(i32))",
                                       "greatest(s, 1)"}) {
    const std::string query = "SELECT " + expression + " AS x FROM raw.t";
    EXPECT_TRUE(engine.Describe(query).starts_with("error")) << expression;
    EXPECT_TRUE(Inferred(query).starts_with("wapc")) << expression << ": " << Inferred(query);
  }
}

TEST(EngineTypes, Queries) {
  Engine engine;
  for (const std::string& query : Lines(R"(
SELECT 1 AS x UNION ALL SELECT 2.5
SELECT null AS x UNION ALL SELECT 1
SELECT i8 AS x FROM raw.t UNION SELECT u8 FROM raw.t
SELECT x FROM (VALUES (1, 'a'), (2.5, null)) v(x, y)
SELECT generate_series AS x FROM generate_series(1, 3)
SELECT x FROM unnest([1, 2]) u(x)
SELECT u.unnest AS x FROM raw.t, unnest(ls) u
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n AS x FROM r
SELECT (SELECT max(d) FROM raw.t) AS x
SELECT x FROM raw.t UNPIVOT (x FOR n IN (i32, i64))
SELECT a AS x FROM (SELECT i32, s, d FROM raw.t) PIVOT (sum(d) FOR s IN ('a', 'b'))
SELECT value AS x FROM json_each('{}')
SELECT i32 AS x FROM raw.t FULL JOIN (SELECT i64 AS i32 FROM raw.t) USING (i32)
SELECT st.* FROM raw.t
SELECT sum(i32) AS a, a + 1 AS x FROM raw.t
SELECT t AS x FROM (SELECT i32, s FROM raw.t) t
select i32 from raw.t order by i32+1 desc limit 5
select s, sum(d) as t from raw.t group by s order by sum(d) desc
select count(*) as n from raw.t having count(*) > 1
select i32, sum(i64) over w as x from raw.t window w as (partition by s order by i32)
select * from raw.t a join lateral (select a.i32 + 1 as q) b on true
select a.i32 from raw.t a semi join raw.t b on a.i32=b.i32
select a.i32 from raw.t a asof join raw.t b on a.s=b.s and a.ts>=b.ts
select s from raw.t where s in (select s from raw.t where i32 = 1)
select (i32, s) in (select (i32, s) from raw.t) as x from raw.t
select (i32, s) in (select i32, s from raw.t) as x from raw.t
select i32 = any (select i32 from raw.t) as x from raw.t
select i32 = any(l) as x from raw.t
select distinct on (s) s, i32 from raw.t order by s, i32
select max(i32) filter (where b) as x, string_agg(s, ',' order by s) as y from raw.t
select unnest(l) as x, s from raw.t
select s, unnest(string_split(s, ',')) as x from raw.t
select x.u from raw.t, unnest(l) as x(u)
select struct_pack(a := i32).a as x from raw.t
select {'a': i32}.a as x from raw.t
select exists(select 1 from raw.t b where b.i32 = a.i32) as x from raw.t a
select sum(i32) over (order by dt range between interval 7 day preceding and current row) as x from raw.t
select i32 % 2 = 0 as even, count(*) as n from raw.t group by even
select date_trunc('month', dt)::date as m from raw.t
select extract('year' from dt) as y from raw.t
select coalesce(sum(d), 0)::decimal(18,2) as x from raw.t
select avg(case when b then 1.0 else 0 end) as x from raw.t
select sum(b::int) as x from raw.t
select round(100.0 * sum(i32) / nullif(count(*), 0), 2) as x from raw.t
select quantile_cont(i32, 0.5) filter (where b) as x from raw.t
select lag(ts) over (partition by s order by ts) as x, ts - lag(ts) over (partition by s order by ts) as y from raw.t
select epoch(ts - lag(ts) over (order by ts)) / 60 as x from raw.t
select s as "Mixed Name" from raw.t
select t.* exclude (l, j) from raw.t t
select i32 as a, a + 1 as b2, b2 * 2 as c from raw.t
select j->>'$.a' as x, (j->>'a')::int as y from raw.t
select regexp_extract(s, '(a)(b)', ['x','y']) as x from raw.t
select list_transform(l, x -> x + i32) as x from raw.t
select list_filter(l, x -> x > 1 and x < 5) as x from raw.t
select array_agg({'a': i32, 'b': s}) as x from raw.t
select s from raw.t group by all having count(*) > 1
select grouping(s) as g, s from raw.t group by cube (s)
select row_number() over () as rn, * from raw.t
select first_value(i32 ignore nulls) over (order by ts) as x from raw.t
select i32 from raw.t qualify row_number() over (partition by s order by ts desc) = 1
select case s when 'a' then 1 when 'b' then 2 else 0 end as x from raw.t
select try_cast(s as date) as x from raw.t
select ts between '2020-01-01' and '2021-01-01' as x from raw.t
select ts >= '2020-01-01' as x, dt = '2020-01-01' as y from raw.t
select i32 || '-' || s as x from raw.t
select greatest(i32, d, 0) as x from raw.t
select dt - interval 7 day as x, dt + 7 as y from raw.t
select current_date - dt as x, now() - ts as y from raw.t
select strftime(ts, '%Y-%m') as x from raw.t
select sum(d) / sum(i32) as x, sum(d) * 1.0 as y from raw.t
select * from (select s, i32 from raw.t) pivot (sum(i32) for s in ('a', 'b' as bb))
select * from generate_series(date '2020-01-01', date '2020-02-01', interval 1 day) as g(day)
select * from range(timestamp '2020-01-01', timestamp '2020-02-01', interval 1 day) as g(day)
select min(x) as m from (values (1), (2)) as v(x)
select a.s, b.n from (select s from raw.t) a left join (select s, count(*) as n from raw.t group by s) b using (s)
select s, any_value(i32) as x, mode(s) as y, arg_max(s, ts) as z from raw.t group by s
select sum(sum(i32)) over (order by s) as x from raw.t group by s
select rank() over (order by sum(i32) desc) as x, s from raw.t group by s
select not b as x, -i32 as y, ~i32 as z from raw.t
select 'a' in ('a', 'b') as x, 1 in (1,2) as y
select i32::varchar(10) as x, cast(s as char(3)) as y from raw.t
select list_sort(l, 'desc') as x, list_reverse(l) as y, l[1:2] as z from raw.t
select count(distinct (i32, s)) as n from raw.t
select hash(i32, s) as x, md5(s) as y from raw.t
select s like '%a' and s not like 'b%' as x from raw.t
select s ~ 'a.*' as x from raw.t
select from_json(j, '{"a": "INTEGER"}') as x from raw.t
select time '10:00' as x, interval (i32) minute as y from raw.t
select dt::timestamp + to_hours(i32) as x from raw.t
select make_timestamp(2020, 1, 1, 0, 0, 0) as x
select week(dt) as w, dayofweek(dt) as dw, monthname(dt) as m from raw.t
select ts::time as x, ts::date as y from raw.t
select datediff('minute', ts, now()::timestamp) as x from raw.t
select percentile_cont([0.1, 0.9]) within group (order by i32) as x from raw.t
select string_split(s, ',')[1] as x, split_part(s, ',', -1) as y from raw.t
select concat_ws('-', s, i32, dt) as x from raw.t
select map_from_entries([('a', 1)]) as x
select i32 from raw.t union (select i64 from raw.t order by 1 limit 1) order by 1
select i32 from raw.t intersect select 1 except select 2
select s from raw.t limit (select 5)
select lpad(i32::text, 5, '0') as x from raw.t
select date_part(['year', 'month'], dt) as x from raw.t
select sum(i32) as x from raw.t group by grouping sets ((s), (dt), ())
select i32 is not distinct from i64 as x from raw.t
select a.i32 from raw.t a, raw.t b where a.i32 = b.i32
select a.i32, b.s from raw.t a positional join raw.t b
select max(ts) - min(ts) as x from raw.t
select min(dt) as a, max(dt) - min(dt) as span from raw.t
select ln(i32) as x, exp(1) as e, pi() as p from raw.t
select random() < 0.5 as x
select s collate nocase as x from raw.t
select all s from raw.t
select s.upper() as x from raw.t
from raw.t select i32
select i32, from raw.t
select s, count() as n from raw.t group by s
)")) {
    const std::string actual = engine.Describe(query);
    std::string inferred;
    for (const std::string& type : InferredColumns(query)) {
      inferred += (inferred.empty() ? "" : ", ") + (type.starts_with("wapc") ? type : engine.Spelled(type));
    }
    EXPECT_EQ(inferred, actual) << query;
  }
}

}  // namespace
}  // namespace wapc::compiler

#include <duckdb.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/passes/binder.h"
#include "tests/unit/compiler/test_project.h"

/// Whole queries that wapc and DuckDB bind: same columns by name and type, refused by both or by none. Not here, since
/// wapc refuses more on purpose: two columns of one name, a union of text and numbers.
namespace wapc::compiler {
namespace {

const std::vector<std::pair<std::string, std::string>> kColumns{{"id", "int64"},
                                                                {"s", "text"},
                                                                {"k", "text"},
                                                                {"d", "decimal(10,2)"},
                                                                {"dt", "date"},
                                                                {"b", "bool"},
                                                                {"l", "array<int32>"},
                                                                {"st", "struct<a int32, b text>"},
                                                                {"m", "map<text, int32>"},
                                                                {"ls", "array<struct<x int32, y text>>"}};
const std::vector<std::pair<std::string, std::string>> kOther{{"id", "int32"}, {"s", "text"}, {"amount", "double"}};

class Engine {
 public:
  Engine() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
    Run("CREATE SCHEMA raw; CREATE TABLE raw.t (" + Ddl(kColumns) + "); CREATE TABLE raw.u (" + Ddl(kOther) + ")");
  }
  ~Engine() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::string Describe(const std::string& query) {
    return Run("SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE " + query + ")");
  }
  std::string Spelled(const std::string& type) { return Run("SELECT typeof(CAST(NULL AS " + type + "))"); }

 private:
  static std::string Ddl(const std::vector<std::pair<std::string, std::string>>& columns) {
    std::string out;
    for (const auto& [name, type] : columns) {
      out += (out.empty() ? "" : ", ") + name + " " +
             TypeInDialect(metadata::TypeFromString(type), grammar::DuckDbDialect());
    }
    return out;
  }

  std::string Run(const std::string& sql) {
    duckdb_result result;
    std::string out;
    if (duckdb_query(connection_, sql.c_str(), &result) == DuckDBError) {
      out = "refused";
      reason_ = duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0) {
      char* const text = duckdb_value_varchar(&result, 0, 0);
      out = text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

 public:
  std::string reason_;

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

void ExpectSame(std::string_view text) {
  Engine engine;
  while (!text.empty()) {
    const std::string query(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(query.size() + 1, text.size()));
    if (query.empty()) continue;
    TestProject project;
    project.Table("raw.t", kColumns).Table("raw.u", kOther).Query("a.q", query);
    const Project& done = project.Run();
    const Model* const model = done.Find("a.q");
    std::string ours = "refused";
    if (model != nullptr && model->typed) {
      ours.clear();
      for (const Column& column : model->columns) {
        ours += (ours.empty() ? "" : ", ") + column.name + " " +
                engine.Spelled(TypeInDialect(column.type, grammar::DuckDbDialect()));
      }
    }
    engine.reason_.clear();
    EXPECT_EQ(ours, engine.Describe(query)) << query << "\n" << project.Messages() << engine.reason_;
  }
}

TEST(EngineQueries, Joins) {
  ExpectSame(R"(
select * from raw.t natural join raw.u
select * from raw.t join raw.u using (id, s)
select id, t.id as a, u.id as b2 from raw.t left join raw.u using (id)
select id from raw.t join raw.u on t.id = u.id
select t.id, amount from raw.t right join raw.u on t.id = u.id
select * from (select id, s from raw.t) a natural full join (select id, amount from raw.u) c
select a.id from raw.t a join raw.u b on a.nope = b.id
select a.id, x.n from raw.t a, lateral (select count(*) as n from raw.u where u.id = a.id) x
select a.id, x.n from raw.t a left join lateral (select max(amount) as n from raw.u where u.id = a.id) x on true
select a.id from raw.t a where exists (select 1 from raw.u where u.id = a.id and u.s = a.k)
select a.id, (select max(amount) from raw.u where u.id = a.id) as m from raw.t a
select a.id, (select a.id + u.id from raw.u limit 1) as m from raw.t a
select a.id from raw.t a where a.id > (select avg(id) from raw.u where s = a.s)
select a.id from raw.t a anti join raw.u b on a.id = b.id
select b.id from raw.t a anti join raw.u b on a.id = b.id
select t.id from raw.t cross join raw.u
select id from raw.t, raw.u
select u.amount from raw.t asof join raw.u on t.s = u.s and t.id >= u.id
)");
}

TEST(EngineQueries, Stars) {
  ExpectSame(R"(
select * from raw.u
select u.* from raw.u
select * exclude (s) from raw.u
select * exclude s from raw.u
select * replace (id + 1 as id) from raw.u
select * replace (upper(s) as s), 1 as one from raw.u
select * exclude (nope) from raw.u
select * replace (1 as nope) from raw.u
select * rename (id as key) from raw.u
select * exclude (s) replace (amount * 2 as amount) from raw.u
select t.* exclude (l, st, m, ls) from raw.t
select columns('s|amount') from raw.u
select columns(*) from raw.u
select max(columns(*)) from raw.u
select columns(* exclude (s)) from raw.u
select columns(['id', 's']) from raw.u
select columns('nope') from raw.u
select * like 'i%' from raw.u
select * not like 'i%' from raw.u
select * ilike 'I_' from raw.u
select * glob '[is]*' from raw.u
select * similar to '(i|s).*' from raw.u
select u.* like 's%' from raw.u
select * like 'nope%' from raw.u
select st.* from raw.t
select count(*) as n from raw.u
)");
}

TEST(EngineQueries, SetOperations) {
  ExpectSame(R"(
select id from raw.t union by name select amount, id from raw.u
select id, s from raw.t union all by name select s, amount from raw.u
select id from raw.t union all select amount from raw.u
select id, s from raw.t union select id from raw.u
select id from raw.t intersect select id from raw.u
select id from raw.t except all select id from raw.u
select d from raw.t union all select id from raw.u union all select 1
select dt from raw.t union all select current_timestamp
(select id from raw.t order by id limit 1) union all (select id from raw.u)
with a as (select id from raw.t) select * from a union all from a
with recursive r as (select 1 as n, 'x' as p union all select n + 1, p || 'y' from r where n < 3) select * from r
with recursive r(n) as (select 1 union select n + 1 from r where n < 3) select n from r
with recursive r as (select id, 0 as depth from raw.u union all select t.id, depth + 1 from raw.t join r on t.id = r.id) select * from r
with a as materialized (select 1 as x), b as not materialized (select x + 1 as y from a) select x, y from a, b
values (1, 'a'), (2, null)
select * from (values (1, 'a'), (2.5, 'b')) v
from raw.u
)");
}

TEST(EngineQueries, Pivots) {
  ExpectSame(R"(
select * from (select k, s, d from raw.t) pivot (sum(d) for s in ('a', 'b'))
select * from (select k, s, d from raw.t) pivot (sum(d) as total, count(*) as n for s in ('a', 'b'))
select * from (select k, s, d from raw.t) pivot (sum(d) for s in ('a' as x, 'b' as y) group by k)
select k, a + b as c from (select k, s, d from raw.t) pivot (sum(d) for s in ('a', 'b'))
select * from (select k, s, b, d from raw.t) pivot (max(d) for s in ('a', 'b') b in (true, false))
select * from raw.u unpivot (v for n in (id, amount))
select * from raw.u unpivot include nulls (v for n in (id, amount))
select * from raw.u unpivot (v for n in (id, s))
select n, sum(v) as total from raw.u unpivot (v for n in (id, amount)) group by n
select * from raw.u unpivot (v for n in (id as 'the id', amount as 'the amount'))
)");
}

TEST(EngineQueries, Nested) {
  ExpectSame(R"(
select st.a, st['b'] as c, l[1] as e, m['x'] as v from raw.t
select t.st.a as x from raw.t
select (st).b as x from raw.t
select struct_extract(st, 'a') as x from raw.t
select u.x from raw.t, unnest(l) as u(x)
select x.x, x.y from raw.t, unnest(ls) as u(x)
select unnest(ls) as r from raw.t
select unnest(l) as e, id from raw.t
select r.x + 1 as y from (select unnest(ls) as r from raw.t)
select list_transform(ls, r -> r.x) as xs from raw.t
select map_keys(m) as ks, map_entries(m)[1].value as v from raw.t
select {'a': id, 'b': {'c': s}}.b.c as x from raw.t
select st.nope from raw.t
select l['a'] as x from raw.t
select list(st)[1].b as x from raw.t
select arg_max(st, id).a as x from raw.t
select generate_subscripts(l, 1) as i from raw.t
select range as n from range(5)
select g.n from generate_series(1, 5) g(n)
)");
}

TEST(EngineQueries, Groups) {
  ExpectSame(R"(
select s, sum(d) as x from raw.t group by s
select s, sum(d) as x, k from raw.t group by s
select s || k as sk, count(*) as n from raw.t group by all
select s || k as sk, count(*) as n from raw.t group by s, k
select upper(s) as x from raw.t group by upper(s)
select upper(s) as x from raw.t group by s
select lower(s) as x from raw.t group by upper(s)
select s, count(*) as n from raw.t group by 1 having n > 1
select count(*) as n from raw.t having sum(d) > 1
select s from raw.t having sum(d) > 1
select s, sum(d) as x from raw.t
select sum(sum(d)) as x from raw.t
select sum(d) as x from raw.t where sum(d) > 1
select s from raw.t where row_number() over () = 1
select s from raw.t qualify row_number() over (partition by s order by id) = 1
select s, row_number() over (order by id) as rn from raw.t qualify rn = 1
select sum(row_number() over ()) as x from raw.t
select s, sum(sum(d)) over (order by s) as x from raw.t group by s
select s, sum(d) over (order by s) as x from raw.t group by s
select row_number() as x from raw.t
select s, d from raw.t group by s, d order by id
select s from raw.t group by s order by sum(d)
select grouping(s) as g, s, k, count(*) as n from raw.t group by grouping sets ((s, k), (s), ())
select s, k, count(*) as n from raw.t group by cube (s, k)
select s, max(id) filter (where b) as m from raw.t group by s
select id % 2 as p, count(*) as n from raw.t group by id % 2
select id % 2 as p, count(*) as n from raw.t group by p
select s as k, count(*) as n from raw.t group by k
select case when id > 1 then 'a' else 'b' end as c, count(*) as n from raw.t group by 1
select t.s, count(*) as n from raw.t group by s
select s, count(*) as n from raw.t t group by t.s
select distinct on (s) s, id from raw.t order by s, id
select s, id from raw.t order by 3
select s from raw.t order by nope
select id as s from raw.t order by s
select t.id, t.k from raw.t join raw.u on t.id = u.id order by id
select t.id as x from raw.t join raw.u on t.id = u.id order by id
select t.id, t.k from raw.t join raw.u on t.id = u.id order by id + 1
select t.id, t.k from raw.t join raw.u on t.id = u.id order by u.id, id desc
select t.id, count(*) as n from raw.t join raw.u on t.id = u.id group by t.id order by n, id
select first(s) as f, s from raw.t group by s
)");
}

}  // namespace
}  // namespace wapc::compiler

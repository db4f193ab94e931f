#include <duckdb.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/passes/binder.h"
#include "grammar/dialect.h"
#include "tests/support/private_postgres.h"
#include "tests/unit/compiler/test_project.h"

/// Random expressions that wapc and an engine bind. WAPC_TEST_SEED and WAPC_TEST_COUNT choose which and how many
/// (script/prove binder).
namespace wapc::compiler {
namespace {

const std::vector<std::pair<std::string, std::string>> kColumns{
    {"b", "bool"},          {"i16", "int16"},  {"i32", "int32"},       {"i64", "int64"},
    {"d", "decimal(10,2)"}, {"f", "float"},    {"g", "double"},        {"s", "text"},
    {"dt", "date"},         {"tm", "time(6)"}, {"ts", "timestamp(6)"}, {"tz", "timestamp(6) with time zone"},
    {"iv", "interval"}};

unsigned Setting(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

// Expressions from forms: @ stands for any smaller one.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string Expression(int depth) {
    if (depth == 0 || Pick(4) == 0) return Leaf();
    static const std::vector<std::string_view> kForms{"(@ + @)",
                                                      "(@ - @)",
                                                      "(@ * @)",
                                                      "(@ / @)",
                                                      "(@ % @)",
                                                      "(- @)",
                                                      "coalesce(@, @)",
                                                      "nullif(@, @)",
                                                      "case when @ then @ else @ end",
                                                      "case @ when @ then @ end",
                                                      "(@ = @)",
                                                      "(@ < @)",
                                                      "(@ <> @)",
                                                      "(@ and @)",
                                                      "(not @)",
                                                      "(@ between @ and @)",
                                                      "(@ is null)",
                                                      "(@ is distinct from @)",
                                                      "greatest(@, @)",
                                                      "least(@, @, @)",
                                                      "cast(@ as integer)",
                                                      "cast(@ as bigint)",
                                                      "cast(@ as double precision)",
                                                      "cast(@ as text)",
                                                      "cast(@ as date)",
                                                      "cast(@ as timestamp)",
                                                      "cast(@ as numeric(12,3))",
                                                      "cast(@ as boolean)",
                                                      "abs(@)",
                                                      "round(@, 1)",
                                                      "round(@)",
                                                      "ceil(@)",
                                                      "sqrt(@)",
                                                      "power(@, @)",
                                                      "upper(@)",
                                                      "length(@)",
                                                      "substring(@, 1, 2)",
                                                      "replace(@, 'a', 'b')",
                                                      "trim(@)",
                                                      "left(@, 2)",
                                                      "concat(@, @)",
                                                      "(@ || @)",
                                                      "(@ like @)",
                                                      "date_trunc('month', @)",
                                                      "extract(year from @)",
                                                      "date_part('day', @)",
                                                      "(@ in (@, @))",
                                                      "starts_with(@, 'x')",
                                                      "(@ at time zone 'UTC')",
                                                      "sign(@)",
                                                      "mod(@, @)"};
    std::string out;
    for (const char c : kForms[Pick(kForms.size())]) out += c == '@' ? Expression(depth - 1) : std::string(1, c);
    return out;
  }

 private:
  size_t Pick(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }
  std::string Leaf() {
    static const std::vector<std::string_view> kLiterals{"1",    "2.5", "'x'",        "null",
                                                         "true", "300", "3000000000", "date '2020-01-01'"};
    const size_t at = Pick(kColumns.size() + kLiterals.size());
    return at < kColumns.size() ? kColumns[at].first : std::string(kLiterals[at - kColumns.size()]);
  }

  std::mt19937 random_;
};

// The type that wapc gives in the dialect's words; "refused".
std::string Ours(const std::string& expression, const grammar::Dialect& dialect, std::string* messages) {
  TestProject project;
  project.config().dialect = &dialect;
  project.Table("raw.t", kColumns).Query("a.q", "SELECT " + expression + " AS x FROM raw.t");
  const Project& done = project.Run();
  const Model* const model = done.Find("a.q");
  *messages = project.Messages();
  return model != nullptr && model->typed ? TypeInDialect(model->columns[0].type, dialect) : "refused";
}

std::string Ddl(const grammar::Dialect& dialect) {
  std::string out = "CREATE SCHEMA raw; CREATE TABLE raw.t (";
  for (const auto& [name, type] : kColumns) {
    out += (name == "b" ? "" : ", ") + name + " " + TypeInDialect(metadata::TypeFromString(type), dialect);
  }
  return out + ")";
}

TEST(RandomTypes, Postgres) {
  testing::PrivatePostgres server;
  ASSERT_EQ(server.problem(), "");
  const grammar::Dialect& dialect = *grammar::FindDialect("postgres");
  ASSERT_EQ(server.Run(Ddl(dialect)).error, "");
  Generator generator(Setting("WAPC_TEST_SEED", 1));
  for (unsigned i = 0; i < Setting("WAPC_TEST_COUNT", 150); ++i) {
    const std::string expression = generator.Expression(2);
    const testing::PostgresDescription described = server.Describe("SELECT " + expression + " AS x FROM raw.t");
    // What a literal says is no matter of types.
    if (described.error.find("invalid input syntax") != std::string::npos) continue;
    const std::string engine = described.error.empty() ? described.columns[0].type : "refused";
    std::string messages;
    const std::string ours = Ours(expression, dialect, &messages);
    const std::string spelled =
        ours == "refused" ? ours : server.Describe("SELECT CAST(NULL AS " + ours + ")").columns[0].type;
    EXPECT_EQ(spelled, engine) << expression << "\n" << messages << described.error;
  }
}

class DuckDb {
 public:
  DuckDb() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
  }
  ~DuckDb() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  std::string Run(const std::string& sql) {
    duckdb_result result;
    std::string out;
    if (duckdb_query(connection_, sql.c_str(), &result) == DuckDBError) {
      out = std::string("refused: ") + duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0) {
      char* const text = duckdb_value_varchar(&result, 0, 0);
      out = text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

TEST(RandomTypes, DuckDb) {
  DuckDb engine;
  const grammar::Dialect& dialect = grammar::DuckDbDialect();
  engine.Run(Ddl(dialect));
  Generator generator(Setting("WAPC_TEST_SEED", 1));
  for (unsigned i = 0; i < Setting("WAPC_TEST_COUNT", 150); ++i) {
    const std::string expression = generator.Expression(2);
    std::string found = engine.Run("SELECT column_type FROM (DESCRIBE SELECT " + expression + " AS x FROM raw.t)");
    std::string messages;
    const std::string ours = Ours(expression, dialect, &messages);
    // A literal that cannot be read is found by the engine when it folds constants.
    if (found.find("Conversion Error") != std::string::npos) continue;
    // wapc is stricter on purpose: DuckDB casts text and times to what they are compared with in IN and CASE.
    if (ours == "refused") continue;
    const std::string spelled = engine.Run("SELECT typeof(CAST(NULL AS " + ours + "))");
    EXPECT_EQ(spelled, found.substr(0, found.find(':'))) << expression << "\n" << messages << found;
  }
}

}  // namespace
}  // namespace wapc::compiler

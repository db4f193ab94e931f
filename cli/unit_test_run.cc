#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "cli/unit_tests.h"
#include "compiler/unit_tests/prepare.h"
#include "compiler/unit_tests/values.h"
#include "grammar/dialect.h"
#include "grammar/fold.h"
#include "runtime/warehouse.h"

namespace wapc::cli {
namespace {

/// DuckDB refuses what a test, or the model under test, asks of it.
constexpr base::DiagnosticCode kTestEngine{"test-engine", base::Severity::kError};

constexpr std::string_view kActual = "memory.main.wapc_actual";
constexpr std::string_view kExpected = "memory.main.wapc_expected";

std::string QuoteName(std::string_view name) { return grammar::QuoteIdentifier(name, grammar::DuckDbDialect()); }

// The engine shows its own statement behind what is wrong, which is none of the user's.
std::string FirstLine(const base::Error& error) { return error.message.substr(0, error.message.find('\n')); }

class Runner {
 public:
  Runner(const compiler::UnitTest& test, runtime::Warehouse& engine, TestResult& result)
      : test_(test), engine_(engine), result_(result) {}

  void Run() {
    for (const compiler::TestInput& input : test_.inputs) {
      if (!MakeInput(input)) return;
    }
    for (const compiler::TestOutput& output : test_.outputs) {
      if (!Check(output)) return;
    }
  }

 private:
  bool MakeInput(const compiler::TestInput& input) {
    for (const std::string& statement : compiler::InputStatements(input)) {
      const auto done = engine_.Execute(statement);
      if (done) continue;
      std::vector<std::pair<std::string, std::string>> types = input.columns;
      ReportRows(input.data, types, done.error());
      return false;
    }
    return true;
  }

  bool Check(const compiler::TestOutput& output) {
    Drop();
    if (const auto made = engine_.Execute(fmt::format("CREATE TABLE {} AS\n{}", kActual, output.sql)); !made) {
      result_.diagnostics
          .Report(kTestEngine, test_.span,
                  fmt::format("{} of {} does not run on DuckDB: {}", output.name, test_.model, FirstLine(made.error())))
          .Help("tests run on DuckDB: what only another engine has, or a file that is not there, cannot be tested");
      return false;
    }
    const auto columns = engine_.Query(fmt::format("SELECT * FROM {} LIMIT 0", kActual));
    if (!columns) return Fault(columns.error());
    const auto compared = Compared(output, *columns);
    if (!compared) return false;
    return MakeExpected(output, *compared) && Compare(output, *compared);
  }

  struct ColumnOf {
    std::string name;
    std::string type;
  };

  // The columns that count, in the order of the query.
  std::optional<std::vector<ColumnOf>> Compared(const compiler::TestOutput& output, const runtime::Rows& actual) {
    std::vector<ColumnOf> out;
    std::vector<std::string> named = output.expected.columns;
    std::vector<base::Span> spans = output.expected.column_spans;
    if (!output.expected.query.empty()) {
      const auto given = engine_.Query(fmt::format("SELECT * FROM (\n{}\n) AS q LIMIT 0", output.expected.query));
      if (!given) {
        ReportRows(output.expected, {}, given.error());
        return std::nullopt;
      }
      for (const std::string& name : given->columns) named.push_back(grammar::LowerCase(name));
      spans.assign(named.size(), output.expected.span);
    }
    std::vector<bool> found(named.size(), false);
    for (size_t i = 0; i < actual.columns.size(); ++i) {
      const auto at = std::find(named.begin(), named.end(), grammar::LowerCase(actual.columns[i]));
      if (at != named.end()) found[static_cast<size_t>(at - named.begin())] = true;
      if (!output.partial || at != named.end()) out.push_back({actual.columns[i], actual.types[i]});
    }
    for (size_t i = 0; i < named.size(); ++i) {
      if (!found[i]) ReportColumn(output, named[i], spans[i], actual.columns);
    }
    if (result_.diagnostics.has_errors()) return std::nullopt;
    return out;
  }

  void ReportColumn(const compiler::TestOutput& output, const std::string& name, base::Span span,
                    const std::vector<std::string>& known) {
    const auto nearest = base::ClosestName(name, known);
    result_.diagnostics
        .Report(compiler::kTestColumn, span, fmt::format("{} of {} has no column {}", output.name, test_.model, name))
        .Help(nearest ? fmt::format("did you mean {}?", *nearest)
                      : fmt::format("its columns are {}", fmt::join(known, ", ")));
  }

  bool MakeExpected(const compiler::TestOutput& output, const std::vector<ColumnOf>& columns) {
    std::vector<std::string> names;
    std::vector<std::pair<std::string, std::string>> types;
    for (const ColumnOf& column : columns) {
      names.push_back(QuoteName(column.name));
      types.emplace_back(column.name, column.type);
    }
    if (names.empty()) return true;
    const auto made = engine_.Execute(
        fmt::format("CREATE TABLE {} AS SELECT {} FROM {} LIMIT 0", kExpected, fmt::join(names, ", "), kActual));
    if (!made) return Fault(made.error());
    const std::string insert = compiler::InsertStatement(std::string(kExpected), columns.front().name, output.expected);
    if (insert.empty()) return true;
    const auto filled = engine_.Execute(insert);
    if (!filled) ReportRows(output.expected, types, filled.error());
    return static_cast<bool>(filled);
  }

  // Values as text that tells apart what differs: "NULL" in a list from NULL, and JSON without its blanks.
  static std::string ShownColumns(const std::vector<ColumnOf>& columns) {
    std::vector<std::string> out;
    for (const ColumnOf& column : columns) {
      const std::string name = QuoteName(column.name);
      const bool nested = column.type.ends_with(']') || column.type.starts_with("STRUCT") ||
                          column.type.starts_with("MAP") || column.type.starts_with("UNION");
      if (nested) {
        out.push_back(fmt::format("CAST(to_json({0}) AS VARCHAR) AS {0}", name));
      } else if (column.type == "JSON") {
        out.push_back(fmt::format("CAST(json({0}) AS VARCHAR) AS {0}", name));
      } else {
        out.push_back(name);
      }
    }
    return fmt::format("{}", fmt::join(out, ", "));
  }

  bool Compare(const compiler::TestOutput& output, const std::vector<ColumnOf>& columns) {
    if (columns.empty()) return true;
    const std::string shown = ShownColumns(columns);
    const auto expected = engine_.Query(fmt::format("SELECT {} FROM {} ORDER BY rowid", shown, kExpected));
    if (!expected) return Fault(expected.error());
    const auto actual = engine_.Query(fmt::format("SELECT {} FROM {} ORDER BY rowid", shown, kActual));
    if (!actual) return Fault(actual.error());
    RowsDifference difference = CompareRows(*expected, *actual, output.ordered);
    if (difference.empty()) return true;
    result_.status = TestStatus::kFailed;
    result_.outputs.push_back({output.name, std::move(difference)});
    return true;
  }

  // Looks for the values that the engine does not take; else the rows as a whole are at fault.
  void ReportRows(const compiler::TestRows& rows, const std::vector<std::pair<std::string, std::string>>& types,
                  const base::Error& error) {
    bool found = false;
    for (size_t i = 0; i < rows.columns.size(); ++i) {
      const auto type = std::find_if(types.begin(), types.end(), [&](const auto& known) {
        return grammar::LowerCase(known.first) == rows.columns[i];
      });
      if (type == types.end()) continue;
      for (const auto& row : rows.rows) {
        if (row[i].sql == "NULL") continue;
        const auto taken = engine_.Query(fmt::format("SELECT CAST({} AS {})", row[i].sql, type->second));
        if (taken) continue;
        found = true;
        result_.diagnostics
            .Report(compiler::kTestValue, row[i].span,
                    fmt::format("the column {} is {} and does not take this value", rows.columns[i], type->second))
            .Help(FirstLine(taken.error()));
      }
    }
    if (!found) result_.diagnostics.Report(kTestEngine, rows.span, fmt::format("DuckDB says: {}", FirstLine(error)));
  }

  bool Fault(const base::Error& error) {
    result_.diagnostics.Report(kTestEngine, test_.span, fmt::format("DuckDB says: {}", error.message));
    return false;
  }

  void Drop() {
    for (const std::string_view table : {kActual, kExpected}) {
      const auto dropped = engine_.Execute(fmt::format("DROP TABLE IF EXISTS {}", table));
      if (!dropped) Fault(dropped.error());
    }
  }

  const compiler::UnitTest& test_;
  runtime::Warehouse& engine_;
  TestResult& result_;
};

}  // namespace

void RunUnitTest(const compiler::UnitTest& test, TestResult& result) {
  const auto begin = std::chrono::steady_clock::now();
  const auto engine = runtime::OpenWarehouse({"duckdb", {{"database", ":memory:"}, {"threads", "1"}}},
                                             runtime::Access::kReadWrite, std::chrono::milliseconds(0));
  if (engine) {
    Runner(test, **engine, result).Run();
  } else {
    result.diagnostics.Report(kTestEngine, test.span, engine.error().message);
  }
  if (result.diagnostics.has_errors()) result.status = TestStatus::kError;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace wapc::cli

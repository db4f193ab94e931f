#include "runtime/duckdb/query.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/duckdb/handles.h"
#include "runtime/duckdb/values.h"

namespace wapc::runtime::duckdb_adapter {
namespace {

base::Error EngineError(const char* message) {
  return {base::ErrorKind::kWarehouse, message == nullptr || *message == '\0' ? "the engine gave no reason" : message};
}

/// The C API takes text up to the first NUL, so what follows one would be silently lost.
base::Result<std::string> WithoutNul(std::string_view sql) {
  if (sql.find('\0') == std::string_view::npos) return std::string(sql);
  return base::Error{base::ErrorKind::kWarehouse, "the SQL holds a NUL character"};
}

struct Column {
  std::string name;
  std::string type;
  bool plain = true;
};

std::vector<Column> ColumnsOf(duckdb_prepared_statement statement) {
  std::vector<Column> columns;
  for (idx_t i = 0; i < duckdb_prepared_statement_column_count(statement); ++i) {
    LogicalType type;
    *type = duckdb_prepared_statement_column_logical_type(statement, i);
    const char* name = duckdb_prepared_statement_column_name(statement, i);
    columns.push_back({name == nullptr ? "" : name, TypeName(*type), IsPlain(duckdb_get_type_id(*type))});
    duckdb_free(const_cast<char*>(name));  // NOLINT(cppcoreguidelines-pro-type-const-cast): the API's signature
  }
  return columns;
}

/// A SELECT whose values the engine itself turns into text. Columns are named by position, since names may repeat.
std::string CastToText(std::string_view sql, const std::vector<Column>& columns) {
  std::string casts;
  std::string names;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string name = (i == 0 ? "c" : ", c") + std::to_string(i);
    names += name;
    casts += (i == 0 ? "CAST(c" : ", CAST(c") + std::to_string(i) + " AS VARCHAR)";
  }
  return "SELECT " + casts + " FROM (\n" + std::string(sql) + "\n) AS q(" + names + ")";
}

/// Prepares the SELECT with casts around it. A closing semicolon, with a comment behind it perhaps, must not go inside
/// the parentheses: text is cut at one semicolon after another, from the end, until the engine takes it.
bool PrepareCast(duckdb_connection connection, std::string_view sql, const std::vector<Column>& columns,
                 Prepared& out) {
  while (true) {
    Prepared attempt;
    const std::string text = CastToText(sql, columns);
    if (duckdb_prepare(connection, text.c_str(), attempt.address()) == DuckDBSuccess) {
      out = std::move(attempt);
      return true;
    }
    const size_t semicolon = sql.rfind(';');
    if (semicolon == std::string_view::npos) return false;
    sql = sql.substr(0, semicolon);
  }
}

base::Status ExecutePrepared(duckdb_prepared_statement statement, QueryResult& result) {
  if (duckdb_execute_prepared(statement, result.address()) == DuckDBSuccess) return {};
  return EngineError(duckdb_result_error(result.address()));
}

bool AllPlain(const std::vector<Column>& columns) {
  return std::ranges::all_of(columns, [](const Column& column) { return column.plain; });
}

base::Result<Rows> RunLast(duckdb_connection connection, std::string_view sql, Prepared& statement, bool is_select) {
  const std::vector<Column> columns = ColumnsOf(*statement);
  const bool cast = is_select && !AllPlain(columns) && PrepareCast(connection, sql, columns, statement);
  QueryResult result;
  if (auto status = ExecutePrepared(*statement, result); !status) return status.error();
  auto rows = FetchRows(*result);
  if (!rows || !cast) return rows;
  for (size_t i = 0; i < columns.size(); ++i) {
    rows->columns[i] = columns[i].name;
    rows->types[i] = columns[i].type;
  }
  return rows;
}

}  // namespace

base::Status RunStatements(duckdb_connection connection, std::string_view sql) {
  const auto text = WithoutNul(sql);
  if (!text) return text.error();
  QueryResult result;
  if (duckdb_query(connection, text->c_str(), result.address()) == DuckDBSuccess) return {};
  return EngineError(duckdb_result_error(result.address()));
}

base::Result<Rows> RunQuery(duckdb_connection connection, std::string_view sql, bool& reads_only) {
  reads_only = false;
  const auto text = WithoutNul(sql);
  if (!text) return text.error();
  Statements statements;
  const idx_t count = duckdb_extract_statements(connection, text->c_str(), statements.address());
  if (count == 0) {
    const char* message = *statements == nullptr ? nullptr : duckdb_extract_statements_error(*statements);
    return EngineError(message == nullptr ? "there is no statement in the SQL" : message);
  }
  for (idx_t i = 0; i < count; ++i) {
    Prepared statement;
    if (duckdb_prepare_extracted_statement(connection, *statements, i, statement.address()) != DuckDBSuccess) {
      return EngineError(duckdb_prepare_error(*statement));
    }
    if (i + 1 == count) {
      reads_only = count == 1 && duckdb_prepared_statement_type(*statement) == DUCKDB_STATEMENT_TYPE_SELECT;
      return RunLast(connection, *text, statement, reads_only);
    }
    QueryResult result;
    if (auto status = ExecutePrepared(*statement, result); !status) return status.error();
  }
  return Rows{};
}

}  // namespace wapc::runtime::duckdb_adapter

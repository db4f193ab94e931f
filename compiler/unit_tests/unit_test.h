#ifndef WAPC_COMPILER_UNIT_TESTS_UNIT_TEST_H_
#define WAPC_COMPILER_UNIT_TESTS_UNIT_TEST_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "base/yaml.h"

/// Unit tests of models, in SQLMesh's layout (docs/tests.md): read here and turned into DuckDB's SQL; cli/ runs them.
namespace wapc::compiler {

/// One test as its file has it.
struct TestDeclaration {
  std::string name;
  std::string file;  ///< below the project folder
  base::Span span;   ///< of the name
  base::YamlNode body;
  /// `vars` that are none of the times, by folded names: values of the project's variables.
  std::map<std::string, base::YamlNode> variables;
};

/// A value of a row, as SQL that casts to the type of its column.
struct TestCell {
  std::string sql;
  base::Span span;
};

/// Rows that a test gives or expects, written out or as a query.
struct TestRows {
  std::vector<std::string> columns;  ///< as the rows name them, in the order of their first use
  std::vector<base::Span> column_spans;
  std::vector<std::vector<TestCell>> rows;  ///< each with a cell for every column
  std::string query;                        ///< in place of rows
  base::Span span;
};

/// A relation that the tested query reads.
struct TestInput {
  std::string schema;
  std::string table;
  std::vector<std::pair<std::string, std::string>> columns;  ///< with DuckDB's types; empty: those of the query
  TestRows data;
};

/// What one query has to give.
struct TestOutput {
  std::string name;  ///< "query", or "cte NAME"
  std::string sql;
  bool ordered = false;  ///< the order of the rows counts
  bool partial = false;  ///< only the columns that are named are compared
  TestRows expected;
};

struct UnitTest {
  std::string name;
  std::string description;
  std::string file;
  std::string model;
  base::Span span;
  std::vector<TestInput> inputs;
  std::vector<TestOutput> outputs;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_UNIT_TEST_H_

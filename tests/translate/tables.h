#ifndef WAPC_TESTS_TRANSLATE_TABLES_H_
#define WAPC_TESTS_TRANSLATE_TABLES_H_

#include <string>
#include <vector>

#include "compiler/ir.h"

/// The data that translated queries run over: small, and the same at every run.
namespace wapc::translate_cases {

struct ColumnSpec {
  std::string name;
  std::string type;  ///< in words that DuckDB and PostgreSQL share
};
struct TableSpec {
  std::string name;
  std::vector<ColumnSpec> columns;
  std::vector<std::string> rows;  ///< the values of VALUES, without parentheses
};

/// Every table of schema `shop`.
std::vector<TableSpec> Tables();

std::string CreateText(const TableSpec& table, const grammar::Dialect& dialect);
/// What DuckDB, PostgreSQL and Trino take alike.
std::string InsertText(const TableSpec& table);

/// A project in which each of them is an EXTERNAL model, so that translating knows their columns.
compiler::Project ProjectOf(const std::vector<TableSpec>& tables);

}  // namespace wapc::translate_cases

#endif  // WAPC_TESTS_TRANSLATE_TABLES_H_

#ifndef WAPC_COMPILER_UNIT_TESTS_ROWS_H_
#define WAPC_COMPILER_UNIT_TESTS_ROWS_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "base/yaml.h"
#include "compiler/unit_tests/unit_test.h"
#include "metadata/type.h"

namespace wapc::compiler {

/// The type of a column by its folded name; an unknown one where nothing is known.
using ColumnType = std::function<metadata::Type(std::string_view column)>;

/// What a test's rows are read with.
struct RowsContext {
  std::filesystem::path folder;  ///< of the project: `path` is below it
  base::SourceMap* sources = nullptr;
  base::Diagnostics* diagnostics = nullptr;
};

/// Reads the rows of an input or an output: a list of rows, `rows`, `query`, `path`, `format: csv`. `shown` is given
/// the value of every column where it first has one. Reports what is neither.
TestRows ReadTestRows(const base::YamlNode& node, const ColumnType& type_of, const RowsContext& context,
                      const std::function<void(const std::string& column, const base::YamlNode& value)>& shown = {});

/// A query of a test, which is one query of DuckDB's dialect and nothing else, as text; empty when it is not
/// (reported).
std::string ReadTestQuery(const base::YamlNode& node, const RowsContext& context);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_ROWS_H_

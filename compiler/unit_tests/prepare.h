#ifndef WAPC_COMPILER_UNIT_TESTS_PREPARE_H_
#define WAPC_COMPILER_UNIT_TESTS_PREPARE_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/unit_tests/unit_test.h"

namespace wapc::compiler {

/// A column that an input or an output of a test names, and that is not there.
inline constexpr base::DiagnosticCode kTestColumn{"test-column", base::Severity::kError};

/// A test against the models that it names, as DuckDB's SQL. Reports unknown models and columns, inputs that are
/// missing or that the model does not read, values that do not fit, and what DuckDB cannot say of the model's dialect;
/// gives nothing then.
std::optional<UnitTest> PrepareUnitTest(const TestDeclaration& declaration, const Project& project,
                                        const std::filesystem::path& folder, base::SourceMap& sources,
                                        base::Diagnostics& diagnostics);

/// The same of a test that is being written: only inputs, `vars` and the model count, and the one output is the model's
/// query.
std::optional<UnitTest> PrepareNewTest(const TestDeclaration& declaration, const Project& project,
                                       const std::filesystem::path& folder, base::SourceMap& sources,
                                       base::Diagnostics& diagnostics);

/// The statements that make an input, in order: its schema, its table, its rows.
std::vector<std::string> InputStatements(const TestInput& input);

/// An INSERT of rows into a table of DuckDB, written as it is to stand there; empty when there are none. `first_column`
/// is any of the table's.
std::string InsertStatement(const std::string& table, const std::string& first_column, const TestRows& rows);

/// "schema.name" of a name as tests write it, in any case, with quotes or a catalog.
std::string TestModelName(const std::string& written);

/// The names of the models that a model reads, as a test has to give them.
std::vector<std::string> TestInputsOf(const Model& model, const Project& project);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_PREPARE_H_

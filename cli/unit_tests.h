#ifndef WAPC_CLI_UNIT_TESTS_H_
#define WAPC_CLI_UNIT_TESTS_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "cli/context.h"
#include "cli/unit_test_compare.h"
#include "compiler/unit_tests/unit_test.h"

namespace wapc::cli {

/// Which tests run: all without selectors and patterns.
struct TestSelection {
  /// A file, FILE::TEST, a glob of either, or a model.
  std::vector<std::string> selectors;
  std::vector<std::string> patterns;  ///< parts, or globs, of a test's name
};

enum class TestStatus : uint8_t { kPassed, kFailed, kError };

struct OutputResult {
  std::string name;  ///< "query", "cte totals"
  RowsDifference difference;
};

struct TestResult {
  std::string name, file, model, description;
  base::Span span;
  TestStatus status = TestStatus::kPassed;
  std::vector<OutputResult> outputs;  ///< those that differ
  base::Diagnostics diagnostics;      ///< of kError
  double seconds = 0;
};

/// What all selected tests gave, in the order of files and places.
struct TestReport {
  std::vector<TestResult> results;
  base::Diagnostics diagnostics;  ///< of tests that could not be read, and warnings
  size_t skipped = 0;             ///< tests that the selection left out

  size_t Count(TestStatus status) const;
  bool passed() const { return !diagnostics.has_errors() && Count(TestStatus::kPassed) == results.size(); }
};

/// Reads tests/, compiles the project as the selected ones need it, and runs each on a DuckDB of its own, in parallel.
TestReport RunUnitTests(const Context& context, const std::filesystem::path& folder, const TestSelection& selection,
                        base::SourceMap& sources);

/// Runs one prepared test; fills what differs, or what went wrong.
void RunUnitTest(const compiler::UnitTest& test, TestResult& result);

/// Runs all tests of a project before something else is done: true when they pass, or there are none. Prints what
/// fails to stderr and sets Context::exit_code.
bool UnitTestsPass(Context& context, const std::filesystem::path& folder);

}  // namespace wapc::cli

#endif  // WAPC_CLI_UNIT_TESTS_H_

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/test_verbs.h"
#include "cli/unit_test_report.h"
#include "cli/unit_tests.h"

namespace wapc::cli {
namespace {

void Print(const Context& context, const TestReport& report, const base::SourceMap& sources) {
  if (context.json()) return PrintOut(TestJson(report, sources));
  if (context.format == "junit") return PrintOut(TestJunit(report, sources));
  PrintErr(TestFailuresText(report, sources));
  PrintOut(TestSummary(report));
}

void Run(Context& context, const TestSelection& selection) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return;
  }
  base::SourceMap sources;
  const TestReport report = RunUnitTests(context, *folder, selection, sources);
  // Nothing was looked at, which is not the same as nothing being wrong.
  if (report.results.empty() && !report.diagnostics.has_errors()) {
    context.exit_code = Fail({base::ErrorKind::kProject,
                              report.skipped > 0 ? "no test is selected; `wapc test` runs them all"
                                                 : "there are no tests in tests/; `wapc create-test` writes one"});
    return;
  }
  Print(context, report, sources);
  if (!report.passed()) context.exit_code = static_cast<int>(base::ErrorKind::kProject);
}

}  // namespace

void AddTest(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("test", "Run the unit tests of tests/ on a DuckDB of wapc's own");
  verb->footer(
      "A test gives rows for what a model reads and says what its query has to give; needs no warehouse.\n"
      "SELECTOR is a file, FILE::TEST, a glob of either, or a model. `wapc plan` runs all tests first.\n"
      "--format json and junit are for tools. Exit code 1: a test failed, could not run, or none was selected.");
  const auto selection = std::make_shared<TestSelection>();
  verb->add_option("SELECTOR", selection->selectors, "Only these tests (default: all)");
  verb->add_option("-k", selection->patterns, "Only tests whose name holds this, or fits it as a glob")
      ->allow_extra_args(false);
  verb->callback([&context, selection] { Run(context, *selection); });
}

}  // namespace wapc::cli

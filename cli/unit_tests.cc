#include "cli/unit_tests.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "base/yaml_write.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/unit_test_report.h"
#include "compiler/unit_tests/prepare.h"
#include "compiler/unit_tests/read.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;
using compiler::TestDeclaration;

bool Fits(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

bool IsSelected(const TestDeclaration& test, const TestSelection& selection) {
  const base::YamlNode* const model = test.body.Find("model");
  const std::string of = model == nullptr ? std::string() : compiler::TestModelName(model->scalar);
  const auto selects = [&](const std::string& selector) {
    const std::string path = fs::path(selector).lexically_normal().generic_string();
    return Fits(path, test.file) || Fits(path, test.file + "::" + test.name) || Fits(selector, of) ||
           (path.ends_with('/') && test.file.starts_with(path));
  };
  const auto names = [&](const std::string& pattern) {
    return test.name.find(pattern) != std::string::npos || Fits(pattern, test.name);
  };
  return (selection.selectors.empty() ||
          std::any_of(selection.selectors.begin(), selection.selectors.end(), selects)) &&
         (selection.patterns.empty() || std::any_of(selection.patterns.begin(), selection.patterns.end(), names));
}

// Tests that set the same variables share one compiled project.
std::string VariablesKey(const TestDeclaration& test) {
  std::string out;
  for (const auto& [name, value] : test.variables) base::AppendYamlEntry(name, value, 0, out);
  return out;
}

TestResult ResultOf(const TestDeclaration& test) {
  TestResult out;
  out.name = test.name;
  out.file = test.file;
  out.span = test.span;
  return out;
}

struct PreparedTest {
  compiler::UnitTest test;
  size_t result = 0;
};

// What a group of tests with the same variables comes to.
void PrepareGroup(const Context& context, const fs::path& folder, const std::vector<const TestDeclaration*>& group,
                  base::SourceMap& sources, TestReport& report, std::vector<PreparedTest>& prepared) {
  base::Diagnostics found;
  const auto project =
      compiler::CompileForTests(folder, ReadEnvironment(context), group.front()->variables, sources, found);
  if (!project) {
    report.diagnostics.Append(std::move(found));
    return;
  }
  for (const TestDeclaration* const declaration : group) {
    TestResult result = ResultOf(*declaration);
    auto test = compiler::PrepareUnitTest(*declaration, *project, folder, sources, result.diagnostics);
    if (test) {
      result.model = test->model;
      result.description = test->description;
      prepared.push_back({std::move(*test), report.results.size()});
    } else {
      result.status = TestStatus::kError;
    }
    report.results.push_back(std::move(result));
  }
}

}  // namespace

size_t TestReport::Count(TestStatus status) const {
  return static_cast<size_t>(std::count_if(results.begin(), results.end(),
                                           [status](const TestResult& result) { return result.status == status; }));
}

TestReport RunUnitTests(const Context& context, const fs::path& folder, const TestSelection& selection,
                        base::SourceMap& sources) {
  TestReport report;
  const std::vector<TestDeclaration> tests = compiler::ReadUnitTests(folder, sources, report.diagnostics);
  std::map<std::string, std::vector<const TestDeclaration*>> groups;
  for (const TestDeclaration& test : tests) {
    if (IsSelected(test, selection)) {
      groups[VariablesKey(test)].push_back(&test);
    } else {
      ++report.skipped;
    }
  }
  std::vector<PreparedTest> prepared;
  for (const auto& [key, group] : groups) PrepareGroup(context, folder, group, sources, report, prepared);
  base::ParallelFor(prepared.size(), 0,
                    [&](size_t i) { RunUnitTest(prepared[i].test, report.results[prepared[i].result]); });
  std::stable_sort(report.results.begin(), report.results.end(), [](const TestResult& a, const TestResult& b) {
    return std::pair(a.file, a.span.begin) < std::pair(b.file, b.span.begin);
  });
  return report;
}

bool UnitTestsPass(Context& context, const fs::path& folder) {
  base::SourceMap sources;
  const TestReport report = RunUnitTests(context, folder, {}, sources);
  if (report.results.empty() && !report.diagnostics.has_errors()) return true;
  if (report.passed()) return true;
  PrintErr(TestFailuresText(report, sources));
  PrintErr(TestSummary(report));
  context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  return false;
}

}  // namespace wapc::cli

// golden_runner [--update] TOOLS_FOLDERS CASE...: runs golden cases (tests/golden/case.h says how they look) with the
// tools of the given folders (separated by ':') found first. --update rewrites the expectations, and nothing else.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "tests/golden/case.h"
#include "tests/golden/sandbox.h"

namespace wapc::golden {
namespace {

namespace fs = std::filesystem;

// Runs every step and gives the case back with the output it has now.
std::vector<Step> RunSteps(std::vector<Step> steps) {
  const Sandbox sandbox;
  for (Step& step : steps) {
    if (const auto* file = std::get_if<File>(&step)) WriteAll(sandbox.project() / file->path, file->text);
    if (auto* command = std::get_if<Command>(&step)) command->expected = RenderOutput(sandbox.Run(command->line));
  }
  return steps;
}

bool ReportDifferences(const std::string& name, const std::vector<Step>& expected, const std::vector<Step>& actual) {
  bool same = true;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto* want = std::get_if<Command>(&expected[i]);
    const auto* got = std::get_if<Command>(&actual[i]);
    if (want == nullptr || want->expected == got->expected) continue;
    same = false;
    std::cout << name << ": $ " << want->line << "\n--- expected\n"
              << want->expected << "--- printed\n"
              << got->expected << "---\n";
  }
  return same;
}

bool RunCase(const fs::path& path, bool update) {
  const std::string text = ReadAll(path);
  const std::vector<Step> expected = ParseCase(text);
  bool has_command = false;
  for (const Step& step : expected) has_command = has_command || std::holds_alternative<Command>(step);
  if (!has_command) {
    std::cout << path.string() << ": a case without a command shows nothing\n";
    return false;
  }
  const std::vector<Step> actual = RunSteps(expected);
  if (update) {
    const std::string printed = PrintCase(actual);
    if (printed != text) WriteAll(path, printed);
    return true;
  }
  return ReportDifferences(path.string(), expected, actual);
}

int Main(std::vector<std::string> arguments) {
  const bool update = !arguments.empty() && arguments.front() == "--update";
  if (update) arguments.erase(arguments.begin());
  if (arguments.size() < 2) {
    std::cerr << "usage: golden_runner [--update] TOOLS_FOLDERS CASE...\n";
    return 2;
  }
  PrepareEnvironment(arguments.front());
  bool passed = true;
  for (size_t i = 1; i < arguments.size(); ++i) passed = RunCase(fs::absolute(arguments[i]), update) && passed;
  return passed ? 0 : 1;
}

}  // namespace
}  // namespace wapc::golden

int main(int argc, char** argv) { return wapc::golden::Main({argv + 1, argv + argc}); }

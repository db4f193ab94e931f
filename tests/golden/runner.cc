// golden_runner [--update] TOOLS_FOLDERS CASE...: runs golden cases (tests/golden/case.h says how they look) with the
// tools of the given folders (separated by ':') found first. --update rewrites the expectations, and nothing else.
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/golden/case.h"

namespace wapc::golden {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteAll(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// A case's own folder: `project` holds its files, the rest is what running needs.
class Sandbox {
 public:
  Sandbox() {
    std::string pattern = (fs::temp_directory_path() / "wapc-golden-XXXXXX").string();
    root_ = fs::canonical(mkdtemp(pattern.data()));
    fs::create_directories(project());
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  fs::path project() const { return root_ / "project"; }

  Output Run(const std::string& command) const {
    const fs::path out = root_ / "out";
    const fs::path err = root_ / "err";
    const fs::path script = root_ / "command";
    WriteAll(script, "cd '" + project().string() + "'\n" + command + "\n");
    const std::string line = "sh '" + script.string() + "' >'" + out.string() + "' 2>'" + err.string() + "' </dev/null";
    const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): the cases are shell commands by design
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {Mask(ReadAll(out), project().string()), Mask(ReadAll(err), project().string()), code};
  }

 private:
  fs::path root_;
};

// What the commands may see of the caller's environment: nothing that changes what they print.
void PrepareEnvironment(const std::string& tools) {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  setenv("PATH", (tools + ":" + (path == nullptr ? "" : path)).c_str(), 1);
  setenv("EXAMPLES", WAPC_SOURCE_DIR "/examples", 1);
  setenv("TZ", "UTC", 1);
  setenv("LC_ALL", "C.UTF-8", 1);
  setenv("NO_COLOR", "1", 1);
  unsetenv("CI");
  unsetenv("GITHUB_ACTIONS");
}

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

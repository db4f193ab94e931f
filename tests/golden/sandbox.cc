#include "tests/golden/sandbox.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace wapc::golden {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteAll(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void PrepareEnvironment(const std::string& tools) {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  setenv("PATH", (tools + ":" + (path == nullptr ? "" : path)).c_str(), 1);
  setenv("EXAMPLES", WAPC_SOURCE_DIR "/examples", 1);
  setenv("WAPC_JOBS", "1", 1);  // side by side, models would end in no fixed order
  setenv("TZ", "UTC", 1);
  setenv("LC_ALL", "C.UTF-8", 1);
  setenv("NO_COLOR", "1", 1);
  unsetenv("CI");
  unsetenv("GITHUB_ACTIONS");
}

Sandbox::Sandbox() {
  std::string pattern = (fs::temp_directory_path() / "wapc-golden-XXXXXX").string();
  root_ = fs::canonical(mkdtemp(pattern.data()));
  fs::create_directories(project());
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Output Sandbox::Run(const std::string& commands) const {
  const fs::path out = root_ / "out";
  const fs::path err = root_ / "err";
  const fs::path script = root_ / "command";
  WriteAll(script, "cd '" + project().string() + "'\n" + commands + "\n");
  const std::string line = "sh '" + script.string() + "' >'" + out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): the cases are shell commands by design
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {Mask(ReadAll(out), project().string()), Mask(ReadAll(err), project().string()), code};
}

}  // namespace wapc::golden

#include "tests/histories/process.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

namespace wapc::histories {
namespace {

[[noreturn]] void Become(const std::vector<std::string>& command, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execv's signature
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

std::string ReadAll(int file) {
  std::string out;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read(file, buffer.data(), buffer.size())) > 0;) {
    out.append(buffer.data(), static_cast<size_t>(got));
  }
  return out;
}

}  // namespace

Ended RunProcess(const std::vector<std::string>& command, std::optional<std::chrono::milliseconds> kill_after) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) Become(command, ends[1]);
  close(ends[1]);
  std::thread killer;
  if (kill_after) {
    killer = std::thread([child, wait = *kill_after] {
      std::this_thread::sleep_for(wait);
      kill(child, SIGKILL);
    });
  }
  Ended out;
  out.output = ReadAll(ends[0]);
  close(ends[0]);
  // Only after the killer is done may the number be given to another process.
  if (killer.joinable()) killer.join();
  int status = 0;
  waitpid(child, &status, 0);
  out.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

}  // namespace wapc::histories

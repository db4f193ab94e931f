#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it in no header for C++

namespace wapc::base {
namespace {

/// Both ends of a pipe; what is still open is closed at the end.
class Pipe {
 public:
  Pipe() { good_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    Close(0);
    Close(1);
  }

  bool good() const { return good_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void Close(size_t end) {
    if (ends_.at(end) >= 0) close(ends_.at(end));
    ends_.at(end) = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  bool good_ = false;
};

/// Reads both streams until they end, whichever has something.
void ReadBoth(const Pipe& out, const Pipe& err, ProcessOutput& output) {
  std::array<pollfd, 2> streams{{{out.read_end(), POLLIN, 0}, {err.read_end(), POLLIN, 0}}};
  std::array<char, 65536> buffer{};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (poll(streams.data(), streams.size(), -1) < 0 && errno != EINTR) return;
    for (size_t i = 0; i < streams.size(); ++i) {
      if (streams.at(i).fd < 0 || streams.at(i).revents == 0) continue;
      const ssize_t size = read(streams.at(i).fd, buffer.data(), buffer.size());
      if (size > 0) {
        (i == 0 ? output.out : output.err).append(buffer.data(), static_cast<size_t>(size));
      } else if (size == 0 || errno != EINTR) {
        streams.at(i).fd = -1;  // poll passes over it
      }
    }
  }
}

}  // namespace

Result<ProcessOutput> RunProcess(const std::vector<std::string>& arguments) {
  Pipe out;
  Pipe err;
  if (!out.good() || !err.good()) return Error{ErrorKind::kUsage, fmt::format("no pipe: {}", std::strerror(errno))};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write_end(), STDERR_FILENO);
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return Error{ErrorKind::kUsage, fmt::format("cannot run {}: {}", arguments[0], std::strerror(failed))};
  }
  out.Close(1);
  err.Close(1);
  ProcessOutput output;
  ReadBoth(out, err, output);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace wapc::base

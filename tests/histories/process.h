#ifndef WAPC_TESTS_HISTORIES_PROCESS_H_
#define WAPC_TESTS_HISTORIES_PROCESS_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace wapc::histories {

struct Ended {
  int exit_code = 0;   ///< 128 + signal for one that was killed
  std::string output;  ///< of both streams
};

/// Runs a program to its end, or kills it with SIGKILL after so long.
Ended RunProcess(const std::vector<std::string>& command, std::optional<std::chrono::milliseconds> kill_after = {});

}  // namespace wapc::histories

#endif  // WAPC_TESTS_HISTORIES_PROCESS_H_

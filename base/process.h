#ifndef WAPC_BASE_PROCESS_H_
#define WAPC_BASE_PROCESS_H_

#include <string>
#include <vector>

#include "base/result.h"

namespace wapc::base {

/// What a program wrote, and how it ended.
struct ProcessOutput {
  int exit_code = 0;  ///< 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;
};

/// Runs a program, found on PATH, with these arguments as they are (no shell reads them) and nothing on stdin, and
/// waits for its end. An Error (kUsage) says that it could not be started.
Result<ProcessOutput> RunProcess(const std::vector<std::string>& arguments);

}  // namespace wapc::base

#endif  // WAPC_BASE_PROCESS_H_

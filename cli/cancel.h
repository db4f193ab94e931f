#ifndef WAPC_CLI_CANCEL_H_
#define WAPC_CLI_CANCEL_H_

#include <atomic>

namespace wapc::cli {

/// While one stands, the first Ctrl-C or SIGTERM only raises a flag, so that work can be ended cleanly; the second
/// kills the process at once, as always. There is at most one at a time.
class CancelOnSignal {
 public:
  CancelOnSignal();
  CancelOnSignal(const CancelOnSignal&) = delete;
  CancelOnSignal& operator=(const CancelOnSignal&) = delete;
  /// Signals end the process again.
  ~CancelOnSignal();

  const std::atomic<bool>& flag() const;
  /// The exit code of a process that this signal ended, as shells count: 130 for Ctrl-C, 143 for SIGTERM.
  int exit_code() const;
};

}  // namespace wapc::cli

#endif  // WAPC_CLI_CANCEL_H_

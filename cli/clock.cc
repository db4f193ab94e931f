#include "cli/clock.h"

#include <fmt/format.h>

#include <chrono>

namespace wapc::cli {

base::Result<compiler::Moment> MomentOf(const Context& context) {
  if (context.now.empty()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
  const auto moment = compiler::ReadMoment(context.now, false);
  if (moment) return *moment;
  return base::Error{base::ErrorKind::kUsage,
                     fmt::format("--now '{}' is no moment; write 2024-01-31 or '2024-01-31 12:00:00'", context.now)};
}

}  // namespace wapc::cli

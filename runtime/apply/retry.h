#ifndef WAPC_RUNTIME_APPLY_RETRY_H_
#define WAPC_RUNTIME_APPLY_RETRY_H_

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Does a whole transaction, and does it again while other transactions were in its way: then the engine has undone all
/// of it. Some ten times, at growing pauses. Any other error is not tried again.
template <class Body>
auto Retried(const Warehouse& warehouse, const Body& body) -> decltype(body()) {
  constexpr int kTries = 12;
  constexpr std::chrono::milliseconds kLongest{500};
  std::chrono::milliseconds pause{2};
  for (int i = 1;; ++i) {
    auto result = body();
    if (result || i == kTries || warehouse.last_fault() != Fault::kConflict) return result;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongest);
  }
}

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_RETRY_H_

#include "runtime/apply/watch.h"

#include <fmt/format.h>

namespace wapc::runtime {
namespace {

/// How long a Ctrl-C may go unnoticed.
constexpr std::chrono::milliseconds kTick{20};

}  // namespace

Watch::Watch(const std::atomic<bool>* cancel, std::chrono::milliseconds timeout) : cancel_(cancel), timeout_(timeout) {
  if (cancel_ != nullptr || timeout_.count() > 0) thread_ = std::thread([this] { Look(); });
}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watch::Look() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kTick, [this] { return stop_; })) {
    const auto now = std::chrono::steady_clock::now();
    for (Running& running : running_) {
      running.timed_out = running.timed_out || (timeout_.count() > 0 && now - running.start >= timeout_);
      // Again at every tick: an engine may miss one that comes between two parts of its work.
      if (running.timed_out || cancelled()) running.warehouse->Interrupt();
    }
  }
}

Watch::Statement::Statement(Watch& watch, Warehouse& warehouse) : watch_(watch) {
  const std::lock_guard lock(watch_.mutex_);
  at_ = watch_.running_.insert(watch_.running_.end(), Running{&warehouse, std::chrono::steady_clock::now(), false});
}

bool Watch::Statement::End() {
  if (ended_) return false;
  ended_ = true;
  const std::lock_guard lock(watch_.mutex_);
  const bool timed_out = at_->timed_out;
  watch_.running_.erase(at_);
  return timed_out;
}

base::Error Watch::Cancelled() { return {base::ErrorKind::kWarehouse, "cancelled"}; }

base::Error Watch::TimedOut() const {
  return {base::ErrorKind::kWarehouse,
          fmt::format("interrupted after {:g} s: that is the time-out of a statement (--statement-timeout)",
                      std::chrono::duration<double>(timeout_).count())};
}

}  // namespace wapc::runtime

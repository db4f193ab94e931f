#ifndef WAPC_RUNTIME_APPLY_WATCH_H_
#define WAPC_RUNTIME_APPLY_WATCH_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Interrupts statements that take too long, and all of them once somebody cancels the apply. Its own thread looks
/// after those that run inside of Watched, and nothing else.
class Watch {
 public:
  /// `cancel` may be null; a timeout of zero is none.
  Watch(const std::atomic<bool>* cancel, std::chrono::milliseconds timeout);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  bool cancelled() const { return cancel_ != nullptr && *cancel_; }

  /// Runs one call of a connection that may be interrupted; the call gives a Result. Nothing is run once the apply is
  /// cancelled.
  template <class Call>
  auto Watched(Warehouse& warehouse, const Call& call) -> decltype(call()) {
    if (cancelled()) return Cancelled();
    Statement statement(*this, warehouse);
    auto result = call();
    const bool timed_out = statement.End();
    if (result || !(timed_out || cancelled())) return result;
    return timed_out ? TimedOut() : Cancelled();
  }

 private:
  struct Running {
    Warehouse* warehouse = nullptr;
    std::chrono::steady_clock::time_point start;
    bool timed_out = false;
  };

  /// A statement is looked after from here to End.
  class Statement {
   public:
    Statement(Watch& watch, Warehouse& warehouse);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { End(); }
    /// Says whether it was interrupted for its time.
    bool End();

   private:
    Watch& watch_;
    std::list<Running>::iterator at_;
    bool ended_ = false;
  };

  void Look();
  static base::Error Cancelled();
  base::Error TimedOut() const;

  const std::atomic<bool>* cancel_;
  std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::list<Running> running_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_WATCH_H_

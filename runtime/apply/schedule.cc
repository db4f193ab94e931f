#include "runtime/apply/schedule.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/apply/build.h"
#include "runtime/apply/retry.h"

namespace wapc::runtime {
namespace {

/// So many small models share a transaction at most, and begin only while it is so young: others wait for what is in
/// it.
constexpr size_t kModelsAtOnce = 50;
constexpr std::chrono::milliseconds kBudget{200};
/// Where nobody waits, it is only what a kill costs.
constexpr std::chrono::milliseconds kBudgetAlone{5000};

size_t Workers(const Run& run) {
  const size_t jobs = run.options.jobs == 0 ? std::thread::hardware_concurrency() : run.options.jobs;
  return std::clamp<size_t>(jobs, 1, std::max<size_t>(1, run.models.size()));
}

class Schedule {
 public:
  explicit Schedule(Run& run) : run_(run), open_(run.models.size()), readers_(run.models.size()) {
    for (size_t i = 0; i < run.models.size(); ++i) {
      open_[i] = run.models[i].reads.size();
      for (const size_t read : run.models[i].reads) readers_[read].push_back(i);
    }
    for (size_t i = 0; i < run.models.size(); ++i) {
      if (open_[i] == 0) ready_.insert(i);
    }
    left_ = run.models.size();
  }

  base::Status Finish() {
    std::vector<std::unique_ptr<Warehouse>> connections;
    for (size_t i = 1; i < Workers(run_); ++i) {
      auto connection = run_.warehouse.Another();
      // An engine that gives no more of them is worked with by fewer.
      if (!connection) break;
      connections.push_back(std::move(*connection));
    }
    workers_ = connections.size() + 1;
    std::vector<std::thread> threads;
    threads.reserve(connections.size());
    for (const auto& connection : connections) threads.emplace_back([&] { Work(*connection); });
    Work(run_.warehouse);
    for (std::thread& thread : threads) thread.join();
    return error_;
  }

 private:
  /// One worker: takes models that are ready until none is left or something stops the apply.
  void Work(Warehouse& warehouse) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return !error_ || left_ == 0 || !ready_.empty(); });
      if (!error_ || left_ == 0) break;
      const std::vector<ModelRun*> entries = TakeReady();
      if (entries.empty()) continue;
      lock.unlock();
      auto batch = Build(warehouse, entries);
      lock.lock();
      if (!batch && entries.size() > 1 && !IsTheEnd(warehouse.last_fault())) {
        BuildOneByOne(warehouse, entries, lock);
      } else {
        Take(entries, std::move(batch), warehouse.last_fault());
      }
    }
    changed_.notify_all();
  }

  base::Result<BuiltBatch> Build(Warehouse& warehouse, const std::vector<ModelRun*>& entries) {
    const auto budget = workers_ == 1 ? kBudgetAlone : kBudget;
    return Retried(warehouse, [&] { return BuildBatch(run_, warehouse, entries, budget); });
  }

  /// The first error of a batch undid all of it.
  void BuildOneByOne(Warehouse& warehouse, const std::vector<ModelRun*>& entries, std::unique_lock<std::mutex>& lock) {
    for (ModelRun* const entry : entries) {
      lock.unlock();
      auto batch = Build(warehouse, {entry});
      lock.lock();
      Take({entry}, std::move(batch), warehouse.last_fault());
    }
  }

  /// Whether an error ends the apply, rather than failing one model.
  bool IsTheEnd(Fault fault) const {
    return run_.plan.publish == "all" || run_.watch.cancelled() || fault == Fault::kConnection;
  }

  /// The first models that are ready, in the order of the plan; those that cannot be built are dealt with at once.
  std::vector<ModelRun*> TakeReady() {
    const size_t most = std::clamp<size_t>(ready_.size() / workers_, 1, kModelsAtOnce);
    std::vector<ModelRun*> out;
    while (!ready_.empty() && out.size() < most) {
      const size_t index = *ready_.begin();
      ready_.erase(ready_.begin());
      ModelRun& entry = run_.models[index];
      if (entry.fate == Fate::kPending && !StandsOnFailure(entry)) {
        out.push_back(&entry);
        continue;
      }
      if (entry.fate == Fate::kPending) {
        entry.fate = Fate::kSkipped;
        run_.report.skipped.push_back(entry.model->model);
        ++run_.done;
      }
      Close(index);
    }
    return out;
  }

  bool StandsOnFailure(const ModelRun& entry) const {
    return std::any_of(entry.reads.begin(), entry.reads.end(), [&](size_t read) {
      const Fate fate = run_.models[read].fate;
      return fate == Fate::kFailed || fate == Fate::kSkipped;
    });
  }

  void Take(const std::vector<ModelRun*>& entries, base::Result<BuiltBatch> batch, Fault fault) {
    std::set<const ModelRun*> done;
    if (batch) {
      for (const BuiltModel& built : batch->models) done.insert(built.entry);
      if (!batch->audits.errors.empty() && IsTheEnd(fault)) Stop(batch->audits.errors.begin()->second, fault);
      TakeResults(run_, std::move(*batch));
    } else if (IsTheEnd(fault)) {
      Stop(batch.error(), fault);
    } else {
      ModelRun& entry = *entries.front();
      entry.fate = Fate::kFailed;
      run_.report.errors.push_back(batch.error().message);
      ++run_.done;
      done.insert(&entry);
    }
    for (const ModelRun* const entry : entries) {
      const auto index = static_cast<size_t>(entry - run_.models.data());
      if (done.contains(entry)) {
        Close(index);
      } else {
        ready_.insert(index);
      }
    }
    changed_.notify_all();
  }

  /// The first error is the one to show.
  void Stop(const base::Error& error, Fault fault) {
    if (!error_) return;
    error_ = error;
    run_.connection_lost = fault == Fault::kConnection;
  }

  void Close(size_t index) {
    --left_;
    for (const size_t reader : readers_[index]) {
      if (--open_[reader] == 0) ready_.insert(reader);
    }
  }

  Run& run_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<size_t> open_;                  ///< of each model: how many of those that it reads are not done
  std::vector<std::vector<size_t>> readers_;  ///< of each model: those that read it
  std::set<size_t> ready_;
  size_t left_ = 0;
  size_t workers_ = 1;
  base::Status error_;
};

}  // namespace

base::Status BuildAndAudit(Run& run) { return Schedule(run).Finish(); }

}  // namespace wapc::runtime

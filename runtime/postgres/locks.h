#ifndef WAPC_RUNTIME_POSTGRES_LOCKS_H_
#define WAPC_RUNTIME_POSTGRES_LOCKS_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/postgres/session.h"

namespace wapc::runtime::postgres_adapter {

/// What the sessions of one process that came from each other have in common.
class Family {
 public:
  void Join(int pid);
  void Leave(int pid);
  std::set<int> Pids() const;
  void AddLock(int64_t key);
  void RemoveLock(int64_t key);
  std::set<int64_t> Locks() const;

 private:
  mutable std::mutex mutex_;
  std::set<int> pids_;
  std::set<int64_t> locks_;
};

/// Takes the resource's advisory lock for this session, waiting up to `wait`, and ends what sessions of an earlier
/// holder's family still run. kRace, with the holder in words, when it is not to be had.
base::Status TakeLock(Session& session, Family& family, const std::string& resource, const std::string& holder,
                      std::chrono::milliseconds wait);

/// Gives it back.
void ReturnLock(Session& session, Family& family, const std::string& resource);

/// Marks a further session of the family, so that the next holder of one of its locks finds it.
base::Status MarkMember(Session& session, const Family& family);

/// The transactions that other clients of this database have open now, as WaitForOthers takes them.
base::Result<std::string> OpenTransactions(Session& session, const Family& family);

/// Waits until none of these transactions reads with a snapshot any more; gives those, in words, that still do.
base::Result<std::vector<std::string>> WaitForOthers(Session& session, const std::string& transactions,
                                                     std::chrono::milliseconds wait);

/// "pid 4711 (user bi, application psql, since 2026-01-31 12:00:00+00)" of the sessions with these ids.
base::Result<std::vector<std::string>> InWords(Session& session, const std::string& pids_sql);

}  // namespace wapc::runtime::postgres_adapter

#endif  // WAPC_RUNTIME_POSTGRES_LOCKS_H_

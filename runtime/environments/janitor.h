#ifndef WAPC_RUNTIME_ENVIRONMENTS_JANITOR_H_
#define WAPC_RUNTIME_ENVIRONMENTS_JANITOR_H_

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

struct JanitorOptions {
  int64_t now = 0;                                                   ///< microseconds since 1970, UTC
  std::chrono::seconds environment_ttl{std::chrono::hours(24 * 7)};  ///< since the last publish
  std::chrono::seconds version_ttl{std::chrono::hours(24 * 7)};  ///< how long a replaced version can be gone back to
  std::chrono::seconds grace{std::chrono::hours(24)};            ///< how long what nothing uses stays nevertheless
  std::chrono::seconds record_ttl{std::chrono::hours(24 * 30)};  ///< of finished plans and results of audits
  std::set<std::string> pinned{"prod"};                          ///< environments that never expire
  bool dry_run = false;
  std::chrono::milliseconds lock_timeout{10'000};
};

struct JanitorReport {
  std::vector<std::string> expired;  ///< environments
  std::vector<std::string> dropped;  ///< relations, "schema.name"
  std::vector<std::string> kept;     ///< relations that nothing of wapc's uses, with what is in the way
  int64_t publishes = 0;             ///< that can no longer be rolled back
  int64_t records = 0;               ///< finished plans and results of audits that were forgotten
};

/// Takes away what is too old: environments that nobody published to, versions that no environment serves and none can
/// be rolled back to, tables kept for undoing, old records. What a view of anybody's reads stays. An environment that
/// an apply holds stops it (kRace), with what was done up to then done. With `dry_run` it only says what it would do.
base::Result<JanitorReport> Clean(Warehouse& warehouse, const JanitorOptions& options);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_JANITOR_H_

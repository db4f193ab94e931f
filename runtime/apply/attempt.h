#ifndef WAPC_RUNTIME_APPLY_ATTEMPT_H_
#define WAPC_RUNTIME_APPLY_ATTEMPT_H_

#include <optional>
#include <string>
#include <vector>

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// What state says of one try of a plan.
struct AttemptRecord {
  int64_t number = 0;
  std::string status;  ///< running, published, failed
  std::string execution_ts;
};

/// Something that an apply has done and need not do again. Written in the transaction that did it.
struct JournalEntry {
  std::string plan_sha256;
  int64_t attempt = 0;
  int64_t seq = 0;
  std::string key;                      ///< "loads:DATASET", "build:MODEL", "held:MODEL"
  std::vector<RelationName> relations;  ///< what it made, in the order in which it can be dropped
  std::string note;                     ///< of held: the reason in words
};

/// The last try of this plan; nothing when there was none, or no state.
base::Result<std::optional<AttemptRecord>> LastAttempt(Warehouse& warehouse, const std::string& plan_sha256);

/// The journal of every plan of the environment, in the order of writing. What is in it is unfinished: a finished
/// attempt leaves nothing there.
base::Result<std::vector<JournalEntry>> ReadJournal(Warehouse& warehouse, const std::string& environment);

/// The row of a new entry of this attempt, for AddJournal.
std::string JournalRow(Run& run, const std::string& key, const std::vector<RelationName>& relations,
                       const std::string& note = {});
/// Writes entries, in the transaction of `warehouse` that did what they say.
base::Status AddJournal(Warehouse& warehouse, const std::vector<std::string>& rows);

/// In one transaction: takes the environment's lease, clears away what dead attempts left, and records this attempt,
/// which goes on from `last` if that was killed.
base::Status StartAttempt(Run& run, const std::optional<AttemptRecord>& last);

/// kRace when another apply took the lease since; for the publish transaction.
base::Status CheckLease(const Run& run);

/// Drops everything that this plan's attempts made and that no environment uses, with its journal, and records the
/// failure. Does nothing when the lease was lost: then all of it is another's.
base::Status FailAttempt(Run& run, const std::string& error);

/// Drops what only the apply itself needed (deltas, candidates, frozen loads), once the plan is published.
base::Status ClearPublished(Warehouse& warehouse, const std::string& environment, const std::string& plan_sha256);

/// Drops these relations, where they stand, in this order.
base::Status DropRelations(Warehouse& warehouse, const std::vector<RelationName>& relations);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_ATTEMPT_H_

#ifndef WAPC_RUNTIME_STATE_HISTORY_H_
#define WAPC_RUNTIME_STATE_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/plan.h"
#include "runtime/state/tables.h"
#include "runtime/warehouse.h"

/// What each publish of an environment replaced: read by `env rollback`, `env show` and the janitor, never by plan.
namespace wapc::runtime {

/// What one publish replaced of one model.
struct Replaced {
  std::string model;
  std::string build_before;         ///< served before it; empty: the environment had no such model
  std::string build_after;          ///< served after it; empty: removed
  bool moved = false;               ///< its rows were moved in place, in a table that served before and after
  StateRow served;                  ///< of environment_models before it; empty: none
  StateRow build;                   ///< of builds, for build_after, before it; empty: it was new
  std::vector<StateRow> intervals;  ///< of a table moved in place: all that it held before
  std::vector<StateRow> loads;      ///< of a table moved in place: those that the publish added
  bool undoable = false;            ///< of a table moved in place: its rows can be moved back
};

/// One change of what an environment serves.
struct Publish {
  std::string environment;
  int64_t seq = 0;          ///< rises over all environments
  std::string action;       ///< publish, rollback, drop
  std::string status;       ///< done, undone
  std::string plan_sha256;  ///< of a rollback: the plan that is served again
  std::string created_at;
  std::vector<Replaced> models;
  std::vector<std::string> undo;   ///< statements that move rows back, in the order in which they run
  std::vector<RelationName> kept;  ///< relations that those read
};

/// Adds a publish, as the newest of all, with what it replaced. Its versions are those of the environment as it is now.
base::Status WritePublish(Warehouse& warehouse, const Publish& publish);

/// The publishes of an environment (empty: of all) without their models, the newest first.
base::Result<std::vector<Publish>> ReadPublishes(Warehouse& warehouse, const std::string& environment);

/// Fills in what a publish replaced.
base::Status ReadReplaced(Warehouse& warehouse, Publish& publish);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_HISTORY_H_

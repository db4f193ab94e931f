#ifndef WAPC_RUNTIME_STATE_TRANSFER_H_
#define WAPC_RUNTIME_STATE_TRANSFER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/state/records.h"
#include "runtime/state/tables.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// All of a warehouse's state but what only a running apply needs (journal, leases) and what holds users' rows.
struct ExportedState {
  int64_t format = 0;
  std::vector<StateTable> tables;  ///< by name
  /// The complete loads of every dlt dataset at the time, so that planning needs nothing else.
  std::map<std::string, std::vector<LoadId>> complete_loads;
};

/// kUsage where there is no state to export.
base::Result<ExportedState> ExportState(Warehouse& warehouse);

/// As JSON with a SHA-256 over the rest; same state, same bytes. It holds no secrets and none of the users' rows.
std::string StateToJson(const ExportedState& state);

/// The reverse; kUsage, with the reason, for what is no export, was changed, or is of another format.
base::Result<ExportedState> StateFromJson(std::string_view text);

/// What planning takes.
base::Result<State> PlanningState(const ExportedState& exported);

struct ImportOptions {
  bool replace = false;  ///< where the warehouse has state already
};

/// Puts an export in the place of the warehouse's state, in one transaction. kUsage, with nothing changed, when the
/// warehouse has state and it is not to be replaced, or relations that the export counts on are not there.
base::Status ImportState(Warehouse& warehouse, const ExportedState& exported, const ImportOptions& options);

/// A fault of a state, and how it is mended.
struct StateFault {
  std::string text;
  std::string help;
};

/// Compares the state with itself and with the warehouse. Reads only, and counts the rows of the tables that are
/// served.
base::Result<std::vector<StateFault>> CheckState(Warehouse& warehouse);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_TRANSFER_H_

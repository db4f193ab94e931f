#ifndef WAPC_RUNTIME_STATE_STORE_H_
#define WAPC_RUNTIME_STATE_STORE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/state/records.h"
#include "runtime/state/tables.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Reads what planning needs: environments, builds, recorded loads, and the complete loads of the given dlt datasets as
/// they are now. A warehouse without schema `wapc` gives an empty state; a state of a newer wapc is an error (kUsage).
/// Works on a read-only connection and writes nothing.
base::Result<State> ReadState(Warehouse& warehouse, const std::vector<std::string>& datasets);

/// The same without any loads of datasets, inside a transaction of the caller's.
base::Result<State> ReadRecords(Warehouse& warehouse);

/// The complete loads of dlt datasets as they are now, sorted; a dataset without a loads table is absent.
base::Result<std::map<std::string, std::vector<LoadId>>> CompleteLoads(Warehouse& warehouse,
                                                                       const std::vector<std::string>& datasets);

/// The same from tables that were exported. kUsage for a table or column that is not there.
base::Result<State> StateOfTables(const std::vector<StateTable>& tables);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_STORE_H_

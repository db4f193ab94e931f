#ifndef WAPC_RUNTIME_STATE_MIGRATIONS_H_
#define WAPC_RUNTIME_STATE_MIGRATIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// The statements that lead from the format before to this one, in order. They run on every engine as they are written.
struct StateFormatSteps {
  int64_t format = 0;
  std::vector<std::string_view> statements;
};

/// Every format that there was, the first one first. State that is made new goes through all of them, so that it is the
/// same as state that was migrated. The statements of a format that was released never change; what a new wapc needs is
/// appended to the last format while that is unreleased, else to a new one (with kStateFormat).
const std::vector<StateFormatSteps>& StateFormats();

/// The names of the tables in schema `wapc` that the formats up to this one make, in the order in which they are made.
std::vector<std::string> StateTables(int64_t format);

/// What a migration did.
struct Migration {
  int64_t from = 0;           ///< the format that was found
  std::string backup_schema;  ///< where the tables were copied to; empty when nothing had to be done
};

/// Brings an older state to kStateFormat in one transaction, after copying its tables to a schema
/// `wapc_backup_<format>`. Does nothing where there is no state or it is of this format. A newer state is kUsage.
base::Result<Migration> MigrateState(Warehouse& warehouse);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_MIGRATIONS_H_

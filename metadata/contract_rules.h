#ifndef WAPC_METADATA_CONTRACT_RULES_H_
#define WAPC_METADATA_CONTRACT_RULES_H_

#include <string_view>

#include "metadata/contract_diff.h"
#include "metadata/schema.h"

namespace wapc::metadata {

/// Who decides which changes of raw tables are refused (docs/contracts.md).
class ContractRules {
 public:
  ContractRules(const Schema& mine, const Schema& upstream) : mine_(mine), upstream_(upstream) {}

  /// Fills `refused` and `contract` of a change of that table (as it stands in either schema).
  void Judge(const Table& table, bool variant, SchemaChange& change) const;

 private:
  /// The project's own entry of the table at the top of a table's parents; null where it has none.
  const Table* RootOf(const Table& table) const;
  const Table* OwnContract(const Table& table) const;

  const Schema& mine_;
  const Schema& upstream_;
};

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_CONTRACT_RULES_H_

#ifndef WAPC_RUNTIME_TRANSACTION_H_
#define WAPC_RUNTIME_TRANSACTION_H_

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Runs `body` between Begin and Commit, or Rollback when it, or the commit, fails.
template <class Body>
base::Status InTransaction(Warehouse& warehouse, const Body& body) {
  if (auto status = warehouse.Begin(); !status) return status;
  base::Status status = body();
  if (status) status = warehouse.Commit();
  if (!status) warehouse.Rollback();
  return status;
}

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_TRANSACTION_H_

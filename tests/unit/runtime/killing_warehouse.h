#ifndef WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_
#define WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_

#include <csignal>
#include <memory>
#include <utility>

#include "tests/unit/runtime/forwarding_warehouse.h"

namespace wapc::runtime {

/// Passes every call on, and kills its own process, as kill -9 does, before the call of a given number.
class KillingWarehouse : public ForwardingWarehouse {
 public:
  KillingWarehouse(std::unique_ptr<Warehouse> inner, int kill_at)
      : ForwardingWarehouse(std::move(inner)), kill_at_(kill_at) {}

  int calls() const { return calls_; }
  base::Status Execute(std::string_view sql) override { return Counted().Execute(sql); }
  base::Result<Rows> Query(std::string_view sql) override { return Counted().Query(sql); }
  base::Status Begin() override { return Counted().Begin(); }
  base::Status Commit() override { return Counted().Commit(); }
  void Rollback() override { Counted().Rollback(); }
  base::Status ChangeViews(const ViewChange& change) override { return Counted().ChangeViews(change); }

 private:
  Warehouse& Counted() {
    if (calls_++ == kill_at_) static_cast<void>(raise(SIGKILL));
    return inner();
  }

  int kill_at_;
  int calls_ = 0;
};

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_

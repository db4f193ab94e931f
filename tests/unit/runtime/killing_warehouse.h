#ifndef WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_
#define WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Passes every call on, and kills its own process, as kill -9 does, before the call of a given number.
class KillingWarehouse : public Warehouse {
 public:
  KillingWarehouse(std::unique_ptr<Warehouse> inner, int kill_at) : inner_(std::move(inner)), kill_at_(kill_at) {}

  int calls() const { return calls_; }
  std::string_view dialect() const override { return inner_->dialect(); }
  Capabilities capabilities() const override { return inner_->capabilities(); }
  std::string Version() const override { return inner_->Version(); }
  base::Status Execute(std::string_view sql) override { return Counted().Execute(sql); }
  base::Result<Rows> Query(std::string_view sql) override { return Counted().Query(sql); }
  base::Status Begin() override { return Counted().Begin(); }
  base::Status Commit() override { return Counted().Commit(); }
  void Rollback() override { Counted().Rollback(); }
  base::Result<std::optional<RelationInfo>> Find(const RelationName& name) override { return inner_->Find(name); }
  base::Status SwapViews(const std::vector<ViewSwap>& swaps) override { return Counted().SwapViews(swaps); }
  std::string Quote(std::string_view identifier) const override { return inner_->Quote(identifier); }
  std::string Literal(std::string_view text) const override { return inner_->Literal(text); }

 private:
  Warehouse& Counted() {
    if (calls_++ == kill_at_) static_cast<void>(raise(SIGKILL));
    return *inner_;
  }

  std::unique_ptr<Warehouse> inner_;
  int kill_at_;
  int calls_ = 0;
};

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_KILLING_WAREHOUSE_H_

#ifndef WAPC_TESTS_UNIT_RUNTIME_FORWARDING_WAREHOUSE_H_
#define WAPC_TESTS_UNIT_RUNTIME_FORWARDING_WAREHOUSE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Passes every call on to another warehouse. A test overrides the calls that it watches or breaks.
class ForwardingWarehouse : public Warehouse {
 public:
  explicit ForwardingWarehouse(std::unique_ptr<Warehouse> inner) : inner_(std::move(inner)) {}

  std::string_view dialect() const override { return inner_->dialect(); }
  Capabilities capabilities() const override { return inner_->capabilities(); }
  std::string Version() const override { return inner_->Version(); }
  base::Result<std::unique_ptr<Warehouse>> Another() override { return inner_->Another(); }
  base::Status Execute(std::string_view sql) override { return inner_->Execute(sql); }
  base::Result<Rows> Query(std::string_view sql) override { return inner_->Query(sql); }
  void Interrupt() override { inner_->Interrupt(); }
  Fault last_fault() const override { return inner_->last_fault(); }
  base::Status Begin() override { return inner_->Begin(); }
  base::Status Commit() override { return inner_->Commit(); }
  void Rollback() override { inner_->Rollback(); }
  base::Status Lock(const std::string& resource, const std::string& holder, std::chrono::milliseconds wait) override {
    return inner_->Lock(resource, holder, wait);
  }
  void Unlock(const std::string& resource) override { inner_->Unlock(resource); }
  base::Result<std::optional<RelationInfo>> Find(const RelationName& name) override { return inner_->Find(name); }
  base::Result<std::vector<Dependent>> Dependents(const ViewChange& change) override {
    return inner_->Dependents(change);
  }
  base::Status ChangeViews(const ViewChange& change) override { return inner_->ChangeViews(change); }
  base::Result<std::string> SnapshotMark() override { return inner_->SnapshotMark(); }
  base::Result<std::vector<std::string>> WaitForSnapshots(const std::string& mark,
                                                          std::chrono::milliseconds wait) override {
    return inner_->WaitForSnapshots(mark, wait);
  }
  std::string Quote(std::string_view identifier) const override { return inner_->Quote(identifier); }
  std::string Literal(std::string_view text) const override { return inner_->Literal(text); }

 protected:
  Warehouse& inner() { return *inner_; }

 private:
  std::unique_ptr<Warehouse> inner_;
};

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_FORWARDING_WAREHOUSE_H_

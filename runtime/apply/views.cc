#include "runtime/apply/views.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace wapc::runtime {
namespace {

constexpr int64_t kDefaultWait = 30;

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Warehouse::ViewSwap SwapOf(const PlanModel& model) {
  Warehouse::ViewSwap swap{model.view, model.relation, {}, {}};
  for (const PlanColumn& column : model.columns) {
    swap.columns.push_back(column.name);
    swap.types.push_back(column.engine_type);
  }
  return swap;
}

/// Every view that wapc has made: readers', and those of VIEW models.
std::vector<RelationName> OwnViews(const State& state) {
  std::vector<RelationName> out;
  for (const auto& [name, environment] : state.environments) {
    for (const auto& [model, served] : environment.models) out.push_back(served.view);
  }
  for (const auto& [id, build] : state.builds) out.push_back(build.relation);
  return out;
}

}  // namespace

bool NeedsSwap(const ModelRun& entry) {
  const PlanModel& model = *entry.model;
  const Action action = model.action;
  if (action == Action::kBuild || action == Action::kView || action == Action::kReuse) return true;
  if (action != Action::kDelta) return false;
  const EnvironmentModel* served = entry.served;
  if (served == nullptr || served->build.relation != model.relation || served->view != model.view) return true;
  return !std::equal(served->columns.begin(), served->columns.end(), model.columns.begin(), model.columns.end(),
                     [](const PlanColumn& a, const PlanColumn& b) { return a.name == b.name; });
}

Warehouse::ViewChange ViewChangeOf(const Run& run, bool before_building) {
  Warehouse::ViewChange change;
  change.recreate_dependents = run.plan.dependents == "recreate";
  change.own = OwnViews(run.state);
  for (const ModelRun& entry : run.models) {
    const PlanModel& model = *entry.model;
    if (entry.fate != Fate::kDone && !before_building) continue;
    if (model.action == Action::kRemove) change.drops.push_back(model.view);
    if (!NeedsSwap(entry)) continue;
    // A model that moved to another reader view leaves no old one behind.
    if (entry.served != nullptr && entry.served->view != model.view) change.drops.push_back(entry.served->view);
    change.swaps.push_back(SwapOf(model));
  }
  return change;
}

base::Status CheckDependents(Run& run) {
  const Warehouse::ViewChange change = ViewChangeOf(run, true);
  const auto dependents = run.warehouse.Dependents(change);
  if (!dependents) return Because("looking at what stands on the views", dependents.error());
  std::vector<std::string> blocking;
  for (const Dependent& one : *dependents) {
    const bool is_view = !one.name.name.empty();
    if (is_view && change.recreate_dependents) continue;
    blocking.push_back((is_view ? one.kind + " " + Dotted(one.name) + " (of " + one.owner + ")" : one.kind) + " on " +
                       Dotted(one.view));
  }
  if (blocking.empty()) return {};
  return base::Error{base::ErrorKind::kProject,
                     "the columns of views change, or views go, on which others stand: " + Joined(blocking) +
                         "; drop those first, or set `dependents: recreate` in the gateway to have views made again"};
}

base::Status AwaitOldReaders(Run& run) {
  if (ViewChangeOf(run, false).swaps.empty()) return {};
  const auto mark = run.warehouse.SnapshotMark();
  if (!mark) return mark.error();
  const int64_t seconds = run.plan.snapshot_wait.value_or(kDefaultWait);
  auto readers = run.warehouse.WaitForSnapshots(*mark, std::chrono::seconds(seconds));
  if (!readers) return readers.error();
  if (readers->empty()) return {};
  if (run.plan.old_snapshots == "publish") {
    run.report.old_readers = std::move(*readers);
    return {};
  }
  return base::Error{base::ErrorKind::kWarehouse,
                     "readers with transactions from before the new tables were filled did not end within " +
                         std::to_string(seconds) + " s, so nothing was published: " + Joined(*readers) +
                         "; they would find the new tables empty. End them and apply again, raise the gateway's "
                         "snapshot_wait, or set its `old_snapshots: publish`"};
}

}  // namespace wapc::runtime

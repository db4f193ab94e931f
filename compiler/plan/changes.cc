#include "compiler/plan/changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/digest.h"
#include "compiler/plan/intervals.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::BuildRecord;
using runtime::Category;
using runtime::EnvironmentModel;
using runtime::EnvironmentRecord;
using runtime::LoadId;

namespace {

bool MovesInPlace(ModelKind kind) {
  return kind == ModelKind::kIncrementalByUniqueKey || kind == ModelKind::kIncrementalByLoad ||
         kind == ModelKind::kIncrementalByTimeRange;
}

bool HasIntervals(const Model& model) { return model.kind == ModelKind::kIncrementalByTimeRange; }

const EnvironmentRecord* FindEnvironment(const runtime::State& state, const std::string& name) {
  const auto found = state.environments.find(name);
  return found == state.environments.end() ? nullptr : &found->second;
}

const EnvironmentModel* FindModel(const EnvironmentRecord* environment, const std::string& model) {
  if (environment == nullptr) return nullptr;
  const auto found = environment->models.find(model);
  return found == environment->models.end() ? nullptr : &found->second;
}

class Decider {
 public:
  Decider(const Project& project, const runtime::State& state, const PlanOptions& options)
      : project_(project),
        state_(state),
        options_(options),
        environment_(FindEnvironment(state, options.environment)),
        base_(environment_ != nullptr ? environment_ : FindEnvironment(state, "prod")),
        changes_(project.models.size()) {}

  std::vector<ModelChange> Decide() {
    const auto datasets = DatasetsOf(project_);
    for (const int index : project_.order) {
      const Model& model = project_.models[static_cast<size_t>(index)];
      if (!model.has_build()) continue;
      ModelChange& change = changes_[static_cast<size_t>(index)];
      change.datasets = datasets[static_cast<size_t>(index)];
      SetVersion(model, change);
      SetAction(model, change);
      SetBatches(model, change);
    }
    return std::move(changes_);
  }

 private:
  const ModelChange& ChangeOf(int index) const { return changes_[static_cast<size_t>(index)]; }
  const Model& ModelAt(int index) const { return project_.models[static_cast<size_t>(index)]; }

  // The name of a table's content: its own text and the versions of what it reads. An unchanged one keeps the version
  // that the environment has, whatever it was made from.
  void SetVersion(const Model& model, ModelChange& change) {
    const EnvironmentModel* const old = FindModel(base_, model.name);
    const Model* const cause = ChangedUpstream(model);
    if (old != nullptr && old->digests.data == model.digests.data && cause == nullptr) {
      change.table_version = old->digests.table_version;
      return;
    }
    std::string text = "table version\n" + model.digests.data;
    for (const int index : model.depends_on) {
      if (!ModelAt(index).has_build()) continue;
      text += fmt::format("\n{} {}", ModelAt(index).name, ChangeOf(index).table_version);
    }
    change.table_version = base::ShortId(text);
    change.category = old == nullptr                            ? Category::kAdded
                      : old->digests.data != model.digests.data ? Category::kDirect
                                                                : Category::kIndirect;
    change.reason = old == nullptr                            ? "new model"
                    : old->digests.data != model.digests.data ? "its definition changed"
                                                              : fmt::format("reads {}, which changed", cause->name);
  }

  const Model* ChangedUpstream(const Model& model) const {
    for (const int index : model.depends_on) {
      const Model& upstream = ModelAt(index);
      if (!upstream.has_build()) continue;
      const EnvironmentModel* const old = FindModel(base_, upstream.name);
      if (old == nullptr || old->digests.table_version != ChangeOf(index).table_version) return &upstream;
    }
    return nullptr;
  }

  void Plan(ModelChange& change, Action action, Category category, std::string reason) {
    change.planned = true;
    change.action = action;
    change.category = category;
    change.reason = std::move(reason);
  }

  void SetAction(const Model& model, ModelChange& change) {
    const EnvironmentModel* const current = FindModel(environment_, model.name);
    const Action fresh = model.kind == ModelKind::kView ? Action::kView : Action::kBuild;
    if (options_.restate.contains(model.name)) {
      Plan(change, fresh, Category::kRestated, "asked for by --restate-model");
    } else if (current == nullptr || current->digests.table_version != change.table_version) {
      PlanNewVersion(model, change, fresh);
    } else if (!PlanRefresh(model, *current, change, fresh)) {
      PlanRecordsOnly(model, *current, change);
    }
  }

  // A new table is filled from the model's start; one that moves in place gets what it lacks.
  void SetBatches(const Model& model, ModelChange& change) const {
    const bool fills = change.action == Action::kBuild || change.action == Action::kDelta;
    if (!HasIntervals(model) || !change.planned || !fills) return;
    const TimeRange due = DueRange(model, options_.moment);
    const std::string held = change.action == Action::kDelta ? change.existing.build_id : "";
    change.batches = BatchesOf(model, due, MissingRanges(due, HeldRanges(held)));
    if (!change.batches.empty()) change.reason += "; " + BatchesText(change.batches);
  }

  std::vector<TimeRange> HeldRanges(const std::string& build_id) const {
    const auto found = state_.intervals.find(build_id);
    return found == state_.intervals.end() ? std::vector<TimeRange>{} : JoinedRanges(found->second);
  }

  static std::string BatchesText(const std::vector<runtime::Batch>& batches) {
    constexpr size_t kMinutes = 16;
    const std::string_view start = std::string_view(batches.front().start).substr(0, kMinutes);
    const std::string_view end = std::string_view(batches.back().end).substr(0, kMinutes);
    const std::string times = batches.size() == 1 ? "" : fmt::format(" in {} batches", batches.size());
    return fmt::format("fills {} to {}{}", start, end, times);
  }

  // A version that is new here may have been built by another environment already.
  void PlanNewVersion(const Model& model, ModelChange& change, Action fresh) {
    if (change.reason.empty()) {
      change.category = Category::kAdded;
      change.reason = fmt::format("new in {}", options_.environment);
    }
    const BuildRecord* const existing = FindBuild(model, change.table_version);
    const bool usable = existing != nullptr && (model.kind != ModelKind::kView || !AnyUpstreamMoves(model));
    if (!usable) {
      Plan(change, fresh, change.category, change.reason);
      return;
    }
    change.existing = *existing;
    change.run_audits = !AuditedAs(model, *existing);
    if (TakesOver() && Behind(model, *existing, change)) {
      const Action action = MovesInPlace(model.kind) ? Action::kDelta : Action::kBuild;
      change.run_audits = true;
      Plan(change, action, change.category, change.reason + "; " + BehindText(model, change));
      return;
    }
    Plan(change, Action::kReuse, change.category, change.reason + fmt::format("; built by {}", existing->owner));
  }

  // The same version with rows that are behind: new loads, or an upstream model that is built again.
  bool PlanRefresh(const Model& model, const EnvironmentModel& current, ModelChange& change, Action fresh) {
    if (!TakesOver() && current.build.owner != options_.environment) return false;
    change.existing = current.build;
    const Model* const moved = MovedUpstream(model);
    const bool behind = Behind(model, current.build, change);
    if (MovesInPlace(model.kind)) {
      if (moved != nullptr && ChangeOfModel(*moved).category == Category::kRestated) {
        Plan(change, fresh, Category::kRestated, fmt::format("reads {}, which is built again", moved->name));
        return true;
      }
      if (!behind) return false;
      Plan(change, Action::kDelta, HasIntervals(model) ? Category::kIntervals : Category::kLoads,
           BehindText(model, change));
      return true;
    }
    if (behind && model.kind != ModelKind::kView) {
      Plan(change, fresh, Category::kLoads, BehindText(model, change));
      return true;
    }
    if (moved == nullptr) return false;
    const Category cause = ChangeOfModel(*moved).category;
    const bool passes_on = cause == Category::kLoads || cause == Category::kIntervals || cause == Category::kRestated;
    Plan(change, fresh, passes_on ? cause : Category::kIndirect,
         fmt::format("reads {}, which gets a new build", moved->name));
    return true;
  }

  void PlanRecordsOnly(const Model& model, const EnvironmentModel& current, ModelChange& change) {
    change.existing = current.build;
    if (current.digests.audits != model.digests.audits) {
      Plan(change, Action::kAudit, Category::kAudits, "its audits changed");
    } else if (current.digests.metadata != model.digests.metadata) {
      change.run_audits = false;
      Plan(change, Action::kMetadata, Category::kMetadata, "its description, owner or tags changed");
    }
  }

  // prod owns what it publishes; another environment only what it made itself.
  bool TakesOver() const { return options_.environment == "prod"; }

  const ModelChange& ChangeOfModel(const Model& model) const {
    return ChangeOf(project_.by_name.find(model.name)->second);
  }

  static bool Moves(const ModelChange& change) {
    return change.planned && change.action != Action::kAudit && change.action != Action::kMetadata;
  }

  const Model* MovedUpstream(const Model& model) const {
    for (const int index : model.depends_on) {
      if (Moves(ChangeOf(index))) return &ModelAt(index);
    }
    return nullptr;
  }

  // Whether an existing view of this version could read something else than what this environment will serve.
  bool AnyUpstreamMoves(const Model& model) const {
    return std::any_of(model.depends_on.begin(), model.depends_on.end(), [this](int index) {
      const ModelChange& change = ChangeOf(index);
      return change.planned &&
             (change.action == Action::kBuild || change.action == Action::kView || change.action == Action::kDelta);
    });
  }

  // prod's build first, else the first by id, so that the choice is always the same.
  const BuildRecord* FindBuild(const Model& model, const std::string& version) const {
    if (const EnvironmentModel* const prod = FindModel(FindEnvironment(state_, "prod"), model.name);
        prod != nullptr && prod->digests.table_version == version) {
      return &prod->build;
    }
    for (const auto& [name, environment] : state_.environments) {
      const EnvironmentModel* const other = FindModel(&environment, model.name);
      if (other != nullptr && other->digests.table_version == version) return &other->build;
    }
    return nullptr;
  }

  bool AuditedAs(const Model& model, const BuildRecord& build) const {
    for (const auto& [name, environment] : state_.environments) {
      const EnvironmentModel* const other = FindModel(&environment, model.name);
      if (other != nullptr && other->build.build_id == build.build_id &&
          other->digests.audits == model.digests.audits) {
        return true;
      }
    }
    return false;
  }

  // Whether there are complete loads, or intervals that are over, that a build does not hold yet.
  bool Behind(const Model& model, const BuildRecord& build, const ModelChange& change) const {
    if (HasIntervals(model)) {
      return !MissingRanges(DueRange(model, options_.moment), HeldRanges(build.build_id)).empty();
    }
    return std::any_of(change.datasets.begin(), change.datasets.end(), [&](const std::string& dataset) {
      const auto complete = state_.complete_loads.find(dataset);
      if (complete == state_.complete_loads.end()) return false;
      if (!MovesInPlace(model.kind)) {
        const auto digest = build.loads_digests.find(dataset);
        return digest == build.loads_digests.end() || digest->second != runtime::LoadsDigest(complete->second);
      }
      std::vector<LoadId> held;
      if (const auto table = state_.table_loads.find(build.build_id); table != state_.table_loads.end()) {
        if (const auto loads = table->second.find(dataset); loads != table->second.end()) held = loads->second;
      }
      return !std::includes(held.begin(), held.end(), complete->second.begin(), complete->second.end());
    });
  }

  static std::string BehindText(const Model& model, const ModelChange& change) {
    if (HasIntervals(model)) return "new intervals are over";
    return fmt::format("new complete loads of {}", fmt::join(change.datasets, ", "));
  }

  const Project& project_;
  const runtime::State& state_;
  const PlanOptions& options_;
  const EnvironmentRecord* environment_;
  const EnvironmentRecord* base_;
  std::vector<ModelChange> changes_;
};

}  // namespace

std::vector<ModelChange> DecideChanges(const Project& project, const runtime::State& state,
                                       const PlanOptions& options) {
  return Decider(project, state, options).Decide();
}

std::vector<std::set<std::string>> DatasetsOf(const Project& project) {
  std::vector<std::set<std::string>> out(project.models.size());
  for (const int index : project.order) {
    const Model& model = project.models[static_cast<size_t>(index)];
    std::set<std::string>& datasets = out[static_cast<size_t>(index)];
    for (const int upstream : model.depends_on) {
      const Model& other = project.models[static_cast<size_t>(upstream)];
      if (other.raw_table != nullptr && other.table == "_dlt_loads" && model.kind != ModelKind::kView) {
        datasets.insert(other.schema);
      }
      datasets.insert(out[static_cast<size_t>(upstream)].begin(), out[static_cast<size_t>(upstream)].end());
    }
  }
  return out;
}

}  // namespace wapc::compiler

#include "compiler/plan/changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/versions.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::BuildRecord;
using runtime::Category;
using runtime::EnvironmentModel;
using runtime::EnvironmentRecord;
using runtime::Impact;
using runtime::LoadId;

namespace {

const EnvironmentRecord* FindEnvironment(const runtime::State& state, const std::string& name) {
  const auto found = state.environments.find(name);
  return found == state.environments.end() ? nullptr : &found->second;
}

const EnvironmentModel* FindModel(const EnvironmentRecord* environment, const std::string& model) {
  if (environment == nullptr) return nullptr;
  const auto found = environment->models.find(model);
  return found == environment->models.end() ? nullptr : &found->second;
}

// Whether a category means that there are new rows, not only a new table.
bool BringsRows(Category category) {
  return category == Category::kLoads || category == Category::kIntervals || category == Category::kRestated ||
         category == Category::kDue;
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
    DecideVersions(project_, base_, options_, changes_);
    for (const int index : project_.order) {
      const Model& model = project_.models[static_cast<size_t>(index)];
      if (!model.has_build()) continue;
      ModelChange& change = changes_[static_cast<size_t>(index)];
      change.datasets = datasets[static_cast<size_t>(index)];
      SetAction(model, change);
      SetFresh(model, change);
      SetBatches(model, change);
    }
    return std::move(changes_);
  }

 private:
  const ModelChange& ChangeOf(int index) const { return changes_[static_cast<size_t>(index)]; }
  const Model& ModelAt(int index) const { return project_.models[static_cast<size_t>(index)]; }

  static void Plan(ModelChange& change, Action action, Category category, std::string reason) {
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
    } else if (change.impact == Impact::kForwardOnly) {
      PlanForward(model, *FindModel(base_, model.name), change, fresh);
    } else if (current == nullptr || current->digests.table_version != change.table_version) {
      PlanNewVersion(model, change, fresh);
    } else if (!PlanRefresh(model, *current, change, fresh)) {
      PlanRecordsOnly(model, *current, change);
    }
  }

  // A model that is planned for a change of its own may bring new rows along.
  void SetFresh(const Model& model, ModelChange& change) const {
    if (!change.planned) return;
    if (BringsRows(change.category)) {
      change.fresh = change.category;
      return;
    }
    const EnvironmentModel* const old = FindModel(base_, model.name);
    const bool fills = change.action == Action::kBuild || change.action == Action::kDelta;
    if (old == nullptr || !fills || !Behind(model, old->build, change)) return;
    change.fresh = HasIntervals(model.kind) ? Category::kIntervals : Category::kLoads;
  }

  // A new table is filled from the model's start; one that moves in place, or starts from a copy, gets what it lacks.
  void SetBatches(const Model& model, ModelChange& change) const {
    const bool fills = change.action == Action::kBuild || change.action == Action::kDelta;
    if (!HasIntervals(model.kind) || !change.planned || !fills) return;
    const TimeRange due = DueRange(model, options_.moment);
    std::string held = change.action == Action::kDelta ? change.existing.build_id : "";
    if (change.copy_of != nullptr) held = change.copy_of->build.build_id;
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

  // The table that is served stays; where its columns differ, or it is another environment's, a copy takes its place.
  void PlanForward(const Model& model, const EnvironmentModel& old, ModelChange& change, Action fresh) const {
    if (!MovesInPlace(model.kind)) {
      Plan(change, fresh, change.category, change.reason);
      return;
    }
    if (change.schema_changed || old.build.owner != options_.environment) {
      change.copy_of = &old;
      Plan(change, Action::kBuild, change.category, change.reason + "; starts from the rows it has");
      return;
    }
    change.existing = old.build;
    const bool behind = Behind(model, old.build, change);
    const bool audited = old.digests.audits == model.digests.audits;
    change.run_audits = behind || !audited;
    Plan(change,
         behind    ? Action::kDelta
         : audited ? Action::kMetadata
                   : Action::kAudit,
         change.category, change.reason + "; new rows follow the new query");
  }

  // A version that is new here may have been built by another environment already.
  void PlanNewVersion(const Model& model, ModelChange& change, Action fresh) {
    if (change.impact == Impact::kNone && change.category != Category::kRestated) {
      change.category = Category::kAdded;
      if (change.reason.empty())
        change.reason =
            environment_ == nullptr && base_ == nullptr ? "new model" : fmt::format("new in {}", options_.environment);
    }
    const BuildRecord* const existing = FindBuild(model, change.table_version);
    if (existing == nullptr) {
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

  // The same version with rows that are behind: new loads, or an upstream model that is built again. A view only has to
  // read the tables that are served now.
  bool PlanRefresh(const Model& model, const EnvironmentModel& current, ModelChange& change, Action fresh) {
    change.existing = current.build;
    const bool shared = !TakesOver() && current.build.owner != options_.environment;
    if (model.kind == ModelKind::kView) return PlanView(model, change);
    const Model* const cause = FreshUpstream(model);
    const Category category = cause == nullptr ? Category::kLoads : *ChangeOfModel(*cause).fresh;
    // A table of its own first, before rows of it are made in another way than its owner's.
    if (cause != nullptr && category == Category::kRestated && !model.properties.disable_restatement) {
      Plan(change, fresh, Category::kRestated, fmt::format("reads {}, which is built again", cause->name));
      return true;
    }
    if (shared) return false;
    const bool behind = Behind(model, current.build, change);
    if (MovesInPlace(model.kind)) return PlanRows(model, change, behind, cause, category);
    if (!behind && cause == nullptr) return false;
    Plan(change, fresh, behind ? Category::kLoads : category,
         behind ? BehindText(model, change) : fmt::format("reads {}, which gets a new build", cause->name));
    return true;
  }

  bool PlanView(const Model& model, ModelChange& change) const {
    const Model* const moved = MovedUpstream(model);
    if (moved == nullptr) return false;
    const Model* const cause = FreshUpstream(model);
    const bool changed = change.impact == Impact::kIndirectNonBreaking;
    const Category category = cause != nullptr ? *ChangeOfModel(*cause).fresh : Category::kIndirect;
    if (category == Category::kIndirect) change.impact = Impact::kIndirectNonBreaking;
    const std::string reason =
        fmt::format("reads {}, which gets a new build", (cause != nullptr ? cause : moved)->name);
    Plan(change, Action::kView, category, changed ? change.reason : reason);
    return true;
  }

  // Of a table that is moved in place. One without loads or intervals takes in what its upstream has now.
  static bool PlanRows(const Model& model, ModelChange& change, bool behind, const Model* cause, Category category) {
    if (behind) {
      Plan(change, Action::kDelta, HasIntervals(model.kind) ? Category::kIntervals : Category::kLoads,
           BehindText(model, change));
      return true;
    }
    const bool follows = cause != nullptr && !HasIntervals(model.kind) && model.kind != ModelKind::kIncrementalByLoad;
    if (follows) Plan(change, Action::kDelta, category, fmt::format("reads {}, which gets a new build", cause->name));
    return follows;
  }

  void PlanRecordsOnly(const Model& model, const EnvironmentModel& current, ModelChange& change) {
    change.existing = current.build;
    if (current.digests.audits != model.digests.audits) {
      change.impact = Impact::kMetadata;
      Plan(change, Action::kAudit, Category::kAudits, "its audits changed");
    } else if (current.digests.metadata != model.digests.metadata) {
      change.run_audits = false;
      change.impact = Impact::kMetadata;
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

  const Model* FreshUpstream(const Model& model) const {
    for (const int index : model.depends_on) {
      if (ChangeOf(index).fresh) return &ModelAt(index);
    }
    return nullptr;
  }

  // The physical relation that this environment will serve of a model; empty when the plan makes it anew, or when what
  // is read are not its rows alone.
  std::string WillServe(int index) const {
    const ModelChange& change = ChangeOf(index);
    if (change.planned && change.action != Action::kReuse && Moves(change)) return {};
    if (change.planned) return change.existing.build_id;
    const EnvironmentModel* const current = FindModel(environment_, ModelAt(index).name);
    return current == nullptr ? std::string() : current->build.build_id;
  }

  // Whether a view that an environment serves reads what this environment will serve.
  bool ReadsTheSame(const Model& model, const EnvironmentRecord& other) const {
    return std::all_of(model.depends_on.begin(), model.depends_on.end(), [&](int index) {
      if (!ModelAt(index).has_build()) return true;
      const EnvironmentModel* const read = FindModel(&other, ModelAt(index).name);
      return read != nullptr && read->build.build_id == WillServe(index);
    });
  }

  // prod's build first, else the first by environment, so that the choice is always the same.
  const BuildRecord* FindBuild(const Model& model, const std::string& version) const {
    std::vector<const EnvironmentRecord*> order;
    if (const EnvironmentRecord* const prod = FindEnvironment(state_, "prod")) order.push_back(prod);
    for (const auto& [name, environment] : state_.environments) {
      if (name != "prod") order.push_back(&environment);
    }
    for (const EnvironmentRecord* const environment : order) {
      const EnvironmentModel* const other = FindModel(environment, model.name);
      if (other == nullptr || other->digests.table_version != version) continue;
      if (model.kind != ModelKind::kView || ReadsTheSame(model, *environment)) return &other->build;
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
    if (HasIntervals(model.kind)) {
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
    if (HasIntervals(model.kind)) return "new intervals are over";
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

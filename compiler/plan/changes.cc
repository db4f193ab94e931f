#include "compiler/plan/changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "compiler/plan/freshness.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/versions.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::BuildRecord;
using runtime::Category;
using runtime::EnvironmentModel;
using runtime::EnvironmentRecord;
using runtime::Impact;

namespace {

constexpr base::DiagnosticCode kRebuildLosesIntervals{"rebuild-loses-intervals", base::Severity::kError};

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
        base_(environment_ != nullptr ? environment_ : FindEnvironment(state, options.create_from)),
        freshness_(state, options),
        changes_(project.models.size()) {}

  std::vector<ModelChange> Decide(base::Diagnostics& diagnostics) {
    const auto datasets = DatasetsOf(project_);
    DecideVersions(project_, base_, options_, diagnostics, changes_);
    for (const int index : project_.order) {
      const Model& model = project_.models[static_cast<size_t>(index)];
      if (!model.has_build()) continue;
      ModelChange& change = changes_[static_cast<size_t>(index)];
      change.datasets = datasets[static_cast<size_t>(index)];
      if (change.left_out) continue;
      SetAction(model, change);
      SetFresh(model, change);
      SetBatches(model, change);
      CheckRebuild(model, change, diagnostics);
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
      PlanRestate(model, change, fresh, "asked for by --restate-model");
    } else if (change.impact == Impact::kForwardOnly) {
      PlanForward(model, *FindModel(base_, model.name), change, fresh);
    } else if (current == nullptr || current->digests.table_version != change.table_version) {
      PlanNewVersion(model, change, fresh);
    } else if (!PlanRefresh(model, *current, change, fresh) && !options_.run) {
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
    std::string held = change.action == Action::kDelta ? change.existing.build_id : "";
    if (change.copy_of != nullptr) held = change.copy_of->build.build_id;
    if (change.ranged) {
      change.batches = freshness_.Restated(model);
    } else if (change.restates_itself) {
      change.batches = freshness_.MissingAndFrom(model, held, freshness_.RestatesFrom(model));
    } else if (change.impact == Impact::kForwardOnly && options_.effective_from) {
      change.batches = freshness_.MissingAndFrom(model, held, *options_.effective_from);
    } else {
      change.batches = freshness_.Missing(model, held);
    }
    if (!change.batches.empty()) change.reason += "; " + BatchesText(change.batches);
  }

  void CheckRebuild(const Model& model, const ModelChange& change, base::Diagnostics& diagnostics) const {
    const EnvironmentModel* const old = FindModel(base_, model.name);
    const bool made_anew = options_.rebuild.contains(model.name) && change.action == Action::kBuild;
    if (!made_anew || old == nullptr || options_.allow_loss) return;
    if (!freshness_.LosesIntervals(model, old->build.build_id)) return;
    diagnostics
        .Report(kRebuildLosesIntervals, model.name_span,
                fmt::format("{} holds intervals that its rebuild would not fill", model.name))
        .Help("mend its start and end, or accept the loss with --allow-loss");
  }

  // Of a time-range model, --start and --end may name a part: then the rest of the table stays. A table that another
  // environment owns is copied first.
  void PlanRestate(const Model& model, ModelChange& change, Action fresh, const std::string& reason) const {
    Plan(change, fresh, Category::kRestated, reason);
    const EnvironmentModel* const served = FindModel(base_, model.name);
    const bool part = HasIntervals(model.kind) && (options_.start || options_.end) && served != nullptr &&
                      served->digests.table_version == change.table_version;
    if (!part) return;
    change.ranged = true;
    change.existing = served->build;
    if (served->build.owner == options_.environment) {
      change.action = Action::kDelta;
    } else {
      change.copy_of = served;
    }
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
    const bool behind =
        Behind(model, old.build, change) || (HasIntervals(model.kind) && options_.effective_from.has_value());
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
      Plan(change, action, change.category, change.reason + "; " + Freshness::BehindText(model, change.datasets));
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
    // What is not selected only follows what is.
    const bool asked = !options_.select || options_.select->contains(model.name);
    const Model* const cause = FreshUpstream(model);
    const Category category = cause == nullptr ? Category::kLoads : *ChangeOfModel(*cause).fresh;
    // A table of its own first, before rows of it are made in another way than its owner's.
    if (cause != nullptr && category == Category::kRestated && !model.properties.disable_restatement) {
      PlanRestate(model, change, fresh, fmt::format("reads {}, which is built again", cause->name));
      return true;
    }
    if (shared || (options_.run && !asked)) return false;
    const bool behind = asked && Behind(model, current.build, change);
    if (options_.run) return PlanRun(model, change, fresh, {behind, cause, category});
    if (MovesInPlace(model.kind)) return PlanRows(model, change, behind, cause, category);
    if (!behind && cause == nullptr) return false;
    Plan(change, fresh, behind ? Category::kLoads : category,
         behind ? Freshness::BehindText(model, change.datasets)
                : fmt::format("reads {}, which gets a new build", cause->name));
    return true;
  }

  // Why a model may be due in a run.
  struct Reasons {
    bool behind = false;
    const Model* cause = nullptr;
    Category category = Category::kLoads;
  };

  // One with a cron of its own waits for it; without, it follows what it reads, or is due each day when that is a table
  // of others. New complete loads are taken in at once by what reads dlt's tables.
  bool PlanRun(const Model& model, ModelChange& change, Action fresh, const Reasons& reasons) const {
    const bool again = freshness_.RestatesItself(model, change.existing);
    if (again && !HasIntervals(model.kind)) {
      PlanRestate(model, change, fresh, "its auto_restatement_cron came");
      return true;
    }
    if (HasIntervals(model.kind) || model.kind == ModelKind::kIncrementalByLoad) {
      change.restates_itself = again;
      const bool planned = PlanRows(model, change, reasons.behind || again, nullptr, reasons.category);
      if (again) change.reason = "its auto_restatement_cron came";
      return planned;
    }
    if (model.kind == ModelKind::kSeed) return false;
    const Action action = MovesInPlace(model.kind) ? Action::kDelta : fresh;
    const bool due = options_.ignore_cron || freshness_.Due(model, change.existing);
    const bool waits = !model.cron.empty() && !options_.ignore_cron;
    if (reasons.behind && (!waits || ReadsLoads(model))) {
      Plan(change, action, Category::kLoads, Freshness::BehindText(model, change.datasets));
    } else if (due && (!model.cron.empty() || ReadsOthers(model))) {
      Plan(change, action, Category::kDue, options_.ignore_cron ? "asked for by --ignore-cron" : "its cron came");
    } else if (reasons.cause != nullptr && !waits) {
      Plan(change, action, reasons.category, fmt::format("reads {}, which gets a new build", reasons.cause->name));
    }
    return change.planned;
  }

  // Whether it reads tables of dlt itself, rather than through other models; and whether it reads tables of others.
  bool ReadsLoads(const Model& model) const {
    return std::any_of(model.depends_on.begin(), model.depends_on.end(),
                       [this](int index) { return ModelAt(index).raw_table != nullptr; });
  }
  bool ReadsOthers(const Model& model) const {
    return std::any_of(model.depends_on.begin(), model.depends_on.end(), [this](int index) {
      return ModelAt(index).kind == ModelKind::kExternal && ModelAt(index).raw_table == nullptr;
    });
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
           Freshness::BehindText(model, change.datasets));
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

  bool Behind(const Model& model, const BuildRecord& build, const ModelChange& change) const {
    return freshness_.Behind(model, build, change.datasets);
  }

  const Project& project_;
  const runtime::State& state_;
  const PlanOptions& options_;
  const EnvironmentRecord* environment_;
  const EnvironmentRecord* base_;
  Freshness freshness_;
  std::vector<ModelChange> changes_;
};

}  // namespace

std::vector<ModelChange> DecideChanges(const Project& project, const runtime::State& state, const PlanOptions& options,
                                       base::Diagnostics& diagnostics) {
  return Decider(project, state, options).Decide(diagnostics);
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

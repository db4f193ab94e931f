#include "compiler/plan/build_plan.h"
#include "compiler/plan/grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/changes.h"
#include "compiler/plan/copy.h"
#include "compiler/plan/emit.h"
#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/names.h"
#include "compiler/plan/schema_changes.h"
#include "compiler/plan/steps.h"
#include "compiler/plan/units.h"
#include "compiler/plan/versions.h"
#include "compiler/project/quarantine.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::Category;
using runtime::Plan;
using runtime::PlanModel;
using runtime::RelationName;

namespace {

// A standalone audit runs with the last of the models that it reads.
void KeepStandaloneOnce(std::vector<PlanModel>& models) {
  std::set<std::string> seen;
  for (auto model = models.rbegin(); model != models.rend(); ++model) {
    std::erase_if(model->audits, [&seen](const runtime::PlanAudit& audit) {
      return audit.standalone && !seen.insert(audit.name).second;
    });
  }
}

class PlanBuilder {
 public:
  PlanBuilder(const Project& project, const runtime::State& state, const PlanOptions& options,
              base::Diagnostics& diagnostics)
      : project_(project),
        state_(state),
        options_(options),
        changes_(DecideChanges(project, state, options, diagnostics)) {
    const auto found = state.environments.find(options.environment);
    environment_ = found == state.environments.end() ? nullptr : &found->second;
    plan_.project = project.config.name;
    plan_.environment = options.environment;
    plan_.gateway = options.gateway;
    plan_.dialect = project.config.target().name;
    plan_.now = options.now.empty() ? "" : MomentText(options.moment);
    plan_.publish = options.publish;
    plan_.wapc_version = WAPC_VERSION;
    if (const auto gateway = project.config.gateways.find(options.gateway); gateway != project.config.gateways.end()) {
      plan_.dependents = gateway->second.dependents;
      plan_.snapshot_wait = gateway->second.snapshot_wait;
      plan_.old_snapshots = gateway->second.old_snapshots;
    }
    if (environment_ != nullptr) {
      plan_.structure_version = environment_->structure_version;
      plan_.data_version = environment_->data_version;
    }
  }

  Plan Build() {
    for (const int index : project_.order) {
      const Model& model = project_.models[static_cast<size_t>(index)];
      const ModelChange& change = changes_[static_cast<size_t>(index)];
      if (!model.has_build()) continue;
      if (change.left_out) {
        if (!options_.run) plan_.kept.push_back({model.name, "changed, and not selected"});
      } else if (change.planned) {
        AddModel(model, change);
      } else {
        ++plan_.unchanged;
        if (change.impact == runtime::Impact::kIndirectNonBreaking) plan_.kept.push_back({model.name, change.reason});
      }
    }
    KeepStandaloneOnce(plan_.models);
    AddRemoved();
    AssignGroups(project_, plan_);
    AddLoads();
    plan_.schemas.assign(schemas_.begin(), schemas_.end());
    plan_.changes_structure = std::any_of(plan_.models.begin(), plan_.models.end(), [](const PlanModel& model) {
      return model.category != Category::kLoads && model.category != Category::kIntervals &&
             model.category != Category::kRestated && model.category != Category::kDue;
    });
    return std::move(plan_);
  }

 private:
  // A name that no other build has: the content's version, whose it is, and from which state of the environment it
  // starts.
  std::string BuildId(const ModelChange& change, const Model& model) const {
    return base::ShortId(fmt::format("build\n{}\n{}\n{}\n{}.{}", model.name, change.table_version, options_.environment,
                                     plan_.structure_version, plan_.data_version));
  }

  void AddModel(const Model& model, const ModelChange& change) {
    PlanModel planned;
    planned.model = model.name;
    planned.kind = ToString(model.kind);
    planned.action = change.action;
    planned.category = change.category;
    planned.impact = change.impact;
    planned.reason = change.reason;
    planned.digests = {model.digests.data, model.digests.metadata, model.digests.audits, change.table_version};
    planned.description = model.description;
    planned.canonical = model.canonical;
    planned.metadata = model.metadata_text;
    if (options_.run) KeepMetadata(planned);
    planned.datasets.assign(change.datasets.begin(), change.datasets.end());
    for (const std::vector<int>* const list : {&model.depends_on, &model.audited_after}) {
      for (const int index : *list) {
        const Model& upstream = project_.models[static_cast<size_t>(index)];
        if (upstream.has_build()) planned.depends_on.push_back(upstream.name);
      }
    }
    AddColumns(model, planned);
    AddNames(model, change, planned);
    auto aside = AddSteps(project_, model, change, ParentDelta(model), QuarantineOf(model, change), planned);
    if (aside) asides_[model.name] = std::move(*aside);
    AddGrants(project_, model, ServedMetadata(model.name), planned);
    if (change.copy_of != nullptr) StartFromCopy(project_, model, change, planned);
    const bool made_anew = change.action == Action::kBuild && options_.rebuild.contains(model.name);
    if (made_anew && !options_.allow_loss) GuardAgainstLoss(project_, model, planned);
    if (change.action == Action::kDelta) deltas_[model.name] = planned.temporary.back();
    plan_.models.push_back(std::move(planned));
  }

  // Texts change with a plan, not with a run.
  void KeepMetadata(PlanModel& planned) const {
    const auto served = environment_->models.find(planned.model);
    if (served == environment_->models.end()) return;
    planned.digests.metadata = served->second.digests.metadata;
    planned.metadata = served->second.metadata;
  }

  void AddColumns(const Model& model, PlanModel& planned) const {
    for (const Column& column : model.columns) {
      const auto description = model.column_descriptions.find(column.name);
      planned.columns.push_back(
          {column.name, ToString(column.type), TypeInDialect(column.type, project_.config.target()), column.nullable,
           description == model.column_descriptions.end() ? column.description : description->second});
    }
  }

  void AddNames(const Model& model, const ModelChange& change, PlanModel& planned) {
    const bool made_here = change.action == Action::kBuild || change.action == Action::kView;
    planned.view = {ReaderSchema(model.schema, options_.environment), model.table};
    planned.build_id = made_here ? BuildId(change, model) : change.existing.build_id;
    planned.relation = made_here ? PhysicalName(model.schema, model.table, planned.build_id) : change.existing.relation;
    planned.candidate = planned.relation;
    const bool hands_over = made_here || options_.environment == "prod";
    planned.owner = hands_over ? options_.environment : change.existing.owner;
    if (change.action == Action::kBuild && environment_ != nullptr) {
      const auto served = environment_->models.find(model.name);
      if (served != environment_->models.end()) planned.replaced_rows = served->second.build.row_count;
    }
    if (change.action == Action::kDelta) {
      const std::string id = base::ShortId(BuildId(change, model) + " candidate");
      planned.candidate = PhysicalName(model.schema, model.table, id);
    }
    planned.served_until = ServedUntil(model, planned);
    schemas_.insert(planned.view.schema);
    schemas_.insert(planned.relation.schema);
    schemas_.insert(planned.candidate.schema);
  }

  std::string ServedMetadata(const std::string& model) const {
    if (environment_ == nullptr) return "";
    const auto served = environment_->models.find(model);
    return served == environment_->models.end() ? "" : served->second.metadata;
  }

  // How far the table is filled that another one takes the place of.
  std::string ServedUntil(const Model& model, const PlanModel& planned) const {
    const bool brings =
        planned.action == Action::kBuild || planned.action == Action::kReuse || planned.action == Action::kDelta;
    if (!HasIntervals(model.kind) || !brings || environment_ == nullptr) return {};
    const auto served = environment_->models.find(model.name);
    if (served == environment_->models.end() || served->second.build.relation == planned.relation) return {};
    const auto held = state_.intervals.find(served->second.build.build_id);
    if (held == state_.intervals.end() || held->second.empty()) return {};
    const auto last = std::max_element(held->second.begin(), held->second.end(),
                                       [](const auto& a, const auto& b) { return a.end < b.end; });
    return MomentText(last->end);
  }

  RelationName ParentDelta(const Model& model) const {
    const auto found = deltas_.find(model.removed.parent);
    return found == deltas_.end() ? RelationName{} : found->second;
  }

  // What was put aside before is in the table that is served when the apply runs, or in that of another environment.
  QuarantineSource QuarantineOf(const Model& model, const ModelChange& change) const {
    QuarantineSource out;
    const Model* const of = QuarantinedBy(project_, model);
    if (of == nullptr) return out;
    const auto aside = asides_.find(of->name);
    if (aside != asides_.end()) out.aside = &aside->second;
    if (change.existing.build_id.empty()) return out;
    const auto* const served = FindServed(model.name);
    const bool same = served != nullptr && served->build.build_id == change.existing.build_id;
    out.earlier = same ? Token("served", model.name) : Quoted(change.existing.relation, project_);
    return out;
  }

  const runtime::EnvironmentModel* FindServed(const std::string& name) const {
    if (environment_ == nullptr) return nullptr;
    const auto found = environment_->models.find(name);
    return found == environment_->models.end() ? nullptr : &found->second;
  }

  void AddRemoved() {
    if (environment_ == nullptr || options_.run || options_.select) return;
    for (const auto& [name, served] : environment_->models) {
      const Model* const model = project_.Find(name);
      if (model != nullptr && model->has_build()) continue;
      PlanModel planned;
      planned.model = name;
      planned.kind = served.kind;
      planned.action = Action::kRemove;
      planned.category = Category::kRemoved;
      const auto off = project_.disabled.find(name);
      planned.reason = off == project_.disabled.end()
                           ? "no longer in the project"
                           : fmt::format("off by '{}' in flags.yml", off->second.flag.selector);
      planned.owner = served.build.owner;
      planned.digests = served.digests;
      planned.view = served.view;
      plan_.models.push_back(std::move(planned));
    }
  }

  // Every dataset whose loads a planned model holds is frozen when the apply starts.
  void AddLoads() {
    std::set<std::string> datasets;
    for (const PlanModel& model : plan_.models) {
      const bool fills = model.action == Action::kBuild || model.action == Action::kDelta;
      if (fills && model.copy_of.empty()) datasets.insert(model.datasets.begin(), model.datasets.end());
    }
    for (const std::string& dataset : datasets) {
      const std::string id = base::ShortId(fmt::format("loads\n{}\n{}\n{}.{}", dataset, options_.environment,
                                                       plan_.structure_version, plan_.data_version));
      plan_.loads.push_back(FreezeLoads(project_, dataset, id));
      schemas_.insert(plan_.loads.back().snapshot.schema);
    }
  }

  const Project& project_;
  const runtime::State& state_;
  const PlanOptions& options_;
  std::vector<ModelChange> changes_;
  const runtime::EnvironmentRecord* environment_ = nullptr;
  std::map<std::string, RelationName> deltas_;
  std::map<std::string, PutAside> asides_;
  std::set<std::string> schemas_;
  Plan plan_;
};

}  // namespace

Plan BuildPlan(const Project& project, const runtime::State& state, const PlanOptions& options,
               base::Diagnostics& diagnostics) {
  Plan plan = PlanBuilder(project, state, options, diagnostics).Build();
  CheckSchemaChanges(project, plan, state, diagnostics);
  return plan;
}

std::vector<std::string> LeftOutOfRun(const Project& project, const runtime::EnvironmentRecord& environment) {
  std::vector<std::string> out;
  for (const Model& model : project.models) {
    if (!model.has_build()) continue;
    const auto served = environment.models.find(model.name);
    if (served == environment.models.end() || ChangedSince(model, served->second)) out.push_back(model.name);
  }
  return out;
}

ServedAudits AuditsOfServed(const Project& project, const runtime::EnvironmentRecord& environment,
                            const std::set<std::string>& names) {
  ServedAudits out;
  const auto datasets = DatasetsOf(project);
  for (const int index : project.order) {
    const Model& model = project.models[static_cast<size_t>(index)];
    const auto served = environment.models.find(model.name);
    if (served == environment.models.end() || (model.audits.empty() && QuarantinedBy(project, model) == nullptr))
      continue;
    if (!names.empty() && !names.contains(model.name)) continue;
    if (served->second.digests.data != model.digests.data) {
      out.changed.push_back(model.name);
      continue;
    }
    PlanModel audited;
    audited.model = model.name;
    audited.relation = audited.candidate = served->second.build.relation;
    audited.datasets.assign(datasets[static_cast<size_t>(index)].begin(), datasets[static_cast<size_t>(index)].end());
    audited.audits = PlanAudits(project, model, {});
    if (audited.audits.empty()) continue;
    out.models.push_back(std::move(audited));
  }
  KeepStandaloneOnce(out.models);
  return out;
}

std::vector<std::string> LoadedDatasets(const Project& project) {
  std::set<std::string> out;
  for (const std::set<std::string>& datasets : DatasetsOf(project)) out.insert(datasets.begin(), datasets.end());
  return {out.begin(), out.end()};
}

}  // namespace wapc::compiler

#include "runtime/apply/prepare.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace wapc::runtime {
namespace {

/// Everything that building and auditing the model reads, as depends_on and its templates say.
std::vector<std::string> ReadModels(const PlanModel& model) {
  std::vector<std::string> names = model.depends_on;
  const auto add = [&](std::string_view sql) {
    for (std::string& name : ModelsInTemplate(sql)) names.push_back(std::move(name));
  };
  for (const Step& step : model.build) add(step.sql);
  for (const PlanAudit& audit : model.audits) add(audit.sql);
  return names;
}

/// A table that is moved in place keeps the id under which it was first recorded.
std::string RecordedId(const Run& run, const PlanModel& model) {
  if (model.action != Action::kDelta) return model.build_id;
  if (const auto same = run.state.builds.find(model.build_id);
      same != run.state.builds.end() && same->second.relation == model.relation) {
    return model.build_id;
  }
  for (const auto& [id, build] : run.state.builds) {
    if (build.relation == model.relation) return id;
  }
  return model.build_id;
}

std::string Recorded(const Warehouse& warehouse, const std::string& build_id) {
  return "(SELECT schema_name, load_id FROM wapc.table_loads WHERE build_id = " + warehouse.Literal(build_id) + ")";
}

void PutModel(const Warehouse& warehouse, const std::string& model, const RelationName& rel, const RelationName& table,
              const std::string& build_id, TemplateValues& values) {
  values["rel:" + model] = warehouse.Quote(rel);
  values.try_emplace("served:" + model, warehouse.Quote(rel));
  values["table:" + model] = warehouse.Quote(table);
  values["recorded:" + model] = Recorded(warehouse, build_id);
}

}  // namespace

std::vector<RelationName> MadeRelations(const PlanModel& model) {
  if (!Builds(model.action)) return {};
  std::vector<RelationName> made = model.temporary;
  const auto add = [&](const RelationName& name) {
    if (std::find(made.begin(), made.end(), name) == made.end()) made.push_back(name);
  };
  if (model.candidate != model.relation) add(model.candidate);
  if (model.action != Action::kDelta) add(model.relation);
  return made;
}

void PrepareModels(Run& run) {
  std::unordered_map<std::string, size_t> places;
  run.models.clear();
  for (const PlanModel& model : run.plan.models) {
    ModelRun entry{.model = &model, .build_id = RecordedId(run, model)};
    if (run.environment != nullptr) {
      const auto served = run.environment->models.find(model.model);
      if (served != run.environment->models.end()) entry.served = &served->second;
    }
    std::set<size_t> reads;
    for (const std::string& name : ReadModels(model)) {
      // Only models before it in the plan count: those after it, and itself, it reads as they are served.
      if (const auto place = places.find(name); place != places.end()) reads.insert(place->second);
    }
    entry.reads.assign(reads.begin(), reads.end());
    places[model.model] = run.models.size();
    entry.standing =
        Builds(model.action) && model.action != Action::kDelta && run.state.builds.contains(model.build_id);
    run.models.push_back(std::move(entry));
  }
}

void PrepareValues(Run& run) {
  TemplateValues values;
  values["at"] = "@";
  PutMoment(values, run.warehouse, "execution_ts", run.attempt.execution_ts);
  if (run.environment != nullptr) {
    for (const auto& [name, model] : run.environment->models) {
      PutModel(run.warehouse, name, model.build.relation, model.build.relation, model.build.build_id, values);
    }
  }
  for (const ModelRun& entry : run.models) {
    const PlanModel& model = *entry.model;
    if (model.action == Action::kRemove) continue;
    PutModel(run.warehouse, model.model, model.candidate, model.relation, entry.build_id, values);
  }
  for (const PlanLoads& loads : run.plan.loads) {
    values["loads:" + loads.dataset] = run.warehouse.Quote(loads.snapshot);
  }
  run.values = std::make_shared<const TemplateValues>(std::move(values));
}

void UseServed(Run& run, const ModelRun& model) {
  const BuildRecord& build = model.served->build;
  TemplateValues values = *Values(run);
  PutModel(run.warehouse, model.model->model, build.relation, build.relation, build.build_id, values);
  const std::lock_guard lock(run.mutex);
  run.values = std::make_shared<const TemplateValues>(std::move(values));
}

base::Status CheckStructure(const Run& run, int64_t structure_version) {
  if (structure_version == run.plan.structure_version) return {};
  return base::Error{base::ErrorKind::kRace,
                     "the environment '" + run.plan.environment + "' moved from structure version " +
                         std::to_string(run.plan.structure_version) + " to " + std::to_string(structure_version) +
                         " since this plan was made; run wapc plan again"};
}

}  // namespace wapc::runtime

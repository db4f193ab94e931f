#include "runtime/apply/preflight.h"

#include <algorithm>
#include <set>
#include <string>

#include "runtime/apply/views.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

using NameSet = std::set<std::string>;

/// Names that differ only in the case of ASCII letters are one name to an engine that folds it, so they count as one
/// here.
std::string KeyOf(const RelationName& name) {
  std::string key = name.schema + '\0' + name.name;
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

NameSet OwnViews(const Run& run) {
  NameSet names;
  if (run.environment == nullptr) return names;
  for (const auto& [model, record] : run.environment->models) names.insert(KeyOf(record.view));
  return names;
}

NameSet OwnRelations(const Run& run, const std::vector<JournalEntry>& journal) {
  NameSet names;
  for (const auto& [id, build] : run.state.builds) names.insert(KeyOf(build.relation));
  for (const JournalEntry& entry : journal) {
    for (const RelationName& name : entry.relations) names.insert(KeyOf(name));
  }
  return names;
}

base::Error Foreign(const RelationName& name, RelationKind kind, const std::string& mend) {
  return {base::ErrorKind::kProject, Dotted(name) + " is a " + (kind == RelationKind::kView ? "view" : "table") +
                                         " that wapc did not make: " + mend};
}

base::Status CheckView(Run& run, const PlanModel& model, const NameSet& own) {
  auto found = run.warehouse.Find(model.view);
  if (!found) return found.error();
  if (!found->has_value()) return {};
  if ((*found)->kind == RelationKind::kView && own.contains(KeyOf(model.view))) return {};
  return Foreign(model.view, (*found)->kind, "move it away or rename the model");
}

base::Status CheckMade(Run& run, const std::vector<RelationName>& made, const NameSet& own) {
  for (const RelationName& name : made) {
    auto found = run.warehouse.Find(name);
    if (!found) return found.error();
    if (found->has_value() && !own.contains(KeyOf(name))) return Foreign(name, (*found)->kind, "move it away");
  }
  return {};
}

/// What the plan does not make must be there already.
base::Status CheckCountedOn(Run& run, const ModelRun& entry) {
  const PlanModel& model = *entry.model;
  if (model.action == Action::kRemove || model.action == Action::kBuild || model.action == Action::kView) return {};
  auto found = run.warehouse.Find(model.relation);
  if (!found) return found.error();
  if (found->has_value() && run.state.builds.contains(entry.build_id)) return {};
  return base::Error{base::ErrorKind::kWarehouse, "the plan counts on " + Dotted(model.relation) + " for " +
                                                      model.model + ", which is gone: run wapc plan again"};
}

base::Status CheckModel(Run& run, ModelRun& entry, const NameSet& views, const NameSet& relations) {
  const PlanModel& model = *entry.model;
  // What audits and metadata touch is no view, so nothing is in the way of them.
  const bool swaps = model.action != Action::kAudit && model.action != Action::kMetadata;
  if (swaps) {
    if (auto status = CheckView(run, model, views); !status) return status;
  }
  if (auto status = CheckMade(run, MadeRelations(model), relations); !status) return status;
  if (entry.standing) {
    auto found = run.warehouse.Find(model.relation);
    if (!found) return found.error();
    entry.standing = found->has_value();
  }
  return CheckCountedOn(run, entry);
}

}  // namespace

base::Status Preflight(Run& run, const std::vector<JournalEntry>& journal) {
  const NameSet views = OwnViews(run);
  const NameSet relations = OwnRelations(run, journal);
  const auto looked = InTransaction(run.warehouse, [&]() -> base::Status {
    for (ModelRun& entry : run.models) {
      if (auto status = CheckModel(run, entry, views, relations); !status) return status;
    }
    for (const PlanLoads& loads : run.plan.loads) {
      if (auto status = CheckMade(run, {loads.snapshot}, relations); !status) return status;
    }
    return {};
  });
  return looked ? CheckDependents(run) : looked;
}

}  // namespace wapc::runtime

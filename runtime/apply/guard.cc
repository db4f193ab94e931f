#include "runtime/apply/guard.h"

#include <algorithm>

#include "runtime/sql_text.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

std::vector<RelationName> GuardedRelations(const PlanModel& model) {
  std::vector<RelationName> names = MadeRelations(model);
  if (model.action != Action::kRemove && std::find(names.begin(), names.end(), model.relation) == names.end()) {
    names.push_back(model.relation);
  }
  return names;
}

base::Error Changed(const ModelRun& entry, const Guard& guard, const std::string& how) {
  return {base::ErrorKind::kWarehouse, "model " + entry.model->model + ": " + Dotted(guard.name) + " " + how +
                                           " after its audits; nothing was published"};
}

base::Status CheckIdentity(Run& run, const ModelRun& entry, const Guard& guard) {
  auto found = run.warehouse.Find(guard.name);
  if (!found) return found.error();
  if (!found->has_value()) return Changed(entry, guard, "was dropped");
  const bool same = (*found)->kind == guard.info.kind && (*found)->identity == guard.info.identity;
  return same ? base::Status() : Changed(entry, guard, "was made again");
}

}  // namespace

base::Status CaptureGuards(Run& run, const std::vector<ModelRun*>& entries) {
  if (entries.empty()) return {};
  std::vector<RelationName> tables;
  std::vector<std::pair<ModelRun*, size_t>> owners;
  return InTransaction(run.warehouse, [&]() -> base::Status {
    for (ModelRun* entry : entries) {
      entry->guards.clear();
      for (const RelationName& name : GuardedRelations(*entry->model)) {
        auto found = run.warehouse.Find(name);
        if (!found) return found.error();
        if (!found->has_value()) {
          return base::Error{base::ErrorKind::kWarehouse,
                             "model " + entry->model->model + ": its steps did not make " + Dotted(name)};
        }
        entry->guards.push_back({name, **found, 0});
        if ((*found)->kind != RelationKind::kTable) continue;
        tables.push_back(name);
        owners.emplace_back(entry, entry->guards.size() - 1);
      }
    }
    auto counts = CountRows(run.warehouse, tables);
    if (!counts) return counts.error();
    for (size_t i = 0; i < owners.size(); ++i) owners[i].first->guards[owners[i].second].rows = counts->at(i);
    return {};
  });
}

base::Status CheckGuards(Run& run) {
  std::vector<RelationName> tables;
  std::vector<std::pair<const ModelRun*, const Guard*>> owners;
  for (const ModelRun& entry : run.models) {
    for (const Guard& guard : entry.guards) {
      if (auto status = CheckIdentity(run, entry, guard); !status) return status;
      if (guard.info.kind != RelationKind::kTable) continue;
      tables.push_back(guard.name);
      owners.emplace_back(&entry, &guard);
    }
  }
  const auto counts = CountRows(run.warehouse, tables);
  if (!counts) return counts.error();
  for (size_t i = 0; i < owners.size(); ++i) {
    const auto& [entry, guard] = owners[i];
    if (counts->at(i) == guard->rows) continue;
    return Changed(*entry, *guard,
                   "went from " + std::to_string(guard->rows) + " to " + std::to_string(counts->at(i)) + " rows");
  }
  return {};
}

}  // namespace wapc::runtime

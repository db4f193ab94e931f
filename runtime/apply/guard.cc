#include "runtime/apply/guard.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/sql_text.h"

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

/// A number that is the same for the same rows in any order, and another one for other rows: the sum over all of them
/// of a part of the digest of each as text. In words that every engine has: the digits are looked up one by one.
base::Result<std::string> ContentOf(Run& run, Warehouse& warehouse, const RelationName& name) {
  constexpr int kDigits = 14;
  std::string digits;
  int64_t weight = 1;
  for (int i = kDigits; i > 0; --i, weight *= 16) {
    digits += fmt::format("{}CAST(strpos('123456789abcdef', substr(h, {}, 1)) AS bigint) * {}",
                          digits.empty() ? "" : " + ", i, weight);
  }
  auto rows = run.watch.Watched(warehouse, [&] {
    return warehouse.Query(fmt::format(
        "SELECT CAST(COALESCE(sum({}), 0) AS text) FROM (SELECT md5(CAST(wapc_row AS text)) AS h FROM {} AS "
        "wapc_row) AS hashed",
        digits, warehouse.Quote(name)));
  });
  if (!rows) return Because("reading the rows of " + Dotted(name), rows.error());
  return rows->rows.at(0).at(0).value_or("");
}

}  // namespace

base::Status CaptureGuards(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries) {
  std::vector<RelationName> tables;
  std::vector<std::pair<ModelRun*, size_t>> owners;
  for (ModelRun* const entry : entries) {
    entry->guards.clear();
    for (const RelationName& name : GuardedRelations(*entry->model)) {
      auto found = warehouse.Find(name);
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
  const auto counts = run.watch.Watched(warehouse, [&] { return CountRows(warehouse, tables); });
  if (!counts) return counts.error();
  for (size_t i = 0; i < owners.size(); ++i) {
    Guard& guard = owners[i].first->guards[owners[i].second];
    guard.rows = counts->at(i);
    if (!run.options.verify_content) continue;
    auto content = ContentOf(run, warehouse, guard.name);
    if (!content) return content.error();
    guard.content = std::move(*content);
  }
  return {};
}

base::Status CheckGuards(Run& run) {
  std::vector<RelationName> tables;
  std::vector<std::pair<const ModelRun*, const Guard*>> owners;
  for (const ModelRun& entry : run.models) {
    if (entry.fate != Fate::kDone) continue;
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
    if (counts->at(i) != guard->rows) {
      return Changed(*entry, *guard,
                     "went from " + std::to_string(guard->rows) + " to " + std::to_string(counts->at(i)) + " rows");
    }
    if (!run.options.verify_content) continue;
    const auto content = ContentOf(run, run.warehouse, guard->name);
    if (!content) return content.error();
    if (*content != guard->content) return Changed(*entry, *guard, "got other rows");
  }
  return {};
}

}  // namespace wapc::runtime

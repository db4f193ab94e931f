#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/digest.h"
#include "runtime/plan.h"
#include "runtime/plan_json.h"

namespace wapc::runtime {
namespace {

using Json = nlohmann::ordered_json;

/// Broken UTF-8 in a text becomes U+FFFD rather than an exception.
template <class AnyJson>
std::string Dump(const AnyJson& json, int indent) {
  return json.dump(indent, ' ', false, AnyJson::error_handler_t::replace);
}

Json ToJson(const RelationName& name) { return {{"schema", name.schema}, {"name", name.name}}; }

Json ToJson(const Step& step) {
  Json json{{"id", step.id}, {"sql", step.sql}};
  const bool once = step.batches.size() == 1 && step.batches[0].start.empty() && step.batches[0].end.empty();
  if (once) return json;
  Json batches = Json::array();
  for (const Batch& batch : step.batches)
    batches.push_back({{"start", batch.start}, {"end", batch.end}, {"last", batch.last}});
  json["batches"] = std::move(batches);
  return json;
}

Json ToJson(const PlanLoads& loads) {
  return {{"dataset", loads.dataset}, {"snapshot", ToJson(loads.snapshot)}, {"freeze", ToJson(loads.freeze)}};
}

Json ToJson(const PlanAudit& audit) {
  Json json{{"name", audit.name}, {"digest", audit.digest}, {"blocking", audit.blocking}, {"sql", audit.sql}};
  if (!audit.count.empty()) json["count"] = audit.count;
  if (audit.standalone) json["standalone"] = true;
  if (audit.max_rows > 0) json["max_rows"] = audit.max_rows;
  if (audit.max_share > 0) json["max_share"] = audit.max_share;
  return json;
}

Json ToJson(const PlanColumn& column) {
  Json json{
      {"name", column.name}, {"type", column.type}, {"engine_type", column.engine_type}, {"nullable", column.nullable}};
  if (!column.description.empty()) json["description"] = column.description;
  return json;
}

Json ToJson(const PlanKept& kept) { return {{"model", kept.model}, {"reason", kept.reason}}; }

Json ToJson(const std::string& text) { return text; }

Json ToJson(const PlanModel& model);

template <class T>
Json ListToJson(const std::vector<T>& items) {
  Json json = Json::array();
  for (const T& item : items) json.push_back(ToJson(item));
  return json;
}

/// What is empty is left out, so that a reviewer reads only what is there.
template <class T>
void PutUnlessEmpty(Json& json, const char* key, const std::vector<T>& items) {
  if (!items.empty()) json[key] = ListToJson(items);
}

void PutUnlessEmpty(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

Json ToJson(const PlanModel& model) {
  Json json{{"model", model.model},
            {"kind", model.kind},
            {"action", ToString(model.action)},
            {"category", ToString(model.category)}};
  if (model.impact != Impact::kNone) json["impact"] = ToString(model.impact);
  json["reason"] = model.reason;
  json["owner"] = model.owner;
  if (model.replaced_rows > 0) json["replaced_rows"] = model.replaced_rows;
  PutUnlessEmpty(json, "copy_of", model.copy_of);
  PutUnlessEmpty(json, "served_until", model.served_until);
  if (!model.description.empty()) json["description"] = model.description;
  PutUnlessEmpty(json, "depends_on", model.depends_on);
  PutUnlessEmpty(json, "datasets", model.datasets);
  PutUnlessEmpty(json, "group", model.group);
  json["digests"] = {{"data", model.digests.data},
                     {"metadata", model.digests.metadata},
                     {"audits", model.digests.audits},
                     {"table_version", model.digests.table_version}};
  PutUnlessEmpty(json, "build_id", model.build_id);
  if (model.relation != RelationName{}) json["relation"] = ToJson(model.relation);
  if (model.candidate != model.relation) json["candidate"] = ToJson(model.candidate);
  json["view"] = ToJson(model.view);
  PutUnlessEmpty(json, "columns", model.columns);
  PutUnlessEmpty(json, "hold_sql", model.hold_sql);
  PutUnlessEmpty(json, "build", model.build);
  PutUnlessEmpty(json, "publish", model.publish);
  PutUnlessEmpty(json, "temporary", model.temporary);
  PutUnlessEmpty(json, "undo", model.undo);
  PutUnlessEmpty(json, "kept", model.kept);
  PutUnlessEmpty(json, "after_views", model.after_views);
  if (model.keeps_loads) json["keeps_loads"] = true;
  PutUnlessEmpty(json, "audits", model.audits);
  PutUnlessEmpty(json, "canonical", model.canonical);
  PutUnlessEmpty(json, "metadata", model.metadata);
  return json;
}

}  // namespace

std::string_view ToString(Action action) {
  constexpr std::array<std::string_view, 7> kWords{"build", "delta", "view", "reuse", "audit", "metadata", "remove"};
  return kWords.at(static_cast<size_t>(action));
}

std::string_view ToString(Category category) {
  constexpr std::array<std::string_view, 10> kWords{"added",    "direct",   "indirect", "loads", "intervals",
                                                    "restated", "metadata", "audits",   "due",   "removed"};
  return kWords.at(static_cast<size_t>(category));
}

std::string_view ToString(Impact impact) {
  constexpr std::array<std::string_view, 7> kWords{
      "", "breaking", "non-breaking", "forward-only", "indirect breaking", "indirect non-breaking", "metadata"};
  return kWords.at(static_cast<size_t>(impact));
}

std::string WritePlan(const Plan& plan) {
  Json json{{"format", kPlanFormat},           {"wapc_version", plan.wapc_version}, {"project", plan.project},
            {"environment", plan.environment}, {"gateway", plan.gateway},           {"dialect", plan.dialect}};
  PutUnlessEmpty(json, "now", plan.now);
  json["publish"] = plan.publish;
  PutUnlessEmpty(json, "dependents", plan.dependents);
  if (plan.snapshot_wait) json["snapshot_wait"] = *plan.snapshot_wait;
  PutUnlessEmpty(json, "old_snapshots", plan.old_snapshots);
  json["structure_version"] = plan.structure_version;
  json["data_version"] = plan.data_version;
  json["changes_structure"] = plan.changes_structure;
  json["unchanged"] = plan.unchanged;
  PutUnlessEmpty(json, "kept", plan.kept);
  json["schemas"] = plan.schemas;
  json["loads"] = ListToJson(plan.loads);
  json["models"] = ListToJson(plan.models);
  // Keys are sorted for the digest, so that it does not hang on their order or on white space.
  json["sha256"] = base::Sha256Hex(Dump(nlohmann::json(json), -1));
  return Dump(json, 2) + "\n";
}

std::string ColumnsToJson(const std::vector<PlanColumn>& columns) { return Dump(ListToJson(columns), -1); }

std::string NamesToJson(const std::vector<std::string>& names) { return Dump(Json(names), -1); }

}  // namespace wapc::runtime

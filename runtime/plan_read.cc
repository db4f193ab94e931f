#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/digest.h"
#include "runtime/plan.h"
#include "runtime/plan_json.h"
#include "wapc_runtime_embedded.h"

namespace wapc::runtime {
namespace {

using Json = nlohmann::json;

base::Error Fault(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

/// "line:column" of a byte, both from 1; the column counts code points.
std::string PlaceOf(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t newline = before.rfind('\n');
  const std::string_view last = newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto column = std::count_if(last.begin(), last.end(), [](char c) { return (c & '\xC0') != '\x80'; }) + 1;
  return std::to_string(line) + ":" + std::to_string(column);
}

base::Result<Json> ParseJson(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    // The library's text begins with its own name and place: "[json...] parse error at line 1, column 2: reason".
    const std::string_view what = error.what();
    const size_t place = what.find("parse error");
    const size_t reason = place == std::string_view::npos ? place : what.find(": ", place);
    const std::string_view words = reason == std::string_view::npos ? what : what.substr(reason + 2);
    const size_t byte = error.byte == 0 ? 0 : error.byte - 1;
    return Fault("the plan is not valid JSON at " + PlaceOf(text, byte) + ": " + std::string(words));
  }
}

std::string_view EmbeddedSchema() {
  for (const auto& file : embedded::wapc_runtime::Files()) {
    if (file.path.ends_with("plan.schema.json")) return file.text;
  }
  return "{}";
}

/// "<root>[models][0][kind]" of valijson as a JSON pointer: "/models/0/kind".
std::string Pointer(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part.size() < 2 || part.front() != '[') continue;
    pointer += "/" + part.substr(1, part.size() - 2);
  }
  return pointer.empty() ? "/" : pointer;
}

base::Status CheckSchema(const Json& json) {
  valijson::Schema schema;
  valijson::ValidationResults results;
  try {
    const Json document = Json::parse(EmbeddedSchema());
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(document), schema);
    valijson::Validator validator;
    if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(json), &results)) return {};
  } catch (const std::exception& error) {
    return Fault(std::string("the plan could not be checked against its schema: ") + error.what());
  }
  // The deepest finding is the fault itself; the others only say that what holds it is wrong too.
  valijson::ValidationResults::Error error;
  valijson::ValidationResults::Error deepest;
  while (results.popError(error)) {
    if (error.context.size() > deepest.context.size()) deepest = error;
  }
  return Fault("the plan does not fit its schema at " + Pointer(deepest.context) + ": " + deepest.description);
}

base::Status CheckFormat(const Json& json) {
  if (!json.is_object() || !json.contains("format") || !json["format"].is_number_integer()) {
    return Fault("this is not a wapc plan: it has no \"format\" number; make one with wapc plan");
  }
  const auto format = json["format"].get<int64_t>();
  if (format <= kPlanFormat) return {};
  return Fault("the plan has format " + std::to_string(format) + ", which is newer than this wapc reads (" +
               std::to_string(kPlanFormat) + "): apply it with the wapc that made it");
}

std::string TextAt(const Json& json, const char* key) {
  const auto at = json.find(key);
  return at == json.end() ? std::string() : at->get<std::string>();
}

template <class T>
std::vector<T> ListAt(const Json& json, const char* key, T (*read)(const Json&)) {
  std::vector<T> items;
  const auto at = json.find(key);
  if (at == json.end()) return items;
  items.reserve(at->size());
  for (const Json& item : *at) items.push_back(read(item));
  return items;
}

std::string ReadText(const Json& json) { return json.get<std::string>(); }

RelationName ReadRelation(const Json& json) { return {TextAt(json, "schema"), TextAt(json, "name")}; }

RelationName RelationAt(const Json& json, const char* key) {
  const auto at = json.find(key);
  return at == json.end() ? RelationName{} : ReadRelation(*at);
}

Batch ReadBatch(const Json& json) { return {TextAt(json, "start"), TextAt(json, "end"), TextAt(json, "last")}; }

Step ReadStep(const Json& json) {
  Step step{.id = TextAt(json, "id"), .sql = TextAt(json, "sql")};
  if (json.contains("batches")) step.batches = ListAt(json, "batches", ReadBatch);
  return step;
}

PlanLoads ReadLoads(const Json& json) {
  return {TextAt(json, "dataset"), RelationAt(json, "snapshot"), ReadStep(json.at("freeze"))};
}

PlanAudit ReadAudit(const Json& json) {
  PlanAudit audit{TextAt(json, "name"), TextAt(json, "digest"), json.at("blocking").get<bool>(), TextAt(json, "sql")};
  audit.count = TextAt(json, "count");
  audit.standalone = json.value("standalone", false);
  audit.max_rows = json.value("max_rows", int64_t{0});
  audit.max_share = json.value("max_share", 0.0);
  return audit;
}

PlanColumn ReadColumn(const Json& json) {
  return {TextAt(json, "name"), TextAt(json, "type"), TextAt(json, "engine_type"), json.at("nullable").get<bool>(),
          TextAt(json, "description")};
}

/// The schema has checked that the word is one of them.
template <class Enum>
Enum ReadWord(const std::string& word, Enum last) {
  for (uint8_t i = 0; i < static_cast<uint8_t>(last); ++i) {
    if (ToString(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  return last;
}

PlanModel ReadModel(const Json& json) {
  PlanModel model;
  model.model = TextAt(json, "model");
  model.kind = TextAt(json, "kind");
  model.action = ReadWord(TextAt(json, "action"), Action::kRemove);
  model.category = ReadWord(TextAt(json, "category"), Category::kRemoved);
  model.impact = ReadWord(TextAt(json, "impact"), Impact::kMetadata);
  model.reason = TextAt(json, "reason");
  model.replaced_rows = json.value("replaced_rows", int64_t{0});
  model.copy_of = TextAt(json, "copy_of");
  model.served_until = TextAt(json, "served_until");
  model.owner = TextAt(json, "owner");
  model.description = TextAt(json, "description");
  model.depends_on = ListAt(json, "depends_on", ReadText);
  model.datasets = ListAt(json, "datasets", ReadText);
  model.group = TextAt(json, "group");
  const Json& digests = json.at("digests");
  model.digests = {TextAt(digests, "data"), TextAt(digests, "metadata"), TextAt(digests, "audits"),
                   TextAt(digests, "table_version")};
  model.build_id = TextAt(json, "build_id");
  model.relation = RelationAt(json, "relation");
  model.candidate = json.contains("candidate") ? RelationAt(json, "candidate") : model.relation;
  model.view = RelationAt(json, "view");
  model.columns = ListAt(json, "columns", ReadColumn);
  model.hold_sql = TextAt(json, "hold_sql");
  model.build = ListAt(json, "build", ReadStep);
  model.publish = ListAt(json, "publish", ReadStep);
  model.temporary = ListAt(json, "temporary", ReadRelation);
  model.undo = ListAt(json, "undo", ReadStep);
  model.kept = ListAt(json, "kept", ReadRelation);
  model.after_views = ListAt(json, "after_views", ReadStep);
  model.keeps_loads = json.value("keeps_loads", false);
  model.audits = ListAt(json, "audits", ReadAudit);
  model.canonical = TextAt(json, "canonical");
  model.metadata = TextAt(json, "metadata");
  return model;
}

PlanKept ReadKept(const Json& json) { return {TextAt(json, "model"), TextAt(json, "reason")}; }

Plan ReadFields(const Json& json) {
  Plan plan;
  plan.wapc_version = TextAt(json, "wapc_version");
  plan.project = TextAt(json, "project");
  plan.environment = TextAt(json, "environment");
  plan.gateway = TextAt(json, "gateway");
  plan.dialect = TextAt(json, "dialect");
  plan.now = TextAt(json, "now");
  plan.publish = TextAt(json, "publish");
  plan.dependents = TextAt(json, "dependents");
  if (json.contains("snapshot_wait")) plan.snapshot_wait = json["snapshot_wait"].get<int64_t>();
  plan.old_snapshots = TextAt(json, "old_snapshots");
  plan.structure_version = json.at("structure_version").get<int64_t>();
  plan.data_version = json.at("data_version").get<int64_t>();
  plan.changes_structure = json.at("changes_structure").get<bool>();
  plan.unchanged = json.at("unchanged").get<int64_t>();
  plan.kept = ListAt(json, "kept", ReadKept);
  plan.schemas = ListAt(json, "schemas", ReadText);
  plan.loads = ListAt(json, "loads", ReadLoads);
  plan.models = ListAt(json, "models", ReadModel);
  return plan;
}

}  // namespace

base::Result<ReadPlanResult> ReadPlan(std::string_view text) {
  auto parsed = ParseJson(text);
  if (!parsed) return parsed.error();
  Json& json = *parsed;
  if (auto status = CheckFormat(json); !status) return status.error();
  if (auto status = CheckSchema(json); !status) return status.error();
  const std::string claimed = TextAt(json, "sha256");
  json.erase("sha256");
  const std::string actual = base::Sha256Hex(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (actual != claimed) {
    return Fault("the plan was changed after it was made: its digest is " + actual + ", but it says " + claimed +
                 "; make a new one with wapc plan");
  }
  try {
    return ReadPlanResult{ReadFields(json), actual};
  } catch (const Json::exception& error) {
    return Fault(std::string("the plan cannot be read: ") + error.what());
  }
}

std::vector<PlanColumn> ColumnsFromJson(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return ListAt(Json{{"columns", json}}, "columns", ReadColumn);
  } catch (const Json::exception&) {
    return {};
  }
}

std::vector<std::string> NamesFromJson(std::string_view text) {
  try {
    return Json::parse(text).get<std::vector<std::string>>();
  } catch (const Json::exception&) {
    return {};
  }
}

}  // namespace wapc::runtime

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "compiler/compile.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

using Json = nlohmann::ordered_json;

// The layout of manifest.json.
constexpr int kManifestFormat = 1;

class ManifestWriter {
 public:
  ManifestWriter(const Project& project, const base::SourceMap& sources) : project_(project), sources_(sources) {}

  std::string Head() const {
    const std::string gateway = project_.config.translates() ? fmt::format("\n\"gateway_dialect\": {},",
                                                                           Text(Json(project_.config.target().name)))
                                                             : std::string();
    return fmt::format(
        "{{\n\"format\": {},\n\"wapc_version\": {},\n\"project\": {},\n\"dialect\": {},{}\n\"models\": [",
        kManifestFormat, Text(Json(WAPC_VERSION)), Text(Json(project_.config.name)),
        Text(Json(project_.config.dialect->name)), gateway);
  }

  std::string Entry(const Model& model) const { return Text(ModelJson(model)); }

 private:
  static std::string Text(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

  Json ModelJson(const Model& model) const {
    Json out;
    out["name"] = model.name;
    out["kind"] = ToString(model.kind);
    out["place"] = sources_.Place(model.name_span);
    AddFacts(model, out);
    out["columns"] = Json::array();
    for (const Column& column : model.columns) out["columns"].push_back(ColumnJson(model, column));
    out["depends_on"] = Names(model.depends_on);
    if (model.kind == ModelKind::kExternal) return out;
    out["audits"] = Json::array();
    for (const AuditCall& audit : model.audits) out["audits"].push_back(AuditJson(audit));
    if (!model.digests.data.empty()) {
      out["digests"] = {
          {"data", model.digests.data}, {"metadata", model.digests.metadata}, {"audits", model.digests.audits}};
    }
    if (model.query != nullptr) out["sql"] = RenderQuery(model, project_, true);
    if (model.gateway_query != nullptr)
      out["gateway_sql"] = RenderQuery(*model.gateway_query, project_.config.target(), true);
    return out;
  }

  static void AddFacts(const Model& model, Json& out) {
    if (!model.description.empty()) out["description"] = model.description;
    if (!model.owner.empty()) out["owner"] = model.owner;
    if (!model.cron.empty()) out["cron"] = model.cron;
    if (!model.start.empty()) out["start"] = model.start;
    if (!model.tags.empty()) out["tags"] = model.tags;
    if (!model.grain.empty()) out["grain"] = model.grain;
    if (!model.unique_key.empty()) out["unique_key"] = model.unique_key;
    if (!model.load_column.empty()) out["load_column"] = model.load_column;
    if (model.unaudited) out["unaudited_between_runs"] = true;
  }

  Json ColumnJson(const Model& model, const Column& column) const {
    Json out;
    out["name"] = column.name;
    out["type"] = ToString(column.type);
    out["nullable"] = column.nullable;
    const auto text = model.column_descriptions.find(column.name);
    const std::string& description = text == model.column_descriptions.end() ? column.description : text->second;
    if (!description.empty()) out["description"] = description;
    if (column.sources.empty()) return out;
    out["sources"] = Json::array();
    for (const ColumnSource& source : column.sources) {
      out["sources"].push_back(project_.models[static_cast<size_t>(source.model)].name + "." + source.column);
    }
    return out;
  }

  Json AuditJson(const AuditCall& audit) const {
    Json out;
    out["name"] = audit.title.empty() ? audit.name : audit.title;
    out["blocking"] = audit.blocking;
    if (audit.query == nullptr) return out;
    grammar::PrintOptions options;
    options.dialect = project_.config.dialect;
    out["digest"] = audit.digest;
    out["sql"] = grammar::Print(*audit.query, options);
    if (audit.gateway_query == nullptr) return out;
    options.dialect = &project_.config.target();
    out["gateway_sql"] = grammar::Print(*audit.gateway_query, options);
    return out;
  }

  Json Names(const std::vector<int>& models) const {
    Json out = Json::array();
    for (const int index : models) out.push_back(project_.models[static_cast<size_t>(index)].name);
    return out;
  }

  const Project& project_;
  const base::SourceMap& sources_;
};

}  // namespace

std::string ManifestHead(const Project& project, const base::SourceMap& sources) {
  return ManifestWriter(project, sources).Head();
}

std::string ManifestEntry(const Project& project, const Model& model, const base::SourceMap& sources) {
  return ManifestWriter(project, sources).Entry(model);
}

std::string WriteManifest(const Project& project, const base::SourceMap& sources) {
  // Entry by entry, since the tree of a large project would take several times the memory of its text.
  std::string out = ManifestHead(project, sources);
  bool first = true;
  for (const Model& model : project.models) {
    out += ManifestSeparator(std::exchange(first, false));
    out += ManifestEntry(project, model, sources);
  }
  return out += kManifestTail;
}

}  // namespace wapc::compiler

#include "compiler/plan/grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/plan/emit.h"
#include "grammar/dialect.h"
#include "runtime/state/records.h"

namespace wapc::compiler {
namespace {

std::set<std::string> Lines(std::string_view text) {
  std::set<std::string> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    out.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::vector<std::string> ReadersOf(const Config& config, const Model& model) {
  std::set<std::string> roles(model.readers.begin(), model.readers.end());
  for (const SchemaGrant& grant : config.grants) {
    if (grant.schema.empty() || grant.schema == model.schema) roles.insert(grant.roles.begin(), grant.roles.end());
  }
  return {roles.begin(), roles.end()};
}

void AddGrants(const Project& project, const Model& model, std::string_view served, runtime::PlanModel& planned) {
  if (project.config.target().name != "postgres") return;
  const std::vector<std::string> roles = ReadersOf(project.config, model);
  const std::string schema = Quoted(planned.view.schema, project);
  const std::string view = Quoted(planned.view, project);
  const auto add = [&](const std::string& sql) {
    const std::string id = fmt::format("{}/grant/{}", model.name, planned.after_views.size() + 1);
    planned.after_views.push_back({id, sql, {runtime::Batch{}}});
  };
  for (const std::string& role : roles) {
    add(fmt::format("GRANT USAGE ON SCHEMA {} TO {}", schema, Quoted(role, project)));
    add(fmt::format("GRANT SELECT ON {} TO {}", view, Quoted(role, project)));
  }
  for (const std::string& role : Lines(runtime::MetadataField(served, "grants"))) {
    if (std::binary_search(roles.begin(), roles.end(), role)) continue;
    add(fmt::format("REVOKE SELECT ON {} FROM {}", view, Quoted(role, project)));
  }
}

}  // namespace wapc::compiler

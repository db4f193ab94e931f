#include "compiler/passes/graph_relations.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/passes/scope.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kUnknownModel{"unknown-model", base::Severity::kError};
constexpr base::DiagnosticCode kDisabledModel{"disabled-model", base::Severity::kError};

std::string Written(const grammar::TableName& ref) {
  std::string out;
  for (const grammar::Identifier& part : ref.parts) out += (out.empty() ? "" : ".") + std::string(part.text);
  return out;
}

// The model whose name without schema is nearest.
std::optional<std::string> NearestTable(const Project& project, const std::string& table) {
  std::vector<std::string> tables;
  for (const Model& model : project.models) tables.push_back(model.table);
  const auto near = base::ClosestName(table, tables);
  if (!near) return std::nullopt;
  const auto at = std::find(tables.begin(), tables.end(), *near) - tables.begin();
  return project.models[static_cast<size_t>(at)].name;
}

bool ReportDisabled(const Project& project, const std::string& name, base::Span span, base::Diagnostics& diagnostics) {
  const auto off = project.disabled.find(name);
  if (off == project.disabled.end()) return false;
  diagnostics.Report(kDisabledModel, span, fmt::format("{} is off, so nothing can read it", name))
      .Note(off->second.flag.span, "turned off here")
      .Help(fmt::format("turn it on with `wapc flags enable --select {0}`, or turn off what reads it too", name));
  return true;
}

void ReportUnknown(const Project& project, const grammar::TableName& ref, base::Diagnostics& diagnostics) {
  const std::string name = FoldName(Written(ref));
  if (ReportDisabled(project, name, ref.span, diagnostics)) return;
  std::vector<std::string> names;
  for (const Model& model : project.models) names.push_back(model.name);
  const bool bare = ref.parts.size() == 1;
  const auto near = bare ? NearestTable(project, name) : base::ClosestName(name, names);
  auto report = diagnostics.Report(
      kUnknownModel, ref.span,
      bare ? fmt::format("\"{}\" is no CTE of this query, and a model's name needs its schema", Written(ref))
           : fmt::format("there is no model or raw table \"{}\"", Written(ref)));
  if (near) {
    report.Help(fmt::format("did you mean {}?", *near));
    report.Fix(ref.span, *near, fmt::format("write {}", *near), false);
  } else if (bare) {
    report.Help("write schema.name");
  } else {
    report.Help(fmt::format(
        "if the table exists, declare it: metadata/{}/schema.yml for what dlt loads, else a model of kind EXTERNAL",
        ref.parts[ref.parts.size() - 2].text));
  }
}

// The names of every WITH of the query. A name that only another part's WITH has is found out when it is bound.
std::vector<std::string_view> CteNames(grammar::Query& query) {
  std::vector<std::string_view> names;
  grammar::Visitor visitor;
  visitor.query = [&](grammar::Query& inner) {
    for (const grammar::Cte& cte : inner.ctes) names.push_back(cte.name.text);
    return true;
  };
  grammar::Walk(query, visitor);
  return names;
}

}  // namespace

void ResolveRelations(const Project& project, grammar::Query& query,
                      std::map<const grammar::TableName*, int>& relations, base::Diagnostics& diagnostics) {
  const std::vector<std::string_view> ctes = CteNames(query);
  std::string key;
  grammar::Visitor visitor;
  visitor.table = [&](grammar::TableRef& table) {
    const auto* const ref = grammar::As<grammar::TableName>(&table);
    if (ref == nullptr) return true;
    const auto same = [&](std::string_view name) { return SameName(name, ref->parts.back().text); };
    if (ref->parts.size() == 1) {
      if (std::none_of(ctes.begin(), ctes.end(), same)) ReportUnknown(project, *ref, diagnostics);
      return true;
    }
    key = FoldName(ref->parts[ref->parts.size() - 2].text);
    key += '.';
    key += FoldName(ref->parts.back().text);
    const auto found = project.by_name.find(key);
    if (found == project.by_name.end()) {
      ReportUnknown(project, *ref, diagnostics);
    } else {
      relations.emplace(ref, found->second);
    }
    return true;
  };
  grammar::Walk(query, visitor);
}

std::optional<int> ResolveDeclared(const Project& project, const std::string& name, base::Span span,
                                   base::Diagnostics& diagnostics) {
  const auto found = project.by_name.find(name);
  if (found != project.by_name.end()) return found->second;
  std::vector<std::string> names;
  for (const Model& model : project.models) names.push_back(model.name);
  const auto near = base::ClosestName(name, names);
  diagnostics.Report(kUnknownModel, span, fmt::format("there is no model or raw table \"{}\"", name))
      .Help(near ? fmt::format("did you mean {}?", *near) : "write schema.model");
  return std::nullopt;
}

}  // namespace wapc::compiler

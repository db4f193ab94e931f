#include "compiler/affected.h"

#include <algorithm>

namespace wapc::compiler {
namespace {

bool IsConfiguration(std::string_view file) { return file == "wapc.yaml" || file == "environment"; }

/// The dataset of "metadata/<dataset>/schema.yml"; empty for another file.
std::string DatasetOf(const std::string& file) {
  constexpr std::string_view kFolder = "metadata/";
  if (!file.starts_with(kFolder)) return "";
  const size_t end = file.rfind('/');
  return end <= kFolder.size() ? "" : file.substr(kFolder.size(), end - kFolder.size());
}

/// Whether wapc reads the file at all.
bool IsOfProject(const std::string& file) {
  for (const std::string_view folder : {"models/", "metadata/", "audits/", "macros/", "seeds/", ".dlt/"}) {
    if (file.starts_with(folder)) return true;
  }
  return file == "wapc.yaml";
}

/// Marks every model that reads a marked one; the graph has no cycle that was not reported, so passes end.
void MarkDownstream(const ModelGraph& graph, std::set<std::string_view>& marked) {
  for (bool more = true; more;) {
    more = false;
    for (const GraphModel& model : graph) {
      const auto& reads = model.depends_on;
      if (marked.contains(model.name) ||
          std::none_of(reads.begin(), reads.end(), [&](const std::string& read) { return marked.contains(read); }))
        continue;
      marked.insert(model.name);
      more = true;
    }
  }
}

}  // namespace

GraphModel GraphModelOf(const Project& project, const Model& model, const base::SourceMap& sources) {
  GraphModel out;
  out.name = model.name;
  if (model.name_span.known()) out.file = sources.Name(model.name_span.source);
  if (model.raw_schema != nullptr) out.dataset = model.raw_schema->dataset;
  out.own = model.kind != ModelKind::kExternal;
  for (const int read : model.depends_on) out.depends_on.push_back(project.models[static_cast<size_t>(read)].name);
  return out;
}

ModelGraph GraphOf(const Project& project, const base::SourceMap& sources) {
  ModelGraph out;
  for (const Model& model : project.models) out.push_back(GraphModelOf(project, model, sources));
  return out;
}

Affected FindAffected(const ModelGraph& graph, const ChangedFiles& changed) {
  Affected out;
  std::set<std::string> datasets;
  for (const std::string& file : changed.present) {
    if (!IsOfProject(file)) continue;
    out.files.insert(file);
    const std::string dataset = DatasetOf(file);
    if (!dataset.empty()) datasets.insert(dataset);
    out.everything = out.everything || (dataset.empty() && !file.starts_with("models/"));
  }
  out.everything = out.everything || std::any_of(changed.gone.begin(), changed.gone.end(), IsOfProject);
  std::set<std::string_view> marked;
  for (const GraphModel& model : graph) {
    if (out.everything || out.files.contains(model.file) || datasets.contains(model.dataset)) marked.insert(model.name);
  }
  MarkDownstream(graph, marked);
  for (const GraphModel& model : graph) {
    if (!marked.contains(model.name)) continue;
    out.files.insert(model.file);
    out.models += model.own ? 1 : 0;
  }
  return out;
}

base::Diagnostics OfAffected(const base::Diagnostics& all, const base::SourceMap& sources, const Affected& affected) {
  const auto counts = [&](base::Span span) {
    if (!span.known()) return false;
    const std::string file(sources.Name(span.source));
    return IsConfiguration(file) || affected.files.contains(file);
  };
  base::Diagnostics out;
  for (const base::Diagnostic& diagnostic : all.all()) {
    const bool noted = std::any_of(diagnostic.notes.begin(), diagnostic.notes.end(),
                                   [&](const base::Note& note) { return counts(note.span); });
    if (affected.everything || !diagnostic.span.known() || counts(diagnostic.span) || noted) out.Add(diagnostic);
  }
  return out;
}

}  // namespace wapc::compiler

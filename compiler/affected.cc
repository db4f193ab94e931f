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

std::string FileOf(const Model& model, const base::SourceMap& sources) {
  return model.name_span.known() ? std::string(sources.Name(model.name_span.source)) : std::string();
}

/// Marks every model that reads a marked one; the graph has no cycle that was not reported, so passes end.
void MarkDownstream(const Project& project, std::vector<bool>& marked) {
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < marked.size(); ++i) {
      const std::vector<int>& reads = project.models[i].depends_on;
      if (marked[i] ||
          std::none_of(reads.begin(), reads.end(), [&](int read) { return marked[static_cast<size_t>(read)]; }))
        continue;
      marked[i] = true;
      more = true;
    }
  }
}

}  // namespace

Affected FindAffected(const Project& project, const base::SourceMap& sources, const ChangedFiles& changed) {
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
  std::vector<bool> marked(project.models.size());
  for (size_t i = 0; i < marked.size(); ++i) {
    const Model& model = project.models[i];
    marked[i] = out.everything || out.files.contains(FileOf(model, sources)) ||
                (model.raw_schema != nullptr && datasets.contains(model.raw_schema->dataset));
  }
  MarkDownstream(project, marked);
  for (size_t i = 0; i < marked.size(); ++i) {
    if (!marked[i]) continue;
    out.files.insert(FileOf(project.models[i], sources));
    out.models += project.models[i].kind != ModelKind::kExternal ? 1 : 0;
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

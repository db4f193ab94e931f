#include "compiler/cache/recompile.h"

#include <algorithm>
#include <map>

#include "compiler/cache/interface.h"
#include "compiler/lint/ignore.h"
#include "compiler/macros/macros.h"
#include "compiler/passes/passes.h"
#include "compiler/project/index.h"
#include "compiler/project/load.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

class Recompiler {
 public:
  Recompiler(fs::path folder, const Environment& environment, const CompileCache& cache, SourceTable& table,
             base::SourceMap& sources)
      : folder_(std::move(folder)), environment_(environment), cache_(cache), sources_(sources), reader_(table) {
    for (const CachedModel& model : cache.models) {
      if (!model.file.empty()) by_file_[model.file] = &model;
    }
  }

  std::optional<Recompiled> Run(const std::vector<std::string>& changed, base::Diagnostics& diagnostics) {
    if (!Add(changed) || !FindReaders()) return std::nullopt;
    while (Small()) {
      base::Diagnostics found;
      std::optional<Project> project = Compile(found);
      if (!project || found.has_errors()) return std::nullopt;
      const std::optional<std::set<std::string>> more = Readers(*project);
      if (!more) return std::nullopt;
      if (more->empty()) {
        found.Sort(sources_);  // what macros gave is reported at their calls
        ApplyIgnores(project->config, true, sources_, found, &files_);
        diagnostics.Append(std::move(found));
        return Recompiled{std::move(*project), std::move(files_)};
      }
      if (!Add({more->begin(), more->end()})) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  bool Add(const std::vector<std::string>& files) {
    files_.insert(files.begin(), files.end());
    return std::all_of(files.begin(), files.end(), [this](const std::string& file) { return by_file_.contains(file); });
  }

  // Above this a whole compile, which reads files in parallel and reads no interfaces, is as quick.
  bool Small() const { return files_.size() * 4 <= by_file_.size() + 8; }

  bool FindReaders() {
    for (const CachedModel& model : cache_.models) {
      auto links = ReadLinks(model.links);
      if (!links) return false;
      for (const auto* const names : {&links->depends_on, &links->audits_read}) {
        for (const std::string& name : *names) readers_[name].insert(&model);
      }
      depends_on_[model.name] = std::move(links->depends_on);
    }
    return true;
  }

  std::optional<Project> Compile(base::Diagnostics& diagnostics) {
    auto config = LoadConfig(folder_, environment_, sources_, diagnostics);
    if (!config) return std::nullopt;
    Project project;
    project.config = std::move(*config);
    for (const CachedModel& model : cache_.models) {
      if (files_.contains(model.file)) continue;
      auto stand_in = reader_.Read(model.interface, model.places);
      if (!stand_in) return std::nullopt;
      project.models.push_back(std::move(*stand_in));
    }
    project = LoadModels(folder_, std::move(project), sources_, diagnostics, &files_);
    project = ExpandMacros(folder_, std::move(project), sources_, diagnostics);
    if (!SameNames(project) || !Connect(project)) return std::nullopt;
    if (std::any_of(project.models.begin(), project.models.end(), NeedsWholeCompile)) return std::nullopt;
    for (const Pass& pass : Passes()) {
      project = pass.run(std::move(project), sources_, diagnostics);
      // The places of a cycle stand in files that were not read.
      if (project.order.size() < project.models.size()) return std::nullopt;
    }
    return project;
  }

  // A model that came or went may mend or break others, which only a whole compile sees.
  bool SameNames(const Project& project) const {
    return std::equal(project.models.begin(), project.models.end(), cache_.models.begin(), cache_.models.end(),
                      [](const Model& now, const CachedModel& before) { return now.name == before.name; });
  }

  bool Connect(Project& project) const {
    for (Model& model : project.models) {
      if (!model.known_before) continue;
      for (const std::string& upstream : depends_on_.at(model.name)) {
        const auto found = project.by_name.find(upstream);
        if (found == project.by_name.end()) return false;
        model.depends_on.push_back(found->second);
      }
    }
    return true;
  }

  // The files of models that read one whose interface changed and that were not compiled yet. Nothing when one of them
  // has no file.
  std::optional<std::set<std::string>> Readers(const Project& project) const {
    std::set<std::string> out;
    for (size_t i = 0; i < project.models.size(); ++i) {
      const Model& model = project.models[i];
      if (model.known_before || WriteInterface(model) == cache_.models[i].interface) continue;
      const auto readers = readers_.find(model.name);
      if (readers == readers_.end()) continue;
      for (const CachedModel* const reader : readers->second) {
        if (reader->file.empty()) return std::nullopt;
        if (!files_.contains(reader->file)) out.insert(reader->file);
      }
    }
    return out;
  }

  fs::path folder_;
  const Environment& environment_;
  const CompileCache& cache_;
  base::SourceMap& sources_;
  InterfaceReader reader_;
  std::map<std::string_view, const CachedModel*> by_file_;
  std::map<std::string, std::set<const CachedModel*>, std::less<>> readers_;
  std::map<std::string, std::vector<std::string>> depends_on_;
  std::set<std::string> files_;
};

}  // namespace

std::optional<Recompiled> Recompile(const fs::path& folder, const Environment& environment, const CompileCache& cache,
                                    const std::vector<std::string>& changed, SourceTable& table,
                                    base::SourceMap& sources, base::Diagnostics& diagnostics) {
  return Recompiler(folder, environment, cache, table, sources).Run(changed, diagnostics);
}

}  // namespace wapc::compiler

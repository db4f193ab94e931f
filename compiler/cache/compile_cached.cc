#include "compiler/cache/compile_cached.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "base/atomic_file.h"
#include "base/files.h"
#include "compiler/cache/cache_file.h"
#include "compiler/cache/interface.h"
#include "compiler/cache/recompile.h"
#include "compiler/compile.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;
using base::Diagnostic;

int64_t NowInNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// One project between its files and what is kept of it.
class CachedCompiler {
 public:
  CachedCompiler(const fs::path& folder, const Environment& environment, WantsGraph wants_graph,
                 base::SourceMap& sources, base::Diagnostics& diagnostics)
      : folder_(folder),
        environment_(environment),
        wants_graph_(wants_graph),
        sources_(sources),
        diagnostics_(diagnostics) {}

  base::Result<CompileOutcome> Run() {
    const int64_t started = NowInNanoseconds();
    if (auto cache = ReadCompileCache(folder_, environment_)) {
      if (auto outcome = Reuse(std::move(*cache), started)) return *outcome;
    }
    return CompileWhole(started);
  }

 private:
  // ------------------------------------------------------------------------------------------- what did not change

  std::optional<base::Result<CompileOutcome>> Reuse(CompileCache cache, int64_t started) {
    std::vector<std::string> paths;
    for (const auto& [path, file] : cache.inputs) paths.push_back(path);
    Inputs now = StampInputs(folder_, paths);
    std::vector<std::string> changed = ChangedInputs(folder_, cache.inputs, cache.written, now);
    SourceTable table(folder_, sources_);
    table.Load(cache.paths);
    std::vector<Diagnostic> kept = ReadDiagnostics(*cache.diagnostics, table);
    if (changed.empty()) return Repeat(cache, kept);
    if (cache.whole_only) return std::nullopt;
    AddNoted(kept, changed);
    base::Diagnostics found;
    auto recompiled = Recompile(folder_, environment_, cache, changed, table, sources_, found);
    if (!recompiled) return std::nullopt;
    cache.inputs = std::move(now);
    cache.written = started;
    return Keep(std::move(cache), *recompiled, kept, found, table);
  }

  base::Result<CompileOutcome> Repeat(const CompileCache& cache, const std::vector<Diagnostic>& kept) {
    for (const Diagnostic& diagnostic : kept) diagnostics_.Add(diagnostic);
    return Outcome(cache, cache.diagnostics);
  }

  CompileOutcome Outcome(const CompileCache& cache, std::shared_ptr<const std::string> storage) const {
    const auto own =
        std::count_if(cache.models.begin(), cache.models.end(), [](const CachedModel& m) { return m.own; });
    CompileOutcome out{static_cast<size_t>(own), std::nullopt, std::move(storage)};
    if (wants_graph_ == WantsGraph::kYes) out.graph = GraphOf(cache);
    return out;
  }

  static ModelGraph GraphOf(const CompileCache& cache) {
    ModelGraph out;
    for (const CachedModel& model : cache.models) {
      auto links = ReadLinks(model.links).value_or(Links{});
      out.push_back({model.name, model.source, model.dataset, model.own, std::move(links.depends_on)});
    }
    return out;
  }

  // A note into a changed file shows a line that may stand elsewhere now.
  void AddNoted(const std::vector<Diagnostic>& kept, std::vector<std::string>& changed) const {
    std::set<std::string, std::less<>> out(changed.begin(), changed.end());
    for (const Diagnostic& diagnostic : kept) {
      if (!diagnostic.span.known()) continue;
      const bool noted = std::any_of(diagnostic.notes.begin(), diagnostic.notes.end(), [&](const base::Note& note) {
        return note.span.known() && out.contains(sources_.Name(note.span.source));
      });
      if (noted) out.emplace(sources_.Name(diagnostic.span.source));
    }
    changed.assign(out.begin(), out.end());
  }

  bool Within(const Diagnostic& diagnostic, const std::set<std::string>& files) const {
    return diagnostic.span.known() && files.contains(std::string(sources_.Name(diagnostic.span.source)));
  }

  base::Result<CompileOutcome> Keep(CompileCache cache, const Recompiled& recompiled,
                                    const std::vector<Diagnostic>& kept, const base::Diagnostics& found,
                                    SourceTable& table) {
    // Each file's diagnostics come from the run that read it.
    for (const Diagnostic& diagnostic : kept) {
      if (!Within(diagnostic, recompiled.files)) diagnostics_.Add(diagnostic);
    }
    for (const Diagnostic& diagnostic : found.all()) {
      if (Within(diagnostic, recompiled.files)) diagnostics_.Add(diagnostic);
    }
    diagnostics_.Sort(sources_);
    const auto old = base::ReadFile(ManifestPath(folder_));
    if (!old) return old.error();
    const Project& project = recompiled.project;
    base::AtomicFile manifest(ManifestPath(folder_));
    manifest.Append(ManifestHead(project, sources_));
    for (size_t i = 0; i < cache.models.size(); ++i) {
      const Model& model = project.models[i];
      CachedModel& entry = cache.models[i];
      if (model.known_before) {
        Append(std::string_view{*old}.substr(entry.begin, entry.end - entry.begin), i == 0, manifest, entry);
      } else {
        Describe(project, model, table, entry);
        Append(ManifestEntry(project, model, sources_), i == 0, manifest, entry);
      }
    }
    return Write(std::move(cache), manifest, table);
  }

  // ------------------------------------------------------------------------------------------------ the whole project

  base::Result<CompileOutcome> CompileWhole(int64_t started) {
    CompileCache cache;
    cache.written = started;
    cache.inputs = StampInputs(folder_, {});
    const auto project = CompileProject(folder_, environment_, "", sources_, diagnostics_);
    if (!project || diagnostics_.has_errors()) {
      CompileOutcome out;
      if (project && wants_graph_ == WantsGraph::kYes) out.graph = compiler::GraphOf(*project, sources_);
      return out;
    }
    base::AtomicFile manifest(ManifestPath(folder_));
    manifest.Append(ManifestHead(*project, sources_));
    SourceTable table(folder_, sources_);
    const std::map<base::SourceId, int> holders = ModelsOfFiles(*project);
    for (const Model& model : project->models) {
      cache.whole_only |= NeedsWholeCompile(model);
      CachedModel& entry = cache.models.emplace_back();
      Describe(*project, model, table, entry);
      const auto held = holders.find(model.name_span.source);
      if (held != holders.end() && held->second == 1) entry.file = sources_.Name(model.name_span.source);
      Append(ManifestEntry(*project, model, sources_), cache.models.size() == 1, manifest, entry);
    }
    CompleteInputs(folder_, sources_, cache.inputs);
    return Write(std::move(cache), manifest, table);
  }

  // How many models stand in each file of models/.
  static std::map<base::SourceId, int> ModelsOfFiles(const Project& project) {
    std::map<base::SourceId, int> out;
    for (const Model& model : project.models) {
      if (model.origin == Origin::kFile || model.origin == Origin::kSeed) ++out[model.name_span.source];
    }
    return out;
  }

  // ---------------------------------------------------------------------------------------------------------- writing

  void Describe(const Project& project, const Model& model, SourceTable& table, CachedModel& entry) const {
    GraphModel known = GraphModelOf(project, model, sources_);
    entry.name = std::move(known.name);
    entry.source = std::move(known.file);
    entry.dataset = std::move(known.dataset);
    entry.own = known.own;
    entry.interface = WriteInterface(model);
    entry.places = WritePlaces(model, table);
    entry.links = WriteLinks(model, project);
  }

  static void Append(std::string_view text, bool first, base::AtomicFile& manifest, CachedModel& entry) {
    manifest.Append(ManifestSeparator(first));
    entry.begin = manifest.size();
    manifest.Append(text);
    entry.end = manifest.size();
  }

  base::Result<CompileOutcome> Write(CompileCache cache, base::AtomicFile& manifest, SourceTable& table) {
    manifest.Append(kManifestTail);
    if (auto written = manifest.Commit(); !written) return written.error();
    cache.manifest = base::StampOf(ManifestPath(folder_)).value_or(base::FileStamp{});
    // The codes that were read go on pointing into what they were read from.
    const auto storage = std::exchange(
        cache.diagnostics, std::make_shared<const std::string>(WriteDiagnostics(diagnostics_.all(), table)));
    cache.paths = table.paths();
    WriteCompileCache(folder_, environment_, cache);
    return Outcome(cache, storage);
  }

  const fs::path& folder_;
  const Environment& environment_;
  WantsGraph wants_graph_;
  base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

base::Result<CompileOutcome> CompileCached(const fs::path& folder, const Environment& environment,
                                           WantsGraph wants_graph, base::SourceMap& sources,
                                           base::Diagnostics& diagnostics) {
  return CachedCompiler(folder, environment, wants_graph, sources, diagnostics).Run();
}

}  // namespace wapc::compiler

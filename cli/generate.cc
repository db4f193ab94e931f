#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "base/diff.h"
#include "base/files.h"
#include "base/parallel.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/cache/generate_cache.h"
#include "compiler/project/flags.h"
#include "compiler/project/generated_file.h"
#include "compiler/staging/staging.h"
#include "metadata/pull.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

constexpr base::DiagnosticCode kEditedStaging{"edited-staging", base::Severity::kError};
constexpr base::DiagnosticCode kStaleStaging{"stale-staging", base::Severity::kError};
constexpr base::DiagnosticCode kOrphanStaging{"orphan-staging", base::Severity::kWarning};

struct GenerateFlags {
  bool check = false;
  bool force = false;
  bool diff = false;
  std::vector<std::string> selectors;
};

// What one run of generate found and did.
struct Tally {
  int written = 0;
  int unchanged = 0;
  std::vector<std::string> stale;    ///< of --check: missing or out of date
  std::vector<std::string> edited;   ///< by hand, so left alone
  std::vector<std::string> orphans;  ///< generated once, for a table that is not staged any more
  std::vector<std::string> dropped;  ///< edits that --force overwrote, as diffs
  std::vector<std::string> diffs;    ///< what is there against what should be
};

fs::path PathOf(const compiler::Model& model) {
  return fs::path("models") / "staging" / metadata::PathPart(model.raw_schema->dataset) /
         (metadata::PathPart(model.table) + ".sql");
}

bool EditedByHand(const std::string& file) {
  const auto header = compiler::ReadGeneratedHeader(file);
  return !header || !header->intact;
}

// A staging model's file: as it should be, and as it is.
struct StagedFile {
  const compiler::Model* model = nullptr;
  fs::path path;
  std::string text;
  std::optional<std::string> old;
  bool writes = false;
};

std::string DiffOf(const StagedFile& file) {
  return base::UnifiedDiff(file.path.generic_string(), file.old.value_or(""), file.text);
}

void Decide(StagedFile& file, const GenerateFlags& flags, Tally& tally) {
  if (file.old == file.text) {
    ++tally.unchanged;
    return;
  }
  const bool edited = file.old && EditedByHand(*file.old);
  file.writes = !flags.check && !flags.diff && (!edited || flags.force);
  if (file.writes) {
    if (edited) tally.dropped.push_back(DiffOf(file));
    ++tally.written;
    return;
  }
  (edited ? tally.edited : tally.stale).push_back(file.path.generic_string());
  if (edited || flags.diff) tally.diffs.push_back(DiffOf(file));
}

// Files are synced as they are written, and waiting for that takes no processor: many at once.
base::Status Write(const fs::path& folder, const std::vector<StagedFile>& files) {
  constexpr unsigned kAtOnce = 32;
  std::vector<base::Status> done(files.size());
  base::ParallelFor(files.size(), kAtOnce, [&](size_t i) {
    if (files[i].writes) done[i] = base::WriteFileAtomic(folder / files[i].path, files[i].text);
  });
  for (base::Status& status : done) {
    if (!status) return std::move(status);
  }
  return {};
}

base::Status Generate(const Compiled& compiled, std::vector<StagedFile>& files, const GenerateFlags& flags,
                      Tally& tally) {
  base::ParallelFor(files.size(), 0, [&](size_t i) {
    StagedFile& file = files[i];
    file.text = compiler::StagingModelText(*file.model, compiled.project->config);
    if (auto old = base::ReadFile(compiled.folder / file.path)) file.old = std::move(*old);
  });
  for (StagedFile& file : files) Decide(file, flags, tally);
  return Write(compiled.folder, files);
}

// Files that were generated for a table that is gone or excluded now: they are the user's to keep or to delete.
void FindOrphans(const fs::path& folder, const std::set<fs::path>& wanted, Tally& tally) {
  for (const fs::path& relative : base::ListFiles(folder / "models" / "staging", ".sql")) {
    const fs::path path = fs::path("models") / "staging" / relative;
    if (wanted.contains(path)) continue;
    const auto text = base::ReadFile(folder / path);
    if (!text || EditedByHand(*text)) continue;
    tally.orphans.push_back(path.generic_string());
  }
}

// For programs: each file as a diagnostic at its first line.
void ReportAsData(const fs::path& folder, const Tally& tally, const Context& context) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto report = [&](const base::DiagnosticCode& code, const std::string& path, std::string message,
                          std::string help) {
    auto text = base::ReadFile(folder / path);
    const base::SourceId source = sources.Add(path, text ? std::move(*text) : std::string());
    diagnostics.Report(code, {source, 0, 0}, std::move(message)).Help(std::move(help));
  };
  for (const std::string& path : tally.edited) {
    report(kEditedStaging, path, "this file was generated and then edited by hand",
           "exclude its table in staging.yml to own it, or run `wapc generate --force` to drop the edits");
  }
  for (const std::string& path : tally.stale) {
    report(kStaleStaging, path, "this file is missing or is not what staging.yml gives now",
           "run `wapc generate` and commit what it writes");
  }
  for (const std::string& path : tally.orphans) {
    report(kOrphanStaging, path, "this file was generated for a table that is no longer staged",
           "delete it, or edit it to own it");
  }
  diagnostics.Sort(sources);
  PrintDiagnostics(context, diagnostics, sources);
}

void Report(const Tally& tally, const GenerateFlags& flags, Context& context) {
  for (const std::string& diff : tally.diffs) PrintOut(diff);
  for (const std::string& diff : tally.dropped) PrintErr("these edits were dropped:\n" + diff);
  for (const std::string& path : tally.edited) {
    PrintErr(
        fmt::format("{}: edited by hand, so it is left alone; exclude its table in staging.yml to own it, or drop the "
                    "edits with --force\n",
                    path));
  }
  for (const std::string& path : tally.stale) PrintErr(fmt::format("{}: out of date\n", path));
  for (const std::string& path : tally.orphans) {
    PrintErr(fmt::format("{}: its table is no longer staged; delete it, or edit it to own it\n", path));
  }
  if (flags.check || flags.diff) {
    PrintErr(fmt::format("{} up to date, {} out of date, {} edited\n", tally.unchanged, tally.stale.size(),
                         tally.edited.size()));
  } else {
    PrintErr(fmt::format("{} staging models written, {} unchanged\n", tally.written, tally.unchanged));
  }
  const bool differs = !tally.edited.empty() || !tally.stale.empty();
  if (!differs) return;
  context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  if (flags.check) PrintErr("run `wapc generate` and commit what it writes\n");
}

// Raw tables that dlt knows of and has never filled: they are not in the warehouse, so nothing is staged.
void TellEmptyTables(const compiler::Project& project) {
  std::set<std::string> staged;
  for (const compiler::StagingFile& file : project.staging) staged.insert(file.dataset);
  std::vector<std::string> names;
  for (const metadata::Schema& schema : project.schemas) {
    if (!staged.contains(schema.dataset)) continue;
    for (const metadata::Table& table : schema.tables) {
      const bool is_dlts = table.name.starts_with("_dlt_");
      if (table.enabled && !table.seen_data && !is_dlts) names.push_back(schema.dataset + "." + table.name);
    }
  }
  if (names.empty()) return;
  constexpr size_t kShown = 5;
  const size_t shown = std::min(kShown, names.size());
  PrintErr(fmt::format("not staged, since dlt has loaded no row into {}: {}{}\n",
                       names.size() == 1 ? "it" : fmt::format("these {} tables", names.size()),
                       fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                       names.size() > shown ? ", ..." : ""));
}

bool IsSelected(const compiler::Model& model, const GenerateFlags& flags) {
  return flags.selectors.empty() ||
         std::any_of(flags.selectors.begin(), flags.selectors.end(),
                     [&](const std::string& selector) { return compiler::FlagSelects(selector, model); });
}

// Whether an earlier run left nothing to do; said as that run would say it.
bool RepeatsEarlierRun(const Context& context, const GenerateFlags& flags) {
  if (!flags.selectors.empty() || IsMachineFormat(context)) return false;
  const auto folder = ProjectFolder(context);
  if (!folder) return false;
  const auto models = compiler::GeneratedBefore(*folder, ReadEnvironment(context));
  if (!models) return false;
  PrintErr(flags.check || flags.diff ? fmt::format("{} up to date, 0 out of date, 0 edited\n", *models)
                                     : fmt::format("0 staging models written, {} unchanged\n", *models));
  return true;
}

void Keep(const Context& context, const Compiled& compiled, const GenerateFlags& flags, const Tally& tally,
          int64_t started) {
  const bool clean = tally.edited.empty() && tally.stale.empty() && tally.orphans.empty() &&
                     compiled.diagnostics.all().empty() && flags.selectors.empty();
  if (!clean) return;
  const auto models = static_cast<uint64_t>(tally.written) + static_cast<uint64_t>(tally.unchanged);
  compiler::KeepGenerated(compiled.folder, ReadEnvironment(context), *compiled.sources, started, models);
}

void Run(Context& context, const GenerateFlags& flags) {
  if (RepeatsEarlierRun(context, flags)) return;
  const int64_t started = compiler::NowInNanoseconds();
  // Models are not looked at, so that a hand-edited file does not stop the verb that mends it.
  const auto compiled = CompileOrFail(context, "metadata");
  if (!compiled) return;
  Tally tally;
  std::set<fs::path> wanted;
  for (const auto& [name, off] : compiled->project->disabled) {
    if (off.model.origin == compiler::Origin::kStaging) wanted.insert(PathOf(off.model));
  }
  std::vector<StagedFile> files;
  for (const compiler::Model& model : compiled->project->models) {
    if (model.origin != compiler::Origin::kStaging) continue;
    wanted.insert(PathOf(model));
    if (IsSelected(model, flags)) files.push_back({&model, PathOf(model), {}, {}, false});
  }
  if (const auto done = Generate(*compiled, files, flags, tally); !done) {
    context.exit_code = Fail(done.error());
    return;
  }
  if (!flags.selectors.empty() && files.empty()) {
    context.exit_code = Fail({base::ErrorKind::kProject, "--select names no staging model"});
    return;
  }
  FindOrphans(compiled->folder, wanted, tally);
  Keep(context, *compiled, flags, tally, started);
  if (IsMachineFormat(context)) {
    ReportAsData(compiled->folder, tally, context);
    const bool differs = !tally.edited.empty() || !tally.stale.empty();
    context.exit_code = differs ? static_cast<int>(base::ErrorKind::kProject) : 0;
    return;
  }
  TellEmptyTables(*compiled->project);
  Report(tally, flags, context);
}

}  // namespace

void AddGenerate(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("generate", "Write the staging models that staging.yml gives, as files to review");
  verb->footer(
      "The files are copies to read and to review: a staging model exists as soon as there is a staging.yml.\n"
      "A file that was edited by hand is never overwritten without --force; the difference is shown.\n"
      "  wapc generate --diff                         what would change\n"
      "  wapc generate --select 'asana_*' tag:core    by model, raw table, tag or schema:NAME");
  const auto flags = std::make_shared<GenerateFlags>();
  verb->add_flag("--check", flags->check, "Write nothing; end with 1 when a file is missing, out of date or edited");
  verb->add_flag("--force", flags->force, "Overwrite files that were edited by hand, and say what is lost");
  verb->add_flag("--diff", flags->diff, "Write nothing; show what would change");
  verb->add_option("--select", flags->selectors, "Only these: names, globs, tag:NAME or schema:NAME");
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

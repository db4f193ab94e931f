#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "base/files.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/project/generated_file.h"
#include "compiler/staging/staging.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

constexpr base::DiagnosticCode kEditedStaging{"edited-staging", base::Severity::kError};
constexpr base::DiagnosticCode kStaleStaging{"stale-staging", base::Severity::kError};
constexpr base::DiagnosticCode kOrphanStaging{"orphan-staging", base::Severity::kWarning};

struct GenerateFlags {
  bool check = false;
  bool force = false;
};

// What one run of generate found and did.
struct Tally {
  int written = 0;
  int unchanged = 0;
  std::vector<std::string> stale;    ///< of --check: missing or out of date
  std::vector<std::string> edited;   ///< by hand, so left alone
  std::vector<std::string> orphans;  ///< generated once, for a table that is not staged any more
};

fs::path PathOf(const compiler::Model& model) {
  return fs::path("models") / "staging" / model.raw_schema->dataset / (model.table + ".sql");
}

bool EditedByHand(const std::string& file) {
  const auto header = compiler::ReadGeneratedHeader(file);
  return !header || !header->intact;
}

base::Status Generate(const fs::path& folder, const compiler::Model& model, const compiler::Config& config,
                      const GenerateFlags& flags, Tally& tally) {
  const fs::path path = PathOf(model);
  const std::string text = compiler::StagingModelText(model, config);
  const auto old = base::ReadFile(folder / path);
  if (old && *old == text) {
    ++tally.unchanged;
    return {};
  }
  if (old && EditedByHand(*old) && !flags.force) {
    tally.edited.push_back(path.generic_string());
    return {};
  }
  if (flags.check) {
    tally.stale.push_back(path.generic_string());
    return {};
  }
  ++tally.written;
  return base::WriteFileAtomic(folder / path, text);
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
  if (flags.check) {
    PrintErr(fmt::format("{} up to date, {} out of date, {} edited\n", tally.unchanged, tally.stale.size(),
                         tally.edited.size()));
  } else {
    PrintErr(fmt::format("{} staging models written, {} unchanged\n", tally.written, tally.unchanged));
  }
  const bool differs = !tally.edited.empty() || (flags.check && !tally.stale.empty());
  if (!differs) return;
  context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  if (flags.check) PrintErr("run `wapc generate` and commit what it writes\n");
}

void Run(Context& context, const GenerateFlags& flags) {
  // Models are not looked at, so that a hand-edited file does not stop the verb that mends it.
  const auto compiled = CompileOrFail(context, "metadata");
  if (!compiled) return;
  Tally tally;
  std::set<fs::path> wanted;
  for (const compiler::Model& model : compiled->project->models) {
    if (model.origin != compiler::Origin::kStaging) continue;
    wanted.insert(PathOf(model));
    if (const auto done = Generate(compiled->folder, model, compiled->project->config, flags, tally); !done) {
      context.exit_code = Fail(done.error());
      return;
    }
  }
  FindOrphans(compiled->folder, wanted, tally);
  if (IsMachineFormat(context)) {
    ReportAsData(compiled->folder, tally, context);
    const bool differs = !tally.edited.empty() || !tally.stale.empty();
    context.exit_code = differs ? static_cast<int>(base::ErrorKind::kProject) : 0;
    return;
  }
  Report(tally, flags, context);
}

}  // namespace

void AddGenerate(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("generate", "Write the staging models that staging.yml gives, as files to review");
  verb->footer(
      "The files are copies to read and to review: a staging model exists as soon as there is a staging.yml.\n"
      "A file that was edited by hand is never overwritten without --force.");
  const auto flags = std::make_shared<GenerateFlags>();
  verb->add_flag("--check", flags->check, "Write nothing; end with 1 when a file is missing, out of date or edited");
  verb->add_flag("--force", flags->force, "Overwrite files that were edited by hand");
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

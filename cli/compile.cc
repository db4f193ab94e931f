#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/git.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/affected.h"
#include "compiler/cache/compile_cached.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct CompileFlags {
  std::string stop_after;
  std::string changed_since;
  std::vector<std::string> files;

  bool partly() const { return !changed_since.empty() || !files.empty(); }
};

std::string Plural(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void PrintStage(Context& context, const std::string& stop_after) {
  const auto compiled = CompileOrFail(context, stop_after);
  if (compiled) PrintOut(compiler::WriteManifest(*compiled->project, *compiled->sources));
}

// A compile of everything that is not kept from the last one, with where it happened.
struct Compile {
  fs::path folder;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  compiler::CompileOutcome outcome;
};

// False, and the exit code, where it could not be done at all.
bool RunCompile(Context& context, compiler::WantsGraph wants_graph, Compile& out) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return false;
  }
  out.folder = *folder;
  auto outcome = compiler::CompileCached(*folder, ReadEnvironment(context), wants_graph, out.sources, out.diagnostics);
  if (!outcome) {
    context.exit_code = Fail(outcome.error());
    return false;
  }
  out.outcome = std::move(*outcome);
  return true;
}

void RunWhole(Context& context) {
  Compile compile;
  if (!RunCompile(context, compiler::WantsGraph::kNo, compile)) return;
  PrintDiagnostics(context, compile.diagnostics, compile.sources);
  context.exit_code = ExitCodeOf(compile.diagnostics, compile.sources);
  if (context.exit_code != 0 || IsMachineFormat(context)) return;
  PrintErr(fmt::format("{} compiled, {}: .wapc/manifest.json\n", Plural(compile.outcome.own_models, "model"),
                       Plural(compile.diagnostics.warning_count(), "warning")));
}

// The named files as the project knows them: those outside it affect nothing.
base::Result<compiler::ChangedFiles> NamedFiles(const fs::path& folder, const std::vector<std::string>& files) {
  compiler::ChangedFiles out;
  for (const std::string& file : files) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
      return base::Error{base::ErrorKind::kUsage, fmt::format("there is no file {}", file)};
    }
    const fs::path relative = fs::weakly_canonical(file, ignored).lexically_relative(fs::canonical(folder, ignored));
    if (!relative.empty() && *relative.begin() != "..") out.present.push_back(relative.generic_string());
  }
  return out;
}

base::Result<compiler::ChangedFiles> ChangedFilesOf(const fs::path& folder, const CompileFlags& flags) {
  auto out = NamedFiles(folder, flags.files);
  if (!out || flags.changed_since.empty()) return out;
  auto since = ChangedSince(folder, flags.changed_since);
  if (!since) return since.error();
  out->present.insert(out->present.end(), since->present.begin(), since->present.end());
  out->gone = std::move(since->gone);
  return out;
}

// Compiles everything, and reports on what the change can have broken.
void RunPartly(Context& context, const CompileFlags& flags) {
  Compile compile;
  if (!RunCompile(context, compiler::WantsGraph::kYes, compile)) return;
  const auto changed = ChangedFilesOf(compile.folder, flags);
  if (!changed) {
    context.exit_code = Fail(changed.error());
    return;
  }
  compiler::Affected affected;
  affected.everything = !compile.outcome.graph;
  if (compile.outcome.graph) affected = compiler::FindAffected(*compile.outcome.graph, *changed);
  const base::Diagnostics shown = compiler::OfAffected(compile.diagnostics, compile.sources, affected);
  PrintDiagnostics(context, shown, compile.sources);
  context.exit_code = ExitCodeOf(shown, compile.sources);
  const size_t elsewhere = compile.diagnostics.error_count() - shown.error_count();
  if (elsewhere > 0) {
    PrintErr(fmt::format("{} elsewhere in the project; `wapc compile` shows {}\n", Plural(elsewhere, "error"),
                         elsewhere == 1 ? "it" : "them"));
  }
  if (!shown.has_errors()) {
    PrintErr(fmt::format("{} changed or downstream of a change, {}\n", Plural(affected.models, "model"),
                         Plural(shown.warning_count(), "warning")));
  }
}

void RunFor(Context& context, const CompileFlags& flags) {
  if (!flags.stop_after.empty()) return PrintStage(context, flags.stop_after);
  flags.partly() ? RunPartly(context, flags) : RunWhole(context);
}

}  // namespace

void AddCompile(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("compile", "Check the whole project: parse, bind, type, audits; write the manifest");
  verb->footer(
      "The whole project is compiled in any case. With FILE or --changed-since, what is reported, and what the exit\n"
      "code says, is about the models of these files and everything downstream of them.\n"
      "  wapc compile --changed-since \"$(git merge-base origin/main HEAD)\"     what a branch changed");
  const auto flags = std::make_shared<CompileFlags>();
  auto* const stop =
      verb->add_option("--stop-after", flags->stop_after, "Stop after a stage and print what is known then, as JSON");
  stop->check(CLI::IsMember(compiler::StageNames()));
  auto* const since = verb->add_option("--changed-since", flags->changed_since,
                                       "Report on models changed since a commit of git, and on those downstream");
  auto* const files = verb->add_option("FILE", flags->files, "Report on the models of these files, and downstream");
  since->excludes(stop);
  files->excludes(stop);
  verb->add_flag("--skip-linter,--skip_linter", context.skip_linter, "Do not run the lint rules");
  verb->callback([&context, flags] { RunFor(context, *flags); });
}

}  // namespace wapc::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/cache/compile_cached.h"

namespace wapc::cli {
namespace {

void PrintStage(Context& context, const std::string& stop_after) {
  const auto compiled = CompileOrFail(context, stop_after);
  if (compiled) PrintOut(compiler::WriteManifest(*compiled->project, *compiled->sources));
}

void Run(Context& context) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return;
  }
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto outcome = compiler::CompileCached(*folder, ReadEnvironment(context), sources, diagnostics);
  if (!outcome) {
    context.exit_code = Fail(outcome.error());
    return;
  }
  PrintDiagnostics(context, diagnostics, sources);
  context.exit_code = ExitCodeOf(diagnostics, sources);
  if (context.exit_code != 0 || IsMachineFormat(context)) return;
  const size_t warnings = diagnostics.warning_count();
  PrintErr(fmt::format("{} model{} compiled, {} warning{}: .wapc/manifest.json\n", outcome->own_models,
                       outcome->own_models == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s"));
}

}  // namespace

void AddCompile(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("compile", "Check the whole project: parse, bind, type, audits; write the manifest");
  verb->footer("Needs no warehouse. Prints every error of every model in one run, with its place and how to mend it.");
  const auto stop_after = std::make_shared<std::string>();
  verb->add_option("--stop-after", *stop_after, "Stop after a stage and print what is known then, as JSON")
      ->check(CLI::IsMember(compiler::StageNames()));
  verb->add_flag("--skip-linter,--skip_linter", context.skip_linter, "Do not run the lint rules");
  verb->callback([&context, stop_after] {
    if (stop_after->empty()) {
      Run(context);
    } else {
      PrintStage(context, *stop_after);
    }
  });
}

}  // namespace wapc::cli

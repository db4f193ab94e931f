#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

void Run(Context& context, const std::string& stop_after) {
  const auto compiled = CompileOrFail(context, stop_after);
  if (!compiled) return;
  const std::string manifest = compiler::WriteManifest(*compiled->project, *compiled->sources);
  if (!stop_after.empty()) {
    PrintOut(manifest);
    return;
  }
  if (const auto written = base::WriteFileAtomic(compiled->folder / ".wapc" / "manifest.json", manifest); !written) {
    context.exit_code = Fail(written.error());
    return;
  }
  if (context.json()) {
    PrintOut(base::RenderJson(compiled->diagnostics, *compiled->sources));
    return;
  }
  const auto& models = compiled->project->models;
  const auto own = std::count_if(models.begin(), models.end(), [](const compiler::Model& model) {
    return model.kind != compiler::ModelKind::kExternal;
  });
  const size_t warnings = compiled->diagnostics.warning_count();
  PrintErr(fmt::format("{} model{} compiled, {} warning{}: .wapc/manifest.json\n", own, own == 1 ? "" : "s", warnings,
                       warnings == 1 ? "" : "s"));
}

}  // namespace

void AddCompile(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("compile", "Check the whole project: parse, bind, type, audits; write the manifest");
  verb->footer("Needs no warehouse. Prints every error of every model in one run, with its place and how to mend it.");
  const auto stop_after = std::make_shared<std::string>();
  verb->add_option("--stop-after", *stop_after, "Stop after a stage and print what is known then, as JSON")
      ->check(CLI::IsMember(compiler::StageNames()));
  verb->callback([&context, stop_after] { Run(context, *stop_after); });
}

}  // namespace wapc::cli

#include "compiler/dag.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

void Run(Context& context, const std::vector<std::string>& selectors) {
  const auto compiled = CompileOrFail(context, "audits");
  if (!compiled) return;
  const compiler::Project& project = *compiled->project;
  const auto models = compiler::SelectModels(project, selectors);
  if (!models) {
    context.exit_code = Fail(models.error());
  } else if (context.json()) {
    PrintOut(compiler::DagJson(project, *models));
  } else if (context.format == "mermaid") {
    PrintOut(compiler::DagMermaid(project, *models));
  } else if (context.format == "dot") {
    PrintOut(compiler::DagDot(project, *models));
  } else {
    PrintOut(compiler::DagText(project, *models));
  }
}

}  // namespace

void AddDag(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("dag", "Show which model reads which");
  verb->footer(
      "  wapc dag                                  every model, after what it reads\n"
      "  wapc dag --select +marts.orders           one with all that it reads\n"
      "  wapc dag --select 'tag:nightly' --format mermaid\n"
      "--format dot is for Graphviz.");
  const auto selectors = std::make_shared<std::vector<std::string>>();
  verb->add_option("--select,--select-model", *selectors,
                   "Names, globs or tag:NAME; +x with what it reads, x+ with what reads it");
  verb->callback([&context, selectors] { Run(context, *selectors); });
}

}  // namespace wapc::cli

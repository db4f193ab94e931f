#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/plan/emit.h"

namespace wapc::cli {
namespace {

void Run(Context& context, const std::string& name) {
  const auto compiled = CompileOrFail(context);
  if (!compiled) return;
  const compiler::Project& project = *compiled->project;
  const compiler::Model* const model = project.Find(name);
  if (model == nullptr) {
    std::vector<std::string> names;
    for (const compiler::Model& known : project.models) names.push_back(known.name);
    const auto nearest = base::ClosestName(name, names);
    context.exit_code =
        Fail({base::ErrorKind::kUsage,
              fmt::format("there is no model {}{}", name, nearest ? fmt::format("; did you mean {}?", *nearest) : "")});
    return;
  }
  if (model->query == nullptr) {
    context.exit_code = Fail({base::ErrorKind::kUsage,
                              fmt::format("{} is of kind {} and has no query", name, compiler::ToString(model->kind))});
    return;
  }
  PrintOut(compiler::RenderQuery(*model, project, true) + "\n");
}

}  // namespace

void AddRender(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("render", "Print the SQL of a model, with rules applied and stars expanded");
  const auto model = std::make_shared<std::string>();
  verb->add_option("MODEL", *model, "The model, as schema.name")->required();
  verb->callback([&context, model] { Run(context, *model); });
}

}  // namespace wapc::cli

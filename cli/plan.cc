#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/clock.h"
#include "cli/plan_text.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/unit_tests.h"
#include "cli/verbs.h"
#include "compiler/plan/applicable.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/schema_changes.h"
#include "runtime/state/store.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct PlanFlags {
  std::string environment;
  std::string out;
  std::vector<std::string> restate;
  bool skip_tests = false;
};

// A DuckDB file that is not there yet is an empty warehouse: the first apply makes it.
bool IsAbsent(const runtime::ConnectionConfig& connection) {
  const auto database = connection.settings.find("database");
  std::error_code ignored;
  return connection.type == "duckdb" && database != connection.settings.end() && !fs::exists(database->second, ignored);
}

// The connection is closed again before anything is printed, so that others can have the file.
base::Result<runtime::State> ReadStateOf(const Context& context, const compiler::Project& project) {
  const auto connection = FindConnection(context, project.config, "");
  if (!connection) return connection.error();
  if (IsAbsent(*connection)) return runtime::State{};
  auto warehouse = OpenGateway(context, project.config, "", runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  return runtime::ReadState(**warehouse, compiler::LoadedDatasets(project));
}

base::Result<std::set<std::string>> Restated(const compiler::Project& project, const std::vector<std::string>& names) {
  std::set<std::string> out;
  for (const std::string& name : names) {
    const compiler::Model* const model = project.Find(name);
    if (model == nullptr || !model->has_build()) {
      return base::Error{base::ErrorKind::kUsage, fmt::format("--restate-model: there is no model {}", name)};
    }
    out.insert(name);
  }
  return out;
}

// What the models say of changed columns is told before a plan is written.
bool SchemaMayChange(Context& context, const Compiled& compiled, const runtime::Plan& plan,
                     const runtime::State& state) {
  base::Diagnostics diagnostics;
  compiler::CheckSchemaChanges(*compiled.project, plan, state, diagnostics);
  if (diagnostics.all().empty()) return true;
  diagnostics.Sort(*compiled.sources);
  PrintDiagnostics(context, diagnostics, *compiled.sources);
  if (diagnostics.has_errors()) context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  return !diagnostics.has_errors();
}

base::Status MakePlan(Context& context, const Compiled& compiled, const PlanFlags& flags) {
  const auto state = ReadStateOf(context, *compiled.project);
  if (!state) return state.error();
  compiler::PlanOptions options;
  if (!flags.environment.empty()) options.environment = flags.environment;
  options.gateway = compiled.project->config.default_gateway;
  options.now = context.now;
  const auto moment = MomentOf(context);
  if (!moment) return moment.error();
  options.moment = *moment;
  auto restated = Restated(*compiled.project, flags.restate);
  if (!restated) return restated.error();
  options.restate = std::move(*restated);
  const runtime::Plan plan = compiler::BuildPlan(*compiled.project, *state, options);
  if (!SchemaMayChange(context, compiled, plan, *state)) return {};
  const std::string text = runtime::WritePlan(plan);
  const fs::path path = flags.out.empty() ? compiled.folder / "plan.json" : fs::path(flags.out);
  if (path == "-") {
    PrintOut(text);
  } else if (const auto written = base::WriteFileAtomic(path, text); !written) {
    return written.error();
  }
  if (context.json() && path != "-") PrintOut(text);
  if (!context.json() && path != "-") PrintOut(PlanText(plan, path.filename().string(), ColorOn(1)));
  return {};
}

// A model that could not be filled is told of before anything is planned.
bool CanBeApplied(Context& context, const Compiled& compiled) {
  base::Diagnostics diagnostics;
  compiler::CheckApplicable(*compiled.project, diagnostics);
  if (!diagnostics.has_errors()) return true;
  diagnostics.Sort(*compiled.sources);
  PrintDiagnostics(context, diagnostics, *compiled.sources);
  context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  return false;
}

}  // namespace

void AddPlan(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("plan", "Compare the project with an environment; write what would change as plan.json");
  verb->footer(
      "Reads only the warehouse's state and the ids of complete loads. Changes nothing: `wapc apply plan.json` does.\n"
      "The same project and state give the same bytes, so that a plan can be reviewed and kept.");
  const auto flags = std::make_shared<PlanFlags>();
  verb->add_option("ENV", flags->environment, "The environment (default: prod)");
  verb->add_option("-o,--output", flags->out,
                   "Where to write the plan (default: plan.json in the project; - is stdout)");
  verb->add_option("--restate-model,--restate_model", flags->restate, "Build a model again although nothing changed");
  verb->add_flag("--skip-linter,--skip_linter", context.skip_linter, "Do not run the lint rules");
  verb->add_flag("--skip-tests,--skip_tests", flags->skip_tests, "Do not run the unit tests of tests/");
  verb->callback([&context, flags] {
    const auto compiled = CompileOrFail(context);
    if (!compiled || !CanBeApplied(context, *compiled)) return;
    if (!flags->skip_tests && !UnitTestsPass(context, compiled->folder)) return;
    if (const auto made = MakePlan(context, *compiled, *flags); !made) context.exit_code = Fail(made.error());
  });
}

}  // namespace wapc::cli

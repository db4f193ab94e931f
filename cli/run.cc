#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/apply_plan.h"
#include "cli/clock.h"
#include "cli/plan_text.h"
#include "cli/planning.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/plan/build_plan.h"

namespace wapc::cli {
namespace {

struct RunFlags {
  std::string environment = "prod";
  std::vector<std::string> select;
  bool ignore_cron = false;
  bool explain = false;
  std::string publish;
  ApplyFlags apply;
};

base::Status SetOptions(const Context& context, const Compiled& compiled, const RunFlags& flags,
                        compiler::PlanOptions& options) {
  options.environment = flags.environment;
  options.gateway = compiled.project->config.default_gateway;
  options.now = context.now;
  options.run = true;
  options.publish = "independent";
  for (const std::string& publish : {compiled.project->config.publish, flags.publish}) {
    if (!publish.empty()) options.publish = publish;
  }
  options.ignore_cron = flags.ignore_cron;
  const auto moment = MomentOf(context);
  if (!moment) return moment.error();
  options.moment = *moment;
  if (flags.select.empty()) return {};
  auto select = SelectedModels(compiled, flags.select, "--select");
  if (!select) return select.error();
  options.select = std::move(*select);
  return {};
}

base::Result<int> Apply(const Context& context, const Compiled& compiled, const runtime::Plan& plan,
                        const ApplyFlags& flags) {
  const auto read = runtime::ReadPlan(runtime::WritePlan(plan));
  if (!read) return read.error();
  return ApplyPlan(context, compiled.project->config, *read, flags);
}

base::Result<int> Run(Context& context, const Compiled& compiled, const RunFlags& flags) {
  compiler::PlanOptions options;
  if (auto set = SetOptions(context, compiled, flags, options); !set) return set.error();
  const auto state = ReadStateOf(context, *compiled.project, "");
  if (!state) return state.error();
  const auto environment = state->environments.find(flags.environment);
  if (environment == state->environments.end()) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("there is no environment '{}' to run; wapc plan makes one", flags.environment)};
  }
  if (environment->second.held) {
    PrintOut(
        fmt::format("{} was rolled back and is held: nothing was run. The next plan, or wapc env resume, ends that.\n",
                    flags.environment));
    return 0;
  }
  const std::vector<std::string> left_out = compiler::LeftOutOfRun(*compiled.project, environment->second);
  if (!left_out.empty()) {
    PrintErr(fmt::format("not run, since they changed after the last plan: {}\n", fmt::join(left_out, ", ")));
  }
  base::Diagnostics diagnostics;
  const runtime::Plan plan = compiler::BuildPlan(*compiled.project, *state, options, diagnostics);
  if (!CanBePlanned(context, compiled, diagnostics)) return context.exit_code;
  if (plan.empty()) {
    PrintOut(fmt::format("Nothing is due in {}.\n", flags.environment));
    return 0;
  }
  PrintOut(RunText(plan, ColorOn(1)));
  return flags.explain ? base::Result<int>(0) : Apply(context, compiled, plan, flags.apply);
}

}  // namespace

void AddRun(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("run", "Fill what is due: by cron, and by new complete dlt loads");
  verb->footer(
      "Takes up no change of the project: models that differ from what the environment serves are left alone, and\n"
      "told of. Everything that is built is audited first; what fails, and what reads it, keeps its last version.");
  const auto flags = std::make_shared<RunFlags>();
  verb->add_option("ENV", flags->environment, "The environment (default: prod)");
  verb->add_option("--select,--select-model,--select_model", flags->select,
                   "Only these models: names, globs, tag:x, +upstream, downstream+");
  verb->add_flag("--ignore-cron,--ignore_cron", flags->ignore_cron, "Everything, whatever cron says");
  verb->add_flag("--skip-linter,--skip_linter", context.skip_linter, "Do not run the lint rules");
  verb->add_option("--publish", flags->publish,
                   "What may fail alone: all, schema or independent; default: publish in wapc.yaml, else independent")
      ->check(CLI::IsMember({"all", "schema", "independent"}));
  AddApplyFlags(*verb, flags->apply);
  verb->add_flag("--dry-run,--dry_run", flags->explain, "Only say what is due");
  verb->callback([&context, flags] {
    if (flags->environment.empty()) flags->environment = "prod";
    const auto compiled = CompileOrFail(context);
    if (!compiled || !CanBeApplied(context, *compiled)) return;
    const auto done = Run(context, *compiled, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

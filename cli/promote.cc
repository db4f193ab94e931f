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

struct PromoteFlags {
  std::string environment = "prod";
  std::string from;        ///< gateway
  std::string audited_in;  ///< environment there
  std::string to;          ///< gateway
  bool plan_only = false;
};

// Models whose definition or audits are not those that the other gateway serves, and so were not audited there.
std::vector<std::string> NotAudited(const compiler::Project& project, const runtime::State& state,
                                    const std::string& environment) {
  const auto found = state.environments.find(environment);
  if (found != state.environments.end()) return compiler::LeftOutOfRun(project, found->second);
  std::vector<std::string> out;
  for (const compiler::Model& model : project.models) {
    if (model.has_build()) out.push_back(model.name);
  }
  return out;
}

base::Status CheckAudited(const Context& context, const Compiled& compiled, const PromoteFlags& flags) {
  Context there = context;
  there.gateway = flags.from;
  const auto state = ReadStateOf(there, *compiled.project, flags.from);
  if (!state) return state.error();
  const std::vector<std::string> missing = NotAudited(*compiled.project, *state, flags.audited_in);
  if (missing.empty()) return {};
  return base::Error{
      base::ErrorKind::kProject,
      fmt::format("{} of gateway '{}' does not serve this project as it is: {} {} not audited there; plan and apply "
                  "there first",
                  flags.audited_in, flags.from, fmt::join(missing, ", "), missing.size() == 1 ? "was" : "were")};
}

base::Result<int> Promote(Context& context, const Compiled& compiled, const PromoteFlags& flags) {
  if (auto audited = CheckAudited(context, compiled, flags); !audited) return audited.error();
  compiler::PlanOptions options;
  options.environment = flags.environment;
  options.gateway = flags.to;
  options.now = context.now;
  const auto moment = MomentOf(context);
  if (!moment) return moment.error();
  options.moment = *moment;
  const auto state = ReadStateOf(context, *compiled.project, flags.to);
  if (!state) return state.error();
  base::Diagnostics diagnostics;
  const runtime::Plan plan = compiler::BuildPlan(*compiled.project, *state, options, diagnostics);
  if (!CanBePlanned(context, compiled, diagnostics)) return context.exit_code;
  const auto written = runtime::WritePlan(plan);
  if (flags.plan_only || plan.empty()) {
    PrintOut(flags.plan_only ? written : PlanText(plan, "plan.json", ColorOn(1)));
    return 0;
  }
  PrintOut(RunText(plan, ColorOn(1)));
  const auto read = runtime::ReadPlan(written);
  if (!read) return read.error();
  return ApplyPlan(context, compiled.project->config, *read);
}

}  // namespace

void AddPromote(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("promote", "Build and audit in another gateway what was audited in this one");
  verb->footer(
      "For teams whose developers may not touch production data: every model must be served by the first gateway with\n"
      "the same definition and the same audits; then the plan for the other one is made from its own state, built "
      "from\n"
      "its own data, audited and published there.");
  const auto flags = std::make_shared<PromoteFlags>();
  verb->add_option("ENV", flags->environment, "The environment in the other gateway (default: prod)");
  verb->add_option("--to", flags->to, "The gateway to build in")->required();
  verb->add_option("--from", flags->audited_in, "The environment that it was audited in (default: ENV)");
  verb->add_flag("--plan-only,--plan_only", flags->plan_only, "Print the plan and apply nothing");
  verb->callback([&context, flags] {
    if (flags->environment.empty()) flags->environment = "prod";
    if (flags->audited_in.empty()) flags->audited_in = flags->environment;
    std::filesystem::path folder;
    const auto config = ConfigOrFail(context, folder);
    if (!config) return;
    flags->from = config->default_gateway;
    if (flags->to == flags->from) {
      context.exit_code = Fail({base::ErrorKind::kUsage,
                                fmt::format("--to {} is the gateway that it comes from; --gateway names another one to "
                                            "start from",
                                            flags->to)});
      return;
    }
    // Which gateway it is decides in which dialect SQL is written.
    context.gateway = flags->to;
    const auto compiled = CompileOrFail(context);
    if (!compiled || !CanBeApplied(context, *compiled)) return;
    const auto done = Promote(context, *compiled, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

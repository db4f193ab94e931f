#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/apply_plan.h"
#include "cli/clock.h"
#include "cli/explain_plan.h"
#include "cli/plan_text.h"
#include "cli/planning.h"
#include "cli/terminal.h"
#include "cli/unit_tests.h"
#include "cli/verbs.h"
#include "compiler/cache/generate_cache.h"
#include "compiler/cache/plan_cache.h"
#include "compiler/plan/build_plan.h"
#include "runtime/state/transfer.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct PlanFlags {
  std::string state;  ///< a file of `wapc state export`, read in the place of the warehouse
  std::string environment;
  std::string out;
  std::string start, end, effective_from, create_from, publish;
  std::vector<std::string> restate, rebuild, select;
  bool forward_only = false, allow_loss = false, explain = false, auto_apply = false;
  bool ignored = false;  ///< of SQLMesh's flags that ask for what wapc does anyway
  bool skip_tests = false;
};

std::string EnvironmentOf(const PlanFlags& flags) { return flags.environment.empty() ? "prod" : flags.environment; }

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

// Without a warehouse: what was exported, with the loads of that time.
base::Result<runtime::State> ReadExported(const std::string& file) {
  const auto text = base::ReadFile(file);
  if (!text) return text.error();
  const auto exported = runtime::StateFromJson(*text);
  if (!exported) return base::Error{exported.error().kind, fmt::format("{}: {}", file, exported.error().message)};
  return runtime::PlanningState(*exported);
}

// A date as the end names its last moment; intervals end behind it.
base::Status SetMoment(const std::string& text, std::string_view flag, bool end, std::optional<compiler::Moment>& out) {
  if (text.empty()) return {};
  const auto moment = compiler::ReadMoment(text, end);
  if (!moment) return Usage(fmt::format("{} '{}' is no moment; write 2024-01-31 or '2024-01-31 12:00:00'", flag, text));
  out = end ? *moment + 1 : *moment;
  return {};
}

base::Status SetModels(const Compiled& compiled, const PlanFlags& flags, compiler::PlanOptions& options) {
  auto restate = SelectedModels(compiled, flags.restate, "--restate-model");
  if (!restate) return restate.error();
  options.restate = std::move(*restate);
  auto rebuild = SelectedModels(compiled, flags.rebuild, "--rebuild");
  if (!rebuild) return rebuild.error();
  options.rebuild = std::move(*rebuild);
  for (const std::string& name : options.restate) {
    if (!compiled.project->Find(name)->properties.disable_restatement) continue;
    return Usage(
        fmt::format("--restate-model: {} has disable_restatement; to make it anew, name it with --rebuild", name));
  }
  if (flags.select.empty()) return {};
  auto select = SelectedModels(compiled, flags.select, "--select");
  if (!select) return select.error();
  options.select = std::move(*select);
  return {};
}

base::Status SetOptions(const Context& context, const Compiled& compiled, const PlanFlags& flags,
                        compiler::PlanOptions& options) {
  options.environment = EnvironmentOf(flags);
  if (!flags.create_from.empty()) options.create_from = flags.create_from;
  options.gateway = compiled.project->config.default_gateway;
  options.now = context.now;
  for (const std::string& publish : {compiled.project->config.publish, flags.publish}) {
    if (!publish.empty()) options.publish = publish;
  }
  options.forward_only = flags.forward_only || !flags.effective_from.empty();
  options.allow_loss = flags.allow_loss;
  const auto moment = MomentOf(context);
  if (!moment) return moment.error();
  options.moment = *moment;
  if (auto set = SetMoment(flags.start, "--start", false, options.start); !set) return set;
  if (auto set = SetMoment(flags.end, "--end", true, options.end); !set) return set;
  if (auto set = SetMoment(flags.effective_from, "--effective-from", false, options.effective_from); !set) return set;
  if ((options.start || options.end) && options.environment == "prod" && flags.restate.empty()) {
    return Usage(
        "--start and --end say what --restate-model fills again, or what a new environment begins with; prod is filled "
        "as its models say");
  }
  return SetModels(compiled, flags, options);
}

// Writes plan.json, and prints what was asked for.
base::Status Show(const Context& context, const std::string& text, const runtime::Plan& plan,
                  const runtime::State& state, const fs::path& path, const PlanFlags& flags) {
  if (path == "-") {
    PrintOut(text);
    return {};
  }
  if (const auto written = base::WriteFileAtomic(path, text); !written) return written.error();
  if (flags.explain) {
    PrintOut(ExplainPlan(plan, state, context.json()));
  } else {
    const bool goes_on = flags.auto_apply && !plan.empty();
    PrintOut(context.json() ? text
             : goes_on      ? RunText(plan, ColorOn(1))
                            : PlanText(plan, path.filename().string(), ColorOn(1)));
  }
  return {};
}

// Nothing was asked for but what the environment lacks now.
bool IsPlain(const Context& context, const PlanFlags& flags) {
  const bool texts = flags.start.empty() && flags.end.empty() && flags.effective_from.empty() &&
                     flags.create_from.empty() && flags.publish.empty() && context.now.empty();
  const bool lists = flags.state.empty() && flags.restate.empty() && flags.rebuild.empty() && flags.select.empty();
  return texts && lists && !flags.forward_only && !flags.allow_loss && !flags.explain && !context.skip_linter;
}

fs::path PathOf(const fs::path& folder, const PlanFlags& flags) {
  return flags.out.empty() ? folder / "plan.json" : fs::path(flags.out);
}

// A plan that had nothing to do has none now either, when neither files nor the warehouse's state changed since. Unit
// tests are run by every plan that has some.
bool PlannedAlready(Context& context, const PlanFlags& flags) {
  const auto folder = ProjectFolder(context);
  std::error_code ignored;
  if (!folder || !IsPlain(context, flags) || fs::exists(*folder / "tests", ignored)) return false;
  const auto known = compiler::PlannedBefore(*folder, ReadEnvironment(context));
  const auto moment = MomentOf(context);
  if (!known || known->environment != EnvironmentOf(flags) || !compiler::NothingCame(*known, *moment)) return false;
  const auto token = StateTokenOf(context, *folder, known->datasets);
  if (!token || *token != known->state) return false;
  runtime::Plan plan;
  plan.environment = known->environment;
  plan.unchanged = static_cast<int64_t>(known->unchanged);
  if (auto shown = Show(context, known->text, plan, {}, PathOf(*folder, flags), flags); !shown) {
    context.exit_code = Fail(shown.error());
  }
  return true;
}

void Keep(const Context& context, const Compiled& compiled, const runtime::Plan& plan, const PlanFlags& flags,
          int64_t started, const std::string& token) {
  if (token.empty() || !plan.empty() || !compiled.diagnostics.empty() || !IsPlain(context, flags)) return;
  const auto moment = MomentOf(context);
  compiler::EmptyPlan known;
  known.environment = plan.environment;
  known.text = runtime::WritePlan(plan);
  known.unchanged = static_cast<uint64_t>(plan.unchanged);
  known.datasets = compiler::LoadedDatasets(*compiled.project);
  known.schedules = compiler::SchedulesOf(*compiled.project, *moment);
  known.state = token;
  compiler::KeepPlanned(compiled.folder, ReadEnvironment(context), *compiled.sources, started, known);
}

base::Status MakePlan(Context& context, const Compiled& compiled, const PlanFlags& flags, int64_t started) {
  compiler::PlanOptions options;
  if (auto set = SetOptions(context, compiled, flags, options); !set) return set;
  // Before the state itself, so that a change in between is one of the next plan.
  std::string token;
  if (IsPlain(context, flags)) {
    auto read = StateTokenOf(context, compiled.folder, compiler::LoadedDatasets(*compiled.project));
    if (read) token = std::move(*read);
  }
  const auto state = flags.state.empty() ? ReadStateOf(context, *compiled.project, "") : ReadExported(flags.state);
  if (!state) return state.error();
  if (!flags.create_from.empty() && !state->environments.contains(flags.create_from)) {
    return Usage(fmt::format("--create-from: there is no environment '{}'", flags.create_from));
  }
  base::Diagnostics diagnostics;
  const runtime::Plan plan = compiler::BuildPlan(*compiled.project, *state, options, diagnostics);
  if (!CanBePlanned(context, compiled, diagnostics)) return {};
  const std::string text = runtime::WritePlan(plan);
  if (auto shown = Show(context, text, plan, *state, PathOf(compiled.folder, flags), flags); !shown) return shown;
  Keep(context, compiled, plan, flags, started, token);
  if (!flags.auto_apply || plan.empty()) return {};
  const auto read = runtime::ReadPlan(text);
  if (!read) return read.error();
  const auto applied = ApplyPlan(context, compiled.project->config, *read);
  if (!applied) return applied.error();
  context.exit_code = *applied;
  return {};
}

void AddSelection(CLI::App& verb, PlanFlags& flags) {
  const std::string selector = "a name, a glob, tag:x, schema:x, git:REF, with + for what it reads or what reads it";
  verb.add_option("--select,--select-model,--select_model", flags.select,
                  "Take up only changes of these models, with what follows below them: " + selector);
  verb.add_option(
      "--restate-model,--restate_model,-r", flags.restate,
      "Fill models again although nothing changed, and what reads them; in an environment that shares them, "
      "as a copy of its own");
  verb.add_option("--start,-s", flags.start, "Restate, or begin a new environment, from here");
  verb.add_option("--end,-e", flags.end, "... up to here; a date is taken in whole");
  verb.add_flag("--forward-only,--forward_only", flags.forward_only,
                "Keep the tables that are moved in place: only new rows follow a changed query");
  verb.add_option("--effective-from,--effective_from", flags.effective_from,
                  "With it, fill the intervals from here on with the new query");
  verb.add_option("--rebuild", flags.rebuild, "Make models anew that change forward-only; nothing may be lost");
  verb.add_flag("--allow-loss,--allow_loss", flags.allow_loss, "Let a rebuild hold less than what it replaces");
  verb.add_option("--create-from,--create_from", flags.create_from,
                  "What a new environment starts from (default: prod)");
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
  verb->add_option("--state", flags->state, "Plan from a file of `wapc state export`, without a warehouse");
  AddSelection(*verb, *flags);
  verb->add_flag("--explain", flags->explain, "Print every statement that an apply would run, in order");
  verb->add_flag("--auto-apply,--auto_apply", flags->auto_apply, "Apply the plan as soon as it is made");
  verb->add_option("--publish", flags->publish,
                   "What may fail alone: all (nothing moves if anything fails), schema or independent (what does not "
                   "depend on a failed model is published); default: publish in wapc.yaml, else all")
      ->check(CLI::IsMember({"all", "schema", "independent"}));
  verb->add_flag("--skip-linter,--skip_linter", context.skip_linter, "Do not run the lint rules");
  verb->add_flag("--include-unmodified,--include_unmodified,--no-gaps,--no_gaps,--no-prompts,--no_prompts",
                 flags->ignored, "Accepted for SQLMesh's sake: wapc always does so");
  verb->add_flag("--skip-tests,--skip_tests", flags->skip_tests, "Do not run the unit tests of tests/");
  verb->callback([&context, flags] {
    if (PlannedAlready(context, *flags)) return;
    const int64_t started = compiler::NowInNanoseconds();
    const auto compiled = CompileOrFail(context);
    if (!compiled || !CanBeApplied(context, *compiled)) return;
    if (!flags->skip_tests && !UnitTestsPass(context, compiled->folder)) return;
    if (const auto made = MakePlan(context, *compiled, *flags, started); !made) context.exit_code = Fail(made.error());
  });
}

}  // namespace wapc::cli

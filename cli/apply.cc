#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/apply_plan.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/plan.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string plan;
  std::string sha256;
  ApplyFlags apply;
};

base::Result<int> Run(Context& context, const Flags& flags) {
  fs::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return context.exit_code;
  std::error_code ignored;
  fs::path path = flags.plan;
  if (path.is_relative() && !fs::exists(path, ignored)) path = folder / path;
  const auto text = base::ReadFile(path);
  if (!text) return text.error();
  const auto read = runtime::ReadPlan(*text);
  if (!read) return base::Error{read.error().kind, fmt::format("{}: {}", flags.plan, read.error().message)};
  if (!flags.sha256.empty() && flags.sha256 != read->sha256) {
    return base::Error{base::ErrorKind::kUsage, fmt::format("{} is not the plan that was reviewed: its SHA-256 is {}",
                                                            flags.plan, read->sha256)};
  }
  return ApplyPlan(context, *config, *read, flags.apply);
}

}  // namespace

void AddApply(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("apply", "Run exactly one plan: build aside, audit, publish everything at once");
  verb->footer(
      "Readers see the old data until every blocking audit has passed, and the new data at one moment.\n"
      "Killed at any point, the same command finishes the work. A plan that is applied already says so.\n"
      "Ctrl-C ends it cleanly: nothing is published, what was built aside is cleared away; a second one kills it.");
  const auto flags = std::make_shared<Flags>();
  verb->add_option("PLAN", flags->plan, "The plan that `wapc plan` wrote")->default_str("plan.json");
  verb->add_option("--sha256", flags->sha256, "Refuse any plan but the one with this SHA-256");
  verb->add_flag("--dry-run,--dry_run", flags->apply.dry_run,
                 "Only have the engine check every statement, in a transaction that is rolled back; write nothing");
  AddApplyFlags(*verb, flags->apply);
  verb->callback([&context, flags] {
    if (flags->plan.empty()) flags->plan = "plan.json";
    const auto done = Run(context, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

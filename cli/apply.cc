#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/audit_text.h"
#include "cli/planning.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/apply.h"
#include "runtime/plan.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Outcome;
using runtime::Progress;

struct ApplyFlags {
  std::string plan;
  std::string sha256;
};

// A bar on a terminal, a line a step elsewhere.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(bool terminal) : terminal_(terminal) {}

  void Show(const Progress& progress) const {
    if (terminal_) {
      ShowBar(progress);
    } else if (const std::string line = Line(progress); !line.empty()) {
      PrintErr(line + "\n");
    }
  }

  void Finish() const {
    if (terminal_) PrintErr("\r\x1b[K");
  }

 private:
  static std::string Line(const Progress& progress) {
    switch (progress.kind) {
      case Progress::Kind::kBuilding: return "";
      case Progress::Kind::kBuilt:
        if (progress.rows < 0) return fmt::format("built {} ({:.2f} s)", progress.model, progress.seconds);
        return fmt::format("built {} ({} rows, {:.2f} s)", progress.model, progress.rows, progress.seconds);
      case Progress::Kind::kAudited: return fmt::format("audited {}", progress.model);
      case Progress::Kind::kHeld: return fmt::format("held {}", progress.model);
      case Progress::Kind::kPublishing: return "publishing";
      case Progress::Kind::kPublished: return "published";
      case Progress::Kind::kResumed: return "resuming an apply of this plan that was interrupted";
    }
    return "";
  }

  static void ShowBar(const Progress& progress) {
    constexpr int64_t kWidth = 30;
    const int64_t total = std::max<int64_t>(1, progress.total);
    const auto filled = static_cast<size_t>(kWidth * std::min(progress.done, total) / total);
    const std::string what = progress.model.empty() ? Line(progress) : progress.model;
    PrintErr(fmt::format("\r\x1b[K[{}{}] {}/{} {}", std::string(filled, '#'), std::string(kWidth - filled, '.'),
                         progress.done, progress.total, what.substr(0, 60)));
  }

  bool terminal_;
};

int Report(const runtime::ApplyReport& report, const runtime::Plan& plan) {
  if (!report.state_backup.empty()) {
    PrintErr(fmt::format("the state was of an older wapc and is migrated; schema {} holds a copy of what it was\n",
                         report.state_backup));
  }
  for (const std::string& text : report.held) PrintErr(fmt::format("held: {}\n", text));
  for (const std::string& text : report.old_readers) PrintErr(fmt::format("published without waiting for: {}\n", text));
  for (const runtime::AuditFailure& failure : report.failures) PrintErr(FailureText(failure));
  if (!report.skipped.empty())
    PrintErr(fmt::format("not built, since they read a failed model: {}\n", fmt::join(report.skipped, ", ")));
  switch (report.outcome) {
    case Outcome::kNothingToDo:
      PrintOut(fmt::format("Nothing to do: {} already serves this project.\n", plan.environment));
      return 0;
    case Outcome::kAlreadyApplied:
      PrintOut(fmt::format("This plan is already applied to {}; nothing was done.\n", plan.environment));
      return 0;
    case Outcome::kPublished:
      PrintOut(fmt::format("Published to {}{}: {} built, {} audits passed, {} views swapped at once.\n",
                           plan.environment, report.resumed ? " (resumed)" : "", report.built,
                           report.audits - static_cast<int64_t>(report.failures.size()), report.views));
      return 0;
    case Outcome::kAuditFailed:
      PrintErr(fmt::format("Nothing was published: {} is exactly as it was.\n", plan.environment));
      return static_cast<int>(base::ErrorKind::kProject);
  }
  return 0;
}

base::Result<int> Run(Context& context, const ApplyFlags& flags) {
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
  return ApplyPlan(context, *config, *read);
}

}  // namespace

base::Result<int> ApplyPlan(Context& context, const compiler::Config& config, const runtime::ReadPlanResult& plan) {
  auto warehouse = OpenGateway(context, config, plan.plan.gateway, runtime::Access::kReadWrite);
  if (!warehouse) return warehouse.error();
  ProgressPrinter printer(IsTerminal(STDERR_FILENO));
  runtime::ApplyOptions options;
  options.sha256 = plan.sha256;
  options.progress = [&printer](const Progress& progress) { printer.Show(progress); };
  const auto report = runtime::Apply(plan.plan, **warehouse, options);
  printer.Finish();
  if (!report) return report.error();
  return Report(*report, plan.plan);
}

void AddApply(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("apply", "Run exactly one plan: build aside, audit, publish everything at once");
  verb->footer(
      "Readers see the old data until every blocking audit has passed, and the new data at one moment.\n"
      "Killed at any point, the same command finishes the work. A plan that is applied already says so.");
  const auto flags = std::make_shared<ApplyFlags>();
  verb->add_option("PLAN", flags->plan, "The plan that `wapc plan` wrote")->default_str("plan.json");
  verb->add_option("--sha256", flags->sha256, "Refuse any plan but the one with this SHA-256");
  verb->callback([&context, flags] {
    if (flags->plan.empty()) flags->plan = "plan.json";
    const auto done = Run(context, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

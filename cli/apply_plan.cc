#include "cli/apply_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <thread>

#include "cli/audit_text.h"
#include "cli/cancel.h"
#include "cli/terminal.h"
#include "compiler/ir.h"
#include "runtime/apply.h"

namespace wapc::cli {
namespace {

using runtime::Outcome;
using runtime::Progress;

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

int ExitCodeOf(const runtime::ApplyReport& report, const runtime::Plan& plan) {
  if (!report.state_backup.empty()) {
    PrintErr(fmt::format("the state was of an older wapc and is migrated; schema {} holds a copy of what it was\n",
                         report.state_backup));
  }
  for (const std::string& text : report.held) PrintErr(fmt::format("held: {}\n", text));
  for (const std::string& text : report.old_readers) PrintErr(fmt::format("published without waiting for: {}\n", text));
  for (const runtime::AuditFailure& failure : report.failures) PrintErr(FailureText(failure));
  for (const std::string& text : report.errors) PrintErr(fmt::format("failed: {}\n", text));
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
    case Outcome::kPartlyPublished:
      if (!report.withheld.empty()) {
        PrintErr(
            fmt::format("not published, since they go with a failed model: {}\n", fmt::join(report.withheld, ", ")));
      }
      PrintOut(fmt::format("Published to {} only in part: {}. Everything else is served as it was.\n", plan.environment,
                           fmt::join(report.published, ", ")));
      return static_cast<int>(base::ErrorKind::kProject);
    case Outcome::kChecked:
      PrintOut(fmt::format("The engine takes this plan: {} statements checked{}. Nothing was written.\n",
                           report.checked,
                           report.unchecked == 0 ? "" : fmt::format(", {} only run by an apply", report.unchecked)));
      return 0;
    case Outcome::kCancelled:
      PrintErr(fmt::format("Cancelled: {} is exactly as it was. {}\n", plan.environment,
                           report.cleared ? "What was built aside is cleared away."
                                          : "What was built aside is cleared away by the next apply."));
      return 0;
    case Outcome::kAuditFailed:
      PrintErr(fmt::format("Nothing was published: {} is exactly as it was.\n", plan.environment));
      return static_cast<int>(base::ErrorKind::kProject);
  }
  return 0;
}

std::chrono::milliseconds Seconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// For others that want to apply something meanwhile.
std::string Holder() {
  constexpr size_t kLongest = 256;
  std::array<char, kLongest> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return fmt::format("wapc apply (pid {})", getpid());
  return fmt::format("wapc apply (pid {} on {})", getpid(), host.data());
}

runtime::ApplyOptions OptionsOf(const Context& context, const compiler::Config& config, const std::string& sha256,
                                const ApplyFlags& flags) {
  runtime::ApplyOptions options;
  options.sha256 = sha256;
  options.jobs = flags.jobs;
  options.holder = Holder();
  options.lock_timeout = Seconds(context.lock_timeout);
  options.statement_timeout = Seconds(flags.statement_timeout > 0 ? flags.statement_timeout : config.statement_timeout);
  options.verify_content = flags.verify_content;
  options.dry_run = flags.dry_run;
  return options;
}

// Once more on a new connection while the old one was lost: what is journaled is not done again.
base::Result<runtime::ApplyReport> ApplyUntilConnected(const Context& context, const compiler::Config& config,
                                                       const runtime::Plan& plan,
                                                       const runtime::ApplyOptions& options) {
  constexpr int kTries = 4;
  std::chrono::milliseconds pause{200};
  for (int i = 1;; ++i) {
    auto warehouse = OpenGateway(context, config, plan.gateway, runtime::Access::kReadWrite);
    if (!warehouse && i == 1) return warehouse.error();
    auto report = warehouse ? runtime::Apply(plan, **warehouse, options) : warehouse.error();
    const bool lost = !warehouse || (!report && (*warehouse)->last_fault() == runtime::Fault::kConnection);
    if (!lost || i == kTries || *options.cancel) return report;
    PrintErr(fmt::format("the connection was lost; going on with a new one ({})\n",
                         warehouse ? report.error().message : warehouse.error().message));
    std::this_thread::sleep_for(pause);
    pause *= 3;
  }
}

}  // namespace

void AddApplyFlags(CLI::App& verb, ApplyFlags& flags) {
  verb.add_option("-j,--jobs", flags.jobs,
                  "Models built at once, each on a connection of its own (default: one a core)")
      ->check(CLI::Range(1U, 1000U))
      ->envname("WAPC_JOBS");
  verb.add_option(
          "--statement-timeout,--statement_timeout", flags.statement_timeout,
          "Seconds after which a statement is interrupted (default: statement_timeout in wapc.yaml, else never)")
      ->check(CLI::PositiveNumber);
  verb.add_flag("--verify-content,--verify_content", flags.verify_content,
                "Before publishing, compare every row with what was audited, not only how many there are");
}

base::Result<int> ApplyPlan(const Context& context, const compiler::Config& config, const runtime::ReadPlanResult& plan,
                            const ApplyFlags& flags) {
  const CancelOnSignal cancel;
  ProgressPrinter printer(IsTerminal(STDERR_FILENO));
  runtime::ApplyOptions options = OptionsOf(context, config, plan.sha256, flags);
  options.cancel = &cancel.flag();
  options.progress = [&printer](const Progress& progress) { printer.Show(progress); };
  const auto report = ApplyUntilConnected(context, config, plan.plan, options);
  printer.Finish();
  if (!report) return report.error();
  const int exit_code = ExitCodeOf(*report, plan.plan);
  return report->outcome == Outcome::kCancelled ? cancel.exit_code() : exit_code;
}

}  // namespace wapc::cli

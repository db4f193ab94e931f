#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/plan/intervals.h"
#include "compiler/project/duration.h"
#include "runtime/environments/janitor.h"

namespace wapc::cli {
namespace {

struct JanitorFlags {
  std::string ttl;
  std::string environment_ttl;
  std::string grace;
  bool dry_run = false;
};

base::Status ReadLength(const std::string& text, std::string_view flag, std::chrono::seconds& length) {
  if (text.empty()) return {};
  if (const auto read = compiler::ReadDuration(text)) {
    length = *read;
    return {};
  }
  return base::Error{base::ErrorKind::kUsage,
                     fmt::format("{} '{}' is no length of time; write it like '1 week' or '12 hours'", flag, text)};
}

// By --now, or by the clock.
base::Result<int64_t> Now(const Context& context) {
  if (context.now.empty()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
  const auto moment = compiler::ReadMoment(context.now, false);
  if (moment) return *moment;
  return base::Error{base::ErrorKind::kUsage,
                     fmt::format("--now '{}' is no moment; write 2024-01-31 or '2024-01-31 12:00:00'", context.now)};
}

base::Result<runtime::JanitorOptions> Options(const Context& context, const compiler::Retention& retention,
                                              const JanitorFlags& flags) {
  runtime::JanitorOptions options;
  options.environment_ttl = retention.environment;
  options.version_ttl = retention.version;
  options.pinned.insert(retention.pinned.begin(), retention.pinned.end());
  options.dry_run = flags.dry_run;
  options.lock_timeout = std::chrono::milliseconds(static_cast<int64_t>(context.lock_timeout * 1000));
  const auto now = Now(context);
  if (!now) return now.error();
  options.now = *now;
  if (auto status = ReadLength(flags.ttl, "--ttl", options.version_ttl); !status) return status.error();
  if (auto status = ReadLength(flags.environment_ttl, "--environment-ttl", options.environment_ttl); !status) {
    return status.error();
  }
  if (auto status = ReadLength(flags.grace, "--grace", options.grace); !status) return status.error();
  return options;
}

void Print(const Context& context, const runtime::JanitorReport& report, bool dry_run) {
  if (context.json()) {
    const nlohmann::ordered_json out{
        {"dry_run", dry_run},  {"expired", report.expired},     {"dropped", report.dropped},
        {"kept", report.kept}, {"publishes", report.publishes}, {"records", report.records}};
    PrintOut(out.dump(2) + "\n");
    return;
  }
  const std::string_view would = dry_run ? "would " : "";
  for (const std::string& name : report.expired) {
    PrintOut(fmt::format("{}environment {}: nothing was published to it for too long\n",
                         dry_run ? "would drop " : "dropped ", name));
  }
  for (const std::string& name : report.dropped)
    PrintOut(fmt::format("{} {}\n", dry_run ? "would drop" : "dropped", name));
  for (const std::string& text : report.kept) PrintOut(fmt::format("{}keep: {}\n", would, text));
  PrintOut(fmt::format("{} environments, {} relations, {} publishes and {} records {}.\n", report.expired.size(),
                       report.dropped.size(), report.publishes, report.records,
                       dry_run ? "would go; nothing was done" : "are gone"));
}

base::Result<int> Run(Context& context, const JanitorFlags& flags) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return context.exit_code;
  const auto options = Options(context, config->retention, flags);
  if (!options) return options.error();
  base::Result<runtime::JanitorReport> report = runtime::JanitorReport{};
  {
    const auto access = flags.dry_run ? runtime::Access::kReadOnly : runtime::Access::kReadWrite;
    auto warehouse = OpenGateway(context, *config, "", access);
    if (!warehouse) return warehouse.error();
    report = runtime::Clean(**warehouse, *options);
  }
  if (!report) return report.error();
  Print(context, *report, flags.dry_run);
  return 0;
}

}  // namespace

void AddJanitor(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("janitor", "Take away expired environments, old versions and old records");
  verb->footer(
      "What an environment serves, can be rolled back to, or a view of anybody's reads stays. `snapshot_ttl`,\n"
      "`environment_ttl` and `pinned_environments` of wapc.yaml say how long; a week each where they don't.");
  const auto flags = std::make_shared<JanitorFlags>();
  verb->add_option("--ttl", flags->ttl, "How long a replaced version can be rolled back to: '1 week'");
  verb->add_option("--environment-ttl,--environment_ttl", flags->environment_ttl,
                   "How long an environment stays after its last publish");
  verb->add_option("--grace", flags->grace, "How long what nothing uses stays nevertheless (default: 1 day)");
  verb->add_flag("--dry-run,--dry_run", flags->dry_run, "Only say what would go");
  verb->callback([&context, flags] {
    const auto done = Run(context, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

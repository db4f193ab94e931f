#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "cli/audit_report.h"
#include "cli/audit_text.h"
#include "cli/clock.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/intervals.h"
#include "runtime/audits.h"
#include "runtime/state/store.h"

namespace wapc::cli {
namespace {

struct AuditFlags {
  std::vector<std::string> models;
  std::string environment = "prod";
  bool failures = false;
  int rows = 5;
};

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

// What apply kept of the last audits of each model, as they were then.
base::Result<int> ShowKept(Context& context, const AuditFlags& flags) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return context.exit_code;
  base::Result<runtime::Rows> rows = runtime::Rows{};
  {
    auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadOnly);
    if (!warehouse) return warehouse.error();
    const auto found = (*warehouse)->Find(runtime::kFailuresTable);
    if (!found) return found.error();
    if (found->has_value()) {
      std::string sql =
          "SELECT model, audit, blocking, failing_rows, row_number, failing_row FROM wapc.audit_failures WHERE "
          "environment = " +
          (*warehouse)->Literal(flags.environment);
      if (!flags.models.empty()) {
        std::vector<std::string> names;
        for (const std::string& name : flags.models) names.push_back((*warehouse)->Literal(name));
        sql += fmt::format(" AND model IN ({})", fmt::join(names, ", "));
      }
      rows = (*warehouse)->Query(sql + " ORDER BY model, audit, row_number");
    }
  }
  if (!rows) return rows.error();
  if (rows->rows.empty() && context.format == "text") {
    PrintOut(fmt::format("No failing rows are kept for {}.\n", flags.environment));
    return 0;
  }
  PrintOut(context.json() ? JsonText(*rows) : context.format == "csv" ? CsvText(*rows) : TableText(*rows));
  return 0;
}

int Report(const Context& context, const runtime::AuditReport& report, const std::vector<std::string>& changed,
           const std::string& environment, const Compiled& compiled) {
  const auto blocking = std::count_if(report.failures.begin(), report.failures.end(),
                                      [](const runtime::AuditFailure& failure) { return failure.blocking; });
  const bool bad = blocking > 0 || !changed.empty();
  const int exit_code = bad ? static_cast<int>(base::ErrorKind::kProject) : 0;
  if (context.json() || context.format == "junit") {
    PrintOut(context.json() ? AuditJson(report, changed) : AuditJunit(report, changed));
    return exit_code;
  }
  if (IsMachineFormat(context)) {
    PrintDiagnostics(context, AuditDiagnostics(report, changed, *compiled.project), *compiled.sources);
    return exit_code;
  }
  for (const runtime::AuditFailure& failure : report.failures) PrintErr(FailureText(failure));
  for (const std::string& name : changed) {
    PrintErr(fmt::format("not audited: {} is not what {} serves; plan and apply it first\n", name, environment));
  }
  PrintOut(fmt::format("{} of {} audits passed on {} models of {}.\n",
                       report.audits - static_cast<int64_t>(report.failures.size()), report.audits, report.models,
                       environment));
  return exit_code;
}

base::Result<int> Run(Context& context, const AuditFlags& flags) {
  const auto compiled = CompileOrFail(context);
  if (!compiled) return context.exit_code;
  const auto moment = MomentOf(context);
  if (!moment) return moment.error();
  const compiler::Project& project = *compiled->project;
  for (const std::string& name : flags.models) {
    if (project.Find(name) == nullptr) return Usage(fmt::format("there is no model {}", name));
  }
  compiler::ServedAudits audits;
  base::Result<runtime::AuditReport> report = runtime::AuditReport{};
  {
    auto warehouse = OpenGateway(context, project.config, "", runtime::Access::kReadOnly);
    if (!warehouse) return warehouse.error();
    const auto state = runtime::ReadState(**warehouse, {});
    if (!state) return state.error();
    const auto environment = state->environments.find(flags.environment);
    if (environment == state->environments.end()) {
      return Usage(fmt::format("there is no environment {}; `wapc env list` shows what there is", flags.environment));
    }
    audits = compiler::AuditsOfServed(project, environment->second, {flags.models.begin(), flags.models.end()});
    report = runtime::AuditServed(**warehouse, environment->second, audits.models, compiler::MomentText(*moment),
                                  flags.rows);
  }
  if (!report) return report.error();
  // Nothing was looked at, which is not the same as nothing being wrong.
  if (report->audits == 0 && audits.changed.empty()) {
    return base::Error{base::ErrorKind::kProject,
                       fmt::format("no audit was run: {} serves no such model with audits", flags.environment)};
  }
  return Report(context, *report, audits.changed, flags.environment, *compiled);
}

}  // namespace

void AddAudit(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("audit", "Run the audits now, over the rows that an environment serves");
  verb->footer(
      "Reads only. A blocking audit that finds more rows than its threshold ends with exit code 1.\n"
      "--format json and junit tell of all audits; github and sarif show failures where the audits are asked for.\n"
      "--failures shows instead what the last apply kept: up to 100 failing rows of each audit.");
  const auto flags = std::make_shared<AuditFlags>();
  verb->add_option("MODEL", flags->models, "Only these models (default: all)");
  verb->add_option("--env", flags->environment, "The environment (default: prod)");
  verb->add_flag("--failures", flags->failures, "Show the failing rows that the last apply kept, without auditing");
  verb->add_option("--rows", flags->rows, "How many failing rows of an audit to show (default 5)")
      ->check(CLI::NonNegativeNumber);
  verb->callback([&context, flags] {
    const auto done = flags->failures ? ShowKept(context, *flags) : Run(context, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/environments/drop.h"
#include "runtime/environments/rollback.h"
#include "runtime/state/history.h"
#include "runtime/state/store.h"

namespace wapc::cli {
namespace {

using runtime::Rows;
using runtime::Warehouse;

struct EnvFlags {
  std::string environment = "prod";
  std::string to_plan;
  bool yes = false;
};

// So much of a digest tells plans apart.
std::string Short(const std::string& digest) { return digest.substr(0, 12); }

std::chrono::milliseconds LockTimeout(const Context& context) {
  return std::chrono::milliseconds(static_cast<int64_t>(context.lock_timeout * 1000));
}

// Opens the gateway, runs `body`, and closes it again before anything is printed.
template <class Result>
base::Result<Result> OnWarehouse(Context& context, runtime::Access access,
                                 const std::function<base::Result<Result>(Warehouse&)>& body) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  // What is wrong with wapc.yaml was printed; the error only carries the exit code.
  if (!config) return base::Error{base::ErrorKind::kUsage, ""};
  auto warehouse = OpenGateway(context, *config, "", access);
  if (!warehouse) return warehouse.error();
  return body(**warehouse);
}

int FailOnce(const base::Error& error) { return error.message.empty() ? static_cast<int>(error.kind) : Fail(error); }

void PrintRows(const Context& context, const Rows& rows) {
  PrintOut(context.json() ? JsonText(rows) : context.format == "csv" ? CsvText(rows) : TableText(rows));
}

Rows EnvironmentRows(const runtime::State& state) {
  Rows rows;
  rows.columns = {"environment", "models", "structure", "data", "updated", "held"};
  rows.types = {"VARCHAR", "BIGINT", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR"};
  for (const auto& [name, environment] : state.environments) {
    if (runtime::IsDropped(environment)) continue;
    rows.rows.push_back({name, std::to_string(environment.models.size()), std::to_string(environment.structure_version),
                         std::to_string(environment.data_version), environment.updated_at,
                         environment.held ? "yes" : "no"});
  }
  return rows;
}

base::Result<int> List(Context& context, const EnvFlags& /*flags*/) {
  const auto state = OnWarehouse<runtime::State>(
      context, runtime::Access::kReadOnly, [](Warehouse& warehouse) { return runtime::ReadState(warehouse, {}); });
  if (!state) return state.error();
  PrintRows(context, EnvironmentRows(*state));
  return 0;
}

/// An environment with the publishes that made it what it is.
struct Shown {
  runtime::EnvironmentRecord environment;
  std::vector<runtime::Publish> history;
};

base::Result<Shown> ReadShown(Warehouse& warehouse, const std::string& name) {
  auto state = runtime::ReadState(warehouse, {});
  if (!state) return state.error();
  const auto found = state->environments.find(name);
  if (found == state->environments.end() || runtime::IsDropped(found->second)) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("there is no environment {}; `wapc env list` shows what there is", name)};
  }
  auto history = runtime::ReadPublishes(warehouse, name);
  if (!history) return history.error();
  return Shown{std::move(found->second), std::move(*history)};
}

Rows ModelRows(const runtime::EnvironmentRecord& environment) {
  Rows rows;
  rows.columns = {"model", "kind", "version", "owner", "rows", "view", "table"};
  rows.types = {"VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "VARCHAR", "VARCHAR"};
  for (const auto& [name, model] : environment.models) {
    // A VIEW has as many rows as it gives when it is read.
    const bool counted = model.kind != "VIEW";
    rows.rows.push_back({name, model.kind, model.digests.table_version, model.build.owner,
                         counted ? std::optional(std::to_string(model.build.row_count)) : std::nullopt,
                         model.view.schema + "." + model.view.name,
                         model.build.relation.schema + "." + model.build.relation.name});
  }
  return rows;
}

Rows HistoryRows(const std::vector<runtime::Publish>& history) {
  Rows rows;
  rows.columns = {"when", "what", "plan", "status"};
  rows.types = {"VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"};
  for (const runtime::Publish& publish : history) {
    rows.rows.push_back({publish.created_at, publish.action, Short(publish.plan_sha256), publish.status});
  }
  return rows;
}

base::Result<int> Show(Context& context, const EnvFlags& flags) {
  const auto shown = OnWarehouse<Shown>(context, runtime::Access::kReadOnly,
                                        [&](Warehouse& warehouse) { return ReadShown(warehouse, flags.environment); });
  if (!shown) return shown.error();
  const runtime::EnvironmentRecord& environment = shown->environment;
  const Rows models = ModelRows(environment);
  const Rows history = HistoryRows(shown->history);
  if (context.json()) {
    nlohmann::ordered_json out{{"environment", environment.name},
                               {"structure_version", environment.structure_version},
                               {"data_version", environment.data_version},
                               {"plan", environment.plan_sha256},
                               {"held", environment.held}};
    out["models"] = nlohmann::ordered_json::parse(JsonText(models));
    out["history"] = nlohmann::ordered_json::parse(JsonText(history));
    PrintOut(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return 0;
  }
  if (context.format == "csv") {
    PrintOut(CsvText(models));
    return 0;
  }
  PrintOut(fmt::format("{}: structure version {}, data version {}, plan {}{}\n\n", environment.name,
                       environment.structure_version, environment.data_version, Short(environment.plan_sha256),
                       environment.held ? ", held: `run` leaves it alone until the next plan or `env resume`" : ""));
  PrintOut(TableText(models));
  PrintOut("\nHistory, the newest first:\n" + TableText(history));
  return 0;
}

base::Result<int> RollBack(Context& context, const EnvFlags& flags) {
  const runtime::RollbackOptions options{flags.environment, flags.to_plan, LockTimeout(context)};
  const auto report =
      OnWarehouse<runtime::RollbackReport>(context, runtime::Access::kReadWrite,
                                           [&](Warehouse& warehouse) { return runtime::RollBack(warehouse, options); });
  if (!report) return report.error();
  std::vector<std::string> undone;
  for (const std::string& plan : report->undone) undone.push_back(Short(plan));
  if (context.json()) {
    const nlohmann::ordered_json out{{"environment", flags.environment}, {"undone", report->undone},
                                     {"serves", report->served},         {"models", report->models},
                                     {"views", report->views},           {"moved_back", report->moved}};
    PrintOut(out.dump(2) + "\n");
    return 0;
  }
  PrintOut(fmt::format("Rolled back {}: undid {} {}, {} moved back in place, {} views switched at once.\n",
                       flags.environment, undone.size() == 1 ? "plan" : "plans", fmt::join(undone, ", "), report->moved,
                       report->views));
  PrintOut(
      fmt::format("{} now serves {}. It is held: `wapc run` leaves it alone until the next plan is applied, or "
                  "`wapc env resume{}`.\n",
                  flags.environment, report->served.empty() ? "nothing" : "plan " + Short(report->served),
                  flags.environment == "prod" ? "" : " " + flags.environment));
  return 0;
}

base::Result<int> Drop(Context& context, const EnvFlags& flags) {
  if (flags.environment == "prod" && !flags.yes) {
    return base::Error{base::ErrorKind::kUsage,
                       "dropping prod takes every reader's view away; say --yes if that is what you want"};
  }
  const auto report = OnWarehouse<runtime::DropReport>(context, runtime::Access::kReadWrite, [&](Warehouse& warehouse) {
    return runtime::DropEnvironment(warehouse, flags.environment, LockTimeout(context));
  });
  if (!report) return report.error();
  PrintOut(fmt::format("Dropped {}: {} views{}{}. `wapc janitor` takes away the tables that nothing uses any more.\n",
                       flags.environment, report->views, report->schemas.empty() ? "" : " and the empty schemas ",
                       fmt::join(report->schemas, ", ")));
  for (const std::string& text : report->handed_on) PrintOut(fmt::format("  {} owns its table now\n", text));
  return 0;
}

base::Result<int> Resume(Context& context, const EnvFlags& flags) {
  const auto held = OnWarehouse<bool>(context, runtime::Access::kReadWrite, [&](Warehouse& warehouse) {
    return runtime::Resume(warehouse, flags.environment, LockTimeout(context));
  });
  if (!held) return held.error();
  PrintOut(*held ? fmt::format("{} goes on: `wapc run` takes care of it again.\n", flags.environment)
                 : fmt::format("{} was not held; nothing was done.\n", flags.environment));
  return 0;
}

using Action = base::Result<int> (*)(Context&, const EnvFlags&);

// Sub-verbs differ in their flags and in what they run.
CLI::App* AddAction(CLI::App* verb, Context& context, const std::shared_ptr<EnvFlags>& flags, const std::string& name,
                    const std::string& help, Action action) {
  auto* const added = verb->add_subcommand(name, help);
  added->callback([&context, flags, action] {
    const auto done = action(context, *flags);
    context.exit_code = done ? *done : FailOnce(done.error());
  });
  return added;
}

}  // namespace

void AddEnv(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("env", "Look at the environments of a warehouse, roll them back, drop them");
  verb->require_subcommand(1);
  const auto flags = std::make_shared<EnvFlags>();
  AddAction(verb, context, flags, "list",
            "Every environment: how many models it serves, its versions, when it was published", List);
  auto* const show =
      AddAction(verb, context, flags, "show", "What an environment serves, and the publishes that led there", Show);
  auto* const rollback =
      AddAction(verb, context, flags, "rollback", "Undo the newest publish, or all after the one of a plan", RollBack);
  rollback->footer(
      "Rows that were moved in place move back, and views and records are as they were: all in one transaction.\n"
      "The environment is then held: `wapc run` leaves it alone until the next plan is applied, or `wapc env resume`.");
  rollback->add_option("--to", flags->to_plan, "The plan to serve again: the beginning of its SHA-256, see env show");
  auto* const drop = AddAction(verb, context, flags, "drop", "Take an environment's views and records away", Drop);
  drop->footer("Tables that another environment uses stay and pass to it; others go with a later `wapc janitor`.");
  drop->add_flag("--yes", flags->yes, "Needed for prod");
  auto* const resume =
      AddAction(verb, context, flags, "resume", "Let `run` go on with an environment that was rolled back", Resume);
  for (CLI::App* const sub : {show, rollback, resume}) {
    sub->add_option("ENV", flags->environment, "The environment (default: prod)");
  }
  drop->add_option("ENV", flags->environment, "The environment")->required();
}

}  // namespace wapc::cli

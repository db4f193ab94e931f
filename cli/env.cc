#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/state/store.h"

namespace wapc::cli {
namespace {

runtime::Rows EnvironmentRows(const runtime::State& state) {
  runtime::Rows rows;
  rows.columns = {"environment", "models", "structure", "data", "updated", "held"};
  rows.types = {"VARCHAR", "BIGINT", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR"};
  for (const auto& [name, environment] : state.environments) {
    rows.rows.push_back({name, std::to_string(environment.models.size()), std::to_string(environment.structure_version),
                         std::to_string(environment.data_version), environment.updated_at,
                         environment.held ? "yes" : "no"});
  }
  return rows;
}

void RunList(Context& context) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return;
  base::Result<runtime::State> state = runtime::State{};
  {
    auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadOnly);
    if (!warehouse) {
      context.exit_code = Fail(warehouse.error());
      return;
    }
    state = runtime::ReadState(**warehouse, {});
  }
  if (!state) {
    context.exit_code = Fail(state.error());
    return;
  }
  const runtime::Rows rows = EnvironmentRows(*state);
  PrintOut(context.json() ? JsonText(rows) : context.format == "csv" ? CsvText(rows) : TableText(rows));
}

}  // namespace

void AddEnv(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("env", "Look at the environments of a warehouse");
  verb->require_subcommand(1);
  auto* const list =
      verb->add_subcommand("list", "Every environment: how many models it serves, its versions, when it was published");
  list->callback([&context] { RunList(context); });
}

}  // namespace wapc::cli

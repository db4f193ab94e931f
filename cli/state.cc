#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/state/migrations.h"
#include "runtime/state/records.h"

namespace wapc::cli {
namespace {

base::Result<int> Migrate(Context& context) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return context.exit_code;
  base::Result<runtime::Migration> migration = runtime::Migration{};
  {
    auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadWrite);
    if (!warehouse) return warehouse.error();
    migration = runtime::MigrateState(**warehouse);
  }
  if (!migration) return migration.error();
  if (migration->from == 0) {
    PrintOut("There is no state yet; the first apply makes it.\n");
  } else if (migration->backup_schema.empty()) {
    PrintOut(fmt::format("The state has format {} already; nothing was done.\n", migration->from));
  } else {
    PrintOut(fmt::format("Migrated the state from format {} to {}; schema {} holds a copy of what it was.\n",
                         migration->from, runtime::kStateFormat, migration->backup_schema));
  }
  return 0;
}

}  // namespace

void AddState(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("state", "Look after what wapc has recorded in a warehouse");
  verb->require_subcommand(1);
  auto* const migrate =
      verb->add_subcommand("migrate", "Bring the state of an older wapc to this one's layout, keeping a copy");
  migrate->footer("All of it is one transaction. The tables are first copied to a schema wapc_backup_<format>.");
  migrate->callback([&context] {
    const auto done = Migrate(context);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/state/migrations.h"
#include "runtime/state/records.h"
#include "runtime/state/tables.h"
#include "runtime/state/transfer.h"
#include "runtime/transaction.h"

namespace wapc::cli {
namespace {

struct StateFlags {
  std::string file;
  bool replace = false;
  bool accept = false;
};

// The warehouse of the project's gateway; without a message when that was printed already.
base::Result<std::unique_ptr<runtime::Warehouse>> Open(Context& context, runtime::Access access) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return base::Error{base::ErrorKind::kUsage, ""};
  return OpenGateway(context, *config, "", access);
}

base::Result<int> Migrate(Context& context, const StateFlags& /*flags*/) {
  base::Result<runtime::Migration> migration = runtime::Migration{};
  {
    auto warehouse = Open(context, runtime::Access::kReadWrite);
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

base::Result<int> Export(Context& context, const StateFlags& flags) {
  base::Result<runtime::ExportedState> state = runtime::ExportedState{};
  {
    auto warehouse = Open(context, runtime::Access::kReadOnly);
    if (!warehouse) return warehouse.error();
    state = runtime::ExportState(**warehouse);
  }
  if (!state) return state.error();
  const std::string text = runtime::StateToJson(*state);
  if (flags.file.empty() || flags.file == "-") {
    PrintOut(text);
    return 0;
  }
  if (const auto written = base::WriteFileAtomic(flags.file, text); !written) return written.error();
  PrintOut(
      fmt::format("Wrote {}; `wapc plan --state {}` plans from it without a warehouse.\n", flags.file, flags.file));
  return 0;
}

base::Result<int> Import(Context& context, const StateFlags& flags) {
  const auto text = base::ReadFile(flags.file);
  if (!text) return text.error();
  const auto state = runtime::StateFromJson(*text);
  if (!state) return base::Error{state.error().kind, fmt::format("{}: {}", flags.file, state.error().message)};
  {
    auto warehouse = Open(context, runtime::Access::kReadWrite);
    if (!warehouse) return warehouse.error();
    if (auto status = runtime::ImportState(**warehouse, *state, {.replace = flags.replace}); !status) {
      return status.error();
    }
  }
  size_t rows = 0;
  for (const runtime::StateTable& table : state->tables) rows += table.rows.size();
  PrintOut(fmt::format("Imported {} rows of state; `wapc state check` compares them with the warehouse.\n", rows));
  return 0;
}

base::Result<std::vector<runtime::StateFault>> FindFaults(Context& context, bool accept) {
  auto warehouse = Open(context, accept ? runtime::Access::kReadWrite : runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  if (accept) {
    auto sealed = runtime::InTransaction(**warehouse, [&] { return runtime::SealState(**warehouse); });
    if (!sealed) return sealed.error();
  }
  return runtime::CheckState(**warehouse);
}

base::Result<int> Check(Context& context, const StateFlags& flags) {
  const auto faults = FindFaults(context, flags.accept);
  if (!faults) return faults.error();
  const int exit_code = faults->empty() ? 0 : static_cast<int>(base::ErrorKind::kWarehouse);
  if (context.json()) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const runtime::StateFault& fault : *faults) out.push_back({{"fault", fault.text}, {"help", fault.help}});
    PrintOut(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return exit_code;
  }
  for (const runtime::StateFault& fault : *faults) PrintOut(fmt::format("{}\n  help: {}\n", fault.text, fault.help));
  PrintOut(faults->empty() ? "The state and the warehouse agree.\n" : fmt::format("{} faults.\n", faults->size()));
  return exit_code;
}

using Action = base::Result<int> (*)(Context&, const StateFlags&);

CLI::App* AddAction(CLI::App* verb, Context& context, const std::shared_ptr<StateFlags>& flags, const std::string& name,
                    const std::string& help, Action action) {
  auto* const added = verb->add_subcommand(name, help);
  added->callback([&context, flags, action] {
    const auto done = action(context, *flags);
    if (done) {
      context.exit_code = *done;
    } else {
      context.exit_code = done.error().message.empty() ? static_cast<int>(done.error().kind) : Fail(done.error());
    }
  });
  return added;
}

}  // namespace

void AddState(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("state", "Look after what wapc has recorded in a warehouse");
  verb->require_subcommand(1);
  const auto flags = std::make_shared<StateFlags>();
  auto* const exported = AddAction(verb, context, flags, "export", "Write the state as one JSON file", Export);
  exported->add_option("FILE", flags->file, "Where to write it (default: stdout)");
  exported->footer(
      "The same state gives the same bytes. It holds no credentials and none of your rows.\n"
      "`wapc plan --state FILE` plans from it without a warehouse.");
  auto* const imported = AddAction(verb, context, flags, "import", "Put an exported state in the warehouse", Import);
  imported->add_option("FILE", flags->file, "What `wapc state export` wrote")->required();
  imported->add_flag("--replace", flags->replace, "In the place of the state that the warehouse has");
  imported->footer("Refused when the warehouse lacks a table that the state serves.");
  auto* const check =
      AddAction(verb, context, flags, "check", "Compare the state with itself and with the warehouse", Check);
  check->add_flag("--accept", flags->accept, "Take the records as they are now, however they came to be so");
  check->footer("Exit code 3 when something is wrong; each fault says how it is mended.");
  auto* const migrate = AddAction(verb, context, flags, "migrate",
                                  "Bring the state of an older wapc to this one's layout, keeping a copy", Migrate);
  migrate->footer("All of it is one transaction. The tables are first copied to a schema wapc_backup_<format>.");
}

}  // namespace wapc::cli

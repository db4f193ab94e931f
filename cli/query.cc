#include <CLI/CLI.hpp>
#include <memory>

#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

void Run(Context& context, const std::string& sql) {
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return;
  base::Result<runtime::Rows> rows = runtime::Rows{};
  {
    // Closed again before anything is printed: a slow reader of the output must not keep the file locked.
    auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadOnly);
    if (!warehouse) {
      context.exit_code = Fail(warehouse.error());
      return;
    }
    rows = (*warehouse)->Query(sql);
  }
  if (!rows) {
    context.exit_code = Fail(rows.error());
    return;
  }
  PrintOut(context.json() ? JsonText(*rows) : context.format == "csv" ? CsvText(*rows) : TableText(*rows));
}

}  // namespace

void AddQuery(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("query", "Show the rows of a query, as a table, csv or json (--format)");
  verb->footer("The warehouse is opened for reading only.");
  const auto sql = std::make_shared<std::string>();
  verb->add_option("SQL", *sql, "The query, in the warehouse's own SQL")->required();
  verb->callback([&context, sql] { Run(context, *sql); });
}

}  // namespace wapc::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "cli/terminal.h"
#include "cli/test_verbs.h"
#include "cli/verbs.h"
#include "cli/version.h"

namespace wapc::cli {
namespace {

// Every verb, in the order in which the help shows them.
constexpr auto kVerbs = std::to_array<AddVerb>(
    {AddInit, AddPull,  AddGenerate, AddCompile,    AddFormat,    AddLint,  AddExplain, AddRender,    AddLineage,
     AddDag,  AddFlags, AddTest,     AddCreateTest, AddPlan,      AddApply, AddRun,     AddPromote,   AddAudit,
     AddEnv,  AddDiff,  AddJanitor,  AddState,      AddTranspile, AddQuery, AddConfig,  AddCompletion});

constexpr const char* kFooter = R"(A first run, in a project folder:
  wapc compile                 check every model without a warehouse
  wapc plan                    compare with prod, write plan.json
  wapc apply plan.json         build aside, audit, publish at once

Exit codes: 0 done; 1 the project or its data is wrong; 2 usage or configuration; 3 the warehouse failed;
4 lost a race (stale plan, lock held).)";

void AddGlobalFlags(CLI::App& app, Context& context) {
  app.add_option("-p,--project", context.project_flag,
                 "The project folder (default: the nearest above with a wapc.yaml)");
  app.add_option("--gateway", context.gateway, "The gateway of wapc.yaml to use (default: default_gateway)");
  app.add_option("--now", context.now, "The clock, as ISO 8601 in UTC (default: the real one)");
  app.add_option(
         "--format", context.format,
         "How to print results: text, json; csv where rows are shown, mermaid and dot for graphs, sarif and github "
         "for messages, junit for tests and audits")
      ->check(CLI::IsMember({"text", "json", "csv", "mermaid", "dot", "sarif", "github", "junit"}));
  app.add_option("--lock-timeout", context.lock_timeout, "Seconds to wait for a locked warehouse (default 10)")
      ->check(CLI::NonNegativeNumber);
}

// A misspelt verb, told apart from a missing one.
std::string UnknownVerb(CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  std::vector<std::string> verbs;
  for (const CLI::App* const verb : app.get_subcommands([](CLI::App*) { return true; })) {
    if (verb->check_name(argv[1])) return "";
    verbs.push_back(verb->get_name());
  }
  const auto nearest = base::ClosestName(argv[1], verbs);
  return fmt::format("there is no verb '{}'; {}", argv[1],
                     nearest ? fmt::format("did you mean '{}'?", *nearest) : "`wapc --help` lists them");
}

int Run(int argc, char** argv) {
  CLI::App app{
      "wapc compiles dlt schemas and SQL models into a plan, and applies it so that readers only ever see audited "
      "data."};
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", VersionText);
  app.name("wapc");
  Context context;
  AddGlobalFlags(app, context);
  for (const AddVerb add : kVerbs) add(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const std::string unknown = UnknownVerb(app, argc, argv); !unknown.empty()) {
      return Fail({base::ErrorKind::kUsage, unknown});
    }
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(base::ErrorKind::kUsage);
  }
  return context.exit_code;
}

}  // namespace
}  // namespace wapc::cli

int main(int argc, char** argv) {
  try {
    return wapc::cli::Run(argc, argv);
  } catch (const std::exception& error) {
    wapc::cli::PrintErr(fmt::format("wapc: internal error: {}\n", error.what()));
    return static_cast<int>(wapc::base::ErrorKind::kWarehouse);
  }
}

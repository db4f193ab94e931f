#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/project/config_tree.h"

namespace wapc::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Text(const std::vector<compiler::ConfigValue>& values, const compiler::ConfigTree& tree) {
  size_t path = 0;
  size_t value = 0;
  for (const compiler::ConfigValue& one : values) {
    path = std::max(path, one.path.size());
    value = std::max(value, std::min<size_t>(one.value.size(), 40));
  }
  std::string out;
  for (const compiler::ConfigValue& one : values) {
    out += fmt::format("{:<{}}  {:<{}}  {}\n", one.path, path, one.value, value, one.origin);
  }
  for (const auto& [where, problem] : tree.problems) out += fmt::format("{}: {}\n", where, problem);
  return out;
}

std::string JsonOf(const std::vector<compiler::ConfigValue>& values, const compiler::ConfigTree& tree) {
  Json out = {{"values", Json::array()}, {"problems", Json::array()}};
  for (const compiler::ConfigValue& one : values) {
    out["values"].push_back({{"key", one.path}, {"value", one.value}, {"origin", one.origin}, {"secret", one.secret}});
  }
  for (const auto& [where, problem] : tree.problems) out["problems"].push_back({{"key", where}, {"problem", problem}});
  return out.dump(2) + "\n";
}

void Run(Context& context) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return;
  }
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto tree = compiler::ReadConfigTree(*folder, ReadEnvironment(context), sources, diagnostics);
  if (!tree || diagnostics.has_errors()) {
    PrintDiagnostics(context, diagnostics, sources);
    context.exit_code = static_cast<int>(base::ErrorKind::kUsage);
  }
  if (!tree) return;
  const auto values = compiler::ListConfig(*tree, sources);
  PrintOut(context.json() ? JsonOf(values, *tree) : Text(values, *tree));
  if (!tree->problems.empty()) context.exit_code = static_cast<int>(base::ErrorKind::kUsage);
}

}  // namespace

void AddConfig(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("config", "Show every value of the configuration and where it comes from");
  verb->footer(
      "wapc.yaml, then dlt's files where a connection names a destination (dlt:destination.NAME), then the\n"
      "environment (WAPC__GATEWAYS__LOCAL__CONNECTION__DATABASE), each over the one before. Secrets are masked.");
  verb->callback([&context] { Run(context); });
}

}  // namespace wapc::cli

#include "cli/planning.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/git.h"
#include "cli/report.h"
#include "compiler/plan/applicable.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/selection.h"
#include "compiler/project/config.h"
#include "runtime/state/store.h"
#include "runtime/state/token.h"

namespace wapc::cli {
namespace {

bool IsAbsent(const runtime::ConnectionConfig& connection) {
  const auto database = connection.settings.find("database");
  std::error_code ignored;
  return connection.type == "duckdb" && database != connection.settings.end() &&
         !std::filesystem::exists(database->second, ignored);
}

}  // namespace

base::Result<runtime::State> ReadStateOf(const Context& context, const compiler::Project& project,
                                         const std::string& gateway) {
  const auto connection = FindConnection(context, project.config, gateway);
  if (!connection) return connection.error();
  if (IsAbsent(*connection)) return runtime::State{};
  auto warehouse = OpenGateway(context, project.config, gateway, runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  return runtime::ReadState(**warehouse, compiler::LoadedDatasets(project));
}

base::Result<std::string> StateTokenOf(const Context& context, const std::filesystem::path& folder,
                                       const std::vector<std::string>& datasets) {
  base::SourceMap sources;
  base::Diagnostics unheard;
  const auto config = compiler::LoadConfig(folder, ReadEnvironment(context), sources, unheard);
  if (!config || unheard.has_errors()) return base::Error{base::ErrorKind::kUsage, "wapc.yaml cannot be read"};
  const auto connection = FindConnection(context, *config, "");
  if (!connection) return connection.error();
  if (IsAbsent(*connection)) return base::Error{base::ErrorKind::kWarehouse, "there is no warehouse yet"};
  auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  return runtime::StateToken(**warehouse, datasets);
}

base::Result<std::set<std::string>> SelectedModels(const Compiled& compiled, const std::vector<std::string>& selectors,
                                                   std::string_view flag) {
  auto chosen =
      compiler::SelectModels(*compiled.project, *compiled.sources, selectors,
                             [&compiled](const std::string& ref) { return ChangedSince(compiled.folder, ref); });
  if (chosen) return chosen;
  return base::Error{chosen.error().kind, fmt::format("{}: {}", flag, chosen.error().message)};
}

bool CanBePlanned(Context& context, const Compiled& compiled, base::Diagnostics& diagnostics) {
  if (diagnostics.empty()) return true;
  diagnostics.Sort(*compiled.sources);
  PrintDiagnostics(context, diagnostics, *compiled.sources);
  if (!diagnostics.has_errors()) return true;
  context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  return false;
}

bool CanBeApplied(Context& context, const Compiled& compiled) {
  base::Diagnostics diagnostics;
  compiler::CheckApplicable(*compiled.project, diagnostics);
  return CanBePlanned(context, compiled, diagnostics);
}

}  // namespace wapc::cli

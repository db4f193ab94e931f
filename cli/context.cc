#include "cli/context.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "cli/report.h"
#include "cli/terminal.h"
#include "compiler/project/config.h"
#include "compiler/project/foreign_files.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it in no header for C++

namespace wapc::cli {

compiler::Environment ReadEnvironment(const Context& context) {
  compiler::Environment out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equal = text.find('=');
    if (equal != std::string_view::npos) out.emplace_back(text.substr(0, equal), text.substr(equal + 1));
  }
  // The order of the environment is the shell's; the outcome must not depend on it.
  std::sort(out.begin(), out.end());
  // Which gateway it is decides in which dialect SQL is written.
  if (!context.gateway.empty()) out.emplace_back("WAPC__DEFAULT_GATEWAY", context.gateway);
  if (context.skip_linter) out.emplace_back("WAPC__LINTER__ENABLED", "false");
  return out;
}

int Fail(const base::Error& error) {
  PrintErr(fmt::format("wapc: {}\n", error.message));
  return static_cast<int>(error.kind);
}

base::Result<std::filesystem::path> ProjectFolder(const Context& context) {
  namespace fs = std::filesystem;
  if (!context.project_flag.empty()) {
    std::error_code ignored;
    if (fs::is_regular_file(context.project_flag / "wapc.yaml", ignored)) {
      return fs::absolute(context.project_flag, ignored).lexically_normal();
    }
    if (const std::string advice = compiler::ForeignConfigAdvice(context.project_flag); !advice.empty()) {
      return base::Error{base::ErrorKind::kUsage,
                         fmt::format("there is no wapc.yaml in {}, but {}", context.project_flag.string(), advice)};
    }
    return base::Error{base::ErrorKind::kUsage, fmt::format("there is no wapc.yaml in {}; `wapc init` starts a project",
                                                            context.project_flag.string())};
  }
  if (auto found = compiler::FindProjectFolder(fs::current_path())) return *found;
  if (const std::string advice = compiler::ForeignConfigAdvice(fs::current_path()); !advice.empty()) {
    return base::Error{base::ErrorKind::kUsage, "there is no wapc.yaml here or in a folder above, but " + advice};
  }
  return base::Error{
      base::ErrorKind::kUsage,
      "there is no wapc.yaml here or in a folder above; go to a project, name one with -p, or start one with "
      "`wapc init`"};
}

const grammar::Dialect* DialectOrFail(Context& context, const std::string& name) {
  if (const grammar::Dialect* const found = grammar::FindDialect(name)) return found;
  const auto near = base::ClosestName(name, grammar::DialectNames());
  context.exit_code = Fail({base::ErrorKind::kUsage,
                            fmt::format("there is no dialect {}; {}", name,
                                        near ? fmt::format("did you mean {}?", *near)
                                             : fmt::format("known: {}", fmt::join(grammar::DialectNames(), ", ")))});
  return nullptr;
}

std::optional<Compiled> CompileQuietly(Context& context, std::string_view stop_after) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return std::nullopt;
  }
  Compiled out;
  out.folder = *folder;
  out.project = compiler::CompileProject(*folder, ReadEnvironment(context), stop_after, *out.sources, out.diagnostics);
  return out;
}

std::optional<Compiled> CompileOrFail(Context& context, std::string_view stop_after) {
  auto out = CompileQuietly(context, stop_after);
  if (!out) return std::nullopt;
  const bool failed = !out->project || out->diagnostics.has_errors();
  if (failed || !IsMachineFormat(context)) PrintDiagnostics(context, out->diagnostics, *out->sources);
  if (!failed) return out;
  context.exit_code = ExitCodeOf(out->diagnostics, *out->sources);
  return std::nullopt;
}

std::optional<compiler::Config> ConfigOrFail(Context& context, std::filesystem::path& folder) {
  const auto found = ProjectFolder(context);
  if (!found) {
    context.exit_code = Fail(found.error());
    return std::nullopt;
  }
  folder = *found;
  Compiled loaded;
  auto config = compiler::LoadConfig(folder, ReadEnvironment(context), *loaded.sources, loaded.diagnostics);
  if (loaded.diagnostics.has_errors()) PrintDiagnostics(context, loaded.diagnostics, *loaded.sources);
  if (config && !loaded.diagnostics.has_errors()) return config;
  context.exit_code = static_cast<int>(base::ErrorKind::kUsage);
  return std::nullopt;
}

base::Result<runtime::ConnectionConfig> FindConnection(const Context& context, const compiler::Config& config,
                                                       const std::string& gateway) {
  std::string name = context.gateway;
  if (name.empty()) name = gateway.empty() ? config.default_gateway : gateway;
  const auto found = config.gateways.find(name);
  if (found != config.gateways.end() && !found->second.problem.empty()) {
    return base::Error{base::ErrorKind::kUsage, fmt::format("gateway '{}': {}", name, found->second.problem)};
  }
  if (found != config.gateways.end()) return runtime::ConnectionConfig{found->second.type, found->second.settings};
  std::vector<std::string> names;
  for (const auto& [known, entry] : config.gateways) names.push_back(known);
  return base::Error{base::ErrorKind::kUsage,
                     names.empty() ? "wapc.yaml declares no gateway; add one under 'gateways'"
                                   : fmt::format("there is no gateway '{}'; known: {}", name, fmt::join(names, ", "))};
}

base::Result<std::unique_ptr<runtime::Warehouse>> OpenGateway(const Context& context, const compiler::Config& config,
                                                              const std::string& gateway, runtime::Access access) {
  const auto connection = FindConnection(context, config, gateway);
  if (!connection) return connection.error();
  const auto timeout = std::chrono::milliseconds(static_cast<int64_t>(context.lock_timeout * 1000));
  return runtime::OpenWarehouse(*connection, access, timeout);
}

}  // namespace wapc::cli

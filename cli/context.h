#ifndef WAPC_CLI_CONTEXT_H_
#define WAPC_CLI_CONTEXT_H_

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "compiler/compile.h"
#include "compiler/ir.h"
#include "runtime/warehouse.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own name
class App;
}

namespace wapc::cli {

/// What every verb is given: the flags that all have, and how to fail.
struct Context {
  std::filesystem::path project_flag;  ///< -p; empty: the nearest folder above with a wapc.yaml
  std::string gateway;                 ///< --gateway; empty: the project's default
  std::string now;                     ///< --now; empty: none
  std::string format = "text";
  double lock_timeout = 10;  ///< seconds
  bool skip_linter = false;  ///< --skip-linter
  int exit_code = 0;         ///< what the process ends with

  bool json() const { return format == "json"; }
};

/// Registers one verb: its flags and help, and what it runs. The verb sets Context::exit_code.
using AddVerb = void (*)(CLI::App& app, Context& context);

/// Prints an error as "wapc: message" and gives its exit code.
int Fail(const base::Error& error);

/// The project's folder, from -p or from the working folder; an Error (kUsage) that says where it looked.
base::Result<std::filesystem::path> ProjectFolder(const Context& context);

/// A project that was compiled, with the texts that its spans point into.
struct Compiled {
  std::filesystem::path folder;
  std::unique_ptr<base::SourceMap> sources = std::make_unique<base::SourceMap>();
  base::Diagnostics diagnostics;
  std::optional<compiler::Project> project;
};

/// The environment, as the compiler takes it; the flags that stand for a setting are laid over it.
compiler::Environment ReadEnvironment(const Context& context);

/// Compiles the project up to a stage (empty: all) and prints nothing of what it finds. Gives nothing, and sets
/// exit_code, when there is no project.
std::optional<Compiled> CompileQuietly(Context& context, std::string_view stop_after = "");

/// Compiles the project up to a stage (empty: all) and prints its diagnostics as --format says; in a machine
/// format only errors, since a verb that succeeds prints its own result there. Sets
/// exit_code and gives nothing when there were errors.
std::optional<Compiled> CompileOrFail(Context& context, std::string_view stop_after = "");

/// The SQL dialect of that name; reports an unknown one and sets exit_code.
const grammar::Dialect* DialectOrFail(Context& context, const std::string& name);

/// Opens the warehouse of a gateway (empty: the flag's, then the project's default).
base::Result<std::unique_ptr<runtime::Warehouse>> OpenGateway(const Context& context, const compiler::Config& config,
                                                              const std::string& gateway, runtime::Access access);
/// How to reach that gateway; an Error (kUsage) that lists the known ones.
base::Result<runtime::ConnectionConfig> FindConnection(const Context& context, const compiler::Config& config,
                                                       const std::string& gateway);

/// Reads only wapc.yaml, for verbs that need no models; prints what is wrong with it.
std::optional<compiler::Config> ConfigOrFail(Context& context, std::filesystem::path& folder);

}  // namespace wapc::cli

#endif  // WAPC_CLI_CONTEXT_H_

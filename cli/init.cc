#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/fill_template.h"
#include "cli/init_dlt.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/project/foreign_files.h"
#include "wapc_embedded.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemplates = "templates/init/";
constexpr std::string_view kSuffix = ".mustache";

struct InitFlags {
  std::string folder = ".";
  std::string name;
  std::string from_dlt;
  std::string schema;
};

// "templates/init/models/example.sql.mustache" as models/example.sql; a part "dot_x" is ".x".
fs::path TargetOf(std::string_view path) {
  path.remove_prefix(kTemplates.size());
  path.remove_suffix(kSuffix.size());
  std::string out(path);
  if (const size_t at = out.find("dot_"); at != std::string::npos) out.replace(at, 4, ".");
  return out;
}

std::string NameOf(const InitFlags& flags) {
  if (!flags.name.empty()) return flags.name;
  std::error_code ignored;
  const fs::path folder = fs::absolute(flags.folder, ignored).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

base::Status Init(Context& context, const InitFlags& flags) {
  const fs::path folder = flags.folder;
  std::error_code ignored;
  if (fs::exists(folder / "wapc.yaml", ignored)) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("{} already holds a project: there is a wapc.yaml", folder.string())};
  }
  const std::string name = NameOf(flags);
  if (!flags.from_dlt.empty()) return InitFromDlt(context, {folder, name, flags.from_dlt, flags.schema});
  const std::string advice = compiler::ForeignConfigAdvice(folder);
  for (const auto& file : embedded::wapc::Files()) {
    if (!file.path.starts_with(kTemplates)) continue;
    const fs::path target = TargetOf(file.path);
    if (fs::exists(folder / target, ignored)) {
      PrintErr(fmt::format("{} is there already and stays as it is\n", target.string()));
      continue;
    }
    if (auto written = base::WriteFileAtomic(folder / target, FillTemplate(file.text, {{"name", name}})); !written)
      return written;
    PrintErr(fmt::format("wrote {}\n", target.string()));
  }
  if (!advice.empty()) PrintErr(fmt::format("{}\n", advice));
  PrintErr(fmt::format("Go on with: wapc -p {0} plan && wapc -p {0} apply\n", folder.string()));
  return {};
}

}  // namespace

void AddInit(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("init", "Start a project: wapc.yaml, a seed, a model and an audit that work as they are");
  const auto flags = std::make_shared<InitFlags>();
  verb->add_option("FOLDER", flags->folder, "Where (default: here); made when it is not there");
  verb->add_option("--name", flags->name, "The project's name (default: the folder's)");
  verb->add_option("--from-dlt", flags->from_dlt,
                   "A dlt export, a pipeline's working folder or its name: start from its schema and destination");
  verb->add_option("--schema", flags->schema,
                   "With --from-dlt: the warehouse schema of the raw tables (default: the pipeline's dataset)");
  verb->footer(
      "  wapc init shop                        an example that works as it is\n"
      "  wapc init shop --from-dlt chess       from the dlt pipeline chess: its schema, staging, its destination.\n"
      "Credentials stay in dlt's own files: the gateway only names the destination.");
  verb->callback([&context, flags] {
    if (const auto done = Init(context, *flags); !done) context.exit_code = Fail(done.error());
  });
}

}  // namespace wapc::cli

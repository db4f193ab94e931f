#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <kainjow/mustache.hpp>
#include <memory>

#include "base/files.h"
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
};

// A template is plain text for its reader, so nothing is escaped as HTML would be.
std::string Fill(std::string_view text, const std::string& name) {
  kainjow::mustache::mustache page{std::string(text)};
  page.set_custom_escape([](const std::string& value) { return value; });
  kainjow::mustache::data data;
  data.set("name", name);
  return page.render(data);
}

// "templates/init/models/example.sql.mustache" as models/example.sql; a part "dot_x" is ".x".
fs::path TargetOf(std::string_view path) {
  path.remove_prefix(kTemplates.size());
  path.remove_suffix(kSuffix.size());
  std::string out(path);
  if (const size_t at = out.find("dot_"); at != std::string::npos) out.replace(at, 4, ".");
  return out;
}

base::Status Init(const InitFlags& flags) {
  const fs::path folder = flags.folder;
  std::error_code ignored;
  if (fs::exists(folder / "wapc.yaml", ignored)) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("{} already holds a project: there is a wapc.yaml", folder.string())};
  }
  const std::string advice = compiler::ForeignConfigAdvice(folder);
  std::string name = flags.name;
  if (name.empty()) name = fs::absolute(folder, ignored).lexically_normal().filename().string();
  if (name.empty()) name = fs::absolute(folder, ignored).lexically_normal().parent_path().filename().string();
  for (const auto& file : embedded::wapc::Files()) {
    if (!file.path.starts_with(kTemplates)) continue;
    const fs::path target = TargetOf(file.path);
    if (fs::exists(folder / target, ignored)) {
      PrintErr(fmt::format("{} is there already and stays as it is\n", target.string()));
      continue;
    }
    if (auto written = base::WriteFileAtomic(folder / target, Fill(file.text, name)); !written) return written;
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
  verb->callback([&context, flags] {
    if (const auto done = Init(*flags); !done) context.exit_code = Fail(done.error());
  });
}

}  // namespace wapc::cli

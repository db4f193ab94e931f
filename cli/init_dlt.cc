#include "cli/init_dlt.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/yaml_write.h"
#include "cli/fill_template.h"
#include "cli/pull_source.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "compiler/project/dlt_connection.h"
#include "grammar/dialect.h"
#include "metadata/pull.h"
#include "wapc_embedded.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemplates = "templates/init-dlt/";

class DltInit {
 public:
  DltInit(Context& context, const InitFromDltRequest& request)
      : context_(context), request_(request), environment_(ReadEnvironment(context)) {}

  base::Status Run() {
    const auto path = FindUpstreamPath(context_, request_.from);
    if (!path) {
      return base::Error{base::ErrorKind::kUsage,
                         fmt::format("there is no dlt export, folder or pipeline '{}'", request_.from)};
    }
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    auto upstream = metadata::ReadUpstream(*path, sources, diagnostics);
    if (!upstream) return upstream.error();
    PrintDiagnostics(context_, diagnostics, sources);
    if (diagnostics.has_errors()) {
      context_.exit_code = static_cast<int>(base::ErrorKind::kProject);
      return {};
    }
    upstream_ = std::move(*upstream);
    Decide(*path);
    if (auto written = WriteFiles(); !written) return written;
    SayMore();
    return {};
  }

 private:
  void Decide(const fs::path& path) {
    dataset_ = !request_.schema.empty() ? request_.schema : upstream_.dataset;
    if (dataset_.empty()) {
      // What dlt itself names the dataset of a pipeline without one.
      const std::string& name = upstream_.default_schema.empty() ? upstream_.schemas[0].name : upstream_.default_schema;
      dataset_ = name + "_dataset";
      guessed_ = true;
    }
    std::error_code ignored;
    const fs::path project = fs::absolute(request_.folder, ignored).lexically_normal();
    dlt_folder_ = upstream_.run_folder;
    if (dlt_folder_.empty()) {
      const fs::path beside = fs::absolute(path, ignored).parent_path().lexically_normal();
      dlt_folder_ = compiler::DltFolder(beside, "", environment_);
      if (!fs::is_directory(dlt_folder_ / ".dlt", ignored)) dlt_folder_ = project;
    }
    // A pipeline's default schema has its name.
    if (upstream_.pipeline.empty()) upstream_.pipeline = upstream_.default_schema;
    // Found from the project by itself, or named.
    const bool found = fs::equivalent(compiler::DltFolder(project, "", environment_), dlt_folder_, ignored);
    const bool there = fs::is_directory(dlt_folder_, ignored);
    if (!found && there) dlt_folder_key_ = dlt_folder_.lexically_relative(project).generic_string();
    if (!there) dlt_folder_ = project;
    destination_ = Destination();
  }

  // The pipeline's own; of an export: the only one that dlt's files know.
  std::string Destination() const {
    if (!upstream_.destination.empty()) return upstream_.destination;
    const auto settings = compiler::DltSettings::Read(dlt_folder_, environment_);
    const auto known = settings ? settings->Destinations() : std::vector<std::string>();
    return known.size() == 1 ? known[0] : "duckdb";
  }

  compiler::DltReference Reference() const { return {upstream_.pipeline, destination_}; }

  std::string Connection() const {
    const std::string pipeline = upstream_.pipeline.empty() ? "" : upstream_.pipeline + ".";
    return fmt::format("dlt:{}destination.{}", pipeline, destination_);
  }

  std::string Dialect(const std::string& type) const {
    return grammar::FindDialect(type) == nullptr ? std::string("duckdb") : type;
  }

  std::string Filled(std::string_view name) const {
    const auto& files = embedded::wapc::Files();
    const auto found = std::find_if(files.begin(), files.end(), [name](const auto& file) {
      return file.path == fmt::format("{}{}.mustache", kTemplates, name);
    });
    std::map<std::string, std::string> values = {{"name", base::YamlText(request_.name)},
                                                 {"dataset", dataset_},
                                                 {"connection", Connection()},
                                                 {"dialect", Dialect(TypeOf(Resolve()))}};
    if (!dlt_folder_key_.empty()) values["dlt_folder"] = base::YamlText(dlt_folder_key_);
    return FillTemplate(found->text, values);
  }

  compiler::DltConnection Resolve() const {
    return compiler::ResolveDltConnection(Reference(), dlt_folder_, environment_);
  }

  static std::string TypeOf(const compiler::DltConnection& connection) { return connection.settings[0].value.text; }

  base::Status Write(const fs::path& path, const std::string& text) const {
    std::error_code ignored;
    if (fs::exists(request_.folder / path, ignored)) {
      PrintErr(fmt::format("{} is there already and stays as it is\n", path.generic_string()));
      return {};
    }
    if (auto written = base::WriteFileAtomic(request_.folder / path, text); !written) return written;
    PrintErr(fmt::format("wrote {}\n", path.generic_string()));
    return {};
  }

  base::Status WriteFiles() {
    const fs::path metadata = fs::path("metadata") / dataset_;
    // wapc.yaml comes last: without it there is no project yet, and init can be run again.
    for (const metadata::UpstreamSchema& schema : upstream_.schemas) {
      const bool main = schema.name == upstream_.default_schema || upstream_.schemas.size() == 1;
      const fs::path path = metadata::PathFor({}, dataset_, schema.name, main);
      std::string text;
      base::AppendYamlBlock(schema.root, 0, text);
      if (auto written = Write(path, text); !written) return written;
    }
    if (auto written = Write(metadata / "staging.yml", Filled("staging.yml")); !written) return written;
    if (auto written = Write(".gitignore", Filled("dot_gitignore")); !written) return written;
    return Write("wapc.yaml", Filled("wapc.yaml"));
  }

  void SayMore() const {
    if (guessed_) {
      PrintErr(
          fmt::format("The export does not say which schema of the warehouse it describes: {} is dlt's default. "
                      "If it is another, rename metadata/{} or start again with --schema.\n",
                      dataset_, dataset_));
    }
    const compiler::DltConnection connection = Resolve();
    if (!connection.problem.empty()) {
      PrintErr(fmt::format("The destination is not known yet: {}.\n", connection.problem));
    }
    for (const compiler::DltSetting& setting : connection.settings) {
      std::error_code ignored;
      if (TypeOf(connection) == "duckdb" && setting.key == "database" && !fs::exists(setting.value.text, ignored)) {
        PrintErr(
            fmt::format("There is no {} yet. If the pipeline names its database in code, write it into "
                        "wapc.yaml: `connection: {{type: duckdb, database: ...}}`.\n",
                        setting.value.text));
      }
    }
    PrintErr(fmt::format("Go on with: wapc -p {0} compile && wapc -p {0} plan\n", request_.folder.string()));
  }

  Context& context_;
  const InitFromDltRequest& request_;
  compiler::Environment environment_;
  metadata::Upstream upstream_;
  std::string dataset_;
  bool guessed_ = false;
  std::string destination_;
  fs::path dlt_folder_;
  std::string dlt_folder_key_;
};

}  // namespace

base::Status InitFromDlt(Context& context, const InitFromDltRequest& request) {
  return DltInit(context, request).Run();
}

}  // namespace wapc::cli

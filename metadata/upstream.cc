#include "metadata/upstream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/files.h"
#include "metadata/dlt_migrate.h"
#include "metadata/dlt_reader.h"
#include "metadata/merge_schema.h"

namespace wapc::metadata {
namespace {

namespace fs = std::filesystem;
using base::YamlNode;

constexpr std::array<std::string_view, 3> kExports{".schema.json", ".schema.yaml", ".schema.yml"};
constexpr base::DiagnosticCode kEditedExport{"edited-export", base::Severity::kWarning};

std::string TextAt(const YamlNode& map, std::string_view key) {
  const YamlNode* const value = map.Find(key);
  return value != nullptr && value->is_scalar() ? value->scalar : std::string();
}

// "dlt.destinations.duckdb" is the type duckdb.
std::string DestinationOf(const YamlNode& state) {
  if (std::string name = TextAt(state, "destination_name"); !name.empty()) return name;
  const std::string type = TextAt(state, "destination_type");
  return type.substr(type.rfind('.') + 1);
}

base::Status AddFile(const fs::path& path, base::SourceMap& sources, base::Diagnostics& diagnostics, Upstream& out) {
  auto text = base::ReadFile(path);
  if (!text) return text.error();
  const base::SourceId source = sources.Add(path.generic_string(), std::move(*text));
  auto schema = ReadUpstreamSchema(sources, source, diagnostics);
  if (!schema) return {};
  const bool known = std::any_of(out.schemas.begin(), out.schemas.end(),
                                 [&schema](const UpstreamSchema& one) { return one.name == schema->name; });
  if (known) {
    return base::Error{base::ErrorKind::kUsage, fmt::format("{} holds the schema '{}' once more; name one of the files",
                                                            path.string(), schema->name)};
  }
  out.schemas.push_back(std::move(*schema));
  return {};
}

base::Status AddFolder(const fs::path& folder, base::SourceMap& sources, base::Diagnostics& diagnostics,
                       Upstream& out) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed); !failed && it != fs::directory_iterator(); it.increment(failed)) {
    const std::string name = it->path().filename().string();
    const bool wanted = std::any_of(kExports.begin(), kExports.end(),
                                    [&name](std::string_view suffix) { return name.ends_with(suffix); });
    if (wanted) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (auto added = AddFile(file, sources, diagnostics, out); !added) return added;
  }
  return {};
}

base::Status ReadState(const fs::path& path, base::SourceMap& sources, base::Diagnostics& diagnostics, Upstream& out) {
  auto text = base::ReadFile(path);
  if (!text) return text.error();
  const auto state = base::ParseYaml(sources, sources.Add(path.generic_string(), std::move(*text)), diagnostics);
  if (!state) return {};
  out.pipeline = TextAt(*state, "pipeline_name");
  out.dataset = TextAt(*state, "dataset_name");
  out.default_schema = TextAt(*state, "default_schema_name");
  out.destination = DestinationOf(*state);
  const YamlNode* const local = state->Find("_local");
  if (local == nullptr) return {};
  if (const YamlNode* const run = local->Find("last_run_context")) out.run_folder = TextAt(*run, "run_dir");
  if (out.run_folder.empty()) out.run_folder = TextAt(*local, "initial_cwd");
  return {};
}

}  // namespace

std::optional<UpstreamSchema> ReadUpstreamSchema(const base::SourceMap& sources, base::SourceId source,
                                                 base::Diagnostics& diagnostics) {
  const auto root = base::ParseYaml(sources, source, diagnostics);
  if (!root) return std::nullopt;
  const auto schema = ReadDltSchema(*root, "", source, diagnostics);
  if (!schema || diagnostics.has_errors()) return std::nullopt;
  UpstreamSchema out{schema->name, NormalizeExport(*root), true};
  // dlt itself compares no hash of a schema that it has to migrate.
  out.verified = schema->engine_version < kNewestEngine || IsAsDltWroteIt(*root);
  if (!out.verified) {
    const YamlNode* const hash = root->Find("version_hash");
    diagnostics
        .Report(kEditedExport, hash == nullptr ? schema->span : hash->span,
                fmt::format("the schema '{}' was changed after dlt wrote it: its content is not that of its "
                            "version_hash",
                            schema->name))
        .Help("export it again from dlt; what belongs to the project goes under x-wapc in its schema.yml");
  }
  return out;
}

base::Result<Upstream> ReadUpstream(const fs::path& path, base::SourceMap& sources, base::Diagnostics& diagnostics) {
  Upstream out;
  std::error_code ignored;
  base::Status read;
  if (!fs::is_directory(path, ignored)) {
    read = AddFile(path, sources, diagnostics, out);
  } else if (fs::is_regular_file(path / "state.json", ignored) && fs::is_directory(path / "schemas", ignored)) {
    read = ReadState(path / "state.json", sources, diagnostics, out);
    if (read) read = AddFolder(path / "schemas", sources, diagnostics, out);
  } else {
    read = AddFolder(path, sources, diagnostics, out);
  }
  if (!read) return read.error();
  if (out.schemas.empty() && !diagnostics.has_errors()) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("{} holds no dlt schema: neither *.schema.json or *.schema.yaml, nor a pipeline's "
                                   "state.json and schemas/",
                                   path.string())};
  }
  std::sort(out.schemas.begin(), out.schemas.end(),
            [](const UpstreamSchema& a, const UpstreamSchema& b) { return a.name < b.name; });
  if (out.default_schema.empty() && out.schemas.size() == 1) out.default_schema = out.schemas[0].name;
  return out;
}

std::vector<fs::path> PipelineFolders(const std::function<std::optional<std::string>(std::string_view)>& variable) {
  std::vector<fs::path> out;
  const auto add = [&](std::string_view name, std::string_view below) {
    if (const auto value = variable(name); value && !value->empty()) out.push_back(fs::path(*value) / below);
  };
  add("DLT_DATA_DIR", "pipelines");
  add("HOME", ".dlt/pipelines");
  add("XDG_DATA_HOME", "dlt/pipelines");
  out.emplace_back("/var/dlt/pipelines");
  return out;
}

}  // namespace wapc::metadata

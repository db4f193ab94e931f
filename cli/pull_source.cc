#include "cli/pull_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "compiler/project/dlt_settings.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

// The folders of metadata/ that hold a file for one of these schemas.
std::set<std::string> FoldersOf(const metadata::Upstream& upstream, const std::vector<metadata::SchemaFile>& files) {
  std::set<std::string> out;
  for (const metadata::SchemaFile& file : files) {
    const bool same = std::any_of(upstream.schemas.begin(), upstream.schemas.end(),
                                  [&file](const auto& schema) { return schema.name == file.schema.name; });
    if (same) out.insert(file.dataset);
  }
  return out;
}

base::Result<std::string> DatasetOf(const metadata::Upstream& upstream, const PullRequest& request) {
  if (!request.dataset.empty()) return request.dataset;
  if (!upstream.dataset.empty()) return upstream.dataset;
  const std::set<std::string> folders = FoldersOf(upstream, *request.files);
  if (folders.size() == 1) return *folders.begin();
  const std::string name = upstream.schemas.empty() ? "" : upstream.schemas[0].name;
  return base::Error{base::ErrorKind::kUsage,
                     fmt::format("which schema of the warehouse holds the tables of '{}'? Name it: wapc pull SCHEMA "
                                 "--from {}",
                                 name, request.from)};
}

}  // namespace

std::optional<fs::path> FindUpstreamPath(const Context& context, const std::string& from) {
  std::error_code ignored;
  if (fs::exists(from, ignored)) return fs::path(from);
  const compiler::Environment environment = ReadEnvironment(context);
  const auto folders = metadata::PipelineFolders(
      [&environment](std::string_view name) { return compiler::VariableOf(environment, name); });
  for (const fs::path& folder : folders) {
    if (fs::is_regular_file(folder / from / "state.json", ignored)) return folder / from;
  }
  return std::nullopt;
}

base::Result<std::vector<DatasetUpstream>> ReadPullSource(const Context& context, const compiler::Config& config,
                                                          const PullRequest& request, base::SourceMap& sources,
                                                          base::Diagnostics& diagnostics) {
  const bool gateway = request.from.empty() || config.gateways.contains(request.from);
  const auto path = gateway ? std::nullopt : FindUpstreamPath(context, request.from);
  if (!gateway && !path) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : config.gateways) names.push_back(name);
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("there is no file, folder, pipeline or gateway '{}'; gateways: {}", request.from,
                                   fmt::join(names, ", "))};
  }
  if (path) {
    auto upstream = metadata::ReadUpstream(*path, sources, diagnostics);
    if (!upstream) return upstream.error();
    auto dataset = DatasetOf(*upstream, request);
    if (!dataset) return dataset.error();
    std::vector<DatasetUpstream> out;
    out.push_back({std::move(*dataset), std::move(*upstream), {}});
    return out;
  }
  Context chosen = context;
  if (!request.from.empty()) chosen.gateway = request.from;
  auto warehouse = OpenGateway(chosen, config, "", runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  return ReadWarehouse(**warehouse, request, sources, diagnostics);
}

}  // namespace wapc::cli

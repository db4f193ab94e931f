#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/files.h"
#include "cli/pull_catalog.h"
#include "cli/pull_source.h"
#include "metadata/catalog.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;
using metadata::SchemaFile;

constexpr std::string_view kVersions = "_dlt_version";

struct Version {
  std::string schema;
  std::string hash;
};

// Reads what a warehouse has of one dataset after the other.
class WarehouseReader {
 public:
  WarehouseReader(runtime::Warehouse& warehouse, const PullRequest& request, base::SourceMap& sources,
                  base::Diagnostics& diagnostics)
      : warehouse_(warehouse), request_(request), sources_(sources), diagnostics_(diagnostics) {}

  base::Result<std::vector<DatasetUpstream>> Read() {
    auto datasets = Datasets();
    if (!datasets) return datasets.error();
    std::vector<DatasetUpstream> out;
    for (const std::string& dataset : *datasets) {
      DatasetUpstream one;
      one.dataset = dataset;
      if (auto read = ReadDataset(one); !read) return read.error();
      out.push_back(std::move(one));
    }
    return out;
  }

 private:
  // What was asked for; else the project's own; else every schema that dlt has written.
  base::Result<std::vector<std::string>> Datasets() {
    if (!request_.dataset.empty()) return std::vector<std::string>{request_.dataset};
    std::set<std::string> names;
    for (const SchemaFile& file : *request_.files) names.insert(file.dataset);
    if (names.empty()) {
      auto rows = warehouse_.Query(
          "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_name = '_dlt_loads' "
          "AND table_catalog = current_database()");
      if (!rows) return rows.error();
      for (const auto& row : rows->rows) names.insert(row[0].value_or(""));
    }
    if (names.empty()) {
      return base::Error{base::ErrorKind::kUsage,
                         "no schema of this warehouse was loaded by dlt; name one: wapc pull SCHEMA"};
    }
    return std::vector<std::string>(names.begin(), names.end());
  }

  base::Status ReadDataset(DatasetUpstream& out) {
    auto columns = Columns(out.dataset);
    if (!columns) return columns.error();
    if (columns->empty()) {
      return base::Error{base::ErrorKind::kUsage,
                         fmt::format("the warehouse has no schema '{}', or nothing is in it", out.dataset)};
    }
    std::set<std::string> known;
    const bool by_dlt = std::any_of(columns->begin(), columns->end(),
                                    [](const metadata::CatalogColumn& column) { return column.table == kVersions; });
    if (by_dlt) {
      if (auto read = ReadVersions(out, known); !read) return read;
    }
    std::erase_if(*columns, [&known](const metadata::CatalogColumn& column) {
      return known.contains(column.table) || column.table.starts_with("_dlt_");
    });
    if (!columns->empty()) AddCatalog(*columns, by_dlt, out);
    return {};
  }

  // ---------------------------------------------------------------------------------------------- _dlt_version

  base::Status ReadVersions(DatasetUpstream& out, std::set<std::string>& known) {
    auto versions = Versions(out.dataset);
    if (!versions) return versions.error();
    for (const Version& version : *versions) {
      const SchemaFile* const file = FileOf(out.dataset, version.schema);
      if (file != nullptr && file->schema.version_hash == version.hash && metadata::IsAsDltWroteIt(file->root)) {
        out.unchanged.push_back(version.schema);
        for (const metadata::Table& table : file->schema.tables) known.insert(table.name);
        continue;
      }
      auto schema = ReadVersion(out.dataset, version);
      if (!schema) return schema.error();
      const base::YamlNode* const tables = schema->root.Find("tables");
      for (const base::YamlEntry& table : tables->entries) known.insert(table.key);
      out.upstream.schemas.push_back(std::move(*schema));
    }
    if (versions->size() == 1) out.upstream.default_schema = versions->front().schema;
    return {};
  }

  // The newest of each schema.
  base::Result<std::vector<Version>> Versions(const std::string& dataset) {
    auto rows = warehouse_.Query(fmt::format("SELECT schema_name, version_hash FROM {} ORDER BY inserted_at, version",
                                             warehouse_.Quote({dataset, std::string(kVersions)})));
    if (!rows) return rows.error();
    std::map<std::string, std::string> newest;
    for (const auto& row : rows->rows) newest[row[0].value_or("")] = row[1].value_or("");
    std::vector<Version> out;
    out.reserve(newest.size());
    for (const auto& [schema, hash] : newest) out.push_back({schema, hash});
    return out;
  }

  const SchemaFile* FileOf(const std::string& dataset, const std::string& schema) const {
    for (const SchemaFile& file : *request_.files) {
      if (file.dataset == dataset && file.schema.name == schema) return &file;
    }
    return nullptr;
  }

  // Texts are kept by their hash, so that each is fetched once.
  fs::path KeptAt(const Version& version) const {
    return request_.folder / ".wapc" / "pull" / (base::ShortId(version.schema + "\n" + version.hash) + ".json");
  }

  base::Result<metadata::UpstreamSchema> ReadVersion(const std::string& dataset, const Version& version) {
    const fs::path path = KeptAt(version);
    if (auto kept = base::ReadFile(path)) {
      base::Diagnostics unheard;
      auto schema = Parse(dataset, std::move(*kept), unheard);
      const base::YamlNode* const hash = schema ? schema->root.Find("version_hash") : nullptr;
      if (hash != nullptr && hash->scalar == version.hash && schema->verified) return std::move(*schema);
    }
    const auto text = Fetch(dataset, version);
    if (!text) return text.error();
    if (auto schema = Parse(dataset, *text, diagnostics_)) {
      // Only a cache: what cannot be kept is fetched again.
      if (schema->verified) static_cast<void>(static_cast<bool>(base::WriteFileAtomic(path, *text)));
      return std::move(*schema);
    }
    return base::Error{base::ErrorKind::kProject,
                       fmt::format("the schema '{}' in {}.{} cannot be read", version.schema, dataset, kVersions)};
  }

  std::optional<metadata::UpstreamSchema> Parse(const std::string& dataset, std::string text,
                                                base::Diagnostics& diagnostics) {
    const base::SourceId source = sources_.Add(fmt::format("{}.{}", dataset, kVersions), std::move(text));
    return metadata::ReadUpstreamSchema(sources_, source, diagnostics);
  }

  base::Result<std::string> Fetch(const std::string& dataset, const Version& version) {
    auto rows = warehouse_.Query(
        fmt::format("SELECT {} FROM {} WHERE schema_name = {} AND version_hash = {} ORDER BY inserted_at DESC LIMIT 1",
                    warehouse_.Quote("schema"), warehouse_.Quote({dataset, std::string(kVersions)}),
                    warehouse_.Literal(version.schema), warehouse_.Literal(version.hash)));
    if (!rows) return rows.error();
    return rows->rows.empty() ? std::string() : rows->rows[0][0].value_or("");
  }

  // -------------------------------------------------------------------------------------------------- catalog

  static std::optional<int> Number(const std::optional<std::string>& text) {
    int out = 0;
    if (!text) return std::nullopt;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), out);
    return code == std::errc() && end == text->data() + text->size() ? std::optional(out) : std::nullopt;
  }

  base::Result<std::vector<metadata::CatalogColumn>> Columns(const std::string& dataset) {
    const auto keys = PrimaryKeys(dataset);
    if (!keys) return keys.error();
    auto rows = warehouse_.Query(ColumnsQuery(warehouse_, dataset));
    if (!rows) return rows.error();
    std::vector<metadata::CatalogColumn> out;
    for (const auto& row : rows->rows) {
      metadata::CatalogColumn column;
      column.table = row[0].value_or("");
      column.column = row[1].value_or("");
      column.data_type = row[2].value_or("");
      column.nullable = row[3].value_or("YES") != "NO";
      column.precision = Number(row[4]);
      column.scale = Number(row[5]);
      column.length = Number(row[6]);
      column.digits = Number(row[7]);
      column.primary_key = keys->contains({column.table, column.column});
      out.push_back(std::move(column));
    }
    return out;
  }

  base::Result<std::set<std::pair<std::string, std::string>>> PrimaryKeys(const std::string& dataset) {
    auto rows = warehouse_.Query(KeysQuery(warehouse_, dataset));
    if (!rows) return rows.error();
    std::set<std::pair<std::string, std::string>> out;
    for (const auto& row : rows->rows) out.emplace(row[0].value_or(""), row[1].value_or(""));
    return out;
  }

  void AddCatalog(const std::vector<metadata::CatalogColumn>& columns, bool beside_dlt, DatasetUpstream& out) const {
    const std::string name = beside_dlt ? out.dataset + "_catalog" : out.dataset;
    const std::string text =
        fmt::format("Tables of {} that dlt does not load, as the warehouse's catalog has them", out.dataset);
    base::YamlNode root = metadata::CatalogSchema(name, text, columns);
    const SchemaFile* const file = FileOf(out.dataset, name);
    if (file != nullptr && file->schema.version_hash == root.Find("version_hash")->scalar &&
        metadata::IsAsDltWroteIt(file->root)) {
      out.unchanged.push_back(name);
      return;
    }
    if (!beside_dlt) out.upstream.default_schema = name;
    out.upstream.schemas.push_back({name, std::move(root), true});
  }

  runtime::Warehouse& warehouse_;
  const PullRequest& request_;
  base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

base::Result<std::vector<DatasetUpstream>> ReadWarehouse(runtime::Warehouse& warehouse, const PullRequest& request,
                                                         base::SourceMap& sources, base::Diagnostics& diagnostics) {
  return WarehouseReader(warehouse, request, sources, diagnostics).Read();
}

}  // namespace wapc::cli

#include "metadata/pull.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/yaml_edit.h"
#include "base/yaml_write.h"
#include "metadata/dlt_reader.h"

namespace wapc::metadata {
namespace {

namespace fs = std::filesystem;
using base::YamlNode;

constexpr base::DiagnosticCode kYamlAnchors{"yaml-anchors", base::Severity::kError};

std::optional<YamlNode> Parse(const std::string& text, std::string name) {
  base::SourceMap sources;
  base::Diagnostics ignored;
  auto root = base::ParseYaml(sources, sources.Add(std::move(name), text), ignored);
  return ignored.has_errors() ? std::nullopt : root;
}

// The file's text with the merged tree's content; nothing when the edit does not read as that.
std::optional<std::string> Edited(const SchemaFile& file, const YamlNode& merged, const base::SourceMap& sources) {
  const std::string_view before = sources.Text(file.source);
  if (base::SameYaml(file.root, merged)) return std::string(before);
  std::string text = base::EditYaml(before, file.root, merged);
  const auto read = Parse(text, "edited");
  return read && base::SameYaml(*read, merged) ? std::optional(std::move(text)) : std::nullopt;
}

Schema ReadQuietly(const YamlNode& root, std::string_view dataset) {
  base::Diagnostics ignored;
  return ReadDltSchema(root, dataset, base::kNoSource, ignored).value_or(Schema{});
}

}  // namespace

std::vector<SchemaFile> ReadSchemaFiles(const fs::path& folder, std::string_view dataset, base::SourceMap& sources,
                                        base::Diagnostics& diagnostics) {
  std::vector<SchemaFile> out;
  for (const fs::path& path : base::ListFiles(folder / "metadata", "schema.yml")) {
    const std::string name = path.filename().string();
    SchemaFile file;
    file.dataset = path.parent_path().generic_string();
    file.path = "metadata" / path;
    const bool wanted = name == "schema.yml" || name.ends_with(".schema.yml");
    if (!wanted || file.dataset.empty() || (!dataset.empty() && file.dataset != dataset)) continue;
    auto text = base::ReadFile(folder / file.path);
    if (!text) continue;
    file.source = sources.Add(file.path.generic_string(), std::move(*text));
    auto root = base::ParseYaml(sources, file.source, diagnostics);
    if (!root) continue;
    file.root = std::move(*root);
    auto schema = ReadDltSchema(file.root, file.dataset, file.source, diagnostics);
    if (!schema) continue;
    file.schema = std::move(*schema);
    out.push_back(std::move(file));
  }
  return out;
}

std::string PathPart(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || byte < 0x20U || byte == 0x7FU) c = '_';
  }
  if (out.empty() || out[0] == '.') out.insert(0, "_");
  return out;
}

fs::path PathFor(const std::vector<SchemaFile>& files, std::string_view dataset, std::string_view name,
                 bool is_default) {
  const fs::path folder = fs::path("metadata") / PathPart(dataset);
  for (const SchemaFile& file : files) {
    if (file.dataset == dataset && file.schema.name == name) return file.path;
  }
  const bool taken = std::any_of(files.begin(), files.end(),
                                 [&folder](const SchemaFile& file) { return file.path == folder / "schema.yml"; });
  return is_default && !taken ? folder / "schema.yml" : folder / fmt::format("{}.schema.yml", PathPart(name));
}

std::optional<PulledFile> PullSchema(const SchemaFile* file, const fs::path& path, std::string_view dataset,
                                     const UpstreamSchema& upstream, bool prune, const base::SourceMap& sources,
                                     base::Diagnostics& diagnostics) {
  const Schema after = ReadQuietly(upstream.root, dataset);
  PulledFile out;
  out.dataset = dataset;
  out.name = upstream.name;
  out.path = path;
  out.version_after = after.version;
  if (file == nullptr) {
    out.is_new = out.differs = true;
    base::AppendYamlBlock(upstream.root, 0, out.text);
    out.changes = DiffSchemas(Schema{}, after);
    return out;
  }
  out.version_before = file->schema.version;
  SchemaMerge merge = MergeSchema(file->root, upstream.root, prune);
  auto text = Edited(*file, merge.merged, sources);
  if (!text) {
    diagnostics
        .Report(kYamlAnchors, {file->source, 0, 0},
                "this file cannot be edited piece by piece: anchors, aliases or several documents stand in it")
        .Help("write out what the aliases stand for, then pull again");
    return std::nullopt;
  }
  out.differs = *text != sources.Text(file->source);
  out.text = std::move(*text);
  out.changes = DiffSchemas(file->schema, after);
  out.kept = std::move(merge.kept);
  return out;
}

}  // namespace wapc::metadata

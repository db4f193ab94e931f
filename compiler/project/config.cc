#include "compiler/project/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/files.h"
#include "base/yaml.h"
#include "compiler/lint/config.h"
#include "compiler/project/yaml_keys.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::SourceMap;
using base::Span;
using base::YamlNode;

namespace {

constexpr DiagnosticCode kNoConfig{"no-config", Severity::kError};
constexpr DiagnosticCode kMissingKey{"missing-key", Severity::kError};
constexpr DiagnosticCode kBadValue{"bad-value", Severity::kError};

constexpr std::string_view kPrefix = "WAPC__";

// "WAPC__GATEWAYS__LOCAL" as {"gateways", "local"}; an existing key wins over lower case ("Local").
std::vector<std::string> KeyPath(std::string_view name) {
  std::vector<std::string> out;
  name.remove_prefix(kPrefix.size());
  while (true) {
    const size_t at = name.find("__");
    std::string part(name.substr(0, at));
    std::transform(part.begin(), part.end(), part.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    out.push_back(std::move(part));
    if (at == std::string_view::npos) return out;
    name.remove_prefix(at + 2);
  }
}

YamlNode& ChildOf(YamlNode& map, const std::string& key, Span span) {
  map.kind = YamlNode::Kind::kMap;
  for (base::YamlEntry& entry : map.entries) {
    std::string folded = entry.key;
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (folded == key) return entry.value;
  }
  map.entries.push_back({key, span, YamlNode{}});
  map.entries.back().value.span = span;
  return map.entries.back().value;
}

// Lays the variables over the tree. Only a variable's name becomes source text, so that no secret is ever shown.
void LayOver(YamlNode& root, const Environment& environment, SourceMap& sources) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix) || name.size() == kPrefix.size()) continue;
    const base::SourceId source = sources.Add("environment", name);
    const Span span{source, 0, static_cast<uint32_t>(name.size())};
    YamlNode* node = &root;
    for (const std::string& key : KeyPath(name)) node = &ChildOf(*node, key, span);
    *node = YamlNode{};
    node->kind = YamlNode::Kind::kScalar;
    node->scalar = value;
    node->span = span;
  }
}

class ConfigReader {
 public:
  ConfigReader(const fs::path& folder, Diagnostics& diagnostics) : folder_(folder), diagnostics_(diagnostics) {}

  Config Read(const YamlNode& root) {
    Config config;
    CheckKeys(root, {"name", "dialect", "default_gateway", "gateways", "model_defaults", "live_views", "format", "linter"},
              "wapc.yaml", diagnostics_);
    if (const auto name = TextAt(root, "name", diagnostics_)) config.name = *name;
    if (config.name.empty()) {
      diagnostics_.Report(kMissingKey, root.span, "wapc.yaml has no 'name'").Help("add `name: my_project`");
    }
    ReadDefaults(root, config);
    ReadLiveViews(root, config);
    ReadFormat(root, config);
    if (const YamlNode* const gateways = MapAt(root, "gateways", diagnostics_)) {
      for (const base::YamlEntry& entry : gateways->entries) ReadGateway(entry, config);
    }
    ReadDefaultGateway(root, config);
    ReadLinter(root, config, diagnostics_);
    return config;
  }

 private:
  void ReadDefaults(const YamlNode& root, Config& config) {
    const YamlNode* dialect = root.Find("dialect");
    if (const YamlNode* const defaults = MapAt(root, "model_defaults", diagnostics_)) {
      CheckKeys(*defaults, {"dialect", "kind", "start", "cron", "owner"}, "model_defaults", diagnostics_);
      config.default_start = TextAt(*defaults, "start", diagnostics_).value_or("");
      config.default_cron = TextAt(*defaults, "cron", diagnostics_).value_or("");
      config.default_owner = TextAt(*defaults, "owner", diagnostics_).value_or("");
      config.default_kind = TextAt(*defaults, "kind", diagnostics_).value_or("");
      if (dialect == nullptr) dialect = defaults->Find("dialect");
    }
    config.dialect = &grammar::DuckDbDialect();
    if (dialect == nullptr || dialect->is_null()) return;
    const grammar::Dialect* const found = grammar::FindDialect(dialect->scalar);
    if (found != nullptr) {
      config.dialect = found;
      return;
    }
    diagnostics_.Report(kBadValue, dialect->span, fmt::format("there is no dialect '{}'", dialect->scalar))
        .Help(fmt::format("known dialects: {}", fmt::join(grammar::DialectNames(), ", ")));
  }

  void ReadLiveViews(const YamlNode& root, Config& config) {
    const auto live = TextAt(root, "live_views", diagnostics_);
    if (!live) return;
    config.forbid_live_views = *live == "forbid";
    if (*live != "forbid" && *live != "warn") {
      diagnostics_.Report(kBadValue, root.Find("live_views")->span, fmt::format("'live_views' cannot be '{}'", *live))
          .Help("write 'warn' or 'forbid'");
    }
  }

  void ReadFormat(const YamlNode& root, Config& config) {
    const YamlNode* const format = MapAt(root, "format", diagnostics_);
    if (format == nullptr) return;
    CheckKeys(*format, {"indent", "max_text_width"}, "format", diagnostics_);
    ReadSize(*format, "indent", 1, 16, config.format.indent);
    ReadSize(*format, "max_text_width", 20, 1000, config.format.width);
  }

  void ReadSize(const YamlNode& map, std::string_view key, int64_t least, int64_t most, size_t& out) {
    const YamlNode* const value = map.Find(key);
    if (value == nullptr || value->is_null()) return;
    const auto number = value->AsInt();
    if (number && *number >= least && *number <= most) {
      out = static_cast<size_t>(*number);
    } else {
      ReportWrongType(*value, key, fmt::format("a number from {} to {}", least, most), diagnostics_);
    }
  }

  void ReadGateway(const base::YamlEntry& entry, Config& config) {
    Gateway gateway;
    gateway.name = entry.key;
    gateway.span = entry.key_span;
    if (!entry.value.is_map()) {
      ReportWrongType(entry.value, entry.key, "a mapping with 'connection'", diagnostics_);
      return;
    }
    CheckKeys(entry.value, {"connection"}, "a gateway", diagnostics_);
    const YamlNode* const connection = MapAt(entry.value, "connection", diagnostics_);
    if (connection == nullptr) {
      diagnostics_.Report(kMissingKey, entry.key_span, fmt::format("gateway '{}' has no 'connection'", entry.key))
          .Help("add `connection: {type: duckdb, database: warehouse.duckdb}`");
      return;
    }
    for (const base::YamlEntry& setting : connection->entries) ReadSetting(setting, gateway);
    if (gateway.type.empty()) {
      diagnostics_.Report(kMissingKey, connection->span, fmt::format("the connection of '{}' has no 'type'", entry.key))
          .Help("add `type: duckdb`");
    }
    if (const auto database = gateway.settings.find("database");
        database != gateway.settings.end() && gateway.type == "duckdb" && database->second != ":memory:") {
      database->second = (folder_ / database->second).lexically_normal().string();
    }
    config.gateways.emplace(gateway.name, std::move(gateway));
  }

  void ReadSetting(const base::YamlEntry& setting, Gateway& gateway) {
    if (!setting.value.is_scalar()) {
      ReportWrongType(setting.value, setting.key, "text", diagnostics_);
    } else if (setting.key == "type") {
      gateway.type = setting.value.scalar;
    } else {
      gateway.settings[setting.key] = setting.value.scalar;
    }
  }

  void ReadDefaultGateway(const YamlNode& root, Config& config) {
    if (const auto name = TextAt(root, "default_gateway", diagnostics_)) {
      config.default_gateway = *name;
      if (config.gateways.contains(*name)) return;
      std::vector<std::string> names;
      for (const auto& [known, gateway] : config.gateways) names.push_back(known);
      const auto nearest = base::ClosestName(*name, names);
      diagnostics_.Report(kBadValue, root.Find("default_gateway")->span, fmt::format("there is no gateway '{}'", *name))
          .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "declare it under 'gateways'");
    } else if (!config.gateways.empty()) {
      config.default_gateway = config.gateways.begin()->first;
    }
  }

  fs::path folder_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Config> LoadConfig(const fs::path& folder, const Environment& environment, SourceMap& sources,
                                 Diagnostics& diagnostics) {
  auto text = base::ReadFile(folder / "wapc.yaml");
  if (!text) {
    diagnostics.Report(kNoConfig, {}, text.error().message).Help("run `wapc init` to start a project here");
    return std::nullopt;
  }
  const base::SourceId source = sources.Add("wapc.yaml", std::move(*text));
  auto root = base::ParseYaml(sources, source, diagnostics);
  if (!root) return std::nullopt;
  if (!root->is_map()) {
    diagnostics.Report(kNoConfig, {source, 0, 0}, "wapc.yaml has to be a mapping of keys to values")
        .Help("start with `name: my_project`");
    return std::nullopt;
  }
  LayOver(*root, environment, sources);
  return ConfigReader(folder, diagnostics).Read(*root);
}

std::optional<fs::path> FindProjectFolder(const fs::path& from) {
  std::error_code ignored;
  fs::path folder = fs::absolute(from, ignored).lexically_normal();
  while (true) {
    if (fs::is_regular_file(folder / "wapc.yaml", ignored)) return folder;
    if (!folder.has_parent_path() || folder.parent_path() == folder) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace wapc::compiler

#include "compiler/project/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/files.h"
#include "base/yaml.h"
#include "compiler/lint/config.h"
#include "compiler/project/config_tree.h"
#include "compiler/project/duration.h"
#include "compiler/project/known_keys.h"
#include "compiler/project/yaml_keys.h"
#include "grammar/fold.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::SourceMap;
using base::Span;
using base::YamlNode;

namespace {

constexpr DiagnosticCode kMissingKey{"missing-key", Severity::kError};
constexpr DiagnosticCode kBadValue{"bad-value", Severity::kError};

class ConfigReader {
 public:
  ConfigReader(const fs::path& folder, const ConfigTree& tree, Diagnostics& diagnostics)
      : folder_(folder), tree_(tree), diagnostics_(diagnostics) {}

  Config Read(const YamlNode& root) {
    Config config;
    CheckConfigKeys(root, diagnostics_);
    config.name = Scalar(root, "name");
    if (config.name.empty() && root.Find("project") == nullptr) {
      diagnostics_.Report(kMissingKey, root.span, "wapc.yaml has no 'name'").Help("add `name: my_project`");
    }
    ReadDefaults(root, config);
    if (const YamlNode* const ignored = root.Find("ignore_patterns")) {
      for (const YamlNode& pattern : ignored->items) config.ignore_patterns.push_back(pattern.scalar);
    }
    if (const YamlNode* const naming = root.Find("model_naming")) {
      if (const YamlNode* const infer = naming->Find("infer_names"))
        config.infer_names = infer->AsBool().value_or(true);
    }
    ReadLiveViews(root, config);
    ReadGrants(root, config);
    ReadRetention(root, config.retention);
    ReadApply(root, config);
    ReadVariables(root, config.variables);
    ReadFormat(root, config);
    if (const YamlNode* const gateways = root.Find("gateways")) {
      for (const base::YamlEntry& entry : gateways->entries) ReadGateway(entry, config);
    }
    ReadDefaultGateway(root, config);
    if (const auto gateway = config.gateways.find(config.default_gateway); gateway != config.gateways.end()) {
      config.gateway_dialect = grammar::FindDialect(gateway->second.type);
    }
    ReadLinter(root, config, diagnostics_);
    return config;
  }

 private:
  void ReadDefaults(const YamlNode& root, Config& config) {
    const YamlNode* dialect = root.Find("dialect");
    if (const YamlNode* const defaults = root.Find("model_defaults"); defaults != nullptr && defaults->is_map()) {
      ReadModelDefaults(*defaults, config);
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

  // Wrong types were reported with all other keys.
  static std::string Scalar(const YamlNode& map, std::string_view key) {
    const YamlNode* const value = map.Find(key);
    return value != nullptr && value->is_scalar() ? value->scalar : std::string();
  }

  static void ReadModelDefaults(const YamlNode& defaults, Config& config) {
    config.default_start = Scalar(defaults, "start");
    config.default_cron = Scalar(defaults, "cron");
    config.default_cron_tz = Scalar(defaults, "cron_tz");
    config.default_interval_unit = Scalar(defaults, "interval_unit");
    config.default_owner = Scalar(defaults, "owner");
    config.default_kind = Scalar(defaults, "kind");
    // SQLMesh also takes `kind: {name: full}`.
    if (const YamlNode* const kind = defaults.Find("kind")) {
      if (kind->is_map()) config.default_kind = Scalar(*kind, "name");
    }
    if (const YamlNode* const enabled = defaults.Find("enabled")) config.default_enabled = enabled->AsBool() != false;
    KindProperties& kind = config.default_kind_properties;
    if (const YamlNode* const number = defaults.Find("batch_concurrency")) {
      kind.batch_concurrency = static_cast<int>(number->AsInt().value_or(0));
    }
    if (const std::string policy = Scalar(defaults, "on_destructive_change"); !policy.empty()) {
      kind.on_destructive_change = policy;
    }
    if (const std::string policy = Scalar(defaults, "on_additive_change"); !policy.empty()) {
      kind.on_additive_change = policy;
    }
    if (const YamlNode* const audits = defaults.Find("audits")) {
      if (audits->is_scalar()) config.default_audits.push_back({audits->span, audits->scalar});
      for (const YamlNode& audit : audits->items) {
        if (audit.is_scalar()) config.default_audits.push_back({audit.span, audit.scalar});
      }
    }
  }

  // Names are compared without letter case, as macros compare them.
  void ReadVariables(const YamlNode& map, std::map<std::string, YamlNode>& variables) {
    const YamlNode* const found = MapAt(map, "variables", diagnostics_);
    if (found == nullptr) return;
    for (const base::YamlEntry& entry : found->entries) variables[grammar::LowerCase(entry.key)] = entry.value;
  }

  static std::vector<std::string> Texts(const YamlNode* value) {
    std::vector<std::string> out;
    if (value == nullptr) return out;
    if (value->is_scalar() && !value->is_null()) out.push_back(value->scalar);
    for (const YamlNode& item : value->items) out.push_back(item.scalar);
    return out;
  }

  static void ReadGrants(const YamlNode& root, Config& config) {
    if (const YamlNode* const defaults = root.Find("model_defaults")) {
      if (const YamlNode* const grants = defaults->Find("grants")) {
        config.grants.push_back({"", Texts(grants->Find("select"))});
      }
    }
    const YamlNode* const grants = root.Find("grants");
    if (grants == nullptr) return;
    for (const base::YamlEntry& entry : grants->entries) {
      config.grants.push_back({grammar::LowerCase(entry.key), Texts(entry.value.Find("select"))});
    }
  }

  void ReadRetention(const YamlNode& root, Retention& retention) {
    retention.pinned = Texts(root.Find("pinned_environments"));
    ReadTtl(root, "environment_ttl", retention.environment);
    ReadTtl(root, "snapshot_ttl", retention.version);
  }

  void ReadTtl(const YamlNode& root, std::string_view key, std::chrono::seconds& ttl) {
    const std::string text = Scalar(root, key);
    if (text.empty()) return;
    if (const auto read = ReadDuration(text)) {
      ttl = *read;
      return;
    }
    diagnostics_.Report(kBadValue, root.Find(key)->span, fmt::format("'{}' is no length of time: '{}'", key, text))
        .Help("write it like 'in 1 week' or '12 hours'");
  }

  void ReadLiveViews(const YamlNode& root, Config& config) {
    const std::string live = Scalar(root, "live_views");
    config.forbid_live_views = live == "forbid";
    if (!live.empty() && live != "forbid" && live != "warn") {
      diagnostics_.Report(kBadValue, root.Find("live_views")->span, fmt::format("'live_views' cannot be '{}'", live))
          .Help("write 'warn' or 'forbid'");
    }
  }

  // Other words were reported with the keys; the environment gives a number as text.
  static void ReadApply(const YamlNode& root, Config& config) {
    config.publish = grammar::LowerCase(Scalar(root, "publish"));
    const std::string seconds = Scalar(root, "statement_timeout");
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), config.statement_timeout);
  }

  void ReadFormat(const YamlNode& root, Config& config) {
    const YamlNode* const format = MapAt(root, "format", diagnostics_);
    if (format == nullptr) return;
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
    if (!entry.value.is_map()) return;
    ReadVariables(entry.value, gateway.variables);
    if (Scalar(entry.value, "dependents") == "recreate") gateway.dependents = "recreate";
    if (Scalar(entry.value, "old_snapshots") == "publish") gateway.old_snapshots = "publish";
    if (const YamlNode* const wait = entry.value.Find("snapshot_wait")) gateway.snapshot_wait = wait->AsInt();
    const YamlNode* const connection = entry.value.Find("connection");
    if (connection != nullptr && !connection->is_map()) return;
    if (connection == nullptr) {
      diagnostics_.Report(kMissingKey, entry.key_span, fmt::format("gateway '{}' has no 'connection'", entry.key))
          .Help("add `connection: {type: duckdb, database: warehouse.duckdb}`");
      return;
    }
    for (const base::YamlEntry& setting : connection->entries) ReadSetting(setting, gateway);
    const auto problem = tree_.problems.find(fmt::format("gateways.{}.connection", entry.key));
    if (problem != tree_.problems.end()) gateway.problem = problem->second;
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
    // What every connection may say and none uses was reported; adapters would take it for a mistake.
    const auto rules = ConfigKeys();
    const bool unused = std::any_of(rules.begin(), rules.end(), [&](const KeyRule& rule) {
      return rule.support == Support::kNoEffect && rule.path == "@." + setting.key;
    });
    if (!setting.value.is_scalar() || unused) return;
    if (setting.key == "type") {
      gateway.type = setting.value.scalar;
    } else {
      gateway.settings[setting.key] = setting.value.scalar;
    }
  }

  void ReadDefaultGateway(const YamlNode& root, Config& config) {
    if (const std::string name = Scalar(root, "default_gateway"); !name.empty()) {
      config.default_gateway = name;
      if (config.gateways.contains(name)) return;
      std::vector<std::string> names;
      for (const auto& [known, gateway] : config.gateways) names.push_back(known);
      const auto nearest = base::ClosestName(name, names);
      diagnostics_.Report(kBadValue, root.Find("default_gateway")->span, fmt::format("there is no gateway '{}'", name))
          .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "declare it under 'gateways'");
    } else if (!config.gateways.empty()) {
      config.default_gateway = config.gateways.begin()->first;
    }
  }

  fs::path folder_;
  const ConfigTree& tree_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Config> LoadConfig(const fs::path& folder, const Environment& environment, SourceMap& sources,
                                 Diagnostics& diagnostics) {
  const auto tree = ReadConfigTree(folder, environment, sources, diagnostics);
  if (!tree) return std::nullopt;
  return ConfigReader(folder, *tree, diagnostics).Read(tree->root);
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

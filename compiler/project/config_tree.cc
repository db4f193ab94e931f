#include "compiler/project/config_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/files.h"
#include "compiler/project/dlt_connection.h"

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
constexpr DiagnosticCode kJinjaValue{"jinja-config", Severity::kError};

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

base::YamlEntry& ChildOf(YamlNode& map, const std::string& key, Span span) {
  map.kind = YamlNode::Kind::kMap;
  for (base::YamlEntry& entry : map.entries) {
    std::string folded = entry.key;
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (folded == key) return entry;
  }
  map.entries.push_back({key, span, YamlNode{}});
  map.entries.back().value.span = span;
  return map.entries.back();
}

YamlNode ScalarAt(std::string text, Span span) {
  YamlNode out;
  out.kind = YamlNode::Kind::kScalar;
  out.scalar = std::move(text);
  out.span = span;
  return out;
}

std::string TextOf(const YamlNode& root, std::string_view key) {
  const YamlNode* const value = root.Find(key);
  return value != nullptr && value->is_scalar() ? value->scalar : std::string();
}

class TreeReader {
 public:
  TreeReader(fs::path folder, const Environment& environment, SourceMap& sources)
      : folder_(std::move(folder)), environment_(environment), sources_(sources) {}

  ConfigTree Read(YamlNode root) {
    tree_.root = std::move(root);
    WriteOutConnections();
    LayOver();
    return std::move(tree_);
  }

 private:
  // `connection: dlt:destination.duckdb` as the mapping that it stands for, every value at the reference's place.
  void WriteOutConnections() {
    const auto gateways = std::find_if(tree_.root.entries.begin(), tree_.root.entries.end(),
                                       [](const base::YamlEntry& entry) { return entry.key == "gateways"; });
    if (gateways == tree_.root.entries.end()) return;
    for (base::YamlEntry& gateway : gateways->value.entries) {
      for (base::YamlEntry& entry : gateway.value.entries) {
        const auto reference = entry.value.is_scalar() ? ParseDltReference(entry.value.scalar) : std::nullopt;
        if (reference) WriteOut(*reference, fmt::format("gateways.{}.{}", gateway.key, entry.key), entry.value);
      }
    }
  }

  void WriteOut(const DltReference& reference, const std::string& path, YamlNode& node) {
    const fs::path place = DltFolder(folder_, TextOf(tree_.root, "dlt_folder"), environment_);
    DltConnection connection = ResolveDltConnection(reference, place, environment_);
    YamlNode map;
    map.kind = YamlNode::Kind::kMap;
    map.span = node.span;
    for (DltSetting& setting : connection.settings) {
      map.entries.push_back({setting.key, node.span, ScalarAt(setting.value.text, node.span)});
      tree_.from_dlt[fmt::format("{}.{}", path, setting.key)] = std::move(setting.value);
    }
    if (!connection.problem.empty()) tree_.problems[path] = std::move(connection.problem);
    node = std::move(map);
  }

  // Lays the variables over the tree. Only a variable's name becomes source text, so that no secret is ever shown.
  void LayOver() {
    for (const auto& [name, value] : environment_) {
      if (!name.starts_with(kPrefix) || name.size() == kPrefix.size()) continue;
      const base::SourceId source = sources_.Add("environment", name);
      const Span span{source, 0, static_cast<uint32_t>(name.size())};
      YamlNode* node = &tree_.root;
      std::string path;
      for (const std::string& key : KeyPath(name)) {
        base::YamlEntry& child = ChildOf(*node, key, span);
        path += (path.empty() ? "" : ".") + child.key;
        node = &child.value;
      }
      *node = ScalarAt(value, span);
      Forget(path);
      if (ParseDltReference(value)) WriteOutConnections();
    }
  }

  // A value that the environment gives is no longer dlt's; a database that it names mends a connection.
  void Forget(const std::string& path) {
    tree_.from_dlt.erase(path);
    std::erase_if(tree_.from_dlt, [&path](const auto& entry) { return entry.first.starts_with(path + "."); });
    tree_.problems.erase(path.substr(0, path.rfind('.')));
  }

  fs::path folder_;
  const Environment& environment_;
  SourceMap& sources_;
  ConfigTree tree_;
};

// `{{ env_var('X') }}` would not be YAML. Letters of the same number stand there instead, so that the rest is read.
std::vector<std::pair<size_t, size_t>> TakeJinjaOut(std::string& text) {
  std::vector<std::pair<size_t, size_t>> out;
  for (size_t begin = text.find("{{"); begin != std::string::npos; begin = text.find("{{", begin + 1)) {
    const size_t close = text.find("}}", begin);
    const size_t end = std::min(close == std::string::npos ? text.size() : close + 2, text.find('\n', begin));
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(std::min(end, text.size())), 'x');
    out.emplace_back(begin, std::min(end, text.size()));
  }
  return out;
}

// What may be shown of a file that holds secrets.
constexpr auto kHarmless =
    std::to_array<std::string_view>({"type", "host", "port", "database", "user", "username", "account", "warehouse",
                                     "role", "catalog", "schema", "connect_timeout", "sslmode", "authenticator"});
constexpr auto kSecretWords = std::to_array<std::string_view>(
    {"password", "passphrase", "secret", "token", "private_key", "api_key", "apikey", "credential", "jwt"});
constexpr std::string_view kMask = "***";

std::string LastKey(std::string_view path) { return std::string(path.substr(path.rfind('.') + 1)); }

// "driver://user:password@host" and "?token=x" without what is secret in them.
std::string MaskInside(std::string value) {
  const size_t scheme = value.find("://");
  const size_t at = scheme == std::string::npos ? scheme : value.find('@', scheme);
  const size_t colon = at == std::string::npos ? at : value.find(':', scheme + 3);
  if (colon != std::string::npos && colon < at) value.replace(colon + 1, at - colon - 1, kMask);
  for (size_t equal = value.find('='); equal != std::string::npos; equal = value.find('=', equal + 1)) {
    const size_t begin = value.find_last_of("?&; ", equal) + 1;
    if (!IsSecretKey(std::string_view(value).substr(begin, equal - begin))) continue;
    const size_t end = std::min(value.find_first_of("&; ", equal), value.size());
    value.replace(equal + 1, end - equal - 1, kMask);
  }
  return value;
}

void Flatten(const YamlNode& node, const std::string& path, const ConfigTree& tree, const SourceMap& sources,
             std::vector<ConfigValue>& out) {
  for (const base::YamlEntry& entry : node.entries) {
    Flatten(entry.value, path.empty() ? entry.key : path + "." + entry.key, tree, sources, out);
  }
  for (size_t i = 0; i < node.items.size(); ++i) {
    Flatten(node.items[i], fmt::format("{}[{}]", path, i), tree, sources, out);
  }
  if (!node.is_scalar()) return;
  const auto dlt = tree.from_dlt.find(path);
  const bool from_secrets = dlt != tree.from_dlt.end() && dlt->second.from_secrets;
  ConfigValue value{path, MaskSecret(LastKey(path), node.scalar, from_secrets), "", false};
  value.secret = value.value != node.scalar;
  if (dlt != tree.from_dlt.end()) {
    value.origin = dlt->second.origin;
  } else if (sources.Name(node.span.source) == "environment") {
    value.origin = fmt::format("environment {}", sources.Text(node.span));
  } else {
    value.origin = fmt::format("wapc.yaml:{}", sources.Locate(node.span.source, node.span.begin).line);
  }
  out.push_back(std::move(value));
}

}  // namespace

std::optional<ConfigTree> ReadConfigTree(const fs::path& folder, const Environment& environment, SourceMap& sources,
                                         Diagnostics& diagnostics) {
  auto text = base::ReadFile(folder / "wapc.yaml");
  if (!text) {
    diagnostics.Report(kNoConfig, {}, text.error().message).Help("run `wapc init` to start a project here");
    return std::nullopt;
  }
  std::string plain = *text;
  const std::vector<std::pair<size_t, size_t>> jinja = TakeJinjaOut(plain);
  const base::SourceId written = sources.Add("wapc.yaml", std::move(*text));
  const base::SourceId source = jinja.empty() ? written : sources.Add("wapc.yaml", std::move(plain));
  for (const auto& [begin, end] : jinja) {
    diagnostics
        .Report(kJinjaValue, {written, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)},
                "wapc.yaml is plain YAML: Jinja is not run")
        .Help(
            "leave the key out and set it from the environment: WAPC__GATEWAYS__LOCAL__CONNECTION__DATABASE=..., say");
  }
  auto root = base::ParseYaml(sources, source, diagnostics);
  if (!root) return std::nullopt;
  if (!root->is_map()) {
    diagnostics.Report(kNoConfig, {source, 0, 0}, "wapc.yaml has to be a mapping of keys to values")
        .Help("start with `name: my_project`");
    return std::nullopt;
  }
  return TreeReader(folder, environment, sources).Read(std::move(*root));
}

bool IsSecretKey(std::string_view key) {
  std::string folded(key);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (folded == "private_key_path") return false;
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&folded](std::string_view word) { return folded.find(word) != std::string::npos; });
}

std::string MaskSecret(std::string_view key, const std::string& value, bool from_secrets) {
  const bool harmless = std::find(kHarmless.begin(), kHarmless.end(), key) != kHarmless.end();
  if (IsSecretKey(key) || (from_secrets && !harmless)) return std::string(kMask);
  return MaskInside(value);
}

std::vector<ConfigValue> ListConfig(const ConfigTree& tree, const SourceMap& sources) {
  std::vector<ConfigValue> out;
  Flatten(tree.root, "", tree, sources, out);
  return out;
}

}  // namespace wapc::compiler

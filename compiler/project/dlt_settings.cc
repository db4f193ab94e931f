#include "compiler/project/dlt_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/files.h"
#include "base/toml.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;
using base::YamlNode;

bool HasSettings(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / ".dlt" / "config.toml", ignored) ||
         fs::is_regular_file(folder / ".dlt" / "secrets.toml", ignored);
}

// Where dlt keeps what counts for every project of a user (its global_dir).
fs::path GlobalFolder(const Environment& environment) {
  if (::geteuid() == 0) return "/var/dlt";
  const auto home = VariableOf(environment, "HOME");
  const fs::path own = home ? fs::path(*home) / ".dlt" : fs::path();
  std::error_code ignored;
  const auto data = VariableOf(environment, "XDG_DATA_HOME");
  return data && !fs::is_directory(own, ignored) ? fs::path(*data) / "dlt" : own;
}

std::string EnvironmentKey(const std::vector<std::string>& path) {
  std::string out = fmt::format("{}", fmt::join(path, "__"));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

}  // namespace

std::optional<std::string> VariableOf(const Environment& environment, std::string_view name) {
  const auto found =
      std::find_if(environment.begin(), environment.end(), [name](const auto& entry) { return entry.first == name; });
  return found == environment.end() ? std::nullopt : std::optional(found->second);
}

fs::path DltFolder(const fs::path& project, std::string_view configured, const Environment& environment) {
  if (const auto named = VariableOf(environment, "DLT_PROJECT_DIR"); named && !named->empty()) return *named;
  if (!configured.empty()) return (project / configured).lexically_normal();
  const fs::path global = GlobalFolder(environment);
  for (fs::path folder = project;; folder = folder.parent_path()) {
    // What counts everywhere does not make a project of the home folder.
    if (HasSettings(folder) && folder / ".dlt" != global) return folder;
    if (!folder.has_parent_path() || folder.parent_path() == folder) return project;
  }
}

base::Result<DltSettings> DltSettings::Read(const fs::path& folder, const Environment& environment, fs::path secrets) {
  DltSettings out;
  out.secrets_ = std::move(secrets);
  for (const auto& [name, value] : environment) out.environment_.emplace(name, value);
  std::vector<fs::path> folders = {folder / ".dlt"};
  if (const fs::path global = GlobalFolder(environment); !global.empty() && global != folders[0]) {
    folders.push_back(global);
  }
  for (const bool secret : {true, false}) {
    std::vector<File>& files = out.providers_.emplace_back();
    for (const fs::path& place : folders) {
      const char* const name = secret ? "secrets.toml" : "config.toml";
      auto text = base::ReadFile(place / name);
      if (!text) continue;
      File file;
      file.name = place == folders[0] ? fmt::format(".dlt/{}", name) : (place / name).string();
      file.secret = secret;
      file.source = out.sources_->Add(file.name, std::move(*text));
      auto root =
          base::ParseToml(*out.sources_, file.source, secret ? base::TomlContent::kSecret : base::TomlContent::kPlain);
      if (!root) return root.error();
      file.root = std::move(*root);
      files.push_back(std::move(file));
    }
  }
  return out;
}

std::optional<DltValue> DltSettings::FindIn(const File& file, const std::vector<std::string>& path) const {
  const YamlNode* node = &file.root;
  for (const std::string& key : path) {
    node = node->is_map() ? node->Find(key) : nullptr;
    if (node == nullptr) return std::nullopt;
  }
  const uint32_t line = sources_->Locate(file.source, node->span.begin).line;
  return DltValue{node->scalar, fmt::format("{}:{}", file.name, line), file.secret, node->is_scalar()};
}

// dlt looks there for credentials alone, under the variable's name as a DNS label, and takes a folder of that name (as
// Kubernetes mounts them) for the file in it.
std::optional<DltValue> DltSettings::FindInSecrets(const std::vector<std::string>& path) const {
  if (std::find(path.begin(), path.end(), "credentials") == path.end()) return std::nullopt;
  std::string name = EnvironmentKey(path);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (name.find('/') != std::string::npos) return std::nullopt;
  std::error_code ignored;
  fs::path file = secrets_ / name;
  if (fs::is_directory(file, ignored)) file /= name;
  auto text = base::ReadFile(file);
  if (!text) return std::nullopt;
  // Editors and `echo` end a file with a line break that belongs to no password.
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  return DltValue{std::move(*text), file.string(), true, true};
}

std::optional<DltValue> DltSettings::FindInEnvironment(const std::vector<std::string>& path) const {
  const std::string name = EnvironmentKey(path);
  const auto found = environment_.find(name);
  if (found == environment_.end()) return std::nullopt;
  return DltValue{found->second, "environment " + name, true, true};
}

std::optional<DltValue> DltSettings::Look(const std::vector<std::vector<std::string>>& paths) const {
  for (const auto& path : paths) {
    if (auto value = FindInSecrets(path)) return value;
    if (auto value = FindInEnvironment(path)) return value;
  }
  for (const std::vector<File>& provider : providers_) {
    for (const auto& path : paths) {
      // The two files are one to dlt: tables are merged, and of a value the folder's own wins.
      for (const File& file : provider) {
        if (auto value = FindIn(file, path)) return value;
      }
    }
  }
  return std::nullopt;
}

std::optional<DltValue> DltSettings::Find(std::string_view pipeline, std::vector<std::string> sections,
                                          std::string_view fixed, std::string_view key) const {
  std::vector<std::vector<std::string>> paths;
  for (;; sections.pop_back()) {
    std::vector<std::string> path = sections;
    if (!fixed.empty()) path.emplace_back(fixed);
    path.emplace_back(key);
    paths.push_back(std::move(path));
    if (sections.empty()) break;
  }
  if (!pipeline.empty()) {
    std::vector<std::vector<std::string>> own = paths;
    for (auto& path : own) path.insert(path.begin(), std::string(pipeline));
    if (auto value = Look(own)) return value;
  }
  return Look(paths);
}

std::vector<std::string> DltSettings::Destinations() const {
  std::vector<std::string> out;
  for (const std::vector<File>& provider : providers_) {
    for (const File& file : provider) {
      const YamlNode* const destinations = file.root.Find("destination");
      if (destinations == nullptr) continue;
      for (const base::YamlEntry& entry : destinations->entries) {
        const bool known = std::find(out.begin(), out.end(), entry.key) != out.end();
        if (entry.value.is_map() && entry.key != "credentials" && !known) out.push_back(entry.key);
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace wapc::compiler

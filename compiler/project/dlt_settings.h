#ifndef WAPC_COMPILER_PROJECT_DLT_SETTINGS_H_
#define WAPC_COMPILER_PROJECT_DLT_SETTINGS_H_

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "base/yaml.h"

namespace wapc::compiler {

/// Environment variables as (name, value).
using Environment = std::vector<std::pair<std::string, std::string>>;

/// A value of dlt's configuration and where it was found.
struct DltValue {
  std::string text;
  std::string origin;         ///< ".dlt/secrets.toml:4", "environment DESTINATION__DUCKDB__CREDENTIALS"
  bool from_secrets = false;  ///< of a file that holds secrets, or of the environment
  bool is_text = true;        ///< false: a table or a list, whose text is empty
};

/// Where containers find their secrets, one file each.
inline constexpr std::string_view kSecretsFolder = "/run/secrets";

/// dlt's configuration as dlt itself looks things up: files that a container is given as secrets win over environment
/// variables, these over secrets.toml, and that over config.toml; in each the most specific section wins; what stands
/// under the pipeline's name goes before all of that. The files of the folder's .dlt/ win over those of the home
/// folder's.
class DltSettings {
 public:
  /// Reads what is there; absent files are empty. Broken ones are Errors.
  static base::Result<DltSettings> Read(const std::filesystem::path& folder, const Environment& environment,
                                        std::filesystem::path secrets = kSecretsFolder);

  /// A key below sections (`{"destination", "duckdb", "credentials"}`), the last of which, `fixed`, stays while the
  /// ones before it are left out from their end: dlt's way of looking a field of credentials up.
  std::optional<DltValue> Find(std::string_view pipeline, std::vector<std::string> sections, std::string_view fixed,
                               std::string_view key) const;

  /// The names below [destination] in the files.
  std::vector<std::string> Destinations() const;

 private:
  struct File {
    std::string name;
    base::SourceId source = base::kNoSource;
    base::YamlNode root;
    bool secret = false;
  };
  std::optional<DltValue> FindIn(const File& file, const std::vector<std::string>& path) const;
  std::optional<DltValue> FindInSecrets(const std::vector<std::string>& path) const;
  std::optional<DltValue> FindInEnvironment(const std::vector<std::string>& path) const;
  std::optional<DltValue> Look(const std::vector<std::vector<std::string>>& paths) const;

  std::shared_ptr<base::SourceMap> sources_ = std::make_shared<base::SourceMap>();
  std::map<std::string, std::string, std::less<>> environment_;
  std::filesystem::path secrets_;
  /// Those of one kind stand together, the folder's before the home folder's: secrets first.
  std::vector<std::vector<File>> providers_;
};

/// The folder whose .dlt/ counts: DLT_PROJECT_DIR, else `configured` (relative to the project), else the nearest at or
/// above the project with a .dlt/config.toml or secrets.toml, else the project itself.
std::filesystem::path DltFolder(const std::filesystem::path& project, std::string_view configured,
                                const Environment& environment);

/// A variable's value, or nothing.
std::optional<std::string> VariableOf(const Environment& environment, std::string_view name);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_DLT_SETTINGS_H_

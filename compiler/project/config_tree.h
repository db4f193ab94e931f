#ifndef WAPC_COMPILER_PROJECT_CONFIG_TREE_H_
#define WAPC_COMPILER_PROJECT_CONFIG_TREE_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "base/yaml.h"
#include "compiler/project/dlt_settings.h"

namespace wapc::compiler {

/// wapc.yaml with what comes from elsewhere in it: `connection: dlt:...` written out, then the environment laid over.
struct ConfigTree {
  base::YamlNode root;
  /// Values that dlt's configuration gave, by their path ("gateways.local.connection.password").
  std::map<std::string, DltValue> from_dlt;
  /// By the path of a connection: why it could not be written out.
  std::map<std::string, std::string> problems;
};

/// Reads wapc.yaml of a project folder. Reports what is wrong with its syntax; gives nothing when it cannot be read.
/// Values of dlt's files and of the environment are never in a message: their spans are those of the reference and of
/// the variable's name.
std::optional<ConfigTree> ReadConfigTree(const std::filesystem::path& folder, const Environment& environment,
                                         base::SourceMap& sources, base::Diagnostics& diagnostics);

/// One value of the configuration, as `wapc config` shows it.
struct ConfigValue {
  std::string path;
  std::string value;   ///< masked where it is a secret
  std::string origin;  ///< "wapc.yaml:4", "environment WAPC__NAME", ".dlt/secrets.toml:2", "dlt's default"
  bool secret = false;
};

/// Every value, in the order of the file.
std::vector<ConfigValue> ListConfig(const ConfigTree& tree, const base::SourceMap& sources);

/// Whether a key names a secret: password, token, private_key and the like.
bool IsSecretKey(std::string_view key);

/// What may be shown of a value: `***` for a secret, and for the password or token inside of a connection string.
std::string MaskSecret(std::string_view key, const std::string& value, bool from_secrets);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_CONFIG_TREE_H_

#ifndef WAPC_COMPILER_PROJECT_KNOWN_KEYS_H_
#define WAPC_COMPILER_PROJECT_KNOWN_KEYS_H_

#include <span>
#include <string_view>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "compiler/project/known_properties.h"

/// The keys of wapc.yaml, as data: those of SQLMesh 0.236's config.yaml and wapc's own.
namespace wapc::compiler {

enum class KeyShape : uint8_t {
  kAny,
  kText,
  kFlag,
  kCount,
  kTexts,  ///< a list of text
  kList,
  kMap,
  kChoice,      ///< one of KeyRule::choices
  kConnection,  ///< a mapping with a type, whose keys stand under "@type."
  kCron,
  kTime,
};

struct KeyRule {
  std::string_view
      path;  ///< keys joined with dots; * is any key; "@duckdb.database" is a key of that type of connection
  KeyShape shape = KeyShape::kAny;
  Support support = Support::kWorks;
  std::string_view note = {};
  std::string_view choices = {};
};

std::span<const KeyRule> ConfigKeys();

/// Reports every key of wapc.yaml that is unknown (nearest name), of the wrong type, or not supported (what to write
/// instead), and tells of those that have no effect.
void CheckConfigKeys(const base::YamlNode& root, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_KNOWN_KEYS_H_

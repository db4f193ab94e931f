#ifndef WAPC_METADATA_MERGE_SCHEMA_H_
#define WAPC_METADATA_MERGE_SCHEMA_H_

#include <string>
#include <vector>

#include "base/source.h"
#include "base/yaml.h"

namespace wapc::metadata {

/// How wapc keeps a dlt schema: without the names that repeat their key, as in dlt's own YAML exports, and without
/// x-wapc, which is the project's.
base::YamlNode NormalizeExport(const base::YamlNode& root);

/// Whether what dlt wrote into an export is as dlt wrote it: its version_hash is that of its content. x-wapc, comments
/// and layout do not count. False where there is no hash.
bool IsAsDltWroteIt(const base::YamlNode& root);

/// Something that stands in the project's file and not upstream, or otherwise there, and was kept.
struct KeptPart {
  enum class What : uint8_t {
    kTable,        ///< gone upstream
    kColumn,       ///< gone upstream
    kDescription,  ///< upstream has another, or none
    kHint,         ///< a key x-..., or a schema_contract: upstream has another value, or none
  };
  What what;
  std::string path;  ///< "orders.city", "orders.city.x-pii"
  base::Span span;   ///< of its key in the project's file
};

struct SchemaMerge {
  base::YamlNode merged;
  std::vector<KeptPart> kept;
};

/// What a schema file has to hold after a pull. Upstream says what dlt knows; of the project's file stay: x-wapc, the
/// order of its tables and keys, and tables and columns that upstream has no more (unless `prune`). Where somebody has
/// edited the file outside of x-wapc, which its hash tells, its descriptions, keys x-... that are not dlt's own, and
/// schema contracts stay too. Columns follow upstream's order in a file that nobody edited, since dlt's hash counts it.
SchemaMerge MergeSchema(const base::YamlNode& mine, const base::YamlNode& upstream, bool prune);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_MERGE_SCHEMA_H_

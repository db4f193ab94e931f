#ifndef WAPC_METADATA_DLT_MIGRATE_H_
#define WAPC_METADATA_DLT_MIGRATE_H_

#include "metadata/schema.h"

namespace wapc::metadata {

/// The engines whose exports are read. Before 3 tables had another layout; what comes after 11 is not known.
inline constexpr int64_t kOldestEngine = 3;
inline constexpr int64_t kNewestEngine = 11;

/// Brings the tables of an older engine's schema to what dlt makes of them on loading it (migrate_schema): its own two
/// tables get their present columns (engines 5 and 6), tables with a row key have been loaded (9). What engine 10
/// changed in columns is done on reading them; the other steps touch nothing that wapc keeps.
void MigrateTables(Schema& schema);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_DLT_MIGRATE_H_

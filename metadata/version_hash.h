#ifndef WAPC_METADATA_VERSION_HASH_H_
#define WAPC_METADATA_VERSION_HASH_H_

#include <string>

#include "base/yaml.h"

namespace wapc::metadata {

/// The version_hash that dlt gives a schema (generate_version_hash): base64 of the SHA3-256 of its canonical JSON, then
/// of every table's name in order and its columns' names as they stand. Equal to the stored one as long as nobody
/// edited the export. Keys that dlt leaves out of a file are put back as dlt does on loading it, and x-wapc is not part
/// of it. Meant for engine 11: dlt itself does not compare the hash of a schema that it has to migrate.
///
/// Unquoted values mean what they mean to dlt, which reads YAML 1.1. Not followed: numbers in base 60, which dlt never
/// writes, and a JSON export's numbers with an exponent but no point.
std::string ComputeVersionHash(const base::YamlNode& root);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_VERSION_HASH_H_

#ifndef WAPC_METADATA_SCHEMA_H_
#define WAPC_METADATA_SCHEMA_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"
#include "base/yaml.h"
#include "metadata/type.h"

namespace wapc::metadata {

enum class WriteDisposition : uint8_t { kSkip, kAppend, kReplace, kMerge };
enum class MergeStrategy : uint8_t { kDeleteInsert, kScd2, kUpsert, kInsertOnly };

/// One column of a raw table, with every hint that dlt's format knows. Hints are claims: something to audit.
struct Column {
  std::string name;
  base::Span span;  ///< of the name in schema.yml
  Type type;
  std::string dlt_type;     ///< as written: "bigint", "text", ...
  base::Span type_span;     ///< of the data_type, else of the name
  bool incomplete = false;  ///< no data_type: the table does not have it yet
  bool nullable = true;
  std::string description;
  bool partition = false, cluster = false, unique = false, sort = false;
  bool primary_key = false, merge_key = false, row_key = false, parent_key = false, root_key = false;
  bool hard_delete = false, variant = false, incremental = false;
  std::string dedup_sort;  ///< "asc", "desc" or empty
  bool valid_from = false, valid_to = false, row_version = false;
  bool active_record_timestamp = false;              ///< active rows carry a time here, not null; it is in `extensions`
  std::vector<std::string> tags;                     ///< of x-wapc
  std::optional<base::YamlNode> audits;              ///< of x-wapc
  std::map<std::string, base::YamlNode> extensions;  ///< every other x- key
};

struct Reference {
  std::string table;
  std::vector<std::string> columns;
  std::vector<std::string> referenced_columns;
  base::Span span;          ///< of the referenced table's name
  std::string label;        ///< what the reference means, in words
  std::string cardinality;  ///< "many_to_one", ...; empty where not said
};

/// One raw table. A nested table carries `parent`; disposition and resource are its root's.
struct Table {
  std::string name;
  base::Span span;
  std::vector<Column> columns;
  WriteDisposition disposition = WriteDisposition::kAppend;
  MergeStrategy merge_strategy = MergeStrategy::kDeleteInsert;
  std::string parent;  ///< empty for a root table
  std::string resource;
  std::string description;
  bool seen_data = false;  ///< dlt has loaded rows: the table exists
  std::vector<Reference> references;
  std::optional<base::YamlNode> contract;  ///< schema_contract
  // Model metadata under x-wapc.
  std::vector<std::string> grain;
  std::optional<base::YamlNode> audits;
  std::vector<std::string> tags;
  std::string owner;
  bool enabled = true;
  std::map<std::string, base::YamlNode> extensions;  ///< every other x- key, and x-wapc's contract and freshness
  base::Span parent_span;                            ///< of the parent's name
  std::string table_format;                          ///< "iceberg", "delta", ...; empty where not said
  std::string file_format;
  std::vector<std::string> includes, excludes;  ///< of dlt's filters: paths of columns, `re:` for a pattern

  const Column* Find(std::string_view column) const;
  std::vector<std::string> PrimaryKey() const;
};

/// One dlt schema, as one file of metadata/<dataset>/ holds it.
struct Schema {
  std::string dataset;  ///< the folder's name: the warehouse schema with the raw tables
  std::string name;     ///< dlt's own schema name
  int64_t version = 0;
  int64_t engine_version = 0;
  std::string version_hash;
  std::string description;
  base::SourceId source = base::kNoSource;
  base::Span span;
  std::vector<Table> tables;               ///< in the order of the file, dlt's own (_dlt_*) too
  std::optional<base::YamlNode> contract;  ///< schema_contract of the settings
  std::optional<base::YamlNode> settings;  ///< as written: detections, default_hints, preferred_types

  const Table* Find(std::string_view table) const;
  /// The table at the top of a nested table's chain of parents; null where the chain is broken or circular.
  const Table* Root(const Table& table) const;
};

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_SCHEMA_H_

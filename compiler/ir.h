#ifndef WAPC_COMPILER_IR_H_
#define WAPC_COMPILER_IR_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "base/yaml.h"
#include "grammar/ast.h"
#include "grammar/dialect.h"
#include "grammar/format.h"
#include "metadata/schema.h"
#include "metadata/type.h"

/// The typed form of a project: what every pass takes and gives.
namespace wapc::compiler {

struct BindFacts;

enum class ModelKind : uint8_t {
  kView,
  kFull,
  kIncrementalByUniqueKey,
  kIncrementalByLoad,
  kSeed,
  kExternal,
};

/// The name of a kind as MODEL (kind ...) writes it.
std::string_view ToString(ModelKind kind);

/// Where one output column gets its value from.
struct ColumnSource {
  int model = -1;  ///< index into Project::models
  std::string column;
  auto operator<=>(const ColumnSource&) const = default;
};

/// One column of a model, as readers see it.
struct Column {
  std::string name;
  metadata::Type type;
  bool nullable = true;
  std::string description;
  base::Span span;                    ///< of the projection that gives it
  std::vector<ColumnSource> sources;  ///< lineage: direct sources, sorted, without repeats
};

/// An audit as a model asks for it: `not_null(columns := (a, b))`.
struct AuditCall {
  std::string name;
  std::vector<std::pair<std::string, grammar::Expr*>> arguments;  ///< names in lower case
  base::Span span;
  bool blocking = true;
  /// Filled by the audits pass: the query over the model that selects failing rows (its FROM is `@this_model`), what
  /// names it in reports ("not_null(carrier, flight)"), and the digest of its text.
  grammar::Query* query = nullptr;
  std::string title;
  std::string digest;
  std::vector<int> depends_on;  ///< models that the query reads beside this one
};

/// A user's audit of audits/*.sql, or an AUDIT block in a model's file.
struct AuditDefinition {
  std::string name;
  base::Span span;
  bool blocking = true;
  std::map<std::string, grammar::Expr*> defaults;
  grammar::Query* query = nullptr;
};

/// Rows of INCREMENTAL_BY_UNIQUE_KEY that go without being replaced: those whose key is in no row of a raw table any
/// more, and those whose parent row is gone or was replaced (nested tables of dlt).
struct RemovedKeys {
  std::string source;         ///< "dataset.table": keys without a row there are removed; empty: none
  std::string parent;         ///< "schema.model"; empty: none
  std::string parent_column;  ///< of this model: names the parent's row
  std::string parent_key;     ///< of the parent
  /// Filled by the kinds pass from `source`: every key that stands in the raw table, whatever load its row belongs to.
  grammar::Query* keys_query = nullptr;
};

enum class Origin : uint8_t { kFile, kStaging, kRawTable, kSeed };

struct ModelDigests {
  std::string data;
  std::string metadata;
  std::string audits;
};

/// One model. External tables (raw tables of dlt and others that are only read) are models too, of kind EXTERNAL.
struct Model {
  std::string name;  ///< "schema.name", folded as the dialect folds
  std::string schema;
  std::string table;
  ModelKind kind = ModelKind::kView;
  Origin origin = Origin::kFile;
  base::Span name_span;
  base::Span kind_span;
  grammar::Query* query = nullptr;  ///< null for SEED and EXTERNAL

  std::vector<std::string> unique_key;
  base::Span unique_key_span;
  std::string load_column;  ///< the column that holds dlt's load id: new rows are those of new loads; empty: all rows
  RemovedKeys removed;
  bool live = false;  ///< a VIEW over unaudited rows that says so

  std::vector<std::string> grain;
  base::Span grain_span;
  std::vector<AuditCall> audits;
  std::map<std::string, AuditDefinition> local_audits;

  /// `columns (...)`: declared names and types; checked against the query's, or the types of a seed or external table.
  std::vector<std::pair<std::string, grammar::TypeName*>> declared_columns;
  std::map<std::string, std::string> column_descriptions;

  std::string description, owner, cron, start;
  std::vector<std::string> tags;
  bool enabled = true;
  std::vector<std::string> ignored_rules;  ///< lint rules that do not look at it

  std::string seed_path;  ///< relative to the project folder
  std::string seed_bytes;
  char seed_delimiter = ',';

  /// Of EXTERNAL: the raw table in its schema file, when dlt loaded it.
  const metadata::Schema* raw_schema = nullptr;
  const metadata::Table* raw_table = nullptr;

  /// Of staging over a replaced raw table ("dataset.table"): not rebuilt while that holds rows of an incomplete load.
  std::string hold_source;

  /// Stands for a model that an earlier run knew and that did not change (compiler/cache/): passes leave it as it is.
  bool known_before = false;

  // Filled by passes.
  std::vector<Column> columns;
  bool typed = false;           ///< columns are complete and free of errors
  std::vector<int> depends_on;  ///< indices of models that the query reads, ascending, without repeats
  /// What each relation name of the query names; CTEs are absent.
  std::map<const grammar::TableName*, int> relations;
  std::set<std::string> datasets;  ///< dlt datasets under it, through other models too
  bool unaudited = false;          ///< VIEW that reads an external table, directly or through views
  std::string canonical;           ///< what the data digest is taken of
  std::string metadata_text;       ///< what the metadata digest is taken of
  ModelDigests digests;
  std::shared_ptr<const BindFacts> facts;  ///< what binding saw, for lint rules; null where nobody asks
  std::shared_ptr<grammar::Arena> arena;  ///< of its trees

  const Column* Find(std::string_view column) const;
};

/// wapc.yaml, read and checked.
struct Gateway {
  std::string name;
  std::string type;
  std::map<std::string, std::string> settings;
  base::Span span;
};

struct Config {
  std::string name;
  const grammar::Dialect* dialect = nullptr;
  std::string default_gateway;
  std::map<std::string, Gateway> gateways;
  std::string default_start, default_cron, default_owner;
  std::string default_kind;
  bool forbid_live_views = false;
  grammar::FormatOptions format;  ///< how `format` and `generate` lay SQL out
  bool lint = true;  ///< false: `linter: {enabled: false}`
  /// The lint rules that run, by code, and how much their findings weigh.
  std::map<std::string, base::Severity, std::less<>> lint_rules;
};

/// One metadata/<dataset>/staging.yml, parsed.
struct StagingFile {
  std::string dataset;
  base::SourceId source = base::kNoSource;
  base::YamlNode root;
};

/// A whole project between stages. Models are sorted by name; indices are stable through all passes.
struct Project {
  Config config;
  std::vector<Model> models;
  std::map<std::string, int, std::less<>> by_name;
  std::map<std::string, AuditDefinition> audits;  ///< of audits/*.sql
  std::vector<int> order;                         ///< each model after what it reads; filled by the graph pass
  std::deque<metadata::Schema> schemas;
  std::vector<StagingFile> staging;
  std::vector<std::shared_ptr<grammar::Arena>> arenas;

  const Model* Find(std::string_view name) const;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_IR_H_

#ifndef WAPC_COMPILER_IR_H_
#define WAPC_COMPILER_IR_H_

#include <chrono>
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
class MacroLibrary;

enum class ModelKind : uint8_t {
  kView,
  kFull,
  kIncrementalByUniqueKey,
  kIncrementalByLoad,
  kSeed,
  kExternal,
  kIncrementalByTimeRange,
  kIncrementalByPartition,
  kIncrementalUnmanaged,
  kScdType2ByTime,
  kScdType2ByColumn,
  kEmbedded,  ///< no relation: stands as a subquery in the models that read it
};

/// The name of a kind as MODEL (kind ...) writes it.
std::string_view ToString(ModelKind kind);

/// One clause of `when_matched`: what becomes of the table's row, "target", when the query gives a row of the same key,
/// "source". The first clause whose condition holds counts.
struct MatchClause {
  base::Span span;
  grammar::Expr* condition = nullptr;  ///< null: always
  bool removes = false;
  std::vector<std::pair<std::string, grammar::Expr*>> sets;  ///< columns in lower case
};

/// Where one output column gets its value from.
struct ColumnSource {
  int model = -1;  ///< index into Project::models
  std::string column;
  auto operator<=>(const ColumnSource&) const = default;  // NOLINT(modernize-use-nullptr): sees a 0 in it
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
  bool standalone = false;  ///< asked for by no model: it reads several, this one among them
  int64_t max_rows = 0;     ///< so many failing rows are let pass
  double max_share = 0;     ///< ... or this share of the model's rows
  /// Filled by the audits pass: the query over the model that selects failing rows (its FROM is `@this_model`), what
  /// names it in reports ("not_null(carrier, flight)"), and the digest of its text.
  grammar::Query* query = nullptr;
  grammar::Query* gateway_query = nullptr;  ///< like Model::gateway_query
  std::string title;
  std::string digest;
  std::vector<int> depends_on;  ///< models that the query reads beside this one
};

/// A user's audit of audits/*.sql, or an AUDIT block in a model's file.
struct AuditDefinition {
  std::string name;
  base::Span span;
  bool blocking = true;
  bool standalone = false;
  /// What each argument has to be, by name: a word of ArgumentKinds() (compiler/passes/audits_arguments.h).
  std::map<std::string, std::string> arguments;
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
  grammar::Query* gateway_keys_query = nullptr;  ///< like Model::gateway_query
};

/// What a kind says beyond its name, in SQLMesh's words. Counts are 0 where nothing is said.
struct KindProperties {
  std::string time_column;  ///< of INCREMENTAL_BY_TIME_RANGE
  std::string time_format;  ///< how a text or number holds the time; empty: it is a date or timestamp
  int batch_size = 0, batch_concurrency = 0, lookback = 0;
  bool forward_only = false;
  bool disable_restatement = false;
  std::string on_destructive_change = "error", on_additive_change = "allow";
  std::string auto_restatement_cron;
  int auto_restatement_intervals = 0;
  bool insert_overwrite = false;  ///< of INCREMENTAL_UNMANAGED
  // Of SCD_TYPE_2: the two columns that the kind adds, and how a change is seen.
  std::string valid_from = "valid_from", valid_to = "valid_to";
  metadata::Type time_type;  ///< of both; a timestamp when nothing is said
  std::string updated_at;
  bool updated_at_as_valid_from = false;
  bool execution_time_as_valid_from = false;
  bool invalidate_hard_deletes = false;
  std::vector<std::string> compared_columns;  ///< of SCD_TYPE_2_BY_COLUMN; empty: all but the key
};

/// A column that a property names; it is looked for once the query is bound.
struct NamedColumn {
  std::string_view property;
  std::string column;
  base::Span span;
};

/// A property that was read and does nothing, and why.
struct NoEffect {
  std::string_view name;
  std::string_view reason;
  base::Span span;
};

/// A statement around a model's query that is no query, as text; `@this_model` stands for the model's own relation.
struct HookStatement {
  base::Span span;
  std::string text;
};

struct Hooks {
  std::vector<HookStatement> before;             ///< before the model is filled
  std::vector<HookStatement> after;              ///< after that
  std::vector<HookStatement> on_virtual_update;  ///< once readers see it
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
  grammar::Query* query = nullptr;               ///< null for SEED and EXTERNAL
  std::vector<grammar::MacroCall*> definitions;  ///< its `@DEF(name, value);`

  std::vector<std::string> unique_key;
  base::Span unique_key_span;
  std::string load_column;  ///< the column that holds dlt's load id: new rows are those of new loads; empty: all rows
  RemovedKeys removed;
  KindProperties properties;
  Hooks hooks;
  std::vector<grammar::Expr*> partitioned_by;  ///< over the model's own columns
  std::vector<MatchClause> when_matched;       ///< of INCREMENTAL_BY_UNIQUE_KEY; empty: the new row replaces the old
  grammar::Expr* merge_filter = nullptr;       ///< rows of one key that it does not hold for are none
  bool allow_partials = false;                 ///< an interval may be filled before it is over
  bool reads_itself = false;                   ///< filled by the graph pass
  std::vector<NamedColumn> named_columns;
  bool live = false;  ///< a VIEW over unaudited rows that says so

  std::vector<std::string> grain;
  base::Span grain_span;
  std::vector<AuditCall> audits;
  std::map<std::string, AuditDefinition> local_audits;

  /// `columns (...)`: declared names and types; checked against the query's, or the types of a seed or external table.
  std::vector<std::pair<std::string, grammar::TypeName*>> declared_columns;
  std::map<std::string, std::string> column_descriptions;

  std::string description, owner, cron, cron_tz, interval_unit, start, end, stamp;
  std::vector<std::string> declared_dependencies;  ///< `depends_on`: read in a way that the query does not show
  base::Span depends_on_span;
  std::vector<NoEffect> without_effect;
  std::vector<std::string> tags;
  std::vector<std::string> readers;  ///< roles of `grants (select = ...)`, as they are written
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
  bool typed = false;              ///< columns are complete and free of errors
  std::vector<int> depends_on;     ///< indices of models that the query reads, ascending, without repeats
  std::vector<int> audited_after;  ///< models that only its audits read
  /// What each relation name of the query names; CTEs are absent.
  std::map<const grammar::TableName*, int> relations;
  /// The query in the dialect of the gateway, where that is not the project's; its names are in `relations` too.
  grammar::Query* gateway_query = nullptr;
  /// Filled by the kinds pass: `SELECT partition, ... FROM @this_model`; and the filter, conditions and values of a
  /// merge in the order of the clauses, `FROM @this_model AS target, @this_model AS source`.
  grammar::Query* partition_query = nullptr;
  grammar::Query* merge_query = nullptr;
  grammar::Query* gateway_partition_query = nullptr;  ///< like gateway_query
  grammar::Query* gateway_merge_query = nullptr;
  std::set<std::string> datasets;  ///< dlt datasets under it, through other models too
  bool unaudited = false;          ///< VIEW that reads an external table, directly or through views
  std::string canonical;           ///< what the data digest is taken of
  std::string metadata_text;       ///< what the metadata digest is taken of
  ModelDigests digests;
  std::shared_ptr<const BindFacts> facts;  ///< what binding saw, for lint rules; null where nobody asks
  std::shared_ptr<grammar::Arena> arena;   ///< of its trees

  /// Whether the model has a relation of its own that wapc makes.
  bool has_build() const { return kind != ModelKind::kExternal && kind != ModelKind::kEmbedded; }
  const Column* Find(std::string_view column) const;
};

/// wapc.yaml, read and checked.
struct Gateway {
  std::string name;
  std::string type;
  std::map<std::string, std::string> settings;
  std::map<std::string, base::YamlNode> variables;  ///< by folded names; these come before the project's
  base::Span span;
  std::string problem;     ///< why dlt's configuration does not say how to reach it; empty: it does, or was not asked
  std::string dependents;  ///< "recreate" or empty; as in runtime::Plan
  std::optional<int64_t> snapshot_wait;  ///< seconds
  std::string old_snapshots;             ///< "publish" or empty
};

/// Roles that may read the views of a schema; of all schemas when it is empty.
struct SchemaGrant {
  std::string schema;
  std::vector<std::string> roles;
};

/// How long what is out of use stays before `wapc janitor` takes it away.
struct Retention {
  std::chrono::seconds environment{std::chrono::hours(24 * 7)};  ///< since the last publish to it
  std::chrono::seconds version{std::chrono::hours(24 * 7)};      ///< since something took its place
  std::vector<std::string> pinned;                               ///< environments that never expire, beside prod
};

struct Config {
  std::string name;
  const grammar::Dialect* dialect = nullptr;
  /// What the default gateway's engine speaks; null: the project's dialect.
  const grammar::Dialect* gateway_dialect = nullptr;
  std::string default_gateway;
  std::map<std::string, Gateway> gateways;
  std::string default_start, default_cron, default_cron_tz, default_interval_unit, default_owner;
  std::string default_kind;
  KindProperties default_kind_properties;  ///< batch_concurrency, on_destructive_change, on_additive_change
  /// `audits` of model_defaults, as text with its place: each model that is stored has them too.
  std::vector<HookStatement> default_audits;
  bool default_enabled = true;
  bool infer_names = true;                   ///< false: a MODEL block without a name is an error
  std::vector<std::string> ignore_patterns;  ///< globs of files that are not read
  bool forbid_live_views = false;
  std::vector<SchemaGrant> grants;
  Retention retention;
  std::string publish;           ///< `all`, `schema` or `independent`; empty: as the verb has it
  double statement_timeout = 0;  ///< seconds after which a statement of an apply is interrupted; 0: never
  std::map<std::string, base::YamlNode> variables;  ///< by folded names
  grammar::FormatOptions format;                    ///< how `format` and `generate` lay SQL out
  bool lint = true;                                 ///< false: `linter: {enabled: false}`
  /// The lint rules that run, by code, and how much their findings weigh.
  std::map<std::string, base::Severity, std::less<>> lint_rules;

  /// The dialect that SQL for the warehouse is written in.
  const grammar::Dialect& target() const { return gateway_dialect == nullptr ? *dialect : *gateway_dialect; }
  bool translates() const { return &target() != dialect; }
};

/// One metadata/<dataset>/staging.yml, or a file of rules that such files include, parsed.
struct StagingFile {
  std::string dataset;
  std::string path;  ///< below the project folder
  base::SourceId source = base::kNoSource;
  base::YamlNode root;
};

/// One line of flags.yml: models that are off, or on again. The last line that names a model decides.
struct Flag {
  bool enable = false;
  std::string selector;  ///< `tag:x`, `schema:x`, or a name, with * and ?
  base::Span span;       ///< of the selector
  bool matched = false;  ///< it names a model that was read
};

/// A model that flags.yml turns off, as it was read: nothing reads it.
struct DisabledModel {
  Flag flag;
  Model model;
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
  std::map<std::string, StagingFile> shared_rules;  ///< what staging.yml files include, by path below the folder
  std::vector<Flag> flags;
  std::map<std::string, DisabledModel, std::less<>> disabled;
  std::vector<std::shared_ptr<grammar::Arena>> arenas;
  std::shared_ptr<MacroLibrary> macros;  ///< filled by the macros stage

  const Model* Find(std::string_view name) const;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_IR_H_

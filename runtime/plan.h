#ifndef WAPC_RUNTIME_PLAN_H_
#define WAPC_RUNTIME_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// plan.json: the only contract between compiler and runtime. Everything that apply does is written here; nothing in it
/// depends on the clock, on chance or on a secret.
///
/// SQL in a plan is a template. The runtime puts in, once per apply:
///   @{rel:MODEL}      the relation of a model as this apply must read it: its candidate when this plan builds it, else
///   what
///                     the environment serves now
///   @{served:MODEL}   the relation that the environment serves before the publish; its candidate where it serves none
///   @{table:MODEL}    its physical relation once published (differs from rel only for what is moved in place)
///   @{loads:DATASET}  the frozen set of complete loads of one dlt dataset: load_id, schema_name, status, inserted_at,
///                     schema_version_hash
///   @{recorded:MODEL} a parenthesised SELECT of (schema_name, load_id): the loads that its physical table already
///   holds
///   @{execution_ts}   the quoted text of the apply's one moment, UTC: '2026-01-31 12:00:00.000000+00'
///   @{batch_start}, @{batch_end}, @{batch_last}
///                     of the batch that a step is run for: where it starts and ends, and its last microsecond, as
///                     quoted texts like execution_ts; in an audit, of everything that is filled
///   @{execution_ts:10}, @{batch_start:26}, ...
///                     the first 10 or 26 characters of such a text, quoted: its day, its moment without the zone
///   @{at}             an at sign: "@{" in the user's own text is written "@{at}{"
namespace wapc::runtime {

/// The layout of plan.json; a runtime refuses a newer one.
inline constexpr int kPlanFormat = 1;

struct RelationName {
  std::string schema;
  std::string name;
  bool operator==(const RelationName&) const = default;
};

/// The four digests of a model (docs/plans.md), as hex or base32 text.
struct Digests {
  std::string data;
  std::string metadata;
  std::string audits;
  std::string table_version;
};

enum class Action : uint8_t {
  kBuild,     ///< a new physical table, made aside
  kDelta,     ///< new rows for a table that is moved in place at the publish
  kView,      ///< a new physical view
  kReuse,     ///< the environment's view points at a build that exists already
  kAudit,     ///< nothing is built: changed audits run on the rows already there
  kMetadata,  ///< only description, owner, tags: records and comments
  kRemove,    ///< the model is gone from the project: its view goes, its build stays until it expires
};

/// Why a model is in a plan.
enum class Category : uint8_t {
  kAdded,
  kDirect,
  kIndirect,
  kLoads,
  kIntervals,
  kRestated,
  kMetadata,
  kAudits,
  kDue,  ///< its cron has come
  kRemoved
};

/// What a change of a model means for the rows that are there.
enum class Impact : uint8_t {
  kNone,                 ///< nothing changed but data
  kBreaking,             ///< rows or columns that were there may differ
  kNonBreaking,          ///< columns were added, all else is as it was
  kForwardOnly,          ///< the table stays; what is filled from now on is of the new query
  kIndirectBreaking,     ///< it reads what a breaking change touched, or that could not be ruled out
  kIndirectNonBreaking,  ///< it reads a changed model, and none of what changed
  kMetadata,             ///< texts or audits
};

/// A half-open range of time, as texts like '2026-01-31 00:00:00.000000+00'; all empty where the step has no interval.
struct Batch {
  std::string start;
  std::string end;
  std::string last;  ///< the last microsecond before `end`
};

/// One statement template, run once a batch, in the order of the plan.
struct Step {
  std::string id;  ///< unique within the plan: the journal's key
  std::string sql;
  std::vector<Batch> batches{Batch{}};
};

/// One audit of one model: a query that selects failing rows.
struct PlanAudit {
  std::string name;
  std::string digest;
  bool blocking = true;
  std::string sql;
  /// How many rows fail, as an expression over the candidate with the alias this_model: those of a model are counted in
  /// one scan. Empty: only `sql` tells.
  std::string count;
  bool standalone = false;  ///< reads several models; it stands with the last of them
  int64_t max_rows = 0;     ///< so many failing rows are let pass
  double max_share = 0;     ///< ... or this share of the candidate's rows
};

struct PlanColumn {
  std::string name;
  std::string type;         ///< wapc's words
  std::string engine_type;  ///< the warehouse's words
  bool nullable = true;
  std::string description;
};

/// What happens to one model.
struct PlanModel {
  std::string model;  ///< "schema.name"
  std::string kind;   ///< as in MODEL(kind ...)
  Action action = Action::kBuild;
  Category category = Category::kAdded;
  Impact impact = Impact::kNone;
  std::string reason;         ///< in words, for people
  int64_t replaced_rows = 0;  ///< rows of the table that the new one takes the place of; 0: none, or not counted
  /// The build whose rows this one starts from; it holds that one's intervals and loads too. Empty: it starts empty.
  std::string copy_of;
  /// Of a time-range model that brings another table: how far the one that is served was filled when the plan was made.
  /// What runs fill after that, apply fills too. Empty: nothing to compare with.
  std::string served_until;
  std::string owner;  ///< the environment whose apply writes the physical relation, after this plan
  Digests digests;
  std::string description;  ///< becomes the comment of the view
  std::string canonical;    ///< the text that the data digest was taken of, kept in state to tell changes apart
  std::string metadata;     ///< the text that the metadata digest was taken of, kept likewise
  std::vector<std::string> depends_on;  ///< models
  std::vector<std::string> datasets;    ///< dlt datasets under it, through other models too
  /// Models of one group are published together or not at all. Empty: by itself, unless Plan::publish is "all".
  std::string group;
  std::string build_id;    ///< names the physical relation; empty for kRemove
  RelationName relation;   ///< physical; the in-place table itself for kDelta
  RelationName candidate;  ///< what audits and downstream models read; equals relation but for kDelta
  RelationName view;       ///< what readers see
  std::vector<PlanColumn> columns;
  /// A query whose rows each give a count, and a raw table's name if there is a second column. A count above 0 means:
  /// that table holds so many rows of loads that are not complete, so the model keeps its last version (when the
  /// environment has one). Empty: never held.
  std::string hold_sql;
  std::vector<Step> build;              ///< makes relation, or the delta and the candidate
  std::vector<Step> publish;            ///< moves rows in place, inside the publish transaction
  std::vector<RelationName> temporary;  ///< relations of kDelta that go once it is published or given up (views first)
  /// Takes the rows that the publish moved back, in this order: what was added goes, what was removed returns. No token
  /// stands in it but @{at}; it reads `kept` and the table.
  std::vector<Step> undo;
  std::vector<RelationName> kept;  ///< tables that the publish makes and undo reads; they go when the version expires
  /// The user's statements once readers' views stand, inside the publish transaction.
  std::vector<Step> after_views;
  bool keeps_loads = false;  ///< which loads the rows are of is recorded one by one
  std::vector<PlanAudit> audits;
};

/// One dlt dataset whose complete loads are frozen at the first start of an apply.
struct PlanLoads {
  std::string dataset;
  RelationName snapshot;  ///< the table that @{loads:...} stands for
  Step freeze;            ///< makes it
};

/// A model below a change that keeps its table.
struct PlanKept {
  std::string model;
  std::string reason;
};

struct Plan {
  std::string wapc_version;
  std::string project;
  std::string environment;
  std::string gateway;
  std::string dialect;
  std::string now;  ///< the clock the plan was made for, ISO 8601 UTC; empty without --now (plans carry no clock)
  /// What may fail alone: nothing ("all"), the models of one schema ("schema"), each model with those that read it
  /// ("independent"). PlanModel::group says what goes together.
  std::string publish = "all";
  std::string dependents;  ///< "recreate": other people's views in the way are made again; empty: an error
  std::optional<int64_t> snapshot_wait;  ///< seconds to wait for readers with older snapshots; none: 30
  std::string old_snapshots;             ///< "publish": goes on after that wait; empty: fails
  int64_t structure_version = 0;         ///< of the environment that this plan starts from; 0: it does not exist
  int64_t data_version = 0;
  bool changes_structure = false;
  std::vector<std::string> schemas;  ///< made when absent, physical and readers'
  std::vector<PlanLoads> loads;
  std::vector<PlanModel> models;  ///< in an order in which each comes after what it reads
  std::vector<PlanKept> kept;     ///< of `unchanged`: those that read what changed, and why they stay
  int64_t unchanged = 0;          ///< models that the plan leaves as they are

  bool empty() const { return models.empty(); }
};

std::string_view ToString(Action action);
std::string_view ToString(Category category);
/// "breaking", "indirect non-breaking"; empty for kNone.
std::string_view ToString(Impact impact);

/// The plan as JSON, with "sha256" over everything else in it; same plan, same bytes.
std::string WritePlan(const Plan& plan);

struct ReadPlanResult {
  Plan plan;
  std::string sha256;
};

/// Reads and checks a plan: JSON, the schema of its format (runtime/schema/plan.schema.json), the digest. Errors
/// (kUsage) name what is wrong and where in the file.
base::Result<ReadPlanResult> ReadPlan(std::string_view text);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_PLAN_H_

#include "compiler/project/known_properties.h"

#include <algorithm>
#include <array>

namespace wapc::compiler {
namespace {

using enum ValueShape;
using enum Support;

constexpr std::string_view kIntervalUnits = "year month day hour half_hour quarter_hour five_minute";
constexpr std::string_view kChangePolicies = "error warn allow ignore";

constexpr auto kModelProperties = std::to_array<PropertyRule>({
    {"name", kAny},
    {"kind", kAny},
    {"dialect", kText},
    {"description", kText},
    {"column_descriptions", kPairs},
    {"columns", kColumns},
    {"owner", kText},
    {"tags", kNames},
    {"stamp", kText},
    {"cron", kCron},
    {"cron_tz", kText},
    {"interval_unit", kChoice, kWorks, {}, kIntervalUnits},
    {"start", kTime},
    {"end", kTime},
    {"grain", kAny},
    {"grains", kAny},
    {"audits", kAny},
    {"depends_on", kNames},
    {"enabled", kFlag},
    {"formatting", kFlag},
    {"ignored_rules", kNames},
    {"live", kFlag},
    {"gateway", kText},
    {"virtual_environment_mode", kChoice, kWorks, {}, "full dev_only"},
    {"allow_partials", kFlag},
    {"references", kAny, kNoEffect, "no verb joins models by it"},
    {"retention", kAny, kNoEffect, "SQLMesh reads it and does nothing either"},
    {"project", kText, kNoEffect, "a wapc project is one folder"},
    {"optimize_query", kFlag, kNoEffect, "the query goes to the warehouse as you wrote it"},
    {"validate_query", kFlag, kNoEffect, "every query is checked"},
    {"table_format", kText, kNoEffect, "the project's warehouse has one format of tables"},
    {"storage_format", kText, kNoEffect, "the project's warehouse has one format of files"},
    {"partitioned_by", kExprs, kNoEffect, "the project's warehouse does not partition tables"},
    {"clustered_by", kExprs, kNoEffect, "the project's warehouse does not cluster tables"},
    {"physical_properties", kPairs, kNoEffect, "the project's warehouse has no properties of tables"},
    {"virtual_properties", kPairs, kNoEffect, "the project's warehouse has no properties of views"},
    {"session_properties", kPairs, kUnsupported, "write `SET name = value;` between MODEL and the query"},
    {"signals", kCalls, kUnsupported,
     "leave it out: a model over dlt's tables takes complete loads only, and cron says when it is due"},
    {"table_properties", kPairs, kUnsupported, "write `physical_properties (...)`, the name that it has now"},
    {"grants", kAny},
    {"grants_target_layer", kChoice, kWorks, {}, "virtual"},
    {"physical_schema_override", kText, kUnsupported, "leave it out: physical tables are in wapc__<schema>"},
    {"physical_version", kText, kUnsupported, "leave it out: the version follows from what the model is made of"},
    {"default_catalog", kText, kUnsupported, "leave it out: the gateway's database is the catalog"},
    {"dbt_node_info", kAny, kUnsupported, "leave it out: it is written by SQLMesh's dbt loader alone"},
    {"pre_statements", kAny, kUnsupported, "write the statements between MODEL and the query, each with its semicolon"},
    {"post_statements", kAny, kUnsupported, "write the statements behind the query, each with its semicolon"},
    {"on_virtual_update", kAny, kUnsupported,
     "write ON_VIRTUAL_UPDATE_BEGIN; statements; ON_VIRTUAL_UPDATE_END; behind the query"},
    {"blueprints", kAny, kUnsupported, "write one file for each model; what they share can be a MACRO of macros/"},
});

constexpr auto kAuditProperties = std::to_array<PropertyRule>({
    {"name", kName},
    {"blocking", kFlag},
    {"defaults", kPairs},
    {"arguments", kPairs},
    {"dialect", kText},
    {"skip", kFlag, kUnsupported, "take the audit out of `audits (...)` of the models"},
    {"formatting", kFlag, kNoEffect, "audits are formatted like models"},
    {"standalone", kFlag},
    {"description", kText, kNoEffect, "results are named by the audit"},
    {"owner", kText, kNoEffect, "the model that uses the audit has the owner"},
    {"start", kTime, kUnsupported, "leave it out: an audit runs with its model"},
    {"end", kTime, kUnsupported, "leave it out: an audit runs with its model"},
    {"cron", kCron, kUnsupported, "leave it out: an audit runs with its model"},
    {"cron_tz", kText, kUnsupported, "leave it out: an audit runs with its model"},
    {"interval_unit", kChoice, kUnsupported, "leave it out: an audit runs with its model", kIntervalUnits},
    {"tags", kNames, kNoEffect, "the model that uses the audit has the tags"},
    {"stamp", kText, kNoEffect, "an audit has no version of its own"},
    {"depends_on", kNames, kUnsupported, "leave it out: what an audit reads is seen from its query"},
    {"default_catalog", kText, kUnsupported, "leave it out: the gateway's database is the catalog"},
    {"project", kText, kNoEffect, "a wapc project is one folder"},
    {"dbt_node_info", kAny, kUnsupported, "leave it out: it is written by SQLMesh's dbt loader alone"},
});

constexpr auto kCsvSettings = std::to_array<PropertyRule>({
    {"delimiter", kText},
    {"quotechar", kText},
    {"encoding", kText},
    {"doublequote", kFlag},
    {"escapechar", kText, kUnsupported, "double the quotes inside quotes"},
    {"skipinitialspace", kFlag, kUnsupported, "take the spaces behind delimiters out of the file"},
    {"lineterminator", kText, kUnsupported, "end lines with LF or CRLF"},
    {"na_values", kAny, kUnsupported, "leave a field empty where it is NULL"},
    {"keep_default_na", kFlag, kUnsupported, "leave a field empty where it is NULL"},
});

// ------------------------------------------------------------------------------------------------ kinds

// What a kind shares with others is written once: a macro of rows would hide it, so each list repeats the names.
constexpr PropertyRule kDialect{"dialect", kText, kNoEffect, "the model's own dialect counts"};
constexpr PropertyRule kBatchSize{"batch_size", kCount};
constexpr PropertyRule kBatchConcurrency{"batch_concurrency", kCount, kNoEffect,
                                         "batches of one model run one after another"};
constexpr PropertyRule kOneBatch{"batch_size", kCount, kNoEffect, "one statement reads all that is new"};
constexpr PropertyRule kNoLookback{"lookback", kCount, kNoEffect,
                                   "what is new is told by loads and keys, not by intervals"};
constexpr PropertyRule kLookback{"lookback", kCount};
constexpr PropertyRule kForwardOnly{"forward_only", kFlag};
constexpr PropertyRule kDisableRestatement{"disable_restatement", kFlag};
constexpr PropertyRule kOnDestructive{"on_destructive_change", kChoice, kWorks, {}, kChangePolicies};
constexpr PropertyRule kOnAdditive{"on_additive_change", kChoice, kWorks, {}, kChangePolicies};
constexpr PropertyRule kRestateCron{"auto_restatement_cron", kCron};
constexpr PropertyRule kRestateIntervals{"auto_restatement_intervals", kCount};
constexpr PropertyRule kUniqueKey{"unique_key", kAny};
constexpr PropertyRule kValidFrom{"valid_from_name", kName};
constexpr PropertyRule kValidTo{"valid_to_name", kName};
constexpr PropertyRule kHardDeletes{"invalidate_hard_deletes", kFlag};
constexpr PropertyRule kTimeType{"time_data_type", kTypeName};
constexpr PropertyRule kUpdatedAt{"updated_at_name", kName};

constexpr auto kViewProperties = std::to_array<PropertyRule>({{"materialized", kFlag}});
constexpr auto kFullProperties = std::to_array<PropertyRule>({{"source", kName}});
constexpr auto kLoadProperties = std::to_array<PropertyRule>({{"load_column", kName}});
constexpr auto kSeedProperties = std::to_array<PropertyRule>({
    {"path", kAny},
    {"csv_settings", kPairs},
    {"batch_size", kCount, kNoEffect, "a seed is written by one statement"},
});
constexpr auto kTimeRangeProperties = std::to_array<PropertyRule>({
    {"time_column", kAny},
    {"partition_by_time_column", kFlag, kNoEffect, "the project's warehouse does not partition tables"},
    kBatchSize,
    kBatchConcurrency,
    kLookback,
    kForwardOnly,
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
    kRestateIntervals,
    kDialect,
});
constexpr auto kUniqueKeyProperties = std::to_array<PropertyRule>({
    kUniqueKey,
    {"load_column", kName},
    {"source", kName},
    {"parent", kName},
    {"parent_column", kName},
    {"parent_key", kName},
    {"when_matched", kAny},
    {"merge_filter", kAny},
    kOneBatch,
    kBatchConcurrency,
    kNoLookback,
    kForwardOnly,
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
    kDialect,
});
constexpr auto kPartitionProperties = std::to_array<PropertyRule>({
    {"forward_only", kFlag, kNoEffect, "this kind is always forward-only"},
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
});
constexpr auto kUnmanagedProperties = std::to_array<PropertyRule>({
    {"insert_overwrite", kFlag},
    kForwardOnly,
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
});
constexpr auto kScdByTimeProperties = std::to_array<PropertyRule>({
    kUniqueKey,
    kValidFrom,
    kValidTo,
    kHardDeletes,
    kTimeType,
    kUpdatedAt,
    {"updated_at_as_valid_from", kFlag},
    kOneBatch,
    kForwardOnly,
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
    kDialect,
});
constexpr auto kScdByColumnProperties = std::to_array<PropertyRule>({
    kUniqueKey,
    {"columns", kColumns},
    kValidFrom,
    kValidTo,
    kHardDeletes,
    kTimeType,
    kUpdatedAt,
    {"execution_time_as_valid_from", kFlag},
    kOneBatch,
    kForwardOnly,
    kDisableRestatement,
    kOnDestructive,
    kOnAdditive,
    kRestateCron,
    kDialect,
});
constexpr auto kManagedProperties = std::to_array<PropertyRule>({
    {"disable_restatement", kFlag, kNoEffect, "the engine fills a managed table by itself"},
});
constexpr auto kCustomProperties = std::to_array<PropertyRule>({
    {"materialization", kText},
    {"materialization_properties", kPairs},
    kForwardOnly,
    kDisableRestatement,
    kBatchSize,
    kBatchConcurrency,
    kLookback,
    kRestateCron,
    kRestateIntervals,
    kDialect,
});
constexpr auto kDbtCustomProperties = std::to_array<PropertyRule>({
    {"materialization", kText},
    {"adapter", kText},
    {"definition", kText},
    kDialect,
});

constexpr auto kKinds = std::to_array<KindRule>({
    {ModelKind::kView, "view", kViewProperties},
    {ModelKind::kFull, "full", kFullProperties},
    {ModelKind::kIncrementalByUniqueKey, "incremental_by_unique_key", kUniqueKeyProperties, "unique_key",
     "unique_key (column, ...)"},
    {ModelKind::kIncrementalByLoad, "incremental_by_load", kLoadProperties},
    {ModelKind::kIncrementalByTimeRange, "incremental_by_time_range", kTimeRangeProperties, "time_column",
     "time_column event_date"},
    {ModelKind::kIncrementalByPartition, "incremental_by_partition", kPartitionProperties},
    {ModelKind::kIncrementalUnmanaged, "incremental_unmanaged", kUnmanagedProperties},
    {ModelKind::kScdType2ByTime, "scd_type_2_by_time", kScdByTimeProperties, "unique_key", "unique_key (column, ...)"},
    {ModelKind::kScdType2ByTime, "scd_type_2", kScdByTimeProperties, "unique_key", "unique_key (column, ...)"},
    {ModelKind::kScdType2ByColumn, "scd_type_2_by_column", kScdByColumnProperties, "unique_key",
     "unique_key (column, ...)"},
    {ModelKind::kSeed, "seed", kSeedProperties},
    {ModelKind::kEmbedded, "embedded", {}},
    {ModelKind::kExternal, "external", {}},
    {ModelKind::kFull,
     "managed",
     kManagedProperties,
     {},
     {},
     kUnsupported,
     "write `kind FULL`, or a VIEW: no warehouse of wapc has tables that fill themselves"},
    {ModelKind::kFull,
     "custom",
     kCustomProperties,
     {},
     {},
     kUnsupported,
     "wapc runs no Python: write one of its own kinds, INCREMENTAL_BY_UNIQUE_KEY say"},
    {ModelKind::kFull,
     "dbt_custom",
     kDbtCustomProperties,
     {},
     {},
     kUnsupported,
     "wapc runs no dbt macros: write one of its own kinds, INCREMENTAL_BY_UNIQUE_KEY say"},
});

}  // namespace

std::span<const PropertyRule> ModelProperties() { return kModelProperties; }
std::span<const PropertyRule> AuditProperties() { return kAuditProperties; }
std::span<const PropertyRule> CsvSettings() { return kCsvSettings; }
std::span<const KindRule> Kinds() { return kKinds; }

const PropertyRule* FindRule(std::span<const PropertyRule> rules, std::string_view name) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [name](const PropertyRule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

const KindRule* FindKind(std::string_view name) {
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [name](const KindRule& rule) { return rule.name == name; });
  return found == kKinds.end() ? nullptr : found;
}

}  // namespace wapc::compiler

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/source.h"
#include "base/yaml.h"
#include "compiler/project/known_keys.h"
#include "compiler/project/known_properties.h"
#include "compiler/project/value_texts.h"

// The names of SQLMesh 0.236, gathered from its documentation and its reference of models and configuration. A name
// that is missing from wapc's tables would be called unknown, with a guess at a misspelling.
namespace wapc::compiler {
namespace {

const std::vector<std::string> kModelNames = {"name",
                                              "project",
                                              "description",
                                              "owner",
                                              "start",
                                              "end",
                                              "cron",
                                              "cron_tz",
                                              "interval_unit",
                                              "tags",
                                              "stamp",
                                              "dbt_node_info",
                                              "dialect",
                                              "kind",
                                              "retention",
                                              "table_format",
                                              "storage_format",
                                              "partitioned_by",
                                              "clustered_by",
                                              "default_catalog",
                                              "depends_on",
                                              "columns",
                                              "column_descriptions",
                                              "audits",
                                              "grain",
                                              "grains",
                                              "references",
                                              "physical_schema_override",
                                              "physical_properties",
                                              "virtual_properties",
                                              "session_properties",
                                              "table_properties",
                                              "allow_partials",
                                              "signals",
                                              "enabled",
                                              "physical_version",
                                              "gateway",
                                              "optimize_query",
                                              "ignored_rules",
                                              "formatting",
                                              "virtual_environment_mode",
                                              "grants",
                                              "grants_target_layer",
                                              "blueprints"};

struct KindNames {
  std::string kind;
  std::vector<std::string> properties;
};

const std::vector<KindNames> kKindNames = {
    {"view", {"materialized"}},
    {"full", {}},
    {"embedded", {}},
    {"external", {}},
    {"seed", {"path", "batch_size", "csv_settings"}},
    {"incremental_by_time_range",
     {"time_column", "on_destructive_change", "on_additive_change", "auto_restatement_cron", "dialect", "batch_size",
      "batch_concurrency", "lookback", "forward_only", "disable_restatement", "auto_restatement_intervals",
      "partition_by_time_column"}},
    {"incremental_by_unique_key",
     {"unique_key", "when_matched", "merge_filter", "on_destructive_change", "on_additive_change",
      "auto_restatement_cron", "dialect", "batch_size", "batch_concurrency", "lookback", "forward_only",
      "disable_restatement"}},
    {"incremental_by_partition",
     {"on_destructive_change", "on_additive_change", "auto_restatement_cron", "forward_only", "disable_restatement"}},
    {"incremental_unmanaged",
     {"on_destructive_change", "on_additive_change", "auto_restatement_cron", "insert_overwrite", "forward_only",
      "disable_restatement"}},
    {"scd_type_2",
     {"unique_key", "valid_from_name", "valid_to_name", "invalidate_hard_deletes", "time_data_type", "updated_at_name",
      "updated_at_as_valid_from", "batch_size", "forward_only", "disable_restatement"}},
    {"scd_type_2_by_time",
     {"unique_key", "valid_from_name", "valid_to_name", "invalidate_hard_deletes", "time_data_type", "updated_at_name",
      "updated_at_as_valid_from", "batch_size", "forward_only", "disable_restatement", "on_destructive_change",
      "on_additive_change", "auto_restatement_cron", "dialect"}},
    {"scd_type_2_by_column",
     {"unique_key", "columns", "valid_from_name", "valid_to_name", "invalidate_hard_deletes", "time_data_type",
      "execution_time_as_valid_from", "updated_at_name", "batch_size", "forward_only", "disable_restatement",
      "on_destructive_change", "on_additive_change", "auto_restatement_cron", "dialect"}},
    {"managed", {"disable_restatement"}},
    {"custom",
     {"materialization", "materialization_properties", "forward_only", "disable_restatement", "batch_size",
      "batch_concurrency", "lookback", "auto_restatement_cron", "auto_restatement_intervals"}},
    {"dbt_custom", {"materialization", "adapter", "definition", "dialect"}}};

const std::vector<std::string> kConfigNames = {"gateways",
                                               "default_connection",
                                               "default_test_connection",
                                               "default_scheduler",
                                               "default_gateway",
                                               "notification_targets",
                                               "project",
                                               "snapshot_ttl",
                                               "environment_ttl",
                                               "ignore_patterns",
                                               "time_column_format",
                                               "users",
                                               "model_defaults",
                                               "pinned_environments",
                                               "loader",
                                               "loader_kwargs",
                                               "env_vars",
                                               "username",
                                               "physical_schema_mapping",
                                               "environment_suffix_target",
                                               "physical_table_naming_convention",
                                               "virtual_environment_mode",
                                               "gateway_managed_virtual_layer",
                                               "infer_python_dependencies",
                                               "environment_catalog_mapping",
                                               "default_target_environment",
                                               "log_limit",
                                               "cicd_bot",
                                               "run",
                                               "format",
                                               "ui",
                                               "plan",
                                               "migration",
                                               "model_naming",
                                               "variables",
                                               "disable_anonymized_analytics",
                                               "before_all",
                                               "after_all",
                                               "linter",
                                               "janitor",
                                               "cache_dir",
                                               "dbt",
                                               "gateways.*.connection",
                                               "gateways.*.state_connection",
                                               "gateways.*.test_connection",
                                               "gateways.*.scheduler",
                                               "gateways.*.state_schema",
                                               "gateways.*.variables",
                                               "gateways.*.model_defaults",
                                               "model_defaults.kind",
                                               "model_defaults.dialect",
                                               "model_defaults.cron",
                                               "model_defaults.cron_tz",
                                               "model_defaults.owner",
                                               "model_defaults.start",
                                               "model_defaults.table_format",
                                               "model_defaults.storage_format",
                                               "model_defaults.on_destructive_change",
                                               "model_defaults.on_additive_change",
                                               "model_defaults.physical_properties",
                                               "model_defaults.virtual_properties",
                                               "model_defaults.session_properties",
                                               "model_defaults.audits",
                                               "model_defaults.optimize_query",
                                               "model_defaults.allow_partials",
                                               "model_defaults.interval_unit",
                                               "model_defaults.enabled",
                                               "model_defaults.formatting",
                                               "model_defaults.batch_concurrency",
                                               "model_defaults.pre_statements",
                                               "model_defaults.post_statements",
                                               "model_defaults.on_virtual_update",
                                               "model_defaults.gateway",
                                               "model_naming.infer_names",
                                               "plan.forward_only",
                                               "plan.auto_categorize_changes",
                                               "plan.include_unmodified",
                                               "plan.enable_preview",
                                               "plan.no_diff",
                                               "plan.no_prompts",
                                               "plan.auto_apply",
                                               "plan.use_finalized_state",
                                               "plan.always_recreate_environment",
                                               "run.environment_check_interval",
                                               "run.environment_check_max_wait",
                                               "migration.promoted_snapshots_only",
                                               "janitor.warn_on_delete_failure",
                                               "janitor.expired_snapshots_batch_size",
                                               "ui.format_on_save",
                                               "ui.node_colors",
                                               "format.normalize",
                                               "format.pad",
                                               "format.indent",
                                               "format.normalize_functions",
                                               "format.leading_comma",
                                               "format.max_text_width",
                                               "format.append_newline",
                                               "format.no_rewrite_casts",
                                               "dbt.infer_state_schema_name",
                                               "cicd_bot.type",
                                               "cicd_bot.invalidate_environment_after_deploy",
                                               "cicd_bot.enable_deploy_command",
                                               "cicd_bot.merge_method",
                                               "cicd_bot.command_namespace",
                                               "cicd_bot.auto_categorize_changes",
                                               "cicd_bot.default_pr_start",
                                               "cicd_bot.default_pr_preview_start",
                                               "cicd_bot.skip_pr_backfill",
                                               "cicd_bot.pr_include_unmodified",
                                               "cicd_bot.run_on_deploy_to_prod",
                                               "cicd_bot.pr_environment_name",
                                               "cicd_bot.pr_min_intervals",
                                               "cicd_bot.pr_preview_min_intervals",
                                               "cicd_bot.prod_branch_name",
                                               "cicd_bot.forward_only_branch_suffix",
                                               "cicd_bot.check_if_blocked_on_deploy_to_prod"};

bool KnowsKey(const std::string& path) {
  for (const KeyRule& rule : ConfigKeys()) {
    if (rule.path == path) return true;
  }
  return false;
}

TEST(KnownNames, EveryModelProperty) {
  for (const std::string& name : kModelNames) EXPECT_NE(FindRule(ModelProperties(), name), nullptr) << name;
}

TEST(KnownNames, EveryKindAndItsProperties) {
  for (const KindNames& names : kKindNames) {
    const KindRule* const kind = FindKind(names.kind);
    ASSERT_NE(kind, nullptr) << names.kind;
    for (const std::string& name : names.properties) {
      EXPECT_NE(FindRule(kind->properties, name), nullptr) << names.kind << " " << name;
    }
  }
}

TEST(KnownNames, EveryConfigKey) {
  for (const std::string& path : kConfigNames) EXPECT_TRUE(KnowsKey(path)) << path;
}

// A key that does nothing, or is refused, says why; and no key stands twice.
TEST(KnownNames, ReasonsAndRepeats) {
  std::set<std::string_view> paths;
  for (const KeyRule& rule : ConfigKeys()) {
    EXPECT_TRUE(paths.insert(rule.path).second) << rule.path;
    EXPECT_EQ(rule.support == Support::kWorks, rule.note.empty()) << rule.path;
    EXPECT_EQ(rule.shape == KeyShape::kChoice, !rule.choices.empty()) << rule.path;
  }
  std::set<std::string_view> names;
  for (const PropertyRule& rule : ModelProperties()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_EQ(rule.support == Support::kWorks, rule.note.empty()) << rule.name;
    EXPECT_EQ(rule.shape == ValueShape::kChoice, !rule.choices.empty()) << rule.name;
  }
}

// Any value of the right type is taken without an error.
TEST(KnownNames, ConfigWithoutErrors) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const base::SourceId source = sources.Add("wapc.yaml",
                                            "name: demo\n"
                                            "gateways: {local: {connection: {type: duckdb, database: x.duckdb}}}\n"
                                            "model_defaults: {cron: '0 4 * * mon-fri', start: 1 year ago}\n"
                                            "format: {indent: 4, leading_comma: true}\n"
                                            "ui: {node_colors: {nightly: '#112233'}}\n");
  const auto root = base::ParseYaml(sources, source, diagnostics);
  ASSERT_TRUE(root.has_value());
  CheckConfigKeys(*root, diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 0U) << base::RenderText(diagnostics, sources, false);
}

TEST(ValueTexts, Cron) {
  for (const char* const good :
       {"@daily", "@Hourly", "0 4 * * *", "*/15 0-6 1,15 jan-jun mon", "0 0 * * 7", "5/10 * ? * 1-5/2"}) {
    EXPECT_TRUE(IsCron(good)) << good;
  }
  for (const char* const bad : {"", "daily", "@sometimes", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                                "* * * 13 *", "* * * * 8", "*/0 * * * *", "1,,2 * * * *", "a * * * *"}) {
    EXPECT_FALSE(IsCron(bad)) << bad;
  }
}

TEST(ValueTexts, Time) {
  for (const char* const good : {"2024-01-31", "2024-01-31 10:00:00", "2024-01-31T10:00:00.5+02:00", "20240131",
                                 "yesterday", "3 months ago", "1 week 2 days ago", "in 2 hours", "a year ago"}) {
    EXPECT_TRUE(IsTime(good)) << good;
  }
  for (const char* const bad :
       {"", "once", "2024-13-01", "2024-1-1", "2024-01-32", "months ago", "3 moons ago", "2024-01-31 noon"}) {
    EXPECT_FALSE(IsTime(bad)) << bad;
  }
}

}  // namespace
}  // namespace wapc::compiler

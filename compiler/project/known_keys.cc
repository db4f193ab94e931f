#include "compiler/project/known_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "compiler/project/value_texts.h"
#include "compiler/project/yaml_keys.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::YamlNode;

namespace {

using enum KeyShape;
using enum Support;

constexpr DiagnosticCode kUnsupportedKey{"unsupported-key", Severity::kError};
constexpr DiagnosticCode kKeyWithoutEffect{"no-effect", Severity::kInfo};
constexpr DiagnosticCode kBadValue{"bad-value", Severity::kError};

constexpr std::string_view kPolicies = "error warn allow ignore";
constexpr std::string_view kUnits = "year month day hour half_hour quarter_hour five_minute";
constexpr std::string_view kWholePlan = "every model that changed is built and audited; the plan says why";
constexpr std::string_view kFormatting = "`wapc format` has one style";
constexpr std::string_view kOneTask = "the warehouse's own threads are used";
constexpr std::string_view kNoBot = "call `wapc plan` and `wapc apply` in CI; docs/plans.md has the exit codes";

constexpr auto kKeys = std::to_array<KeyRule>({
    // the project
    {"name", kText},
    {"project", kText, kUnsupported, "write `name`"},
    {"dialect", kText},
    {"live_views", kText},
    {"publish", kChoice, kWorks, {}, "all schema independent"},
    {"statement_timeout", kCount},
    {"linter", kMap},
    {"grants", kMap},
    {"grants.*", kMap},
    {"grants.*.select", kTexts},
    {"variables", kMap},
    {"default_gateway", kText},
    {"dlt_folder", kText},
    {"ignore_patterns", kTexts},
    {"model_naming", kMap},
    {"model_naming.infer_names", kFlag},
    {"gateways", kMap},
    {"gateways.*", kMap},
    {"gateways.*.connection", kConnection},
    {"gateways.*.state_connection", kConnection, kNoEffect, "state is kept in the warehouse, in the schema wapc"},
    {"gateways.*.test_connection", kConnection, kNoEffect, "tests run on a DuckDB of wapc's own"},
    {"gateways.*.scheduler", kMap, kNoEffect, "wapc has one scheduler: `wapc run`"},
    {"gateways.*.scheduler.type", kChoice, kWorks, {}, "builtin"},
    {"gateways.*.state_schema", kText, kNoEffect, "state is kept in the schema wapc"},
    {"gateways.*.variables", kMap},
    {"gateways.*.dependents", kChoice, kWorks, {}, "refuse recreate"},
    {"gateways.*.snapshot_wait", kCount},
    {"gateways.*.old_snapshots", kChoice, kWorks, {}, "fail publish"},
    {"gateways.*.model_defaults", kMap, kUnsupported,
     "write `model_defaults:` at the top: a model is the same in every gateway"},
    // model_defaults
    {"model_defaults", kMap},
    {"model_defaults.kind", kAny},
    {"model_defaults.dialect", kText},
    {"model_defaults.cron", kCron},
    {"model_defaults.cron_tz", kText},
    {"model_defaults.owner", kText},
    {"model_defaults.start", kTime},
    {"model_defaults.interval_unit", kChoice, kWorks, {}, kUnits},
    {"model_defaults.enabled", kFlag},
    {"model_defaults.audits", kTexts},
    {"model_defaults.grants", kMap},
    {"model_defaults.grants.select", kTexts},
    {"model_defaults.on_destructive_change", kChoice, kWorks, {}, kPolicies},
    {"model_defaults.on_additive_change", kChoice, kWorks, {}, kPolicies},
    {"model_defaults.batch_concurrency", kCount},
    {"model_defaults.formatting", kFlag, kNoEffect,
     "write `formatting false` in the models that are to stay as they are"},
    {"model_defaults.gateway", kText, kUnsupported, "write `default_gateway`"},
    {"model_defaults.allow_partials", kFlag, kNoEffect, "an interval is filled when it is over"},
    {"model_defaults.optimize_query", kFlag, kNoEffect, "queries go to the warehouse as you wrote them"},
    {"model_defaults.table_format", kText, kNoEffect, "the project's warehouse has one format of tables"},
    {"model_defaults.storage_format", kText, kNoEffect, "the project's warehouse has one format of files"},
    {"model_defaults.physical_properties", kMap, kNoEffect, "the project's warehouse has no properties of tables"},
    {"model_defaults.physical_properties.*"},
    {"model_defaults.virtual_properties", kMap, kNoEffect, "the project's warehouse has no properties of views"},
    {"model_defaults.virtual_properties.*"},
    {"model_defaults.session_properties", kMap, kUnsupported,
     "write `SET name = value;` before the query of the models"},
    {"model_defaults.pre_statements", kTexts, kUnsupported, "write the statements before the query of the models"},
    {"model_defaults.post_statements", kTexts, kUnsupported, "write the statements behind the query of the models"},
    {"model_defaults.on_virtual_update", kTexts, kUnsupported, "write them into the models"},
    // elsewhere in SQLMesh's configuration
    {"default_connection", kConnection, kUnsupported, "write it as `gateways: {local: {connection: ...}}`"},
    {"default_test_connection", kConnection, kNoEffect, "tests run on a DuckDB of wapc's own"},
    {"default_scheduler", kAny, kNoEffect, "wapc has one scheduler: `wapc run`"},
    {"notification_targets", kList, kNoEffect, "wapc sends no messages: look at its exit code and `--format json`"},
    {"users", kList, kNoEffect, "wapc has no users: the warehouse's roles count"},
    {"username", kText, kNoEffect, "wapc has no users: the warehouse's roles count"},
    {"snapshot_ttl", kText},
    {"environment_ttl", kText},
    {"pinned_environments", kTexts},
    {"time_column_format", kText, kNoEffect, "write the format beside the column: `time_column (ds, '%Y-%m-%d')`"},
    {"loader", kAny, kUnsupported, "leave it out: wapc reads models/, audits/ and metadata/"},
    {"loader_kwargs", kAny, kUnsupported, "leave it out: wapc reads models/, audits/ and metadata/"},
    {"env_vars", kMap, kUnsupported, "set them in the shell: WAPC__A__B sets the key a.b"},
    {"physical_schema_mapping", kMap, kUnsupported, "leave it out: physical tables are in wapc__<schema>"},
    {"environment_suffix_target", kChoice, kWorks, {}, "schema"},
    {"physical_table_naming_convention", kText, kNoEffect, "physical tables are named wapc__<schema>.<model>__<id>"},
    {"virtual_environment_mode", kChoice, kWorks, {}, "full"},
    {"gateway_managed_virtual_layer", kFlag, kUnsupported, "leave it out: a project has one warehouse at a time"},
    {"infer_python_dependencies", kFlag, kNoEffect, "wapc runs no Python"},
    {"environment_catalog_mapping", kMap, kUnsupported, "leave it out: environments are schemas of one database"},
    {"default_target_environment", kText, kNoEffect, "name the environment: `wapc plan dev`"},
    {"log_limit", kCount, kNoEffect, "wapc writes no log files"},
    {"disable_anonymized_analytics", kFlag, kNoEffect, "wapc sends nothing anywhere"},
    {"cache_dir", kText, kNoEffect, "the cache is in .wapc/"},
    {"before_all", kTexts, kUnsupported, "run the statements in the warehouse before `wapc apply`"},
    {"after_all", kTexts, kUnsupported, "run the statements in the warehouse after `wapc apply`"},
    {"dbt", kMap, kUnsupported, "leave it out: wapc reads no dbt projects"},
    {"dbt.infer_state_schema_name", kFlag},
    {"run", kMap},
    {"run.environment_check_interval", kCount, kNoEffect, "`--lock-timeout` says how long to wait"},
    {"run.environment_check_max_wait", kCount, kNoEffect, "`--lock-timeout` says how long to wait"},
    {"migration", kMap},
    {"migration.promoted_snapshots_only", kFlag, kNoEffect, "a newer wapc maps all digests"},
    {"janitor", kMap},
    {"janitor.warn_on_delete_failure", kFlag, kNoEffect, "`wapc janitor` says what it could not take away"},
    {"janitor.expired_snapshots_batch_size", kCount, kNoEffect, "each table goes in a transaction of its own"},
    {"ui", kMap},
    {"ui.format_on_save", kFlag, kNoEffect, "wapc has no page of its own"},
    {"ui.node_colors", kMap, kNoEffect, "wapc has no page of its own"},
    {"ui.node_colors.*"},
    {"format", kMap},
    {"format.normalize", kFlag, kNoEffect, kFormatting},
    {"format.pad", kCount, kNoEffect, kFormatting},
    {"format.indent", kAny},
    {"format.normalize_functions", kText, kNoEffect, kFormatting},
    {"format.leading_comma", kFlag, kNoEffect, kFormatting},
    {"format.max_text_width", kAny},
    {"format.append_newline", kFlag, kNoEffect, kFormatting},
    {"format.no_rewrite_casts", kFlag, kNoEffect, kFormatting},
    {"plan", kMap},
    {"plan.forward_only", kFlag, kUnsupported, "leave it out: whether a change is forward-only follows from the model"},
    {"plan.auto_categorize_changes", kMap, kNoEffect, kWholePlan},
    {"plan.auto_categorize_changes.external", kText},
    {"plan.auto_categorize_changes.python", kText},
    {"plan.auto_categorize_changes.sql", kText},
    {"plan.auto_categorize_changes.seed", kText},
    {"plan.include_unmodified", kFlag, kNoEffect, kWholePlan},
    {"plan.enable_preview", kFlag, kNoEffect, kWholePlan},
    {"plan.no_diff", kFlag, kNoEffect, "`wapc plan` shows the reason of each change"},
    {"plan.no_prompts", kFlag, kNoEffect, "wapc asks nothing"},
    {"plan.auto_apply", kFlag, kNoEffect, "`wapc apply plan.json` applies what was reviewed"},
    {"plan.use_finalized_state", kFlag, kNoEffect, "an environment is always in the state of its last publish"},
    {"plan.always_recreate_environment", kFlag, kNoEffect, kWholePlan},
    {"cicd_bot", kMap, kNoEffect, kNoBot},
    {"cicd_bot.type", kText},
    {"cicd_bot.invalidate_environment_after_deploy", kFlag},
    {"cicd_bot.enable_deploy_command", kFlag},
    {"cicd_bot.merge_method", kText},
    {"cicd_bot.command_namespace", kText},
    {"cicd_bot.auto_categorize_changes"},
    {"cicd_bot.default_pr_start"},
    {"cicd_bot.default_pr_preview_start"},
    {"cicd_bot.skip_pr_backfill", kFlag},
    {"cicd_bot.pr_include_unmodified", kFlag},
    {"cicd_bot.run_on_deploy_to_prod", kFlag},
    {"cicd_bot.pr_environment_name", kText},
    {"cicd_bot.pr_min_intervals", kCount},
    {"cicd_bot.pr_preview_min_intervals", kCount},
    {"cicd_bot.prod_branch_name", kText},
    {"cicd_bot.forward_only_branch_suffix", kText},
    {"cicd_bot.check_if_blocked_on_deploy_to_prod", kFlag},
    // connections: what every type has
    {"@.type", kText},
    {"@.concurrent_tasks", kCount, kNoEffect, kOneTask},
    {"@.register_comments", kFlag, kNoEffect, "descriptions are kept in the manifest"},
    {"@.pre_ping", kFlag, kNoEffect, "a broken connection is an error, and apply resumes"},
    {"@.pretty_sql", kFlag, kNoEffect, "`wapc render` shows a model's SQL"},
    {"@.schema_differ_overrides", kAny, kNoEffect, "a changed model gets a new table"},
    {"@.catalog_type_overrides", kAny, kNoEffect, "a project has one database"},
    {"@duckdb.database", kText},
    {"@duckdb.catalogs", kMap, kUnsupported, "write `database`: a project has one"},
    {"@duckdb.extensions", kAny, kUnsupported, "write `INSTALL name; LOAD name;` before the query that needs it"},
    {"@duckdb.connector_config", kAny, kUnsupported, "write `SET name = value;` before the query that needs it"},
    {"@duckdb.secrets", kAny, kUnsupported, "make a persistent secret in the database: CREATE PERSISTENT SECRET"},
    {"@duckdb.filesystems", kAny, kUnsupported, "load an extension such as httpfs in the model that needs it"},
    {"@duckdb.token", kText, kUnsupported, "leave it out: it is MotherDuck's"},
    {"@postgres.host", kText},
    {"@postgres.user", kText},
    {"@postgres.password", kText},
    {"@postgres.port", kCount},
    {"@postgres.database", kText},
    {"@postgres.keepalives_idle", kCount},
    {"@postgres.connect_timeout", kCount},
    {"@postgres.keepalives", kCount},
    {"@postgres.keepalives_interval", kCount},
    {"@postgres.keepalives_count", kCount},
    {"@postgres.role", kText},
    {"@postgres.search_path", kText},
    {"@postgres.sslrootcert", kText},
    {"@postgres.sslcert", kText},
    {"@postgres.sslkey", kText},
    {"@postgres.sslmode", kText},
    {"@postgres.application_name", kText},
    {"@trino.host", kText},
    {"@trino.user", kText},
    {"@trino.catalog", kText},
    {"@trino.port", kCount},
    {"@trino.http_scheme", kText},
    {"@trino.method", kText},
    {"@trino.password", kText},
    {"@trino.verify", kFlag},
    {"@trino.roles", kAny},
    {"@trino.http_headers", kAny},
    {"@trino.session_properties", kAny},
    {"@trino.retries", kCount},
    {"@trino.timezone", kText},
    {"@trino.jwt_token", kText},
    {"@trino.cert", kText},
    {"@trino.client_certificate", kText},
    {"@trino.client_private_key", kText},
    {"@trino.source", kText},
    {"@trino.schema_location_mapping", kAny},
    {"@trino.timestamp_mapping", kAny},
    {"@trino.impersonation_user", kText},
    {"@trino.keytab", kText},
    {"@trino.krb5_config", kText},
    {"@trino.principal", kText},
    {"@trino.service_name", kText},
    {"@trino.hostname_override", kText},
    {"@trino.mutual_authentication", kFlag},
    {"@trino.force_preemptive", kFlag},
    {"@trino.sanitize_mutual_error_response", kFlag},
    {"@trino.delegate", kFlag},
    {"@snowflake.account", kText},
    {"@snowflake.user", kText},
    {"@snowflake.password", kText},
    {"@snowflake.warehouse", kText},
    {"@snowflake.database", kText},
    {"@snowflake.role", kText},
    {"@snowflake.authenticator", kText},
    {"@snowflake.token", kText},
    {"@snowflake.host", kText},
    {"@snowflake.port", kCount},
    {"@snowflake.application", kText},
    {"@snowflake.private_key", kText},
    {"@snowflake.private_key_path", kText},
    {"@snowflake.private_key_passphrase", kText},
    {"@snowflake.session_parameters", kAny},
});

const KeyRule* FindKey(std::string_view path) {
  const auto* const found =
      std::find_if(kKeys.begin(), kKeys.end(), [path](const KeyRule& rule) { return rule.path == path; });
  return found == kKeys.end() ? nullptr : found;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> out;
  for (size_t at = text.find(' '); !text.empty(); at = text.find(' ')) {
    out.emplace_back(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return out;
}

class KeyChecker {
 public:
  explicit KeyChecker(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// `pattern` is the path of the mapping with * for what the user named; `common` a second place to look for its keys.
  void CheckMap(const YamlNode& map, const std::string& pattern, const std::string& common, std::string_view where) {
    for (const base::YamlEntry& entry : map.entries) {
      const KeyRule* rule = FindKey(Below(pattern, entry.key));
      if (rule == nullptr && !common.empty()) rule = FindKey(Below(common, entry.key));
      if (rule == nullptr) rule = FindKey(Below(pattern, "*"));
      if (rule == nullptr) {
        ReportUnknown(entry, pattern, common, where);
      } else if (rule->support == kUnsupported) {
        diagnostics_.Report(kUnsupportedKey, entry.key_span, fmt::format("wapc does not do '{}'", entry.key))
            .Help(std::string(rule->note));
      } else {
        CheckValue(entry, *rule);
      }
    }
  }

 private:
  static std::string Below(const std::string& pattern, std::string_view key) {
    return pattern.empty() ? std::string(key) : fmt::format("{}.{}", pattern, key);
  }

  static void AddChildren(const std::string& pattern, std::vector<std::string>& out) {
    for (const KeyRule& rule : kKeys) {
      std::string_view path = rule.path;
      if (!pattern.empty()) {
        if (!path.starts_with(pattern + ".")) continue;
        path.remove_prefix(pattern.size() + 1);
      }
      if (path.find('.') == std::string_view::npos && !path.starts_with('@')) out.emplace_back(path);
    }
  }

  void ReportUnknown(const base::YamlEntry& entry, const std::string& pattern, const std::string& common,
                     std::string_view where) {
    std::vector<std::string> names;
    AddChildren(pattern, names);
    if (!common.empty()) AddChildren(common, names);
    const auto nearest = base::ClosestName(entry.key, names);
    const bool few = names.size() <= 12;
    ReportUnknownKey(entry, where,
                     nearest ? fmt::format("did you mean '{}'?", *nearest)
                     : few   ? fmt::format("known keys: {}", fmt::join(names, ", "))
                             : "docs/project-files.md lists the keys",
                     diagnostics_);
  }

  void CheckValue(const base::YamlEntry& entry, const KeyRule& rule) {
    const YamlNode& value = entry.value;
    if (value.is_null()) return;
    if (const std::string expected = Expected(value, rule); !expected.empty()) {
      ReportWrongType(value, entry.key, expected, diagnostics_);
      return;
    }
    if (rule.shape == kChoice) CheckChoice(entry, rule);
    if (rule.support == kNoEffect) {
      diagnostics_.Report(kKeyWithoutEffect, entry.key_span,
                          fmt::format("'{}' has no effect: {}", entry.key, rule.note));
    }
    if (!value.is_map() || rule.shape == kAny) return;
    if (rule.shape == kConnection) {
      CheckConnection(value);
    } else if (HasChildren(rule.path)) {
      CheckMap(value, std::string(rule.path), "", rule.path == "gateways.*" ? "a gateway" : entry.key);
    }
  }

  static bool HasChildren(std::string_view path) {
    return std::any_of(kKeys.begin(), kKeys.end(), [path](const KeyRule& rule) {
      return rule.path.size() > path.size() && rule.path.starts_with(path) && rule.path[path.size()] == '.';
    });
  }

  // The keys of a warehouse that wapc has no words for are its driver's.
  void CheckConnection(const YamlNode& value) {
    const YamlNode* const type = value.Find("type");
    if (type == nullptr || !type->is_scalar()) return;
    const std::string pattern = "@" + grammar::LowerCase(type->scalar);
    if (!HasChildren(pattern)) return;
    CheckMap(value, pattern, "@", fmt::format("a connection of type {}", type->scalar));
  }

  static std::string Expected(const YamlNode& value, const KeyRule& rule) {
    switch (rule.shape) {
      case kAny: return {};
      case kText:
      case kChoice: return value.is_scalar() ? "" : "text";
      // Text counts too, since that is what the environment gives.
      case kFlag: return IsFlagText(value) ? "" : "true or false";
      case kCount: return IsCountText(value) ? "" : "a whole number";
      case kTexts: {
        const bool texts = value.is_sequence() && std::all_of(value.items.begin(), value.items.end(),
                                                              [](const YamlNode& item) { return item.is_scalar(); });
        return value.is_scalar() || texts ? "" : "a list of text";
      }
      case kList: return value.is_sequence() ? "" : "a list";
      case kMap: return value.is_map() ? "" : "a mapping";
      case kConnection: return value.is_map() ? "" : "a mapping, or a destination of dlt's: dlt:destination.NAME";
      case kCron: return value.is_scalar() && IsCron(value.scalar) ? "" : "'@daily' and the like, or five fields";
      case kTime: return value.is_scalar() && IsTime(value.scalar) ? "" : "a time such as 2024-01-31 or '3 months ago'";
    }
    return {};
  }

  static bool IsFlagText(const YamlNode& value) {
    if (value.AsBool()) return true;
    const std::string text = grammar::LowerCase(value.scalar);
    return value.is_scalar() && (text == "true" || text == "false");
  }

  static bool IsCountText(const YamlNode& value) {
    return value.is_scalar() && !value.scalar.empty() &&
           std::all_of(value.scalar.begin(), value.scalar.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  void CheckChoice(const base::YamlEntry& entry, const KeyRule& rule) {
    const std::vector<std::string> words = WordsOf(rule.choices);
    if (std::find(words.begin(), words.end(), grammar::LowerCase(entry.value.scalar)) != words.end()) return;
    diagnostics_.Report(kBadValue, entry.value.span, fmt::format("'{}' cannot be '{}'", entry.key, entry.value.scalar))
        .Help(fmt::format("wapc knows: {}", fmt::join(words, ", ")));
  }

  base::Diagnostics& diagnostics_;
};

}  // namespace

std::span<const KeyRule> ConfigKeys() { return kKeys; }

void CheckConfigKeys(const YamlNode& root, base::Diagnostics& diagnostics) {
  KeyChecker(diagnostics).CheckMap(root, "", "", "wapc.yaml");
}

}  // namespace wapc::compiler

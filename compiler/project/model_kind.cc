#include "compiler/project/model_kind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/passes/binder.h"
#include "compiler/project/properties.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using grammar::As;
using grammar::Expr;
using grammar::Property;

namespace {

constexpr DiagnosticCode kUnknownKind{"unknown-kind", Severity::kError};
constexpr DiagnosticCode kUnsupportedKind{"unsupported-kind", Severity::kError};
constexpr DiagnosticCode kMissingProperty{"missing-property", Severity::kError};

class KindReader {
 public:
  KindReader(const Property* property, const Config& config, Model& model, Diagnostics& diagnostics)
      : property_(property), config_(config), model_(model), diagnostics_(diagnostics) {}

  void Read() {
    model_.kind_span = property_ != nullptr ? property_->span : model_.name_span;
    std::string name = property_ != nullptr ? NameOf(property_->value).value_or("") : config_.default_kind;
    name = grammar::LowerCase(name);
    if (name.empty()) name = "view";
    const KindRule* const rule = FindKind(name);
    if (rule == nullptr) {
      ReportUnknown(name);
      return;
    }
    model_.kind = rule->kind;
    ReadProperties(*rule);
  }

 private:
  void ReportUnknown(const std::string& name) {
    std::vector<std::string> names;
    for (const KindRule& kind : Kinds()) {
      if (kind.support == Support::kWorks) names.emplace_back(ToString(kind.kind));
    }
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const auto nearest = base::ClosestName(name, names);
    diagnostics_.Report(kUnknownKind, model_.kind_span, fmt::format("there is no model kind '{}'", name))
        .Help(nearest ? fmt::format("did you mean {}?", *nearest) : fmt::format("kinds: {}", fmt::join(names, ", ")));
  }

  void ReadProperties(const KindRule& rule) {
    std::string where(rule.name);
    for (char& c : where) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (rule.support == Support::kUnsupported) {
      diagnostics_.Report(kUnsupportedKind, model_.kind_span, fmt::format("wapc has no kind {}", where))
          .Help(std::string(rule.note));
    }
    PropertyReader properties(property_ != nullptr ? property_->properties : grammar::List<Property>{}, where,
                              rule.properties, diagnostics_, &model_.without_effect);
    if (!rule.required.empty() && properties.Find(rule.required) == nullptr) {
      diagnostics_.Report(kMissingProperty, model_.kind_span, fmt::format("{} has no '{}'", where, rule.required))
          .Help(fmt::format("add `{}`", rule.example));
    }
    ReadShared(properties);
    switch (model_.kind) {
      case ModelKind::kView: ReadMaterialized(properties); break;
      case ModelKind::kFull: model_.hold_source = properties.Text("source").value_or(""); break;
      case ModelKind::kIncrementalByLoad:
        model_.load_column = properties.Text("load_column").value_or("_dlt_load_id");
        break;
      case ModelKind::kIncrementalByUniqueKey: ReadUniqueKey(properties); break;
      case ModelKind::kIncrementalByTimeRange: ReadTimeColumn(properties); break;
      case ModelKind::kIncrementalUnmanaged:
        model_.properties.insert_overwrite = properties.Flag("insert_overwrite").value_or(false);
        break;
      case ModelKind::kScdType2ByTime:
      case ModelKind::kScdType2ByColumn: ReadScd(properties); break;
      case ModelKind::kSeed: ReadSeed(properties); break;
      case ModelKind::kIncrementalByPartition:
      case ModelKind::kEmbedded:
      case ModelKind::kExternal: break;
    }
  }

  // Kinds whose rows could not be made again are not restated unless that is said; as in SQLMesh.
  bool KeepsHistory() const {
    return model_.kind == ModelKind::kIncrementalUnmanaged || model_.kind == ModelKind::kScdType2ByTime ||
           model_.kind == ModelKind::kScdType2ByColumn;
  }

  // What several kinds have; absent properties leave what is there.
  void ReadShared(const PropertyReader& properties) {
    KindProperties& out = model_.properties;
    out = config_.default_kind_properties;
    out.batch_size = properties.Count("batch_size");
    if (const int batches = properties.Count("batch_concurrency"); batches > 0) out.batch_concurrency = batches;
    out.lookback = properties.Count("lookback");
    out.forward_only = properties.Flag("forward_only").value_or(false);
    out.disable_restatement = properties.Flag("disable_restatement").value_or(KeepsHistory());
    out.on_destructive_change = properties.Choice("on_destructive_change").value_or(out.on_destructive_change);
    out.on_additive_change = properties.Choice("on_additive_change").value_or(out.on_additive_change);
    out.auto_restatement_cron = properties.Text("auto_restatement_cron").value_or("");
    out.auto_restatement_intervals = properties.Count("auto_restatement_intervals");
  }

  // Made anew whenever what it reads is: that is what a table of kind FULL does, and it is audited like one.
  void ReadMaterialized(const PropertyReader& properties) {
    if (!properties.Flag("materialized").value_or(false)) return;
    model_.kind = ModelKind::kFull;
    model_.without_effect.push_back({"materialized",
                                     "the view is stored as a table that each build makes anew, as FULL does",
                                     properties.Find("materialized")->name.span});
  }

  void NameColumn(std::string_view property, const std::string& column, base::Span span) {
    if (!column.empty()) model_.named_columns.push_back({property, column, span});
  }

  // A key column is one that the model gives; an expression belongs into the query, where others can see it.
  void ReadKeyColumns(PropertyReader& properties) {
    const Property* const key = properties.Find("unique_key");
    if (key == nullptr) return;
    model_.unique_key_span = key->span;
    for (const Expr* const item : ItemsOf(key->value)) {
      const auto column = TextOf(item);
      if (!column) {
        properties.ReportWrong(*key, "columns: give an expression a name in the query, and write that name here");
        return;
      }
      model_.unique_key.push_back(*column);
    }
  }

  void ReadUniqueKey(PropertyReader& properties) {
    ReadKeyColumns(properties);
    model_.load_column = properties.Text("load_column").value_or("");
    ReadMerge(properties);
    model_.removed.source = properties.Text("source").value_or("");
    model_.removed.parent = properties.Text("parent").value_or("");
    model_.removed.parent_column = properties.Text("parent_column").value_or("");
    model_.removed.parent_key = properties.Text("parent_key").value_or("");
    if (!model_.removed.parent.empty() && (model_.removed.parent_column.empty() || model_.removed.parent_key.empty())) {
      diagnostics_.Report(kMissingProperty, model_.kind_span, "'parent' needs 'parent_column' and 'parent_key'")
          .Help("add `parent_column _dlt_parent_id, parent_key _dlt_id`, say");
    }
  }

  // `when_matched (WHEN MATCHED AND source.x > 1 THEN UPDATE SET target.x = source.x)`, and `merge_filter condition`.
  void ReadMerge(PropertyReader& properties) {
    const Property* const filter = properties.Find("merge_filter");
    if (filter != nullptr && filter->value != nullptr) {
      const std::vector<Expr*> items = ItemsOf(filter->value);
      if (items.size() == 1) model_.merge_filter = items[0];
    }
    const Property* const matched = properties.Find("when_matched");
    if (matched == nullptr) return;
    if (matched->properties.empty()) {
      properties.ReportWrong(*matched, "`(WHEN MATCHED AND condition THEN UPDATE SET target.a = source.a)`");
    }
    for (const Property& clause : matched->properties) {
      MatchClause out{clause.span, clause.value, clause.name.text == "delete", {}};
      for (const Property& set : clause.properties) {
        const grammar::Binary* const pair = PairOf(set.value);
        const auto* const column = pair == nullptr ? nullptr : As<grammar::ColumnRef>(pair->left);
        if (column == nullptr) {
          properties.ReportWrong(*matched, "assignments as `target.column = value`");
          return;
        }
        const std::string name = grammar::FoldName(column->parts.back());
        out.sets.emplace_back(name, pair->right);
        NameColumn("when_matched", name, column->span);
      }
      model_.when_matched.push_back(std::move(out));
    }
  }

  // `time_column ds`, or `time_column (ds, '%Y-%m-%d')`.
  void ReadTimeColumn(PropertyReader& properties) {
    const Property* const property = properties.Find("time_column");
    if (property == nullptr) return;
    const std::vector<Expr*> items = ItemsOf(property->value);
    const auto column = items.empty() ? std::nullopt : TextOf(items[0]);
    const auto* const format = items.size() == 2 ? As<grammar::Literal>(items[1]) : nullptr;
    if (!column || items.size() > 2 || (items.size() == 2 && format == nullptr)) {
      properties.ReportWrong(*property, "a column, or `(column, '%Y-%m-%d')`");
      return;
    }
    model_.properties.time_column = *column;
    if (format != nullptr) model_.properties.time_format = format->text;
    NameColumn("time_column", *column, items[0]->span);
  }

  void ReadScd(PropertyReader& properties) {
    ReadKeyColumns(properties);
    KindProperties& out = model_.properties;
    out.valid_from = properties.Text("valid_from_name").value_or(out.valid_from);
    out.valid_to = properties.Text("valid_to_name").value_or(out.valid_to);
    out.invalidate_hard_deletes = properties.Flag("invalidate_hard_deletes").value_or(false);
    out.updated_at_as_valid_from = properties.Flag("updated_at_as_valid_from").value_or(false);
    out.execution_time_as_valid_from = properties.Flag("execution_time_as_valid_from").value_or(false);
    const bool by_time = model_.kind == ModelKind::kScdType2ByTime;
    out.updated_at = properties.Text("updated_at_name").value_or(by_time ? "updated_at" : "");
    const Property* const updated = properties.Find("updated_at_name");
    NameColumn("updated_at_name", out.updated_at, updated != nullptr ? updated->span : model_.kind_span);
    ReadTimeType(properties);
    if (!by_time) ReadComparedColumns(properties);
  }

  void ReadTimeType(PropertyReader& properties) {
    const Property* const property = properties.Find("time_data_type");
    metadata::Type& out = model_.properties.time_type;
    out = metadata::TypeFromString("timestamp(6)");
    if (property == nullptr || property->value == nullptr) return;
    const std::string text = properties.Text("time_data_type").value_or("");
    grammar::TypeName name{};
    name.span = property->value->span;
    name.name = text;
    if (const auto type = ResolveType(name, *config_.dialect, diagnostics_)) out = *type;
  }

  void ReadComparedColumns(PropertyReader& properties) {
    const Property* const columns = properties.Find("columns");
    if (columns == nullptr) {
      diagnostics_.Report(kMissingProperty, model_.kind_span, "SCD_TYPE_2_BY_COLUMN has no 'columns'")
          .Help("add `columns (price, status)`, those whose change makes a new version, or `columns *`");
      return;
    }
    if (As<grammar::Star>(columns->value) != nullptr) return;
    for (const Expr* const item : ItemsOf(columns->value)) {
      const auto column = TextOf(item);
      if (!column) continue;
      model_.properties.compared_columns.push_back(*column);
      NameColumn("columns", *column, item->span);
    }
  }

  void ReadSeed(PropertyReader& properties) {
    const Property* const path = properties.Find("path");
    const auto* const literal = path != nullptr ? As<grammar::Literal>(path->value) : nullptr;
    if (literal == nullptr || literal->type != grammar::LiteralKind::kString) {
      diagnostics_
          .Report(kMissingProperty, path != nullptr ? path->span : model_.kind_span, "SEED has no 'path' in quotes")
          .Help("write `kind SEED (path '../seeds/file.csv')`; the path starts at the model's file");
      return;
    }
    model_.seed_path = literal->text;
    if (const Property* const settings = properties.Find("csv_settings")) ReadCsvSettings(*settings, properties);
  }

  // The settings are pairs, so that they are given the form of properties to be read like them.
  void ReadCsvSettings(const Property& settings, PropertyReader& properties) {
    std::vector<Property> list;
    for (const Expr* const item : ItemsOf(settings.value)) {
      const grammar::Binary* const pair = PairOf(item);
      if (pair == nullptr) return;
      const auto* const name = As<grammar::ColumnRef>(pair->left);
      if (name == nullptr) return;
      list.push_back({name->parts[0], item->span, pair->right, {}, nullptr});
    }
    const PropertyReader csv(list, "csv_settings", CsvSettings(), diagnostics_, &model_.without_effect);
    const auto is = [&](std::string_view key, std::string_view only) {
      const auto text = csv.Text(key);
      return !text || grammar::LowerCase(*text) == only;
    };
    const auto delimiter = csv.Text("delimiter");
    if (delimiter && delimiter->size() != 1 && *delimiter != "\\t") {
      properties.ReportWrong(settings, "`(delimiter = ';')`, one character");
      return;
    }
    if (delimiter) model_.seed_delimiter = *delimiter == "\\t" ? '\t' : (*delimiter)[0];
    if (!is("quotechar", "\"") || csv.Flag("doublequote") == false) {
      properties.ReportWrong(settings, "files whose quote is \", doubled inside quotes");
    }
    if (!is("encoding", "utf-8") && !is("encoding", "utf8")) properties.ReportWrong(settings, "files in UTF-8");
  }

  const Property* property_;
  const Config& config_;
  Model& model_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::string_view ToString(ModelKind kind) {
  switch (kind) {
    case ModelKind::kView: return "VIEW";
    case ModelKind::kFull: return "FULL";
    case ModelKind::kIncrementalByUniqueKey: return "INCREMENTAL_BY_UNIQUE_KEY";
    case ModelKind::kIncrementalByLoad: return "INCREMENTAL_BY_LOAD";
    case ModelKind::kIncrementalByTimeRange: return "INCREMENTAL_BY_TIME_RANGE";
    case ModelKind::kIncrementalByPartition: return "INCREMENTAL_BY_PARTITION";
    case ModelKind::kIncrementalUnmanaged: return "INCREMENTAL_UNMANAGED";
    case ModelKind::kScdType2ByTime: return "SCD_TYPE_2_BY_TIME";
    case ModelKind::kScdType2ByColumn: return "SCD_TYPE_2_BY_COLUMN";
    case ModelKind::kSeed: return "SEED";
    case ModelKind::kEmbedded: return "EMBEDDED";
    case ModelKind::kExternal: return "EXTERNAL";
  }
  return "VIEW";
}

void ReadKind(const Property* property, const Config& config, Model& model, Diagnostics& diagnostics) {
  KindReader(property, config, model, diagnostics).Read();
}

}  // namespace wapc::compiler

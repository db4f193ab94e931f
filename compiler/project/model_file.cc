#include "compiler/project/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "compiler/lint/config.h"
#include "compiler/project/properties.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::Span;
using grammar::As;
using grammar::Document;
using grammar::Expr;
using grammar::Property;
using grammar::Statement;
using grammar::StatementKind;

namespace {

constexpr DiagnosticCode kNoModel{"no-model", Severity::kError};
constexpr DiagnosticCode kModelShape{"model-shape", Severity::kError};
constexpr DiagnosticCode kModelName{"model-name", Severity::kError};
constexpr DiagnosticCode kUnknownKind{"unknown-kind", Severity::kError};
constexpr DiagnosticCode kMissingProperty{"missing-property", Severity::kError};
constexpr DiagnosticCode kAuditShape{"audit-shape", Severity::kError};

constexpr std::array<ModelKind, 6> kKinds = {
    ModelKind::kView, ModelKind::kFull,    ModelKind::kIncrementalByUniqueKey, ModelKind::kIncrementalByLoad,
    ModelKind::kSeed, ModelKind::kExternal};

std::optional<ModelKind> KindNamed(std::string_view name) {
  for (const ModelKind kind : kKinds) {
    std::string folded(ToString(kind));
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (folded == name) return kind;
  }
  return std::nullopt;
}

class ModelReader {
 public:
  ModelReader(const Config& config, Diagnostics& diagnostics) : config_(config), diagnostics_(diagnostics) {}

  std::optional<Model> Read(const Statement& block) {
    PropertyReader properties(block.properties, "MODEL",
                              {"name", "kind", "cron", "start", "grain", "audits", "columns", "tags", "owner",
                               "description", "column_descriptions", "live", "enabled", "dialect", "ignored_rules"},
                              diagnostics_);
    Model model;
    if (!ReadName(block, properties, model)) return std::nullopt;
    ReadKind(properties, model);
    model.cron = properties.Text("cron").value_or(config_.default_cron);
    model.start = properties.Text("start").value_or(config_.default_start);
    model.owner = properties.Text("owner").value_or(config_.default_owner);
    model.description = properties.Text("description").value_or("");
    model.tags = properties.Names("tags");
    model.live = properties.Flag("live").value_or(false);
    model.enabled = properties.Flag("enabled").value_or(true);
    model.grain = properties.Names("grain");
    if (const Property* const grain = properties.Find("grain")) model.grain_span = grain->span;
    if (const Property* const audits = properties.Find("audits"); audits != nullptr && audits->value != nullptr) {
      model.audits = ReadAuditCalls(*audits->value, diagnostics_);
    }
    model.ignored_rules = properties.Names("ignored_rules");
    if (const Property* const ignored = properties.Find("ignored_rules")) {
      CheckIgnoredRules(model.ignored_rules, ignored->value->span, diagnostics_);
    }
    ReadColumns(properties, model);
    CheckDialect(properties);
    return model;
  }

 private:
  bool ReadName(const Statement& block, PropertyReader& properties, Model& model) {
    const Property* const property = properties.Find("name");
    if (property == nullptr) {
      diagnostics_
          .Report(kMissingProperty, {block.span.source, block.span.begin, block.span.begin + 5}, "MODEL has no 'name'")
          .Help("add `name schema.model`");
      return false;
    }
    const auto* const ref = As<grammar::ColumnRef>(property->value);
    if (ref == nullptr || ref->parts.size() != 2) {
      diagnostics_
          .Report(kModelName, property->value != nullptr ? property->value->span : property->span,
                  "a model's name has two parts, schema.model")
          .Help("write `name marts.my_model`, say");
      return false;
    }
    model.schema = grammar::FoldName(ref->parts[0]);
    model.table = grammar::FoldName(ref->parts[1]);
    model.name = model.schema + "." + model.table;
    model.name_span = ref->span;
    return true;
  }

  void ReadKind(PropertyReader& properties, Model& model) {
    const Property* const property = properties.Find("kind");
    model.kind_span = property != nullptr ? property->span : model.name_span;
    std::string name = property != nullptr ? NameOf(property->value).value_or("") : config_.default_kind;
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (name.empty()) name = "view";
    const auto kind = KindNamed(name);
    if (!kind) {
      ReportUnknownKind(name, model.kind_span);
      return;
    }
    model.kind = *kind;
    ReadKindProperties(property != nullptr ? property->properties : grammar::List<Property>{}, model);
  }

  void ReportUnknownKind(const std::string& name, Span span) {
    std::vector<std::string> names;
    for (const ModelKind kind : kKinds) names.emplace_back(ToString(kind));
    const auto nearest = base::ClosestName(name, names);
    diagnostics_.Report(kUnknownKind, span, fmt::format("there is no model kind '{}'", name))
        .Help(nearest ? fmt::format("did you mean {}?", *nearest) : fmt::format("kinds: {}", fmt::join(names, ", ")));
  }

  static std::vector<std::string_view> KnownOf(ModelKind kind) {
    switch (kind) {
      case ModelKind::kFull: return {"source"};
      case ModelKind::kIncrementalByUniqueKey:
        return {"unique_key", "load_column", "source", "parent", "parent_column", "parent_key"};
      case ModelKind::kIncrementalByLoad: return {"load_column"};
      case ModelKind::kSeed: return {"path", "csv_settings"};
      case ModelKind::kView:
      case ModelKind::kExternal: return {};
    }
    return {};
  }

  void ReadKindProperties(grammar::List<Property> list, Model& model) {
    const std::string where(ToString(model.kind));
    PropertyReader properties(list, where, KnownOf(model.kind), diagnostics_);
    if (model.kind == ModelKind::kFull) model.hold_source = properties.Text("source").value_or("");
    if (model.kind == ModelKind::kIncrementalByLoad) {
      model.load_column = properties.Text("load_column").value_or("_dlt_load_id");
    }
    if (model.kind == ModelKind::kIncrementalByUniqueKey) ReadUniqueKey(properties, model);
    if (model.kind == ModelKind::kSeed) ReadSeed(properties, model);
  }

  void ReadUniqueKey(PropertyReader& properties, Model& model) {
    model.unique_key = properties.Names("unique_key");
    if (const Property* const key = properties.Find("unique_key")) model.unique_key_span = key->span;
    model.load_column = properties.Text("load_column").value_or("");
    model.removed.source = properties.Text("source").value_or("");
    model.removed.parent = properties.Text("parent").value_or("");
    model.removed.parent_column = properties.Text("parent_column").value_or("");
    model.removed.parent_key = properties.Text("parent_key").value_or("");
    if (model.unique_key.empty()) {
      diagnostics_.Report(kMissingProperty, model.kind_span, "INCREMENTAL_BY_UNIQUE_KEY has no 'unique_key'")
          .Help("add `unique_key (column, ...)`");
    }
    if (!model.removed.parent.empty() && (model.removed.parent_column.empty() || model.removed.parent_key.empty())) {
      diagnostics_.Report(kMissingProperty, model.kind_span, "'parent' needs 'parent_column' and 'parent_key'")
          .Help("add `parent_column _dlt_parent_id, parent_key _dlt_id`, say");
    }
  }

  void ReadSeed(PropertyReader& properties, Model& model) {
    const Property* const path = properties.Find("path");
    const auto* const literal = path != nullptr ? As<grammar::Literal>(path->value) : nullptr;
    if (literal == nullptr || literal->type != grammar::LiteralKind::kString) {
      diagnostics_
          .Report(kMissingProperty, path != nullptr ? path->span : model.kind_span, "SEED has no 'path' in quotes")
          .Help("write `kind SEED (path '../seeds/file.csv')`; the path starts at the model's file");
      return;
    }
    model.seed_path = literal->text;
    if (const Property* const settings = properties.Find("csv_settings")) ReadCsvSettings(*settings, properties, model);
  }

  static void ReadCsvSettings(const Property& settings, PropertyReader& properties, Model& model) {
    for (const Expr* const item : ItemsOf(settings.value)) {
      const auto* const equal = As<grammar::Binary>(item);
      const auto* const value = equal != nullptr ? As<grammar::Literal>(equal->right) : nullptr;
      if (value == nullptr || NameOf(equal->left) != "delimiter" || value->text.size() != 1) {
        properties.ReportWrong(settings, "`(delimiter = ';')`, one character");
        return;
      }
      model.seed_delimiter = value->text[0];
    }
  }

  void ReadColumns(PropertyReader& properties, Model& model) {
    if (const Property* const columns = properties.Find("columns")) {
      for (const Property& column : columns->properties) {
        model.declared_columns.emplace_back(grammar::FoldName(column.name), column.type);
      }
    }
    const Property* const descriptions = properties.Find("column_descriptions");
    if (descriptions == nullptr) return;
    for (const Expr* const item : ItemsOf(descriptions->value)) {
      const auto* const equal = As<grammar::Binary>(item);
      const auto* const text = equal != nullptr ? As<grammar::Literal>(equal->right) : nullptr;
      const auto name = equal != nullptr ? NameOf(equal->left) : std::nullopt;
      if (text == nullptr || !name) {
        properties.ReportWrong(*descriptions, "a list of `column = 'text'`");
        return;
      }
      model.column_descriptions[*name] = text->text;
    }
  }

  void CheckDialect(PropertyReader& properties) {
    const auto dialect = properties.Text("dialect");
    if (!dialect || *dialect == config_.dialect->name) return;
    properties.ReportWrong(*properties.Find("dialect"),
                           fmt::format("the project's dialect, {}", config_.dialect->name));
  }

  const Config& config_;
  Diagnostics& diagnostics_;
};

std::string KindWord(StatementKind kind) {
  switch (kind) {
    case StatementKind::kModel: return "a second MODEL block";
    case StatementKind::kMacro: return "a MACRO block";
    case StatementKind::kQuery: return "a second query";
    case StatementKind::kAudit: return "an AUDIT block without a query";
    case StatementKind::kOther: return "a statement that is no query";
  }
  return "a statement";
}

AuditDefinition ReadAudit(const Statement& block, Diagnostics& diagnostics) {
  PropertyReader properties(block.properties, "AUDIT", {"name", "blocking", "defaults", "dialect"}, diagnostics);
  AuditDefinition audit;
  audit.span = block.span;
  audit.name = properties.Text("name").value_or("");
  audit.blocking = properties.Flag("blocking").value_or(true);
  if (audit.name.empty()) {
    diagnostics.Report(kMissingProperty, {block.span.source, block.span.begin, block.span.begin + 5},
                       "AUDIT has no 'name'");
  }
  if (const Property* const defaults = properties.Find("defaults")) {
    for (Expr* const item : ItemsOf(defaults->value)) {
      auto* const equal = As<grammar::Binary>(item);
      const auto name = equal != nullptr ? NameOf(equal->left) : std::nullopt;
      if (!name) {
        properties.ReportWrong(*defaults, "a list of `name = value`");
        break;
      }
      audit.defaults[*name] = equal->right;
    }
  }
  return audit;
}

// Takes the AUDIT at `at` with the query behind it; moves past both.
std::optional<AuditDefinition> TakeAudit(grammar::List<Statement> statements, size_t& at, Diagnostics& diagnostics) {
  AuditDefinition audit = ReadAudit(statements[at], diagnostics);
  const bool has_query = at + 1 < statements.size() && statements[at + 1].kind == StatementKind::kQuery;
  if (!has_query) {
    diagnostics.Report(kAuditShape, statements[at].span, "an AUDIT block needs a query behind it")
        .Help(
            "write `AUDIT (name my_audit); SELECT * FROM @this_model WHERE ...`: the rows it gives are the failing "
            "ones");
    return std::nullopt;
  }
  audit.query = statements[++at].query;
  return audit;
}

}  // namespace

std::string_view ToString(ModelKind kind) {
  switch (kind) {
    case ModelKind::kView: return "VIEW";
    case ModelKind::kFull: return "FULL";
    case ModelKind::kIncrementalByUniqueKey: return "INCREMENTAL_BY_UNIQUE_KEY";
    case ModelKind::kIncrementalByLoad: return "INCREMENTAL_BY_LOAD";
    case ModelKind::kSeed: return "SEED";
    case ModelKind::kExternal: return "EXTERNAL";
  }
  return "VIEW";
}

std::optional<Model> ReadModelFile(const Document& document, std::shared_ptr<grammar::Arena> arena,
                                   base::SourceId source, const Config& config, Diagnostics& diagnostics) {
  if (document.statements.empty() || document.statements[0].kind != StatementKind::kModel) {
    const Span span = document.statements.empty() ? Span{source, 0, 0} : document.statements[0].span;
    diagnostics.Report(kNoModel, {source, span.begin, span.begin}, "a model's file starts with MODEL (...)")
        .Help("start with `MODEL (name schema.model, kind FULL);` and the query behind it");
    return std::nullopt;
  }
  std::optional<Model> out = ModelReader(config, diagnostics).Read(document.statements[0]);
  if (!out) return out;
  Model& model = *out;
  model.arena = std::move(arena);
  for (size_t at = 1; at < document.statements.size(); ++at) {
    const Statement& statement = document.statements[at];
    if (statement.kind == StatementKind::kQuery && model.query == nullptr) {
      model.query = statement.query;
    } else if (statement.kind == StatementKind::kAudit) {
      if (auto audit = TakeAudit(document.statements, at, diagnostics)) model.local_audits[audit->name] = *audit;
    } else {
      diagnostics.Report(kModelShape, statement.span, "a model's file cannot hold " + KindWord(statement.kind))
          .Help("a file is MODEL (...); one query; then AUDIT (...); query pairs");
    }
  }
  const bool wants_query = model.kind != ModelKind::kSeed && model.kind != ModelKind::kExternal;
  if (wants_query != (model.query != nullptr)) {
    diagnostics.Report(kModelShape, model.query != nullptr ? model.query->span : model.name_span,
                       wants_query ? fmt::format("model {} has no query", model.name)
                                   : fmt::format("a model of kind {} has no query", ToString(model.kind)));
  }
  return out;
}

std::vector<AuditDefinition> ReadAuditFile(const Document& document, Diagnostics& diagnostics) {
  std::vector<AuditDefinition> out;
  for (size_t at = 0; at < document.statements.size(); ++at) {
    if (document.statements[at].kind != StatementKind::kAudit) {
      diagnostics.Report(kAuditShape, document.statements[at].span, "a file of audits/ holds AUDIT (...); query pairs");
    } else if (auto audit = TakeAudit(document.statements, at, diagnostics)) {
      out.push_back(*audit);
    }
  }
  return out;
}

std::vector<AuditCall> ReadAuditCalls(Expr& value, Diagnostics& diagnostics) {
  std::vector<AuditCall> out;
  for (Expr* const item : ItemsOf(&value)) {
    AuditCall call;
    call.span = item->span;
    if (const auto name = NameOf(item)) {
      call.name = *name;
    } else if (const auto* const function = As<grammar::FunctionCall>(item); function != nullptr) {
      call.name = grammar::FoldName(function->name.back());
      for (const grammar::Argument& argument : function->arguments) {
        call.arguments.emplace_back(grammar::FoldName(argument.name), argument.value);
      }
    } else {
      diagnostics.Report(kAuditShape, item->span, "an audit is a name, with arguments or without")
          .Help("write `audits (not_null(columns := (a, b)))`");
      continue;
    }
    out.push_back(std::move(call));
  }
  return out;
}

}  // namespace wapc::compiler

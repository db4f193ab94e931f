#include "compiler/project/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "compiler/lint/config.h"
#include "compiler/passes/audits_arguments.h"
#include "compiler/project/model_kind.h"
#include "compiler/project/properties.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

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
constexpr DiagnosticCode kMissingProperty{"missing-property", Severity::kError};
constexpr DiagnosticCode kOtherGateway{"other-gateway", Severity::kError};
constexpr DiagnosticCode kNoVirtualLayer{"no-virtual-layer", Severity::kError};
constexpr DiagnosticCode kAuditShape{"audit-shape", Severity::kError};

class ModelReader {
 public:
  ModelReader(const Config& config, std::string_view inferred, Diagnostics& diagnostics)
      : config_(config), inferred_(inferred), diagnostics_(diagnostics) {}

  std::optional<Model> Read(const Statement& block) {
    Model model;
    PropertyReader properties(block.properties, "MODEL", ModelProperties(), diagnostics_, &model.without_effect);
    if (!ReadName(block, properties, model)) return std::nullopt;
    ReadKind(properties.Find("kind"), config_, model, diagnostics_);
    ReadSchedule(properties, model);
    model.owner = properties.Text("owner").value_or(config_.default_owner);
    model.description = properties.Text("description").value_or("");
    model.stamp = properties.Text("stamp").value_or("");
    model.tags = properties.Names("tags");
    ReadGrants(properties, model);
    model.ignored_rules = properties.Names("ignored_rules");
    model.live = properties.Flag("live").value_or(false);
    model.enabled = properties.Flag("enabled").value_or(config_.default_enabled);
    model.declared_dependencies = properties.Names("depends_on");
    if (const Property* const depends = properties.Find("depends_on")) model.depends_on_span = depends->span;
    ReadColumns(properties, model);
    if (const Property* const audits = properties.Find("audits"); audits != nullptr && audits->value != nullptr) {
      model.audits = ReadAuditCalls(*audits->value, diagnostics_);
    }
    if (const Property* const ignored = properties.Find("ignored_rules")) {
      CheckIgnoredRules(model.ignored_rules, ignored->value->span, diagnostics_);
    }
    ReadGrains(properties, model);
    for (const std::string_view name : {"partitioned_by", "clustered_by", "references"})
      NameColumns(properties, name, model);
    ReadPartitions(properties, model);
    model.allow_partials = properties.Flag("allow_partials").value_or(false);
    CheckDialect(properties);
    CheckPlace(properties);
    return model;
  }

 private:
  bool ReadName(const Statement& block, const PropertyReader& properties, Model& model) {
    const Property* const property = properties.Find("name");
    if (property == nullptr) return InferName(block, model);
    const auto* const ref = As<grammar::ColumnRef>(property->value);
    if (ref == nullptr || ref->parts.size() != 2) {
      const bool catalog = ref != nullptr && ref->parts.size() == 3;
      diagnostics_
          .Report(kModelName, property->value != nullptr ? property->value->span : property->span,
                  "a model's name has two parts, schema.model")
          .Help(catalog ? "leave the catalog out: it is the database of the gateway"
                        : "write `name marts.my_model`, say");
      return false;
    }
    model.schema = grammar::FoldName(ref->parts[0]);
    model.table = grammar::FoldName(ref->parts[1]);
    model.name = model.schema + "." + model.table;
    model.name_span = ref->span;
    return true;
  }

  // models/marts/late.sql is marts.late.
  bool InferName(const Statement& block, Model& model) {
    const Span word{block.span.source, block.span.begin, block.span.begin + 5};
    const size_t dot = inferred_.find('.');
    if (dot == std::string_view::npos || !config_.infer_names) {
      diagnostics_.Report(kMissingProperty, word, "MODEL has no 'name'")
          .Help(config_.infer_names ? "add `name schema.model`, or put the file into models/schema/"
                                    : "add `name schema.model`");
      return false;
    }
    model.schema = inferred_.substr(0, dot);
    model.table = inferred_.substr(dot + 1);
    model.name = inferred_;
    model.name_span = word;
    return true;
  }

  // `grants (select = [a, b])`. Readers have views, so reading is the one right that there is to give.
  void ReadGrants(PropertyReader& properties, Model& model) const {
    const Property* const grants = properties.Find("grants");
    if (grants == nullptr) return;
    for (Expr* const item : ItemsOf(grants->value)) {
      const grammar::Binary* const pair = PairOf(item);
      if (pair == nullptr || grammar::LowerCase(TextOf(pair->left).value_or("")) != "select") {
        properties.ReportWrong(*grants, "`'select' = [role, ...]`: readers have views, which can only be read");
        return;
      }
      for (Expr* const role : ItemsOf(pair->right)) {
        const auto name = TextOf(role);
        if (!name) {
          properties.ReportWrong(*grants, "names of roles");
          return;
        }
        model.readers.push_back(*name);
      }
    }
    if (config_.target().name == "duckdb") {
      model.without_effect.push_back({"grants", "DuckDB has no roles", grants->span});
    }
  }

  void ReadSchedule(const PropertyReader& properties, Model& model) const {
    model.cron = properties.Text("cron").value_or(config_.default_cron);
    model.cron_tz = properties.Text("cron_tz").value_or(config_.default_cron_tz);
    model.interval_unit = properties.Choice("interval_unit").value_or(config_.default_interval_unit);
    model.start = properties.Text("start").value_or(config_.default_start);
    model.end = properties.Text("end").value_or("");
  }

  // The first grain is the model's; each further one is a claim of its own, so it is audited as one.
  void ReadGrains(PropertyReader& properties, Model& model) {
    const Property* const grain = properties.Find("grain");
    const Property* const property = grain != nullptr ? grain : properties.Find("grains");
    if (property == nullptr) return;
    model.grain_span = property->span;
    std::vector<Expr*> items = ItemsOf(property->value);
    const bool several = grain == nullptr && std::any_of(items.begin(), items.end(), [](const Expr* item) {
                           return As<grammar::Tuple>(item) != nullptr || item->parenthesized;
                         });
    std::vector<Expr*> grains;
    if (several || (grain == nullptr && items.size() > 1)) {
      grains = items;
    } else {
      grains = {property->value};
    }
    for (size_t i = 0; i < grains.size(); ++i) {
      std::vector<std::string> columns;
      for (const Expr* const item : ItemsOf(grains[i])) {
        const auto column = TextOf(item);
        if (!column) {
          properties.ReportWrong(*property, "a name or a list of names");
          return;
        }
        columns.push_back(*column);
      }
      if (i == 0) {
        model.grain = std::move(columns);
      } else {
        model.audits.push_back({"unique_combination_of_columns", {{"columns", grains[i]}}, grains[i]->span});
      }
    }
  }

  // Columns that only a note of the block names; they have to exist like any other.
  static void NameColumns(const PropertyReader& properties, std::string_view name, Model& model) {
    const Property* const property = properties.Find(name);
    if (property == nullptr) return;
    for (Expr* const item : ItemsOf(property->value)) {
      grammar::Visitor visitor;
      visitor.expr = [&](Expr& expr) {
        if (const auto column = NameOf(&expr)) model.named_columns.push_back({name, *column, expr.span});
        return true;
      };
      grammar::Walk(*item, visitor);
    }
  }

  // A kind that replaces rows by partition takes its expressions; for others they say how an engine lays out files.
  void ReadPartitions(const PropertyReader& properties, Model& model) const {
    const Property* const property = properties.Find("partitioned_by");
    const bool required = model.kind == ModelKind::kIncrementalByPartition;
    if (property == nullptr && required) {
      diagnostics_.Report(kMissingProperty, model.kind_span, "INCREMENTAL_BY_PARTITION has no 'partitioned_by'")
          .Help("add `partitioned_by (day)` to MODEL, say: partitions that get new rows are replaced as a whole");
    }
    if (property == nullptr || (!required && model.kind != ModelKind::kIncrementalUnmanaged)) return;
    model.partitioned_by = ItemsOf(property->value);
    std::erase_if(model.without_effect, [](const NoEffect& entry) { return entry.name == "partitioned_by"; });
  }

  void ReadColumns(PropertyReader& properties, Model& model) {
    if (const Property* const columns = properties.Find("columns")) {
      for (const Property& column : columns->properties) {
        model.declared_columns.emplace_back(grammar::FoldName(column.name), column.type);
      }
    }
    for (const auto& [name, value] : properties.Pairs("column_descriptions")) {
      const auto* const text = As<grammar::Literal>(value);
      if (text == nullptr || text->type != grammar::LiteralKind::kString) {
        properties.ReportWrong(*properties.Find("column_descriptions"), "a list of `column = 'text'`");
        return;
      }
      model.column_descriptions[name] = text->text;
    }
  }

  void CheckDialect(PropertyReader& properties) {
    const auto dialect = properties.Text("dialect");
    if (!dialect || *dialect == config_.dialect->name) return;
    properties.ReportWrong(*properties.Find("dialect"),
                           fmt::format("the project's dialect, {}", config_.dialect->name));
  }

  // Where a model's table and views are is the project's choice, one for all models.
  void CheckPlace(const PropertyReader& properties) {
    const auto gateway = properties.Text("gateway");
    if (gateway && grammar::LowerCase(*gateway) != grammar::LowerCase(config_.default_gateway)) {
      diagnostics_
          .Report(kOtherGateway, properties.Find("gateway")->span,
                  fmt::format("a project's models are all in one warehouse, {} here", config_.default_gateway))
          .Help("leave 'gateway' out, or move the model to a project of that gateway");
    }
    if (properties.Choice("virtual_environment_mode") == "dev_only") {
      diagnostics_
          .Report(kNoVirtualLayer, properties.Find("virtual_environment_mode")->span,
                  "prod is read through views in wapc, like every environment")
          .Help("leave 'virtual_environment_mode' out: without views nothing could be published at once");
    }
  }

  const Config& config_;
  std::string_view inferred_;
  Diagnostics& diagnostics_;
};

std::string KindWord(StatementKind kind) {
  switch (kind) {
    case StatementKind::kModel: return "a second MODEL block";
    case StatementKind::kMacro: return "a MACRO block";
    case StatementKind::kDef: return "@DEF behind the query";
    case StatementKind::kQuery: return "a second query";
    case StatementKind::kAudit: return "an AUDIT block without a query";
    case StatementKind::kOther: return "a statement that is no query";
  }
  return "a statement";
}

void ReadArgumentKind(const std::string& name, const Expr& value, AuditDefinition& audit, Diagnostics& diagnostics) {
  const std::string word = TextOf(&value).value_or("");
  const std::vector<std::string> known = ArgumentKinds();
  if (std::find(known.begin(), known.end(), word) != known.end()) {
    audit.arguments[name] = word;
    return;
  }
  const auto near = base::ClosestName(word, known);
  diagnostics.Report(kAuditShape, value.span, fmt::format("'{}' is nothing that an argument can be", word))
      .Help(near ? fmt::format("did you mean {}?", *near) : fmt::format("write one of {}", fmt::join(known, ", ")));
}

AuditDefinition ReadAudit(const Statement& block, Diagnostics& diagnostics) {
  PropertyReader properties(block.properties, "AUDIT", AuditProperties(), diagnostics);
  AuditDefinition audit;
  audit.span = block.span;
  audit.name = properties.Text("name").value_or("");
  audit.blocking = properties.Flag("blocking").value_or(true);
  if (audit.name.empty()) {
    diagnostics.Report(kMissingProperty, {block.span.source, block.span.begin, block.span.begin + 5},
                       "AUDIT has no 'name'");
  }
  audit.standalone = properties.Flag("standalone").value_or(false);
  for (const auto& [name, value] : properties.Pairs("defaults")) audit.defaults[name] = value;
  for (const auto& [name, value] : properties.Pairs("arguments")) ReadArgumentKind(name, *value, audit, diagnostics);
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

// `name := value`, and SQLMesh's older `name = value`.
std::pair<std::string, Expr*> ReadArgument(const grammar::Argument& argument) {
  const grammar::Binary* const pair = argument.name.text.empty() ? PairOf(argument.value) : nullptr;
  if (pair != nullptr) return {*TextOf(pair->left), pair->right};
  return {grammar::FoldName(argument.name), argument.value};
}

}  // namespace

std::optional<Model> ReadModelFile(const Document& document, std::shared_ptr<grammar::Arena> arena,
                                   base::SourceId source, const Config& config, Diagnostics& diagnostics,
                                   std::string_view inferred_name) {
  if (document.statements.empty() || document.statements[0].kind != StatementKind::kModel) {
    const Span span = document.statements.empty() ? Span{source, 0, 0} : document.statements[0].span;
    diagnostics.Report(kNoModel, {source, span.begin, span.begin}, "a model's file starts with MODEL (...)")
        .Help("start with `MODEL (name schema.model, kind FULL);` and the query behind it");
    return std::nullopt;
  }
  std::optional<Model> out = ModelReader(config, inferred_name, diagnostics).Read(document.statements[0]);
  if (!out) return out;
  Model& model = *out;
  model.arena = std::move(arena);
  for (size_t at = 1; at < document.statements.size(); ++at) {
    const Statement& statement = document.statements[at];
    if (statement.kind == StatementKind::kQuery && model.query == nullptr) {
      model.query = statement.query;
    } else if (statement.kind == StatementKind::kDef && model.query == nullptr) {
      if (auto* const call = As<grammar::MacroCall>(statement.macro_expr)) model.definitions.push_back(call);
    } else if (statement.kind == StatementKind::kAudit) {
      if (auto audit = TakeAudit(document.statements, at, diagnostics)) model.local_audits[audit->name] = *audit;
    } else if (statement.kind == StatementKind::kOther) {
      (model.query == nullptr ? model.hooks.before : model.hooks.after).push_back({statement.span, {}});
    } else {
      diagnostics.Report(kModelShape, statement.span, "a model's file cannot hold " + KindWord(statement.kind))
          .Help(
              "a file is MODEL (...); @DEF(name, value); as needed; one query, perhaps between other statements; then "
              "AUDIT (...); query pairs");
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
      for (const grammar::Argument& argument : function->arguments) call.arguments.push_back(ReadArgument(argument));
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

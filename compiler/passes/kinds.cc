#include <fmt/format.h>

#include <algorithm>

#include "compiler/ast_build.h"
#include "compiler/passes/kinds_derived.h"
#include "compiler/passes/passes.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using grammar::As;

namespace {

constexpr DiagnosticCode kKeyColumn{"key-column", Severity::kError};
constexpr DiagnosticCode kKeySource{"key-source", Severity::kError};
constexpr DiagnosticCode kTimeColumn{"time-column", Severity::kError};
constexpr DiagnosticCode kRawSource{"raw-source", Severity::kError};

class KindChecker {
 public:
  KindChecker(const Project& project, Diagnostics& diagnostics) : project_(project), diagnostics_(diagnostics) {}

  void Check(Model& model) {
    if (!model.typed || model.query == nullptr) return;
    for (const std::string& column : model.unique_key) CheckColumn(column, "unique_key", model.unique_key_span, model);
    for (const NamedColumn& named : model.named_columns) CheckColumn(named.column, named.property, named.span, model);
    if (!model.properties.time_column.empty()) CheckTimeColumn(model);
    if (!model.load_column.empty()) CheckColumn(model.load_column, "load_column", model.kind_span, model);
    if (!model.hold_source.empty()) FindRaw(model.hold_source, model);
    if (!diagnostics_.has_errors()) {
      DerivePartitions(project_, model, diagnostics_);
      DeriveMerge(project_, model, diagnostics_);
    }
    if (!model.removed.parent.empty()) CheckParent(model);
    if (!model.removed.source.empty() && FindRaw(model.removed.source, model) != nullptr) DeriveKeys(model);
  }

 private:
  void CheckColumn(const std::string& column, std::string_view property, base::Span span, const Model& model) {
    if (model.Find(column) != nullptr) return;
    std::vector<std::string> names;
    for (const Column& known : model.columns) names.push_back(known.name);
    const auto nearest = base::ClosestName(column, names);
    diagnostics_
        .Report(kKeyColumn, span, fmt::format("{} names '{}', which {} does not give", property, column, model.name))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "name a column of the query");
  }

  // The column that intervals are cut by: a time, or a text or number that holds one.
  void CheckTimeColumn(const Model& model) {
    const Column* const column = model.Find(model.properties.time_column);
    if (column == nullptr || column->type.is_unknown()) return;
    using metadata::TypeKind;
    const TypeKind kind = column->type.kind;
    const bool time = kind == TypeKind::kDate || kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampTz;
    if (time || kind == TypeKind::kText || column->type.is_integer()) return;
    const auto named = std::find_if(model.named_columns.begin(), model.named_columns.end(),
                                    [](const NamedColumn& entry) { return entry.property == "time_column"; });
    diagnostics_
        .Report(kTimeColumn, named->span,
                fmt::format("time_column is a date, a timestamp, or a text or whole number that holds one; '{}' is {}",
                            column->name, ToString(column->type)))
        .Note(column->span, "given here");
  }

  const Model* FindRaw(const std::string& name, const Model& model) {
    const Model* const raw = project_.Find(name);
    if (raw != nullptr && raw->origin == Origin::kRawTable) return raw;
    diagnostics_
        .Report(kRawSource, model.kind_span, fmt::format("'source' names {}, which is no raw table of dlt", name))
        .Help("name a table of metadata/, as dataset.table");
    return nullptr;
  }

  void CheckParent(const Model& model) {
    CheckColumn(model.removed.parent_column, "parent_column", model.kind_span, model);
    const Model* const parent = project_.Find(model.removed.parent);
    if (parent != nullptr && parent->typed)
      CheckColumn(model.removed.parent_key, "parent_key", model.kind_span, *parent);
  }

  // The source's place in the FROM of the query; null when it is not there by itself.
  const grammar::TableName* FindSource(const grammar::TableRef* ref, const Model& model) const {
    if (const auto* const join = As<grammar::Join>(ref)) {
      const auto* const left = FindSource(join->left, model);
      return left != nullptr ? left : FindSource(join->right, model);
    }
    const auto* const name = As<grammar::TableName>(ref);
    if (name == nullptr) return nullptr;
    const auto relation = model.relations.find(name);
    const bool found = relation != model.relations.end() &&
                       project_.models[static_cast<size_t>(relation->second)].name == model.removed.source;
    return found ? name : nullptr;
  }

  // A key is read from the source alone when each of its columns is qualified with the source's alias.
  static bool ReadsOnly(grammar::Expr& expr, std::string_view alias) {
    bool only = true;
    grammar::Visitor visitor;
    visitor.expr = [&](grammar::Expr& node) {
      const auto* const ref = As<grammar::ColumnRef>(&node);
      if (ref != nullptr) only &= ref->parts.size() == 2 && grammar::FoldName(ref->parts[0]) == alias;
      return true;
    };
    grammar::Walk(expr, visitor);
    return only;
  }

  // SELECT key expressions FROM source: whatever load a row belongs to, and whatever the query filters.
  void DeriveKeys(Model& model) {
    const auto* const select = As<grammar::Select>(model.query->body);
    const grammar::TableName* const source = select == nullptr ? nullptr : FindSource(select->from, model);
    if (source == nullptr) {
      ReportSource(model,
                   fmt::format("the query of {} does not read {} in its FROM", model.name, model.removed.source));
      return;
    }
    const AstBuilder build(*model.arena, model.unique_key_span);
    const std::string alias = grammar::FoldName(source->alias.text.empty() ? source->parts.back() : source->alias);
    std::vector<grammar::SelectItem> items;
    for (const std::string& key : model.unique_key) {
      const auto item = std::find_if(select->items.begin(), select->items.end(), [&key](const grammar::SelectItem& i) {
        const auto* const ref = As<grammar::ColumnRef>(i.expr);
        if (i.alias.text.empty()) return ref != nullptr && grammar::FoldName(ref->parts.back()) == key;
        return grammar::FoldName(i.alias) == key;
      });
      if (item == select->items.end() || !ReadsOnly(*item->expr, alias)) {
        ReportSource(model,
                     fmt::format("the key column '{}' is not computed from {} alone", key, model.removed.source));
        return;
      }
      items.push_back({grammar::Clone(*item->expr, *model.arena), build.Name(key), build.span()});
    }
    grammar::TableRef* const from = build.Table(source->parts[0].text, source->parts.back().text, alias);
    model.relations[static_cast<grammar::TableName*>(from)] = model.relations.at(source);
    model.removed.keys_query = build.Select(items, from, nullptr);
  }

  void ReportSource(const Model& model, std::string message) {
    diagnostics_.Report(kKeySource, model.kind_span, std::move(message))
        .Help("read the source under an alias in the outermost FROM, and write key columns as alias.column");
  }

  const Project& project_;
  Diagnostics& diagnostics_;
};

}  // namespace

Project CheckKinds(Project project, const base::SourceMap& /*sources*/, Diagnostics& diagnostics) {
  KindChecker checker(project, diagnostics);
  for (Model& model : project.models) checker.Check(model);
  return project;
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using metadata::Type;
using metadata::TypeKind;

namespace {

constexpr base::DiagnosticCode kDuplicateRelation{"duplicate-relation", base::Severity::kError};

bool LeftIsOuter(grammar::JoinKind join) {
  return join == grammar::JoinKind::kRight || join == grammar::JoinKind::kFull ||
         join == grammar::JoinKind::kPositional;
}

bool RightIsOuter(grammar::JoinKind join) {
  return join == grammar::JoinKind::kLeft || join == grammar::JoinKind::kFull || join == grammar::JoinKind::kAsofLeft ||
         join == grammar::JoinKind::kPositional;
}

bool RightIsHidden(grammar::JoinKind join) {
  return join == grammar::JoinKind::kSemi || join == grammar::JoinKind::kAnti;
}

void MakeOuter(Scope& scope, size_t begin, size_t end) {
  for (size_t t = begin; t < end; ++t) {
    scope.tables[t].outer = true;
    scope.tables[t].not_null.clear();
  }
}

}  // namespace

void Binder::BindFrom(grammar::TableRef& ref, Scope& scope) {
  switch (ref.kind) {
    case grammar::TableRefKind::kName: BindTableName(static_cast<grammar::TableName&>(ref), scope); break;
    case grammar::TableRefKind::kSubquery: {
      auto& subquery = static_cast<grammar::SubqueryRef&>(ref);
      // DuckDB takes every subquery in FROM as LATERAL when it names a table that stands before.
      AddTable(ref, ref.alias.text, {}, BindQuery(*subquery.query, &scope), scope);
      break;
    }
    case grammar::TableRefKind::kJoin: BindJoin(static_cast<grammar::Join&>(ref), scope); break;
    case grammar::TableRefKind::kFunction: BindTableFunction(static_cast<grammar::TableFunction&>(ref), scope); break;
    case grammar::TableRefKind::kPivot: BindPivot(static_cast<grammar::Pivot&>(ref), scope); break;
    case grammar::TableRefKind::kUnpivot: BindUnpivot(static_cast<grammar::Unpivot&>(ref), scope); break;
    case grammar::TableRefKind::kMacro: BindMacroTable(static_cast<grammar::MacroTable&>(ref), scope); break;
  }
}

const Relation* Binder::FindCte(std::string_view name) const {
  for (size_t i = ctes_.size(); i-- > 0;) {
    if (SameName(ctes_[i].first, name)) return ctes_[i].second;
  }
  return nullptr;
}

const Relation& Binder::RelationOfModel(int model) {
  const auto index = static_cast<size_t>(model);
  if (relations_ != nullptr && (*relations_)[index] != nullptr) return *(*relations_)[index];
  const Model& found = context_.project->models[index];
  if (!found.typed) {
    complete_ = false;
    return Keep({{}, false});
  }
  return Keep(RelationOf(found.columns, model));
}

void Binder::BindTableName(grammar::TableName& ref, Scope& scope) {
  const grammar::Identifier& last = ref.parts.back();
  const std::string_view alias = ref.alias.text.empty() ? last.text : ref.alias.text;
  if (ref.parts.size() == 1) {
    if (const Relation* const cte = FindCte(last.text)) {
      AddTable(ref, alias, {}, *cte, scope);
      return;
    }
  }
  const std::string_view schema =
      ref.alias.text.empty() && ref.parts.size() > 1 ? ref.parts[ref.parts.size() - 2].text : std::string_view();
  if (context_.relations != nullptr) {
    if (const auto found = context_.relations->find(&ref); found != context_.relations->end()) {
      AddTable(ref, alias, schema, RelationOfModel(found->second), scope);
      return;
    }
  }
  // Reported when the graph was made, unless some other WITH has that name.
  const auto same = [&](std::string_view name) { return SameName(name, last.text); };
  if (ref.parts.size() == 1 && std::any_of(cte_names_.begin(), cte_names_.end(), same)) {
    Fail(kUnknownAlias, ref.span, fmt::format("\"{}\" is defined by a WITH that this query cannot see", last.text),
         "a CTE can be read by what follows it in its own query, and by itself under WITH RECURSIVE");
  }
  complete_ = false;
  AddTable(ref, alias, schema, Keep({{}, false}), scope);
}

void Binder::AddTable(const grammar::TableRef& ref, std::string_view alias, std::string_view schema,
                      const Relation& relation, Scope& scope) {
  for (const ScopeTable& table : scope.tables) {
    if (alias.empty() || !SameName(table.alias, alias)) continue;
    Report(kDuplicateRelation, ref.alias.span.known() ? ref.alias.span : ref.span,
           fmt::format("\"{}\" stands twice in this FROM", alias))
        .Note(table.span, "the first one is here")
        .Help("give one of them an alias: ... AS other");
    break;
  }
  const Relation& renamed = Renamed(relation, ref.column_aliases, "the alias");
  scope.tables.push_back({alias, schema, ref.span, &renamed, false, true, {}, {}});
}

void Binder::BindJoin(grammar::Join& ref, Scope& scope) {
  const size_t begin = scope.tables.size();
  BindFrom(*ref.left, scope);
  const size_t middle = scope.tables.size();
  BindFrom(*ref.right, scope);
  const size_t end = scope.tables.size();
  std::vector<grammar::Identifier> names(ref.using_columns.begin(), ref.using_columns.end());
  if (ref.natural) names = CommonNames(scope, begin, middle);
  if (ref.on != nullptr) {
    CheckCondition(BindExpr(*ref.on, scope), ref.on->span, "ON");
    // What ON says holds where rows met; an outer side then loses it again.
    if (!RightIsHidden(ref.join)) ProveFrom(ref.on, scope, RightIsOuter(ref.join) ? middle : begin);
  }
  if (LeftIsOuter(ref.join)) MakeOuter(scope, begin, middle);
  if (RightIsOuter(ref.join)) MakeOuter(scope, middle, end);
  for (const grammar::Identifier& name : names) MergeColumn(name, ref, scope, begin, middle);
  if (RightIsHidden(ref.join)) {
    for (size_t t = middle; t < end; ++t) scope.tables[t].visible = false;
  }
}

std::vector<grammar::Identifier> Binder::CommonNames(Scope& scope, size_t begin, size_t middle) {
  std::vector<grammar::Identifier> names;
  for (size_t t = begin; t < middle; ++t) {
    for (const RelationColumn& column : scope.tables[t].relation->columns) {
      for (size_t r = middle; r < scope.tables.size(); ++r) {
        if (FindColumn(*scope.tables[r].relation, column.name, column.hash) < 0) continue;
        names.push_back({column.name, false, scope.tables[r].span});
      }
    }
  }
  return names;
}

namespace {

// Where a column that USING names stands among some tables; false when it does not.
bool FindAmong(const grammar::Identifier& name, const Scope& scope, size_t begin, size_t end, ColumnPlace* place) {
  const uint32_t hash = NameHash(name.text);
  for (size_t t = begin; t < end; ++t) {
    const int column = FindColumn(*scope.tables[t].relation, name.text, hash);
    if (column < 0) continue;
    *place = {t, static_cast<size_t>(column)};
    return true;
  }
  return false;
}

void MarkMerged(ScopeTable& table, size_t column) {
  if (table.merged.empty()) table.merged.resize(table.relation->columns.size());
  table.merged[column] = true;
}

bool AllComplete(const Scope& scope, size_t begin, size_t end) {
  for (size_t t = begin; t < end; ++t) {
    if (!scope.tables[t].relation->complete) return false;
  }
  return true;
}

}  // namespace

void Binder::MergeColumn(const grammar::Identifier& name, const grammar::Join& ref, Scope& scope, size_t begin,
                         size_t middle) {
  ColumnPlace left;
  ColumnPlace right;
  const size_t end = scope.tables.size();
  const bool in_left = FindAmong(name, scope, begin, middle, &left);
  const bool in_right = FindAmong(name, scope, middle, end, &right);
  if (!in_left || !in_right) {
    const size_t from = in_left ? middle : begin;
    if (!AllComplete(scope, from, in_left ? end : middle)) return;
    UnknownIn(name, scope.tables[from], scope);
    return;
  }
  const RelationColumn& one = scope.tables[left.table].relation->columns[left.column];
  const RelationColumn& other = scope.tables[right.table].relation->columns[right.column];
  const bool left_null = IsNullable(scope.tables[left.table], left.column);
  const bool right_null = IsNullable(scope.tables[right.table], right.column);
  Type type;
  CheckMeet(Value::Of(one.type, true), Value::Of(other.type, true), name.span, "the two sides of USING", &type);
  if (RightIsHidden(ref.join)) return;
  const bool inner = !LeftIsOuter(ref.join) && !RightIsOuter(ref.join);
  const bool right_decides = ref.join == grammar::JoinKind::kRight;
  const bool nullable = !inner && (ref.join == grammar::JoinKind::kFull ? one.nullable || other.nullable
                                   : right_decides                      ? right_null
                                                                        : left_null);
  MergedColumn merged{one.name, Value::Of(std::move(type), nullable), one.sources, left.table, left.column};
  merged.sources.insert(merged.sources.end(), other.sources.begin(), other.sources.end());
  MarkMerged(scope.tables[right.table], right.column);
  MarkMerged(scope.tables[left.table], left.column);
  std::erase_if(scope.merged, [&](const MergedColumn& before) { return SameName(before.name, name.text); });
  scope.merged.push_back(std::move(merged));
}

void Binder::BindTableFunction(grammar::TableFunction& ref, Scope& scope) {
  Relation relation = TableFunctionColumns(*ref.call, scope);
  if (ref.with_ordinality) {
    relation.columns.push_back(MakeColumn("ordinality", Value::Of(TypeKind::kInt64, false), ref.span));
  }
  const std::string_view alias = ref.alias.text.empty() ? ref.call->name.back().text : ref.alias.text;
  AddTable(ref, alias, {}, Keep(std::move(relation)), scope);
}

Relation Binder::TableFunctionColumns(grammar::FunctionCall& call, Scope& scope) {
  const FunctionSet* const set = catalog_.FindTable(call.name.back().text);
  std::vector<Value> values;
  std::vector<Sources> sources;
  for (const grammar::Argument& argument : call.arguments) {
    sources.emplace_back();
    values.push_back(BindTracked(*argument.value, scope, sources.back()));
  }
  if (set == nullptr) {
    ReportUnknownFunction(call, true);
    return {{}, false};
  }
  const auto found = ResolveCall(catalog_, *set, {values, call.arguments});
  if (!found) {
    ReportSignature(call, *set, values);
    return {{}, false};
  }
  if (found->signature->rule_name == "opaque") {
    Report(kOpaqueRelation, call.span, fmt::format("the columns of {}(...) are known only when it runs", set->name))
        .Help("load the file with dlt, or make it a SEED: then its columns have names and types");
    return {{}, false};
  }
  Relation relation;
  for (const auto& [name, type] : found->signature->columns) {
    relation.columns.push_back(MakeColumn(name, Value::Of(type, true), call.span));
  }
  // unnest and repeat give a column for every argument.
  for (size_t i = 0; found->signature->columns.empty() && i < values.size(); ++i) {
    const bool list = values[i].type.kind == TypeKind::kArray && !values[i].type.children.empty();
    relation.columns.push_back(
        MakeColumn("unnest", Value::Of(list ? values[i].type.children[0] : Type{}, true), call.span));
    relation.columns.back().sources = sources[i];
  }
  return relation;
}

void Binder::BindMacroTable(grammar::MacroTable& ref, Scope& scope) {
  const grammar::Identifier& name = ref.call->name;
  const RelationColumns* const columns = context_.macro_relation ? context_.macro_relation(name.text) : nullptr;
  if (columns == nullptr) {
    Fail(kUnknownMacro, name.span, fmt::format("there is no relation @{} here", name.text),
         "@this_model names the model in an audit; elsewhere write schema.model");
    AddTable(ref, ref.alias.text, {}, Keep({{}, false}), scope);
    return;
  }
  AddTable(ref, ref.alias.text.empty() ? name.text : ref.alias.text, {}, Keep(RelationOf(columns->columns, -1)), scope);
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
      const bool lateral = subquery.lateral || typing_.lateral_subqueries;
      AddTable(ref, Key(ref.alias), {}, Settled(BindQuery(*subquery.query, lateral ? &scope : scope.parent)), scope);
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
    if (names_.Same(ctes_[i].first, name)) return ctes_[i].second;
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
  const std::string_view key = Key(last);
  const std::string_view alias = ref.alias.text.empty() ? key : Key(ref.alias);
  if (ref.parts.size() == 1) {
    if (const Relation* const cte = FindCte(key)) {
      AddTable(ref, alias, {}, *cte, scope);
      return;
    }
  }
  const std::string_view schema =
      ref.alias.text.empty() && ref.parts.size() > 1 ? Key(ref.parts[ref.parts.size() - 2]) : std::string_view();
  if (context_.relations != nullptr) {
    if (const auto found = context_.relations->find(&ref); found != context_.relations->end()) {
      AddTable(ref, alias, schema, RelationOfModel(found->second), scope);
      return;
    }
  }
  // Reported when the graph was made, unless some other WITH has that name.
  const auto same = [&](std::string_view cte) { return names_.Same(key, cte); };
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
    if (alias.empty() || !names_.Same(table.alias, alias)) continue;
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
        if (FindColumn(*scope.tables[r].relation, column.name, column.hash, names_) < 0) continue;
        names.push_back({column.name, true, scope.tables[r].span});
      }
    }
  }
  return names;
}

namespace {

// Where a column that USING names stands among some tables; false when it does not.
bool FindAmong(std::string_view name, const Scope& scope, size_t begin, size_t end, ColumnPlace* place) {
  const uint32_t hash = NameHash(name);
  for (size_t t = begin; t < end; ++t) {
    const int column = FindColumn(*scope.tables[t].relation, name, hash, scope.names);
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
  const std::string_view key = Key(name);
  ColumnPlace left;
  ColumnPlace right;
  const size_t end = scope.tables.size();
  const bool in_left = FindAmong(key, scope, begin, middle, &left);
  const bool in_right = FindAmong(key, scope, middle, end, &right);
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
  const std::array sides{Value::Of(one.type, true), Value::Of(other.type, true)};
  Type type = one.type;
  if (CheckCompare(sides[0], sides[1], name.span)) {
    type = Combine(sides[0], sides[1], name.span, "the two sides of USING").type;
  }
  Read(one.sources);
  Read(other.sources);
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
  std::erase_if(scope.merged, [&](const MergedColumn& before) { return names_.Same(before.name, key); });
  scope.merged.push_back(std::move(merged));
}

void Binder::BindTableFunction(grammar::TableFunction& ref, Scope& scope) {
  Relation relation = TableFunctionColumns(*ref.call, scope);
  if (ref.with_ordinality) {
    relation.columns.push_back(MakeColumn("ordinality", Value::Of(TypeKind::kInt64, false), ref.span));
  }
  const std::string_view function = Key(ref.call->name.back());
  const std::string_view alias = ref.alias.text.empty() ? function : Key(ref.alias);
  // A single column that has no name but the function's goes by the alias.
  if (typing_.function_alias_names_column && !relation.columns.empty() &&
      SameName(relation.columns[0].name, function) && (relation.columns.size() == 1 || ref.with_ordinality)) {
    relation.columns[0].name = alias;
    relation.columns[0].hash = NameHash(alias);
  }
  AddTable(ref, alias, {}, Keep(std::move(relation)), scope);
}

Relation Binder::TableFunctionColumns(grammar::FunctionCall& call, Scope& scope) {
  const FunctionSet* set = catalog_.FindTable(call.name.back().text);
  if (set == nullptr && typing_.scalar_functions_in_from) set = catalog_.Find(call.name.back().text);
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
  const auto found = ResolveCall(catalog_, *set, {values, call.arguments, &typing_});
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
  if (found->signature->rule_name == "no_columns") return relation;
  for (const auto& [name, type] : found->signature->columns) {
    relation.columns.push_back(MakeColumn(name, Value::Of(type, true), call.span));
  }
  if (found->signature->kind != FunctionKind::kTable) {
    relation.columns.push_back(MakeColumn(Key(call.name.back()), Value::Of(found->type, found->nullable), call.span));
    for (const Sources& from : sources) {
      relation.columns.back().sources.insert(relation.columns.back().sources.end(), from.begin(), from.end());
    }
    return relation;
  }
  // unnest and repeat give a column for every argument.
  for (size_t i = 0; found->signature->columns.empty() && i < values.size(); ++i) {
    AddUnnested(values[i], sources[i], call.span, relation);
  }
  return relation;
}

void Binder::AddUnnested(const Value& value, const Sources& sources, base::Span span, Relation& relation) {
  const Type& type = value.type;
  const auto add = [&](std::string_view name, Type of) {
    relation.columns.push_back(MakeColumn(name, Value::Of(std::move(of), true), span));
    relation.columns.back().sources = sources;
  };
  const Type element = type.kind == TypeKind::kArray && !type.children.empty() ? type.children[0] : Type{};
  if (typing_.unnest_spreads_rows && type.kind == TypeKind::kMap && type.children.size() == 2) {
    add("key", type.children[0]);
    add("value", type.children[1]);
  } else if (typing_.unnest_spreads_rows && element.kind == TypeKind::kStruct) {
    for (size_t i = 0; i < element.children.size(); ++i) {
      add(i < element.fields.size() ? arena_->Copy(element.fields[i]) : std::string_view(), element.children[i]);
    }
  } else {
    add("unnest", element);
  }
}

void Binder::BindMacroTable(grammar::MacroTable& ref, Scope& scope) {
  const grammar::Identifier& name = ref.call->name;
  const RelationColumns* const columns = context_.macro_relation ? context_.macro_relation(name.text) : nullptr;
  if (columns == nullptr) {
    Fail(kUnknownMacro, name.span, fmt::format("there is no relation @{} here", name.text),
         "@this_model names the model in an audit; elsewhere write schema.model");
    AddTable(ref, Key(ref.alias), {}, Keep({{}, false}), scope);
    return;
  }
  AddTable(ref, ref.alias.text.empty() ? name.text : Key(ref.alias), {}, Keep(RelationOf(columns->columns, -1)), scope);
}

}  // namespace wapc::compiler

#include "compiler/passes/scope.h"

#include <algorithm>

#include "compiler/passes/typing.h"

namespace wapc::compiler {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

AliasRule UseOf(const Scope& scope) {
  switch (scope.clause) {
    case Clause::kSelect: return scope.typing->alias_in_select;
    case Clause::kWhere: return scope.typing->alias_in_where;
    case Clause::kGroupBy: return scope.typing->alias_in_group_by;
    case Clause::kHaving:
    case Clause::kQualify: return scope.typing->alias_in_having;
    case Clause::kOrderBy: return scope.typing->alias_in_order_by;
    case Clause::kFrom: return AliasRule::kNever;
    default: return AliasRule::kAnywhere;
  }
}

Lookup FindAlias(std::string_view name, Scope& scope) {
  const AliasRule use = UseOf(scope);
  if (name.empty() || use == AliasRule::kNever || (use == AliasRule::kWhole && !scope.whole)) return {};
  // In the SELECT list itself only what stands before can be named.
  const size_t end = scope.clause == Clause::kSelect ? std::min(scope.item, scope.states.size()) : scope.states.size();
  for (size_t i = 0; i < end; ++i) {
    if (!scope.states[i].name.empty() && scope.names.Same(scope.states[i].name, name))
      return {Found::kAlias, &scope, i, {}, {}};
  }
  return {};
}

// `ORDER BY id` behind `SELECT a.id` means that column of the output, whatever else in FROM is called so.
Lookup FindOutput(std::string_view name, Scope& scope) {
  for (size_t i = 0; i < scope.states.size(); ++i) {
    const std::string_view column = scope.states[i].column;
    if (!column.empty() && scope.names.Same(column, name)) return {Found::kAlias, &scope, i, {}, {}};
  }
  return {};
}

Lookup FindLambda(std::string_view name, Scope& scope) {
  for (size_t i = scope.lambdas.size(); i-- > 0;) {
    if (scope.names.Same(scope.lambdas[i].name, name)) return {Found::kLambda, &scope, i, {}, {}};
  }
  return {};
}

Lookup FindInTables(std::string_view name, uint32_t hash, Scope& scope) {
  for (size_t i = 0; i < scope.merged.size(); ++i) {
    if (scope.names.Same(scope.merged[i].name, name)) return {Found::kMerged, &scope, i, {}, {}};
  }
  Lookup out{Found::kNothing, &scope, 0, {}, {}};
  bool incomplete = false;
  for (size_t t = 0; t < scope.tables.size(); ++t) {
    const ScopeTable& table = scope.tables[t];
    if (!table.visible) continue;
    incomplete |= !table.relation->complete;
    for (size_t c = 0; c < table.relation->columns.size(); ++c) {
      const RelationColumn& column = table.relation->columns[c];
      if (column.hash != hash || !scope.names.Same(column.name, name)) continue;
      if (!table.merged.empty() && table.merged[c]) continue;
      if (out.found == Found::kColumn) {
        out.found = Found::kAmbiguous;
        out.other = {t, c};
        return out;
      }
      out.found = Found::kColumn;
      out.place = {t, c};
    }
  }
  if (out.found == Found::kNothing && incomplete) out.found = Found::kIncomplete;
  return out;
}

Lookup FindInScope(std::string_view name, uint32_t hash, Scope& scope) {
  if (const Lookup lambda = FindLambda(name, scope); lambda.found != Found::kNothing) return lambda;
  const bool alias_first = scope.clause == Clause::kOrderBy && !scope.in_aggregate && !scope.in_window;
  if (alias_first) {
    if (const Lookup alias = FindAlias(name, scope); alias.found != Found::kNothing) return alias;
  }
  const Lookup column = FindInTables(name, hash, scope);
  if (column.found == Found::kAmbiguous && alias_first && scope.whole) {
    if (const Lookup output = FindOutput(name, scope); output.found != Found::kNothing) return output;
  }
  if (column.found == Found::kColumn || column.found == Found::kMerged || column.found == Found::kAmbiguous)
    return column;
  if (const Lookup alias = FindAlias(name, scope); alias.found != Found::kNothing) return alias;
  if (column.found == Found::kIncomplete) return column;
  for (size_t t = 0; scope.typing->table_names_are_rows && t < scope.tables.size(); ++t) {
    if (scope.tables[t].visible && scope.names.Same(scope.tables[t].alias, name))
      return {Found::kRow, &scope, t, {}, {}};
  }
  return {};
}

}  // namespace

bool SameName(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Lower(a[i]) != Lower(b[i])) return false;
  }
  return true;
}

std::string_view NameRule::Key(const grammar::Identifier& name, grammar::Arena& arena) const {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const std::string_view text = name.text;
  if (folding == grammar::Folding::kInsensitive || std::none_of(text.begin(), text.end(), upper)) return text;
  // Quoted, only what folding would give is the name that it gives.
  const bool folded =
      !name.quoted || (folding == grammar::Folding::kUpper && std::none_of(text.begin(), text.end(), lower));
  return folded ? arena.Copy(FoldName(text)) : text;
}

uint32_t NameHash(std::string_view name) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(Lower(c))) * 16777619U;
  return hash;
}

std::string FoldName(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return Lower(c); });
  return out;
}

RelationColumn MakeColumn(std::string_view name, Value value, base::Span span) {
  const bool open = value.literal == LiteralForm::kString || value.type.kind == metadata::TypeKind::kNull;
  return {name, NameHash(name), std::move(value.type), value.nullable, {}, span, open};
}

Relation RelationOf(const std::vector<Column>& columns, int model) {
  Relation relation;
  relation.columns.reserve(columns.size());
  for (const Column& column : columns) {
    RelationColumn out = MakeColumn(column.name, Value::Of(column.type, column.nullable), column.span);
    if (model >= 0) {
      out.sources = {{model, column.name}};
    } else {
      for (const ColumnSource& source : column.sources) out.sources.push_back({source.model, source.column});
    }
    relation.columns.push_back(std::move(out));
  }
  return relation;
}

Lookup FindName(std::string_view name, Scope& scope) {
  const uint32_t hash = NameHash(name);
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    if (const Lookup found = FindInScope(name, hash, *at); found.found != Found::kNothing) return found;
  }
  return {};
}

ScopeTable* FindTable(std::string_view schema, std::string_view alias, Scope& scope, Scope** holder, size_t* index) {
  for (Scope* at = &scope; at != nullptr; at = at->parent) {
    for (size_t t = 0; t < at->tables.size(); ++t) {
      ScopeTable& table = at->tables[t];
      if (!table.visible || table.alias.empty() || !at->names.Same(table.alias, alias)) continue;
      if (!schema.empty() && !at->names.Same(table.schema, schema)) continue;
      *holder = at;
      *index = t;
      return &table;
    }
  }
  return nullptr;
}

int FindColumn(const Relation& relation, std::string_view name, uint32_t hash, NameRule names) {
  int found = -1;
  for (size_t c = 0; c < relation.columns.size(); ++c) {
    if (relation.columns[c].hash != hash || !names.Same(relation.columns[c].name, name)) continue;
    if (found >= 0) return -2;
    found = static_cast<int>(c);
  }
  return found;
}

bool IsNullable(const ScopeTable& table, size_t column) {
  if (!table.not_null.empty() && table.not_null[column]) return false;
  return table.outer || table.relation->columns[column].nullable;
}

void ProveNotNull(ScopeTable& table, size_t column) {
  if (table.not_null.empty()) table.not_null.resize(table.relation->columns.size());
  table.not_null[column] = true;
}

}  // namespace wapc::compiler

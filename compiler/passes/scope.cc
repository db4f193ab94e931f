#include "compiler/passes/scope.h"

#include <algorithm>

namespace wapc::compiler {
namespace {

char Fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Lookup FindAlias(std::string_view name, Scope& scope) {
  // In the SELECT list itself only what stands before can be named.
  const size_t end = scope.clause == Clause::kSelect ? std::min(scope.item, scope.items.size()) : scope.items.size();
  for (size_t i = 0; i < end; ++i) {
    if (SameName(scope.items[i].alias.text, name) && !name.empty()) return {Found::kAlias, &scope, i, {}, {}};
  }
  return {};
}

Lookup FindLambda(std::string_view name, Scope& scope) {
  for (size_t i = scope.lambdas.size(); i-- > 0;) {
    if (SameName(scope.lambdas[i].name, name)) return {Found::kLambda, &scope, i, {}, {}};
  }
  return {};
}

Lookup FindInTables(std::string_view name, uint32_t hash, Scope& scope) {
  for (size_t i = 0; i < scope.merged.size(); ++i) {
    if (SameName(scope.merged[i].name, name)) return {Found::kMerged, &scope, i, {}, {}};
  }
  Lookup out{Found::kNothing, &scope, 0, {}, {}};
  bool incomplete = false;
  for (size_t t = 0; t < scope.tables.size(); ++t) {
    const ScopeTable& table = scope.tables[t];
    if (!table.visible) continue;
    incomplete |= !table.relation->complete;
    for (size_t c = 0; c < table.relation->columns.size(); ++c) {
      const RelationColumn& column = table.relation->columns[c];
      if (column.hash != hash || !SameName(column.name, name)) continue;
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
  if (column.found == Found::kColumn || column.found == Found::kMerged || column.found == Found::kAmbiguous)
    return column;
  if (scope.clause != Clause::kFrom) {
    if (const Lookup alias = FindAlias(name, scope); alias.found != Found::kNothing) return alias;
  }
  if (column.found == Found::kIncomplete) return column;
  for (size_t t = 0; t < scope.tables.size(); ++t) {
    if (scope.tables[t].visible && SameName(scope.tables[t].alias, name)) return {Found::kRow, &scope, t, {}, {}};
  }
  return {};
}

}  // namespace

bool SameName(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Fold(a[i]) != Fold(b[i])) return false;
  }
  return true;
}

uint32_t NameHash(std::string_view name) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(Fold(c))) * 16777619U;
  return hash;
}

std::string FoldName(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), Fold);
  return out;
}

RelationColumn MakeColumn(std::string_view name, Value value, base::Span span) {
  return {name, NameHash(name), std::move(value.type), value.nullable, {}, span};
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
      if (!table.visible || table.alias.empty() || !SameName(table.alias, alias)) continue;
      if (!schema.empty() && !SameName(table.schema, schema)) continue;
      *holder = at;
      *index = t;
      return &table;
    }
  }
  return nullptr;
}

int FindColumn(const Relation& relation, std::string_view name, uint32_t hash) {
  int found = -1;
  for (size_t c = 0; c < relation.columns.size(); ++c) {
    if (relation.columns[c].hash != hash || !SameName(relation.columns[c].name, name)) continue;
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

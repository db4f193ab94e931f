#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/bind_facts.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using metadata::Type;
using metadata::TypeKind;

namespace {

constexpr base::DiagnosticCode kAmbiguousColumn{"ambiguous-column", base::Severity::kError};
constexpr base::DiagnosticCode kMisplacedAggregate{"misplaced-aggregate", base::Severity::kError};
constexpr base::DiagnosticCode kMisplacedWindow{"misplaced-window", base::Severity::kError};
constexpr size_t kListed = 8;

std::string Qualified(const ScopeTable& table, std::string_view column, bool qualify) {
  return qualify && !table.alias.empty() ? fmt::format("{}.{}", table.alias, column) : std::string(column);
}

// The names that could have been meant, as they would be written.
std::vector<std::string> Candidates(const Scope& scope, bool qualify) {
  std::vector<std::string> out;
  for (const ScopeTable& table : scope.tables) {
    if (!table.visible) continue;
    for (const RelationColumn& column : table.relation->columns) {
      if (!column.name.empty()) out.push_back(Qualified(table, column.name, qualify));
    }
  }
  return out;
}

std::string Listed(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), kListed); ++i) out += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kListed) out += fmt::format(" and {} more", names.size() - kListed);
  return out;
}

std::string TableName(const ScopeTable& table) {
  if (table.alias.empty()) return "the subquery";
  return fmt::format("\"{}\"", table.alias);
}

}  // namespace

void Binder::Track(const Sources& sources) {
  if (sink_ != nullptr) sink_->insert(sink_->end(), sources.begin(), sources.end());
  Read(sources);
}

void Binder::Read(const Sources& sources) {
  if (context_.reads == nullptr) return;
  for (const SourceRef& source : sources) context_.reads->push_back({source.model, std::string(source.column)});
}

Value Binder::BindColumnRef(grammar::ColumnRef& ref, Scope& scope) {
  if (ref.parts.size() > 1) {
    Scope* holder = nullptr;
    size_t index = 0;
    if (ref.parts.size() > 2) {
      if (ScopeTable* const table = FindTable(Key(ref.parts[0]), Key(ref.parts[1]), scope, &holder, &index)) {
        // A relation is printed under its last name, so that the schema could not be found there.
        ref.parts = ref.parts.subspan(1);
        return BindQualified(ref, scope, *table, *holder, index, 1);
      }
    }
    if (ScopeTable* const table = FindTable({}, Key(ref.parts[0]), scope, &holder, &index)) {
      return BindQualified(ref, scope, *table, *holder, index, 1);
    }
  }
  const Lookup found = FindName(Key(ref.parts[0]), scope);
  if (found.found == Found::kNothing) {
    return ref.parts.size() > 1 ? UnknownQualifier(ref.parts[0], scope) : UnknownName(ref.parts[0], scope);
  }
  if (context_.facts != nullptr && found.scope != &scope) RecordName(ref, found, scope, *context_.facts);
  RecordAlias(ref, found);
  return Fields(ValueOf(found, ref.parts[0], ref.span, scope), ref.parts, 1);
}

Value Binder::BindQualified(grammar::ColumnRef& ref, Scope& scope, ScopeTable& table, Scope& holder, size_t index,
                            size_t part) {
  const grammar::Identifier& name = ref.parts[part];
  const int column = ColumnOf(*table.relation, Key(name));
  if (column >= 0) {
    return Fields(ColumnValue(holder, {index, static_cast<size_t>(column)}, name.text, ref.span), ref.parts, part + 1);
  }
  if (column == -2) {
    return Fail(kAmbiguousColumn, name.span, fmt::format("{} has two columns \"{}\"", TableName(table), name.text),
                "give one of them another name where the relation is made");
  }
  if (!table.relation->complete) {
    complete_ = false;
    return Value::Unknown();
  }
  return UnknownIn(name, table, scope);
}

Value Binder::ValueOf(const Lookup& found, const grammar::Identifier& name, base::Span span, Scope& /*scope*/) {
  switch (found.found) {
    case Found::kColumn: return ColumnValue(*found.scope, found.place, name.text, span);
    case Found::kMerged: {
      const MergedColumn& merged = found.scope->merged[found.index];
      Grouping& grouping = found.scope->grouping;
      if (grouping.collecting && grouping.shielded == 0) {
        grouping.bare.push_back({{merged.table, merged.column}, span, merged.name, found.scope->item});
      }
      Track(merged.sources);
      return merged.value;
    }
    case Found::kLambda: return found.scope->lambdas[found.index].value;
    case Found::kAlias: return AliasValue(*found.scope, found.index, span);
    case Found::kRow: return RowValue(*found.scope, found.index);
    case Found::kAmbiguous: return Ambiguous(name, found);
    default: complete_ = false; return Value::Unknown();
  }
}

Value Binder::ColumnValue(Scope& holder, ColumnPlace place, std::string_view name, base::Span span) {
  const ScopeTable& table = holder.tables[place.table];
  const RelationColumn& column = table.relation->columns[place.column];
  Grouping& grouping = holder.grouping;
  if (grouping.collecting && grouping.shielded == 0) {
    grouping.bare.push_back({place, span, name, std::min(holder.item, holder.items.size() - 1)});
  }
  Track(column.sources);
  return Value::Of(column.type, IsNullable(table, place.column));
}

void Binder::RecordAlias(const Expr& ref, const Lookup& found) {
  if (context_.aliases == nullptr || found.found != Found::kAlias) return;
  const auto& tables = found.scope->tables;
  const bool certain =
      std::all_of(tables.begin(), tables.end(), [](const ScopeTable& table) { return table.relation->complete; });
  context_.aliases->insert_or_assign(&ref, AliasUse{found.scope->items[found.index].expr, certain});
}

Value Binder::AliasValue(Scope& holder, size_t index, base::Span span) {
  if (!holder.states[index].bound) ProbeItem(holder, index);
  const ItemState& state = holder.states[index];
  const bool rows = holder.clause == Clause::kWhere || holder.clause == Clause::kGroupBy;
  if (rows && state.has_aggregate) {
    return Fail(kMisplacedAggregate, span,
                fmt::format("this names an aggregate, which {} cannot see",
                            holder.clause == Clause::kWhere ? "WHERE" : "GROUP BY"),
                "filter groups in HAVING, or aggregate in a subquery first");
  }
  if ((rows || holder.clause == Clause::kHaving) && state.has_window) {
    return Fail(kMisplacedWindow, span, "this names a window function, which runs after this clause",
                "filter by it in QUALIFY, or in an outer query");
  }
  holder.saw_aggregate |= state.has_aggregate;
  holder.saw_window |= state.has_window;
  Track(state.sources);
  Value value = state.value;
  value.literal = LiteralForm::kNone;
  return value;
}

Value Binder::RowValue(Scope& holder, size_t index) {
  const ScopeTable& table = holder.tables[index];
  if (!table.relation->complete) {
    complete_ = false;
    return Value::Unknown();
  }
  Type type = Type::Of(TypeKind::kStruct);
  for (const RelationColumn& column : table.relation->columns) {
    type.fields.emplace_back(column.name);
    type.children.push_back(column.type);
    Track(column.sources);
  }
  return Value::Of(std::move(type), table.outer);
}

Value Binder::Fields(Value value, grammar::List<grammar::Identifier> parts, size_t from) {
  for (size_t i = from; i < parts.size(); ++i) value = Field(value, parts[i]);
  return value;
}

Value Binder::Field(const Value& value, const grammar::Identifier& name) {
  const Type& type = value.type;
  if (type.is_unknown() || type.kind == TypeKind::kNull) return Value::Unknown();
  if (type.kind == TypeKind::kJson) return Value::Of(TypeKind::kJson, true);
  if (type.kind == TypeKind::kEngine) return Value::Unknown();
  if (type.kind != TypeKind::kStruct) {
    return Fail(kUnknownColumn, name.span,
                fmt::format("a value of type {} has no fields, so no \"{}\"", ToString(type), name.text),
                "only a struct or json has fields; a table's column is written alias.column");
  }
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (SameName(type.fields[i], name.text)) return Value::Of(type.children[i], true);
  }
  const auto near = base::ClosestName(name.text, type.fields);
  return Fail(kUnknownColumn, name.span, fmt::format("this struct has no field \"{}\"", name.text),
              near ? fmt::format("did you mean {}?", *near) : fmt::format("its fields are {}", Listed(type.fields)));
}

Value Binder::UnknownName(const grammar::Identifier& name, Scope& scope) {
  const auto visible = static_cast<size_t>(
      std::count_if(scope.tables.begin(), scope.tables.end(), [](const ScopeTable& table) { return table.visible; }));
  auto report =
      Report(kUnknownColumn, name.span,
             visible == 0   ? fmt::format("there is no column \"{}\": this query has no FROM", name.text)
             : visible == 1 ? fmt::format("there is no column \"{}\" in {}", name.text, TableName(scope.tables[0]))
                            : fmt::format("there is no column \"{}\" in this FROM", name.text));
  const std::vector<std::string> plain = Candidates(scope, false);
  const auto near = base::ClosestName(name.text, plain);
  if (!near) {
    if (!plain.empty()) report.Help(fmt::format("columns are {}", Listed(plain)));
    return Value::Unknown();
  }
  const auto at = static_cast<size_t>(std::find(plain.begin(), plain.end(), *near) - plain.begin());
  const std::string meant = Candidates(scope, visible > 1)[at];
  report.Help(fmt::format("did you mean {}?", meant));
  report.Fix(name.span, meant, fmt::format("write {}", meant), false);
  return Value::Unknown();
}

Value Binder::UnknownIn(const grammar::Identifier& name, const ScopeTable& table, Scope& scope) {
  auto report =
      Report(kUnknownColumn, name.span, fmt::format("there is no column \"{}\" in {}", name.text, TableName(table)));
  const std::string_view key = Key(name);
  for (const ScopeTable& other : scope.tables) {
    if (&other == &table || !other.visible || ColumnOf(*other.relation, key) == -1) continue;
    report.Help(fmt::format("did you mean {}?", Qualified(other, name.text, true)));
    return Value::Unknown();
  }
  std::vector<std::string> names;
  for (const RelationColumn& column : table.relation->columns) {
    if (!column.name.empty()) names.emplace_back(column.name);
  }
  if (const auto near = base::ClosestName(name.text, names)) {
    report.Help(fmt::format("did you mean {}?", *near));
    report.Fix(name.span, *near, fmt::format("write {}", *near), false);
  } else if (!names.empty()) {
    report.Help(fmt::format("its columns are {}", Listed(names)));
  }
  return Value::Unknown();
}

Value Binder::UnknownQualifier(const grammar::Identifier& name, Scope& scope) {
  std::vector<std::string> names;
  for (const Scope* at = &scope; at != nullptr; at = at->parent) {
    for (const ScopeTable& table : at->tables) {
      if (table.visible && !table.alias.empty()) names.emplace_back(table.alias);
    }
  }
  const auto near = base::ClosestName(name.text, names);
  return Fail(kUnknownAlias, name.span, fmt::format("nothing in this FROM is called \"{}\"", name.text),
              near            ? fmt::format("did you mean {}?", *near)
              : names.empty() ? std::string("add it to FROM")
                              : fmt::format("FROM has {}", Listed(names)));
}

Value Binder::Ambiguous(const grammar::Identifier& name, const Lookup& found) {
  const ScopeTable& one = found.scope->tables[found.place.table];
  const ScopeTable& other = found.scope->tables[found.other.table];
  if (&one == &other) {
    return Fail(kAmbiguousColumn, name.span, fmt::format("{} has two columns \"{}\"", TableName(one), name.text),
                "give one of them another name where the relation is made");
  }
  Report(kAmbiguousColumn, name.span,
         fmt::format("\"{}\" is a column of both {} and {}", name.text, TableName(one), TableName(other)))
      .Note(one.span, "one is here")
      .Note(other.span, "the other is here")
      .Help(fmt::format("write {} or {}", Qualified(one, name.text, true), Qualified(other, name.text, true)));
  return Value::Unknown();
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using grammar::As;
using grammar::Expr;

namespace {

constexpr DiagnosticCode kUnknownStagingColumn{"unknown-staging-column", Severity::kError};

}  // namespace

const DraftColumn* Draft::Find(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [name](const DraftColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::vector<std::string> Draft::NamesOf(const std::vector<std::string>& raw) const {
  std::vector<std::string> out;
  for (const std::string& name : raw) {
    for (const DraftColumn& column : columns) {
      if (column.raw != nullptr && column.raw->name == name) out.push_back(column.name);
    }
  }
  return out;
}

void Draft::Drop(const std::vector<std::string>& names, base::Span span) {
  std::erase_if(columns, [&](const DraftColumn& column) {
    if (std::find(names.begin(), names.end(), column.name) == names.end()) return false;
    if (column.raw != nullptr) dropped.emplace(column.raw->name, span);
    return true;
  });
}

const Expr* RuleTools::Template(const std::string& text, base::Span span) {
  const auto [entry, fresh] = templates_.try_emplace({text, {span.source, span.begin}}, nullptr);
  if (fresh) {
    entry->second = parser_.ParseExpression(arena_.Copy(text), span, sources_, arena_, diagnostics_, dialect_);
  }
  return entry->second;
}

grammar::Query* RuleTools::Query(const std::string& text, base::Span span) {
  return parser_.ParseQuery(arena_.Copy(text), span, sources_, arena_, diagnostics_, dialect_);
}

Expr* RuleTools::ForColumn(const Expr& expr, const Expr& column, grammar::Arena& arena) const {
  grammar::CloneHooks hooks;
  hooks.replace_expr = [&](const Expr& node) -> Expr* {
    const auto* const variable = As<grammar::MacroVariable>(&node);
    return variable != nullptr && variable->name == "col" ? grammar::Clone(column, arena) : nullptr;
  };
  return grammar::Clone(expr, arena, hooks);
}

bool RuleTools::Once(const DiagnosticCode& code, base::Span span, const std::string& message, std::string help) {
  if (!reported_.emplace(span.source, span.begin, message).second) return false;
  diagnostics_.Report(code, span, message).Help(std::move(help));
  return true;
}

void RuleTools::Entry(const base::YamlEntry& entry, bool used) { entries_[&entry] |= used; }

std::vector<const base::YamlEntry*> RuleTools::IdleEntries() const {
  std::vector<const base::YamlEntry*> out;
  for (const auto& [entry, used] : entries_) {
    if (!used) out.push_back(entry);
  }
  return out;
}

const Expr* RuleTools::Expression(const base::YamlNode& node, std::string_view key) {
  const auto [entry, fresh] = parsed_.emplace(&node, nullptr);
  if (!fresh) return entry->second;
  if (!node.is_scalar()) {
    ReportWrongType(node, key, "an SQL expression", diagnostics_);
    return nullptr;
  }
  base::Span span = node.span;
  if (node.quoted && span.end > span.begin + 1) {
    ++span.begin;
    --span.end;
  }
  entry->second = parser_.ParseExpression(arena_.Copy(node.scalar), span, sources_, arena_, diagnostics_, dialect_);
  return entry->second;
}

grammar::TypeName* RuleTools::Type(std::string_view text, base::Span span) {
  return parser_.ParseType(arena_.Copy(text), span, sources_, arena_, diagnostics_, dialect_);
}

Expr* RuleTools::OverDraft(const Expr& expr, const Draft& draft) {
  bool known = true;
  grammar::CloneHooks hooks;
  hooks.replace_expr = [&](const Expr& node) -> Expr* {
    const auto* const ref = As<grammar::ColumnRef>(&node);
    if (ref == nullptr) return nullptr;
    const DraftColumn* const column = draft.Find(grammar::FoldName(ref->parts[0]));
    if (column != nullptr && ref->parts.size() == 1) return grammar::Clone(*column->expr, *draft.arena);
    known = false;
    std::vector<std::string> names;
    for (const DraftColumn& candidate : draft.columns) names.push_back(candidate.name);
    const std::string name(ref->parts.back().text);
    const auto nearest = base::ClosestName(name, names);
    diagnostics_
        .Report(kUnknownStagingColumn, ref->span,
                fmt::format("the staging model of {} has no column '{}'", draft.table->name, name))
        .Note(draft.table->span, "the raw table is here")
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest)
                      : "match the tables that have it: `match: {table: ...}`");
    return nullptr;
  };
  Expr* const out = grammar::Clone(expr, *draft.arena, hooks);
  return known ? out : nullptr;
}

}  // namespace wapc::compiler

#include "compiler/passes/audits_quarantine.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/project/quarantine.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;

/// An audit with `quarantine := true` cannot put rows aside.
constexpr base::DiagnosticCode kAuditQuarantine{"audit-quarantine", base::Severity::kError};

bool IsThisModel(const grammar::TableRef* ref) {
  const auto* const macro = As<grammar::MacroTable>(ref);
  if (macro == nullptr) return false;
  const std::string name = grammar::FoldName(macro->call->name);
  return name == "this_model" || name == "served_model";
}

// Whether each row decides by itself: no window, and no look at other rows of the model.
bool LooksAtOneRow(grammar::Expr& where) {
  bool one = true;
  grammar::Visitor visitor;
  visitor.expr = [&one](grammar::Expr& node) {
    const auto* const call = As<grammar::FunctionCall>(&node);
    one = one && (call == nullptr || (call->over == nullptr && call->over_name.text.empty()));
    return one;
  };
  visitor.table = [&one](grammar::TableRef& table) {
    one = one && !IsThisModel(&table);
    return one;
  };
  grammar::Walk(where, visitor);
  return one;
}

bool HoldsRows(ModelKind kind) {
  switch (kind) {
    case ModelKind::kFull:
    case ModelKind::kSeed:
    case ModelKind::kIncrementalByUniqueKey:
    case ModelKind::kIncrementalByLoad:
    case ModelKind::kIncrementalByTimeRange: return true;
    default: return false;
  }
}

}  // namespace

const grammar::Select* RowsOfModel(const grammar::Query& query) {
  const auto* const select = As<grammar::Select>(query.body);
  if (select == nullptr || !query.ctes.empty() || query.limit != nullptr || query.offset != nullptr) return nullptr;
  if (!IsThisModel(select->from) || select->where == nullptr || select->distinct || !select->group_by.empty() ||
      select->group_by_all || select->having != nullptr || select->qualify != nullptr) {
    return nullptr;
  }
  const auto* const star = select->items.size() == 1 ? As<grammar::Star>(select->items[0].expr) : nullptr;
  const bool all = star != nullptr && star->exclude.empty() && star->replace.empty() && star->rename.empty();
  return all && LooksAtOneRow(*select->where) ? select : nullptr;
}

void CheckQuarantine(const Model& model, const AuditCall& call, base::Diagnostics& diagnostics) {
  if (!HoldsRows(model.kind)) {
    diagnostics
        .Report(kAuditQuarantine, call.span,
                fmt::format("{} is of kind {}, from which no rows can be put aside", model.name, ToString(model.kind)))
        .Help("quarantine is for FULL and SEED models, and incremental ones by unique key, load or time range");
    return;
  }
  if (model.merge_query != nullptr || model.reads_itself) {
    diagnostics
        .Report(kAuditQuarantine, call.span,
                fmt::format("{} makes its rows of those that it has, so that none can be put aside", model.name))
        .Help("leave `when_matched` out, or put rows aside in a model before this one");
    return;
  }
  if (call.max_share > 0) {
    diagnostics.Report(kAuditQuarantine, call.span, "with quarantine a threshold is a number of rows")
        .Help("write threshold := 100: more rows in quarantine than that stop the publish");
  }
  if (RowsOfModel(*call.query) != nullptr) return;
  diagnostics
      .Report(kAuditQuarantine, call.span, fmt::format("{} does not select rows of the model by themselves", call.name))
      .Help(
          "quarantine is for audits of the form SELECT * FROM @this_model WHERE ..., which look at one row at a time");
}

void DependOnQuarantine(Project& project) {
  for (Model& model : project.models) {
    for (const AuditCall& call : model.audits) {
      if (!IsQuarantine(call)) continue;
      for (const int index : call.depends_on) {
        const auto at = std::lower_bound(model.depends_on.begin(), model.depends_on.end(), index);
        if (at == model.depends_on.end() || *at != index) model.depends_on.insert(at, index);
      }
    }
  }
}

}  // namespace wapc::compiler

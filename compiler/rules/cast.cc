#include <fmt/format.h>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"
#include "grammar/walk.h"

// What:  casts columns to another type, in the words of the project's dialect.
// Why:   sources send numbers and times as text; what the schema says is otherwise kept exactly.
// Write: - match: {column: "*_cents"}
//          cast: decimal(18, 2)
//        - cast: {is_open: boolean, "*_on": date}
namespace wapc::compiler {
namespace {

using base::YamlNode;

void CastTo(const YamlNode& type, Draft& draft, DraftColumn& column, RuleTools& tools) {
  grammar::TypeName* const parsed = tools.Type(type.scalar, type.span);
  if (parsed == nullptr) return;
  column.expr = AstBuilder(*draft.arena, type.span).Cast(column.expr, parsed);
  column.span = type.span;
  column.replaced = true;
}

bool CastNamed(const RuleCall& call, Draft& draft, RuleTools& tools) {
  for (const base::YamlEntry& entry : call.value->entries) {
    YamlNode pattern;
    pattern.kind = YamlNode::Kind::kScalar;
    pattern.scalar = entry.key;
    bool used = false;
    for (DraftColumn& column : draft.columns) {
      if (!NamesColumn(pattern, column)) continue;
      if (call.match != nullptr && !MatchesColumn(call.match, draft, column)) continue;
      used = true;
      CastTo(entry.value, draft, column, tools);
    }
    tools.Entry(entry, used);
  }
  return true;  // each entry is reported by itself
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (call.value->is_map()) return CastNamed(call, draft, tools);
  if (!call.value->is_scalar()) {
    ReportWrongType(*call.value, "cast", "a type, or a mapping of columns to types", tools.diagnostics());
    return true;
  }
  bool matched = false;
  for (DraftColumn& column : draft.columns) {
    if (!MatchesColumn(call.match, draft, column)) continue;
    matched = true;
    CastTo(*call.value, draft, column, tools);
  }
  return matched;
}

}  // namespace

const StagingRule& CastRule() {
  static constexpr StagingRule kRule{"cast", "casts columns to another type", Apply};
  return kRule;
}

}  // namespace wapc::compiler

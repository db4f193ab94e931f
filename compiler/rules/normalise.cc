#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"
#include "grammar/dialect.h"

// What:  brings text into one form (trim, collapse_spaces, blank_to_null, lower, upper, unicode), and times without a
//        zone to a moment (timezone). Steps run in this order, whatever the order in which they are written.
// Why:   'Berlin', ' Berlin' and '' are one city and none; a local time means nothing without its zone.
// Write: - normalise: [trim, blank_to_null]
//        - match: {column: "*_local"}
//          normalise: {timezone: Europe/Berlin}
namespace wapc::compiler {
namespace {

using base::YamlNode;
using metadata::TypeKind;

constexpr base::DiagnosticCode kUnknownNormalisation{"unknown-normalisation", base::Severity::kError};

struct Form {
  std::string_view name;
  std::string_view dialect;  ///< empty: any
  std::string_view expr;
};

// In the order in which they run; the first that is the dialect's counts.
constexpr std::array<Form, 11> kForms = {{
    {"unicode", "duckdb", "nfc_normalize(@col)"},
    {"unicode", "postgres", "normalize(@col)"},
    {"unicode", "trino", "normalize(@col)"},
    {"collapse_spaces", "duckdb", "regexp_replace(@col, '\\s+', ' ', 'g')"},
    {"collapse_spaces", "postgres", "regexp_replace(@col, '\\s+', ' ', 'g')"},
    {"collapse_spaces", "trino", "regexp_replace(@col, '\\s+', ' ')"},
    {"collapse_spaces", "snowflake", "regexp_replace(@col, '\\\\s+', ' ')"},
    {"trim", "", "trim(@col)"},
    {"blank_to_null", "", "nullif(@col, '')"},
    {"lower", "", "lower(@col)"},
    {"upper", "", "upper(@col)"},
}};

// What the rule asks for: a list of steps, or a mapping of steps to true and of timezone to a zone.
struct Wanted {
  std::vector<std::string> steps;
  std::string timezone;
};

bool IsStep(std::string_view name) {
  return std::any_of(kForms.begin(), kForms.end(), [name](const Form& form) { return form.name == name; });
}

void AddStep(const std::string& name, base::Span span, RuleTools& tools, Wanted& out) {
  if (IsStep(name)) {
    out.steps.push_back(name);
    return;
  }
  tools.Once(kUnknownNormalisation, span, fmt::format("there is no normalisation '{}'", name),
             "there are trim, collapse_spaces, blank_to_null, lower, upper, unicode and timezone: ZONE");
}

Wanted Read(const YamlNode& value, RuleTools& tools) {
  Wanted out;
  if (value.is_scalar()) AddStep(value.scalar, value.span, tools, out);
  for (const YamlNode& item : value.items) AddStep(item.scalar, item.span, tools, out);
  for (const base::YamlEntry& entry : value.entries) {
    if (entry.key == "timezone") {
      out.timezone = entry.value.scalar;
    } else if (entry.value.AsBool().value_or(true)) {
      AddStep(entry.key, entry.key_span, tools, out);
    }
  }
  return out;
}

bool IsWanted(const Wanted& wanted, std::string_view step) {
  return std::find(wanted.steps.begin(), wanted.steps.end(), step) != wanted.steps.end();
}

std::vector<std::string> TemplatesFor(const Wanted& wanted, const metadata::Column& raw, const YamlNode& value,
                                      RuleTools& tools) {
  std::vector<std::string> out;
  if (raw.type.kind == TypeKind::kTimestamp && !wanted.timezone.empty()) {
    out.push_back(fmt::format("@col AT TIME ZONE {}", grammar::QuoteString(wanted.timezone, tools.dialect())));
  }
  if (raw.type.kind != TypeKind::kText) return out;
  std::string_view done;
  for (const Form& form : kForms) {
    const bool here = form.dialect.empty() || form.dialect == tools.dialect().name;
    if (!here || form.name == done || !IsWanted(wanted, form.name)) continue;
    done = form.name;
    out.emplace_back(form.expr);
  }
  if (IsWanted(wanted, "unicode") && tools.dialect().name == "snowflake") {
    tools.Once(kUnknownNormalisation, value.span, "Snowflake has no function that normalises Unicode",
               "leave 'unicode' out");
  }
  return out;
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (call.value->is_null()) {
    ReportWrongType(*call.value, "normalise", "a list of steps, or a mapping", tools.diagnostics());
    return true;
  }
  const Wanted wanted = Read(*call.value, tools);
  bool matched = wanted.steps.empty() && wanted.timezone.empty();  // then that was reported
  for (DraftColumn& column : draft.columns) {
    if (column.raw == nullptr || !MatchesColumn(call.match, draft, column)) continue;
    for (const std::string& text : TemplatesFor(wanted, *column.raw, *call.value, tools)) {
      const grammar::Expr* const expr = tools.Template(text, call.value->span);
      if (expr == nullptr) continue;
      column.expr = tools.ForColumn(*expr, *column.expr, *draft.arena);
      column.span = call.value->span;
      column.replaced = matched = true;
    }
  }
  return matched;
}

}  // namespace

const StagingRule& NormaliseRule() {
  static constexpr StagingRule kRule{"normalise", "brings text into one form, and local times to a zone", Apply};
  return kRule;
}

}  // namespace wapc::compiler

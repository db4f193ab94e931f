#include <fmt/format.h>

#include <string>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

// What:  renames columns: strips or adds a prefix or a suffix (as whole strings), changes the case, or names one by
// one. Why:   sources repeat their own name in every column, and camel case needs quotes in SQL. Write: - rename:
// {strip_prefix: "sf_", case: snake}
//        - match: {table: flights}
//          rename: {columns: {dep_time: departed_at}}
namespace wapc::compiler {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kRenameCase{"rename-case", base::Severity::kError};
constexpr base::DiagnosticCode kRenameEmpty{"rename-empty", base::Severity::kError};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// "orderID" as order_id, "HTTPStatus" as http_status, "a-b c" as a_b_c.
std::string Snake(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool after_small = i > 0 && IsLowerOrDigit(name[i - 1]);
    const bool before_small = i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
    if (IsUpper(c) && !out.empty() && out.back() != '_' && (after_small || (before_small && IsUpper(name[i - 1])))) {
      out += '_';
    }
    out += c == '-' || c == ' ' || c == '.' ? '_' : ToLower(c);
  }
  return out;
}

std::string WithCase(std::string name, std::string_view wanted) {
  if (wanted == "snake") return Snake(name);
  for (char& c : name) c = wanted == "upper" ? ToUpper(c) : ToLower(c);
  return name;
}

// What one `rename:` mapping asks for.
struct Renaming {
  std::string strip_prefix, strip_suffix, prefix, suffix, letter_case;
  const YamlNode* columns = nullptr;
};

Renaming Read(const YamlNode& value, base::Diagnostics& diagnostics) {
  CheckKeys(value, {"strip_prefix", "strip_suffix", "prefix", "suffix", "case", "columns"}, "rename", diagnostics);
  Renaming out;
  out.strip_prefix = TextAt(value, "strip_prefix", diagnostics).value_or("");
  out.strip_suffix = TextAt(value, "strip_suffix", diagnostics).value_or("");
  out.prefix = TextAt(value, "prefix", diagnostics).value_or("");
  out.suffix = TextAt(value, "suffix", diagnostics).value_or("");
  out.letter_case = TextAt(value, "case", diagnostics).value_or("");
  out.columns = MapAt(value, "columns", diagnostics);
  if (const std::string& wanted = out.letter_case;
      !wanted.empty() && wanted != "snake" && wanted != "lower" && wanted != "upper") {
    diagnostics.Report(kRenameCase, value.Find("case")->span, fmt::format("there is no case '{}'", wanted))
        .Help("write snake, lower or upper");
    out.letter_case.clear();
  }
  return out;
}

std::string NewName(const Renaming& renaming, const DraftColumn& column) {
  std::string name = column.name;
  if (renaming.columns != nullptr) {
    const YamlNode* named = renaming.columns->Find(name);
    if (named != nullptr && named->is_scalar()) return named->scalar;
  }
  if (!renaming.strip_prefix.empty() && name.starts_with(renaming.strip_prefix)) {
    name.erase(0, renaming.strip_prefix.size());
  }
  if (!renaming.strip_suffix.empty() && name.ends_with(renaming.strip_suffix)) {
    name.resize(name.size() - renaming.strip_suffix.size());
  }
  if (!renaming.letter_case.empty()) name = WithCase(name, renaming.letter_case);
  return renaming.prefix + name + renaming.suffix;
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!call.value->is_map()) {
    ReportWrongType(*call.value, "rename", "a mapping", tools.diagnostics());
    return true;
  }
  const Renaming renaming = Read(*call.value, tools.diagnostics());
  bool matched = false;
  for (DraftColumn& column : draft.columns) {
    if (!MatchesColumn(call.match, draft, column)) continue;
    std::string name = NewName(renaming, column);
    if (name == column.name) continue;
    matched = true;
    if (name.empty()) {
      tools.diagnostics().Report(
          kRenameEmpty, call.value->span,
          fmt::format("this leaves nothing of the name of {}.{}", draft.table->name, column.name));
      continue;
    }
    column.name = std::move(name);
    column.span = call.value->span;
  }
  return matched;
}

}  // namespace

const StagingRule& RenameRule() {
  static constexpr StagingRule kRule{"rename", "renames columns by prefix, suffix, case, or one by one", Apply};
  return kRule;
}

}  // namespace wapc::compiler

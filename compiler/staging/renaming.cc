#include "compiler/staging/renaming.h"

#include <fmt/format.h>

#include "compiler/project/yaml_keys.h"

namespace wapc::compiler {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kRenameCase{"rename-case", base::Severity::kError};
constexpr base::DiagnosticCode kRenamePattern{"rename-pattern", base::Severity::kError};

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

void ReadPatterns(const YamlNode& patterns, RuleTools& tools, Renaming& out) {
  for (const base::YamlEntry& entry : patterns.entries) {
    try {
      out.patterns.push_back({std::regex(entry.key), entry.value.scalar});
    } catch (const std::regex_error& fault) {
      tools.Once(kRenamePattern, entry.key_span,
                 fmt::format("'{}' is no regular expression: {}", entry.key, fault.what()),
                 "write one as JavaScript has them, such as '^sf_(.+)$'");
    }
  }
}

}  // namespace

std::string Renaming::NewName(std::string_view old) const {
  std::string name(old);
  if (!strip_prefix.empty() && name.starts_with(strip_prefix)) name.erase(0, strip_prefix.size());
  if (!strip_suffix.empty() && name.ends_with(strip_suffix)) name.resize(name.size() - strip_suffix.size());
  for (const Pattern& pattern : patterns) name = std::regex_replace(name, pattern.what, pattern.with);
  if (!letter_case.empty()) name = WithCase(name, letter_case);
  return prefix + name + suffix;
}

std::vector<std::string_view> RenamingKeys() {
  return {"strip_prefix", "strip_suffix", "prefix", "suffix", "case", "patterns"};
}

Renaming ReadRenaming(const YamlNode& value, RuleTools& tools) {
  base::Diagnostics& diagnostics = tools.diagnostics();
  Renaming out;
  out.strip_prefix = TextAt(value, "strip_prefix", diagnostics).value_or("");
  out.strip_suffix = TextAt(value, "strip_suffix", diagnostics).value_or("");
  out.prefix = TextAt(value, "prefix", diagnostics).value_or("");
  out.suffix = TextAt(value, "suffix", diagnostics).value_or("");
  out.letter_case = TextAt(value, "case", diagnostics).value_or("");
  if (const YamlNode* const patterns = MapAt(value, "patterns", diagnostics)) ReadPatterns(*patterns, tools, out);
  if (const std::string& wanted = out.letter_case;
      !wanted.empty() && wanted != "snake" && wanted != "lower" && wanted != "upper") {
    tools.Once(kRenameCase, value.Find("case")->span, fmt::format("there is no case '{}'", wanted),
               "write snake, lower or upper");
    out.letter_case.clear();
  }
  return out;
}

}  // namespace wapc::compiler

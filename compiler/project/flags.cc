#include "compiler/project/flags.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <ranges>

#include "base/files.h"
#include "base/yaml.h"
#include "compiler/project/yaml_keys.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kFlagShape{"flag-shape", base::Severity::kError};
constexpr base::DiagnosticCode kFlagMatchesNothing{"flag-matches-nothing", base::Severity::kWarning};

bool Fits(std::string_view pattern, const std::string& name) {
  return ::fnmatch(std::string(pattern).c_str(), name.c_str(), 0) == 0;
}

void ReadFlag(const base::YamlNode& item, std::vector<Flag>& out, base::Diagnostics& diagnostics) {
  const bool one = item.is_map() && item.entries.size() == 1 && item.entries[0].value.is_scalar() &&
                   (item.entries[0].key == "disable" || item.entries[0].key == "enable");
  if (!one) {
    diagnostics.Report(kFlagShape, item.span, "a line of flags.yml is `disable: SELECTOR` or `enable: SELECTOR`")
        .Help("`wapc flags disable --select 'asana_*'` writes one");
    return;
  }
  out.push_back({item.entries[0].key == "enable", item.entries[0].value.scalar, item.entries[0].value.span});
}

bool Selects(const Flag& flag, const Model& model) { return FlagSelects(flag.selector, model); }

// Unquoted where YAML reads it as the same text.
std::string Scalar(const std::string& text) {
  const bool plain =
      !text.empty() &&
      std::all_of(text.begin(), text.end(),
                  [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '*'; }) &&
      text.front() != '*' && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

}  // namespace

std::vector<Flag> ReadFlags(const std::filesystem::path& folder, base::SourceMap& sources,
                            base::Diagnostics& diagnostics) {
  std::vector<Flag> out;
  auto text = base::ReadFile(folder / kFlagsFile);
  if (!text) return out;
  const base::SourceId source = sources.Add(std::string(kFlagsFile), std::move(*text));
  const auto root = base::ParseYaml(sources, source, diagnostics);
  if (!root || root->is_null()) return out;
  if (!root->is_sequence()) {
    ReportWrongType(*root, "flags.yml", "a list", diagnostics);
    return out;
  }
  for (const base::YamlNode& item : root->items) ReadFlag(item, out, diagnostics);
  return out;
}

bool FlagSelects(std::string_view selector, const Model& model) {
  constexpr std::string_view kTag = "tag:";
  constexpr std::string_view kSchema = "schema:";
  if (selector.starts_with(kTag)) {
    return std::any_of(model.tags.begin(), model.tags.end(),
                       [&](const std::string& tag) { return Fits(selector.substr(kTag.size()), tag); });
  }
  const metadata::Table* const raw = model.origin == Origin::kStaging ? model.raw_table : nullptr;
  if (selector.starts_with(kSchema)) {
    selector.remove_prefix(kSchema.size());
    return Fits(selector, model.schema) || (raw != nullptr && Fits(selector, model.raw_schema->dataset));
  }
  if (Fits(selector, model.name) || Fits(selector, model.table)) return true;
  return raw != nullptr && (Fits(selector, raw->name) || Fits(selector, model.raw_schema->dataset + "." + raw->name));
}

const Flag* DecidingFlag(const std::vector<Flag>& flags, const Model& model) {
  const auto last = std::find_if(flags.rbegin(), flags.rend(), [&](const Flag& flag) { return Selects(flag, model); });
  return last == flags.rend() ? nullptr : &*last;
}

bool TurnOff(Model& model, Project& project) {
  if (project.flags.empty()) return false;
  for (Flag& flag : project.flags) flag.matched |= Selects(flag, model);
  const Flag* const flag = DecidingFlag(project.flags, model);
  if (flag == nullptr || flag->enable) return false;
  const std::string name = model.name;
  project.disabled.insert_or_assign(name, DisabledModel{*flag, std::move(model)});
  return true;
}

void CheckFlags(const Project& project, base::Diagnostics& diagnostics) {
  for (const Flag& flag : project.flags) {
    if (flag.matched) continue;
    diagnostics.Report(kFlagMatchesNothing, flag.span, fmt::format("'{}' names no model", flag.selector))
        .Help(fmt::format("mend it, or remove it: wapc flags delete --select '{}'", flag.selector));
  }
}

std::string EditFlags(std::string text, const std::vector<Flag>& before, const std::vector<Flag>& after) {
  const auto is_kept = [&after](const Flag& flag) {
    return std::any_of(after.begin(), after.end(), [&flag](const Flag& other) {
      return other.span.known() && other.span.begin == flag.span.begin;
    });
  };
  for (const Flag& flag : std::ranges::reverse_view(before)) {
    if (is_kept(flag)) continue;
    const size_t newline = text.rfind('\n', flag.span.begin);
    const size_t begin = newline == std::string::npos ? 0 : newline + 1;
    const size_t end = text.find('\n', flag.span.begin);
    text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
  }
  if (text.empty()) text = "# Models that are off (wapc flags). The last line that names a model decides.\n";
  if (text.back() != '\n') text += '\n';
  for (const Flag& flag : after) {
    if (flag.span.known()) continue;
    text += fmt::format("- {}: {}\n", flag.enable ? "enable" : "disable", Scalar(flag.selector));
  }
  return text;
}

}  // namespace wapc::compiler

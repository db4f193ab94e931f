#include "cli/pull_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace wapc::cli {
namespace {

using Json = nlohmann::ordered_json;
using metadata::ChangeKind;
using metadata::KeptPart;
using metadata::SchemaChange;

constexpr base::DiagnosticCode kSchemaChange{"schema-change", base::Severity::kInfo};
constexpr base::DiagnosticCode kBreakingChange{"breaking-change", base::Severity::kWarning};
constexpr base::DiagnosticCode kContractBroken{"contract-broken", base::Severity::kError};
constexpr base::DiagnosticCode kContractForced{"contract-broken", base::Severity::kWarning};
constexpr base::DiagnosticCode kKeptMetadata{"kept-metadata", base::Severity::kInfo};

constexpr std::string_view kHowToAgree =
    "agree on the change, then loosen the contract, or take what there is this once with `wapc pull --force`";

std::string NameOf(const SchemaChange& change) {
  return change.column.empty() ? change.table : change.table + "." + change.column;
}

bool IsGone(const SchemaChange& change) {
  return change.kind == ChangeKind::kTableRemoved || change.kind == ChangeKind::kColumnRemoved;
}

bool IsNew(const SchemaChange& change) {
  return change.kind == ChangeKind::kTableAdded || change.kind == ChangeKind::kColumnAdded;
}

// "decimal(18,2) -> decimal(10,2)", "text", "primary key -> nothing".
std::string Values(const SchemaChange& change) {
  if (IsNew(change)) return change.after;
  if (IsGone(change)) return change.before;
  const auto shown = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
  return fmt::format("{} -> {}", shown(change.before), shown(change.after));
}

std::string What(const SchemaChange& change) {
  std::string out(ToString(change.kind));
  std::replace(out.begin(), out.end(), '-', ' ');
  return change.breaking ? out + ", breaking" : out;
}

std::string ModelText(const compiler::TouchedModel& model) {
  if (model.columns.empty()) return fmt::format("{} (in a condition)", model.model);
  return fmt::format("{} ({})", model.model, fmt::join(model.columns, ", "));
}

std::string ModelsText(const std::vector<compiler::TouchedModel>& models) {
  std::vector<std::string> out;
  out.reserve(models.size());
  for (const compiler::TouchedModel& model : models) out.push_back(ModelText(model));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string KeptText(const KeptPart& kept) {
  using What = KeptPart::What;
  switch (kept.what) {
    case What::kTable: return fmt::format("the table {} is gone upstream and stays here until --prune", kept.path);
    case What::kColumn: return fmt::format("the column {} is gone upstream and stays here until --prune", kept.path);
    case What::kDescription:
    case What::kHint: break;
  }
  return fmt::format("{} is not what upstream says; this file's is kept", kept.path);
}

char Sign(const SchemaChange& change) { return IsNew(change) ? '+' : IsGone(change) ? '-' : '~'; }

std::string Version(const metadata::PulledFile& file) {
  if (file.is_new) return fmt::format("version {}, new", file.version_after);
  if (file.version_before == file.version_after) return fmt::format("version {}", file.version_after);
  return fmt::format("version {} -> {}", file.version_before, file.version_after);
}

std::string EntryText(const PullEntry& entry) {
  const metadata::PulledFile& file = entry.file;
  std::string out = fmt::format("{}: dlt schema {}, {}\n", file.path.generic_string(), file.name, Version(file));
  size_t width = 0;
  for (const PullChange& one : entry.changes) width = std::max(width, NameOf(one.change).size());
  for (const PullChange& one : entry.changes) {
    out += fmt::format("  {} {:<{}}  {}  [{}]\n", Sign(one.change), NameOf(one.change), width, Values(one.change),
                       What(one.change));
    if (!one.change.refused.empty()) out += fmt::format("      refused by {}\n", one.change.refused);
    if (!one.models.empty()) out += fmt::format("      touches {}\n", ModelsText(one.models));
  }
  for (const KeptPart& kept : file.kept) out += fmt::format("  = {}\n", KeptText(kept));
  return out;
}

struct Counts {
  size_t files = 0;
  size_t changes = 0;
  size_t breaking = 0;
};

Counts Count(const PullReport& report) {
  Counts out;
  for (const PullEntry& entry : report.entries) {
    out.files += entry.file.differs ? 1 : 0;
    out.changes += entry.changes.size();
    out.breaking += static_cast<size_t>(std::count_if(entry.changes.begin(), entry.changes.end(),
                                                      [](const PullChange& one) { return one.change.breaking; }));
  }
  return out;
}

std::string Plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string Done(const PullReport& report, const Counts& counts) {
  if (report.refused) return "nothing written";
  if (counts.files == 0) return "up to date";
  return fmt::format("{} {}", Plural(counts.files, "file"), report.check ? "out of date" : "written");
}

Json ModelsJson(const std::vector<compiler::TouchedModel>& models) {
  Json out = Json::array();
  for (const compiler::TouchedModel& model : models)
    out.push_back({{"model", model.model}, {"columns", model.columns}});
  return out;
}

const base::DiagnosticCode& CodeOf(const SchemaChange& change, bool forced) {
  if (!change.refused.empty()) return forced ? kContractForced : kContractBroken;
  return change.breaking ? kBreakingChange : kSchemaChange;
}

Json ChangeJson(const PullChange& one) {
  const SchemaChange& change = one.change;
  Json out = {{"code", CodeOf(change, false).name},
              {"kind", ToString(change.kind)},
              {"table", change.table},
              {"column", change.column.empty() ? Json(nullptr) : Json(change.column)},
              {"before", change.before.empty() ? Json(nullptr) : Json(change.before)},
              {"after", change.after.empty() ? Json(nullptr) : Json(change.after)},
              {"breaking", change.breaking},
              {"refused_by", change.refused.empty() ? Json(nullptr) : Json(change.refused)},
              {"models", ModelsJson(one.models)}};
  return out;
}

void AddChange(const PullEntry& entry, const PullChange& one, bool forced, base::Diagnostics& diagnostics) {
  const SchemaChange& change = one.change;
  std::string message = fmt::format("{}: {} [{}]", NameOf(change), Values(change), What(change));
  if (!one.models.empty()) message += fmt::format("; touches {}", ModelsText(one.models));
  const base::Span place = change.refused.empty() ? change.span : change.contract;
  if (!place.known()) message.insert(0, entry.file.path.generic_string() + ": ");
  auto report = diagnostics.Report(CodeOf(change, forced), place, std::move(message));
  if (change.refused.empty()) return;
  report.Note({}, fmt::format("refused by {}", change.refused));
  if (change.span.known()) report.Note(change.span, "what changed");
  if (!forced) report.Help(std::string(kHowToAgree));
}

}  // namespace

std::string PullText(const PullReport& report) {
  std::string out;
  for (const std::string& path : report.unchanged) out += fmt::format("{}: up to date\n", path);
  for (const PullEntry& entry : report.entries) out += EntryText(entry);
  if (report.models_unknown) out += "the project has errors, so some models that are touched may be missing here\n";
  const Counts counts = Count(report);
  return out +
         fmt::format("{}, {} breaking; {}\n", Plural(counts.changes, "change"), counts.breaking, Done(report, counts));
}

std::string PullJson(const PullReport& report, const std::string& messages) {
  Json files = Json::array();
  for (const PullEntry& entry : report.entries) {
    Json changes = Json::array();
    for (const PullChange& one : entry.changes) changes.push_back(ChangeJson(one));
    Json kept = Json::array();
    for (const KeptPart& part : entry.file.kept) {
      kept.push_back({{"code", kKeptMetadata.name}, {"path", part.path}, {"text", KeptText(part)}});
    }
    files.push_back({{"path", entry.file.path.generic_string()},
                     {"schema", entry.file.name},
                     {"version_before", entry.file.is_new ? Json(nullptr) : Json(entry.file.version_before)},
                     {"version_after", entry.file.version_after},
                     {"differs", entry.file.differs},
                     {"changes", changes},
                     {"kept", kept}});
  }
  const bool written = !report.refused && !report.check && Count(report).files > 0;
  Json out = {{"files", files},
              {"unchanged", report.unchanged},
              {"models_complete", !report.models_unknown},
              {"messages", Json::parse(messages)},
              {"refused", report.refused},
              {"written", written}};
  return out.dump(2) + "\n";
}

void AddPullDiagnostics(const PullReport& report, bool forced, base::Diagnostics& diagnostics) {
  for (const PullEntry& entry : report.entries) {
    for (const PullChange& one : entry.changes) AddChange(entry, one, forced, diagnostics);
    for (const KeptPart& part : entry.file.kept) diagnostics.Report(kKeptMetadata, part.span, KeptText(part));
  }
}

void AddContractErrors(const PullReport& report, base::Diagnostics& diagnostics) {
  for (const PullEntry& entry : report.entries) {
    std::map<uint32_t, std::vector<const SchemaChange*>> by_contract;
    for (const PullChange& one : entry.changes) {
      if (!one.change.refused.empty()) by_contract[one.change.contract.begin].push_back(&one.change);
    }
    for (const auto& [place, changes] : by_contract) {
      auto error =
          diagnostics.Report(kContractBroken, changes[0]->contract,
                             fmt::format("the {} refuses {}", changes[0]->refused, Plural(changes.size(), "change")));
      for (const SchemaChange* const change : changes) {
        error.Note(change->span, fmt::format("{}: {} [{}]", NameOf(*change), Values(*change), What(*change)));
      }
      error.Help(std::string(kHowToAgree));
    }
  }
}

}  // namespace wapc::cli

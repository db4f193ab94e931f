#include "cli/plan_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace wapc::cli {

using runtime::Category;
using runtime::PlanModel;

namespace {

struct Sign {
  char sign;
  std::string_view color;
};

Sign SignOf(Category category) {
  switch (category) {
    case Category::kAdded: return {'+', "\x1b[32m"};
    case Category::kDirect:
    case Category::kIndirect: return {'~', "\x1b[33m"};
    case Category::kLoads:
    case Category::kIntervals:
    case Category::kDue:
    case Category::kRestated: return {'>', "\x1b[36m"};
    case Category::kMetadata:
    case Category::kAudits: return {'=', "\x1b[34m"};
    case Category::kRemoved: return {'-', "\x1b[31m"};
  }
  return {'?', ""};
}

std::string Plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

// What the change means, why, and how many rows make room.
std::string ReasonText(const PlanModel& model) {
  std::string out;
  if (model.impact != runtime::Impact::kNone && model.impact != runtime::Impact::kMetadata) {
    out = fmt::format("{}: ", runtime::ToString(model.impact));
  }
  out += model.reason;
  if (model.replaced_rows > 0)
    out += fmt::format("; replaces {}", Plural(static_cast<size_t>(model.replaced_rows), "row"));
  return out;
}

std::string ModelLines(const runtime::Plan& plan, bool color) {
  size_t widest = 0;
  size_t widest_kind = 0;
  for (const PlanModel& model : plan.models) {
    widest = std::max(widest, model.model.size());
    widest_kind = std::max(widest_kind, model.kind.size());
  }
  std::string out;
  for (const PlanModel& model : plan.models) {
    const Sign sign = SignOf(model.category);
    out += fmt::format("  {}{}{} {:<{}}  {:<{}}  {}\n", color ? sign.color : "", sign.sign, color ? "\x1b[0m" : "",
                       model.model, widest, model.kind, widest_kind, ReasonText(model));
  }
  return out;
}

// How many models keep their tables below a change, and each that was left out.
std::string KeptLines(const runtime::Plan& plan) {
  std::string out;
  size_t below = 0;
  for (const runtime::PlanKept& kept : plan.kept) {
    if (kept.reason.starts_with("reads ")) {
      ++below;
    } else {
      out += fmt::format("    {}: {}\n", kept.model, kept.reason);
    }
  }
  if (below == 0) return out;
  return out + fmt::format("  {} below what changed {} its table: none of what it reads can differ\n",
                           Plural(below, "model"), below == 1 ? "keeps" : "keep");
}

// What is published together or not at all, where not everything is.
std::string GroupsText(const runtime::Plan& plan) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> groups;
  for (const PlanModel& model : plan.models) {
    if (model.group.empty()) continue;
    std::vector<std::string>& members = groups[model.group];
    if (members.empty()) names.push_back(model.group);
    members.push_back(model.model);
  }
  std::string out;
  for (const std::string& name : names) {
    out += fmt::format("  together or not at all: {}\n", fmt::join(groups[name], ", "));
  }
  return out;
}

std::string_view HowPublished(const runtime::Plan& plan) {
  if (plan.publish == "schema") return "each schema by itself";
  return plan.publish == "independent" ? "each by itself" : "at once";
}

size_t AuditCount(const runtime::Plan& plan) {
  size_t out = 0;
  for (const PlanModel& model : plan.models) out += model.audits.size();
  return out;
}

}  // namespace

std::string PlanText(const runtime::Plan& plan, const std::string& file, bool color) {
  if (plan.empty()) {
    return fmt::format("Nothing to do: {} already serves this project ({} unchanged).\n", plan.environment,
                       Plural(static_cast<size_t>(plan.unchanged), "model"));
  }
  std::string out = fmt::format("Plan for {}: {} to publish {}, {}, {} unchanged\n", plan.environment,
                                Plural(plan.models.size(), "model"), HowPublished(plan),
                                Plural(AuditCount(plan), "audit"), plan.unchanged);
  out += ModelLines(plan, color) + KeptLines(plan) + GroupsText(plan);
  return out + fmt::format("Written to {}. Nothing has changed yet; go on with: wapc apply {}\n", file, file);
}

std::string RunText(const runtime::Plan& plan, bool color) {
  return fmt::format("{}: {} to fill, {}\n", plan.environment, Plural(plan.models.size(), "model"),
                     Plural(AuditCount(plan), "audit")) +
         ModelLines(plan, color);
}

}  // namespace wapc::cli

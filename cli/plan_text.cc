#include "cli/plan_text.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::string PlanText(const runtime::Plan& plan, const std::string& file, bool color) {
  if (plan.empty()) {
    return fmt::format("Nothing to do: {} already serves this project ({} unchanged).\n", plan.environment,
                       Plural(static_cast<size_t>(plan.unchanged), "model"));
  }
  size_t widest = 0;
  size_t widest_kind = 0;
  size_t audits = 0;
  for (const PlanModel& model : plan.models) {
    widest = std::max(widest, model.model.size());
    widest_kind = std::max(widest_kind, model.kind.size());
    audits += model.audits.size();
  }
  std::string out = fmt::format("Plan for {}: {} to publish at once, {}, {} unchanged\n", plan.environment,
                                Plural(plan.models.size(), "model"), Plural(audits, "audit"), plan.unchanged);
  for (const PlanModel& model : plan.models) {
    const Sign sign = SignOf(model.category);
    out += fmt::format("  {}{}{} {:<{}}  {:<{}}  {}\n", color ? sign.color : "", sign.sign, color ? "\x1b[0m" : "",
                       model.model, widest, model.kind, widest_kind, ReasonText(model));
  }
  if (!plan.kept.empty()) {
    out += fmt::format("  {} below what changed {} its table: none of what it reads can differ\n",
                       Plural(plan.kept.size(), "model"), plan.kept.size() == 1 ? "keeps" : "keep");
  }
  return out + fmt::format("Written to {}. Nothing has changed yet; go on with: wapc apply {}\n", file, file);
}

}  // namespace wapc::cli

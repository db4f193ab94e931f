#include "compiler/cache/plan_cache.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/bytes.h"
#include "base/files.h"
#include "compiler/cache/cache_file.h"
#include "compiler/cache/inputs.h"
#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

fs::path CachePath(const fs::path& folder) { return folder / ".wapc" / "plan.cache"; }

template <class AnySchedule>
auto TextsOf(AnySchedule& schedule) {
  return std::array{&schedule.cron, &schedule.cron_tz, &schedule.interval_unit, &schedule.start, &schedule.end};
}

Moment DueEnd(const EmptyPlan::Schedule& schedule, Moment now) {
  Model model;
  model.cron = schedule.cron;
  model.cron_tz = schedule.cron_tz;
  model.interval_unit = schedule.interval_unit;
  model.start = schedule.start;
  model.end = schedule.end;
  return DueRange(model, now).end;
}

void Write(const EmptyPlan& plan, base::ByteWriter& out) {
  out.Text(plan.environment);
  out.Text(plan.state);
  out.Text(plan.text);
  out.Number(plan.unchanged);
  out.Number(plan.datasets.size());
  for (const std::string& dataset : plan.datasets) out.Text(dataset);
  out.Number(plan.schedules.size());
  for (const EmptyPlan::Schedule& schedule : plan.schedules) {
    for (const std::string* const text : TextsOf(schedule)) {
      out.Text(*text);
    }
    out.Number(static_cast<uint64_t>(schedule.due));
  }
}

EmptyPlan Read(base::ByteReader& in) {
  EmptyPlan out;
  out.environment = in.Text();
  out.state = in.Text();
  out.text = in.Text();
  out.unchanged = in.Number();
  for (uint64_t i = in.Number(); i > 0 && in.ok(); --i) out.datasets.emplace_back(in.Text());
  for (uint64_t i = in.Number(); i > 0 && in.ok(); --i) {
    EmptyPlan::Schedule& schedule = out.schedules.emplace_back();
    for (std::string* const text : TextsOf(schedule)) {
      *text = in.Text();
    }
    schedule.due = static_cast<Moment>(in.Number());
  }
  return out;
}

}  // namespace

std::vector<EmptyPlan::Schedule> SchedulesOf(const Project& project, Moment now) {
  std::set<std::array<std::string, 5>> seen;
  std::vector<EmptyPlan::Schedule> out;
  for (const Model& model : project.models) {
    if (!HasIntervals(model.kind)) continue;
    if (!seen.insert({model.cron, model.cron_tz, model.interval_unit, model.start, model.end}).second) continue;
    out.push_back({model.cron, model.cron_tz, model.interval_unit, model.start, model.end, DueRange(model, now).end});
  }
  return out;
}

bool NothingCame(const EmptyPlan& plan, Moment now) {
  return std::all_of(plan.schedules.begin(), plan.schedules.end(),
                     [now](const EmptyPlan::Schedule& schedule) { return DueEnd(schedule, now) == schedule.due; });
}

std::optional<EmptyPlan> PlannedBefore(const fs::path& folder, const Environment& environment) {
  const auto bytes = base::ReadFile(CachePath(folder));
  if (!bytes) return std::nullopt;
  base::ByteReader in(*bytes);
  if (in.Text() != IdentityOf(environment)) return std::nullopt;
  const auto written = static_cast<int64_t>(in.Number());
  EmptyPlan plan = Read(in);
  const Inputs before = ReadInputs(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  std::vector<std::string> paths;
  paths.reserve(before.size());
  for (const auto& [path, file] : before) paths.push_back(path);
  Inputs now = StampInputs(folder, paths);
  if (!ChangedInputs(folder, before, written, now).empty()) return std::nullopt;
  return plan;
}

void KeepPlanned(const fs::path& folder, const Environment& environment, const base::SourceMap& sources,
                 int64_t started, const EmptyPlan& plan) {
  Inputs inputs = StampInputs(folder, {});
  CompleteInputs(folder, sources, inputs);
  base::ByteWriter out;
  out.Text(IdentityOf(environment));
  out.Number(static_cast<uint64_t>(started));
  Write(plan, out);
  WriteInputs(inputs, out);
  // A cache that cannot be written is no error: the next plan is made in whole, then.
  static_cast<void>(base::WriteFileAtomic(CachePath(folder), out.bytes()));
}

}  // namespace wapc::compiler

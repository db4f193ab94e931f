#include "compiler/plan/freshness.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/plan/kind.h"
#include "compiler/project/cron.h"

namespace wapc::compiler {

using runtime::Batch;
using runtime::BuildRecord;
using runtime::LoadId;

namespace {

bool CameSince(std::string_view cron, Moment now, const runtime::State& state, const std::string& build_id) {
  const auto schedule = Cron::Read(cron);
  if (!schedule) return false;
  const auto evaluated = state.evaluations.find(build_id);
  return evaluated == state.evaluations.end() || evaluated->second < schedule->Last(now);
}

}  // namespace

bool Freshness::Behind(const Model& model, const BuildRecord& build, const std::set<std::string>& datasets) const {
  if (HasIntervals(model.kind)) {
    const std::vector<TimeRange> held = HeldRanges(build.build_id);
    return !MissingRanges(RangeOf(model, held), held).empty();
  }
  const KindPlan* const kind = FindKindPlan(model.kind);
  const bool keeps_loads = kind != nullptr && kind->keeps_loads;
  return std::any_of(datasets.begin(), datasets.end(), [&](const std::string& dataset) {
    const auto complete = state_.complete_loads.find(dataset);
    if (complete == state_.complete_loads.end()) return false;
    if (!keeps_loads) {
      const auto digest = build.loads_digests.find(dataset);
      return digest == build.loads_digests.end() || digest->second != runtime::LoadsDigest(complete->second);
    }
    std::vector<LoadId> held;
    if (const auto table = state_.table_loads.find(build.build_id); table != state_.table_loads.end()) {
      if (const auto loads = table->second.find(dataset); loads != table->second.end()) held = loads->second;
    }
    return !std::includes(held.begin(), held.end(), complete->second.begin(), complete->second.end());
  });
}

std::string Freshness::BehindText(const Model& model, const std::set<std::string>& datasets) {
  if (HasIntervals(model.kind)) return "new intervals are over";
  return fmt::format("new complete loads of {}", fmt::join(datasets, ", "));
}

bool Freshness::Due(const Model& model, const BuildRecord& build) const {
  return CameSince(model.cron.empty() ? "@daily" : model.cron, options_.moment, state_, build.build_id);
}

bool Freshness::RestatesItself(const Model& model, const BuildRecord& build) const {
  return CameSince(model.properties.auto_restatement_cron, options_.moment, state_, build.build_id);
}

// A schedule that is not asked for leaves whole intervals that are over.
TimeRange Freshness::DueOf(const Model& model) const {
  TimeRange due = DueRange(model, options_.moment);
  if (options_.ignore_cron && model.end.empty()) due.end = std::max(due.end, FloorTo(UnitOf(model), options_.moment));
  return due;
}

// An environment of its own may have begun later than the model does, and goes on from there.
TimeRange Freshness::RangeOf(const Model& model, const std::vector<TimeRange>& held) const {
  TimeRange due = DueOf(model);
  if (options_.environment == "prod") return due;
  const IntervalUnit unit = UnitOf(model);
  if (!held.empty()) due.start = std::max(due.start, held.front().start);
  if (options_.start) {
    const Moment start = FloorTo(unit, *options_.start);
    due.start = held.empty() ? std::max(due.start, start) : std::max(DueOf(model).start, std::min(due.start, start));
  }
  if (options_.end) due.end = std::min(due.end, FloorTo(unit, *options_.end));
  due.end = std::max(due.end, due.start);
  return due;
}

std::vector<TimeRange> Freshness::HeldRanges(const std::string& build_id) const {
  const auto found = state_.intervals.find(build_id);
  return found == state_.intervals.end() ? std::vector<TimeRange>{} : JoinedRanges(found->second);
}

std::vector<Batch> Freshness::Missing(const Model& model, const std::string& build) const {
  const std::vector<TimeRange> held = HeldRanges(build);
  const TimeRange due = RangeOf(model, held);
  return BatchesOf(model, due, MissingRanges(due, held));
}

std::vector<Batch> Freshness::MissingAndFrom(const Model& model, const std::string& build, Moment from) const {
  std::vector<TimeRange> held = HeldRanges(build);
  const TimeRange due = RangeOf(model, held);
  const Moment start = FloorTo(UnitOf(model), from);
  for (TimeRange& range : held) range.end = std::min(range.end, start);
  std::erase_if(held, [](const TimeRange& range) { return range.start >= range.end; });
  return BatchesOf(model, due, MissingRanges(due, held));
}

std::vector<Batch> Freshness::Restated(const Model& model) const {
  const IntervalUnit unit = UnitOf(model);
  TimeRange due = DueOf(model);
  if (options_.start) due.start = std::max(due.start, FloorTo(unit, *options_.start));
  if (options_.end) due.end = std::min(due.end, FloorTo(unit, *options_.end));
  return BatchesOf(model, due, MissingRanges(due, {}));
}

Moment Freshness::RestatesFrom(const Model& model) const {
  const TimeRange due = DueOf(model);
  const int count = model.properties.auto_restatement_intervals;
  return count == 0 ? due.start : std::max(due.start, Advance(UnitOf(model), due.end, -count));
}

bool Freshness::LosesIntervals(const Model& model, const std::string& build) const {
  if (!HasIntervals(model.kind)) return false;
  const TimeRange due = RangeOf(model, {});
  const std::vector<TimeRange> held = HeldRanges(build);
  return std::any_of(held.begin(), held.end(),
                     [&](const TimeRange& range) { return range.start < due.start || range.end > due.end; });
}

std::string BatchesText(const std::vector<Batch>& batches) {
  constexpr size_t kMinutes = 16;
  const std::string_view start = std::string_view(batches.front().start).substr(0, kMinutes);
  const std::string_view end = std::string_view(batches.back().end).substr(0, kMinutes);
  const std::string times = batches.size() == 1 ? "" : fmt::format(" in {} batches", batches.size());
  return fmt::format("fills {} to {}{}", start, end, times);
}

}  // namespace wapc::compiler

#include "compiler/plan/intervals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "compiler/plan/emit.h"
#include "compiler/project/cron.h"
#include "compiler/project/zone.h"

namespace wapc::compiler {
namespace {

constexpr Moment kMinute = Moment{60} * 1'000'000;
constexpr Moment kHour = 60 * kMinute;
constexpr Moment kDay = 24 * kHour;

struct UnitRule {
  std::string_view name;
  IntervalUnit unit;
  Moment length;  ///< of years and months the shortest
};

// The longest first.
constexpr std::array<UnitRule, 7> kUnits = {{{"year", IntervalUnit::kYear, 365 * kDay},
                                             {"month", IntervalUnit::kMonth, 28 * kDay},
                                             {"day", IntervalUnit::kDay, kDay},
                                             {"hour", IntervalUnit::kHour, kHour},
                                             {"half_hour", IntervalUnit::kHalfHour, 30 * kMinute},
                                             {"quarter_hour", IntervalUnit::kQuarterHour, 15 * kMinute},
                                             {"five_minute", IntervalUnit::kFiveMinutes, 5 * kMinute}}};

Moment LengthOf(IntervalUnit unit) {
  return std::find_if(kUnits.begin(), kUnits.end(), [unit](const UnitRule& rule) { return rule.unit == unit; })->length;
}

std::chrono::year_month_day DateOf(Moment moment) {
  return std::chrono::sys_days{std::chrono::days((moment - ((moment % kDay) + kDay) % kDay) / kDay)};
}

Moment FirstOf(std::chrono::year_month month) {
  return std::chrono::sys_days{month / 1}.time_since_epoch().count() * kDay;
}

// The shortest time between two of the last times that a schedule was due; a year of days holds every odd month.
Moment ShortestGap(const Cron& cron) {
  constexpr int kSamples = 400;
  Moment at = cron.Last(FirstOf(std::chrono::year(2024) / 1));
  Moment shortest = 366 * kDay;
  for (int i = 0; i < kSamples; ++i) {
    const Moment before = cron.Last(at - kMinute);
    shortest = std::min(shortest, at - before);
    at = before;
  }
  return shortest;
}

std::string_view CronTextOf(const Model& model) { return model.cron.empty() ? "@daily" : std::string_view(model.cron); }

}  // namespace

Moment FloorTo(IntervalUnit unit, Moment moment) {
  const std::chrono::year_month_day date = DateOf(moment);
  if (unit == IntervalUnit::kYear) return FirstOf(date.year() / 1);
  if (unit == IntervalUnit::kMonth) return FirstOf(date.year() / date.month());
  const Moment length = LengthOf(unit);
  return moment - ((moment % length) + length) % length;
}

Moment Advance(IntervalUnit unit, Moment start, int intervals) {
  const std::chrono::year_month_day date = DateOf(start);
  const std::chrono::year_month month = date.year() / date.month();
  if (unit == IntervalUnit::kYear) return FirstOf(month + std::chrono::years(intervals));
  if (unit == IntervalUnit::kMonth) return FirstOf(month + std::chrono::months(intervals));
  return start + intervals * LengthOf(unit);
}

IntervalUnit UnitOf(const Model& model) {
  for (const UnitRule& rule : kUnits) {
    if (rule.name == model.interval_unit) return rule.unit;
  }
  const auto cron = Cron::Read(CronTextOf(model));
  const Moment gap = cron ? ShortestGap(*cron) : kDay;
  for (const UnitRule& rule : kUnits) {
    if (rule.length <= gap) return rule.unit;
  }
  return IntervalUnit::kFiveMinutes;
}

TimeRange DueRange(const Model& model, Moment now) {
  const IntervalUnit unit = UnitOf(model);
  const auto cron = Cron::Read(CronTextOf(model));
  const auto zone = Zone::Find(model.cron_tz);
  Moment end = cron && zone ? zone->LastDue(*cron, now) : now;
  if (!model.allow_partials) end = FloorTo(unit, end);
  if (const auto last = ReadMoment(model.end, true)) end = std::min(end, FloorTo(unit, *last + 1));
  const Moment start = FloorTo(unit, StartOf(model.start));
  return {start, std::max(start, end)};
}

std::vector<TimeRange> MissingRanges(TimeRange due, const std::vector<TimeRange>& held) {
  std::vector<TimeRange> out;
  Moment at = due.start;
  for (const TimeRange& range : held) {
    if (range.start > at) out.push_back({at, std::min(range.start, due.end)});
    at = std::max(at, range.end);
    if (at >= due.end) break;
  }
  if (at < due.end) out.push_back({at, due.end});
  std::erase_if(out, [](const TimeRange& range) { return range.start >= range.end; });
  return out;
}

std::vector<runtime::Batch> BatchesOf(const Model& model, TimeRange due, std::vector<TimeRange> missing) {
  const IntervalUnit unit = UnitOf(model);
  if (!missing.empty() && missing.back().end == due.end) {
    const Moment start = FloorTo(unit, missing.back().start);  // what was filled in part is filled again
    const Moment from = std::max(due.start, Advance(unit, start, -model.properties.lookback));
    missing.back().start = from;
    while (missing.size() > 1 && missing[missing.size() - 2].end >= from) {
      missing[missing.size() - 2].end = due.end;
      missing.pop_back();
    }
  }
  std::vector<runtime::Batch> out;
  for (const TimeRange& range : missing) {
    for (Moment at = range.start; at < range.end;) {
      // What reads itself has to find each interval before the next.
      const int size = model.reads_itself ? 1 : model.properties.batch_size;
      const Moment end = size == 0 ? range.end : std::min(range.end, Advance(unit, at, size));
      out.push_back({MomentText(at), MomentText(end), MomentText(end - 1)});
      at = end;
    }
  }
  return out;
}

std::optional<RuntimeVariable::Form> TimeForm(const Model& model) {
  using Form = RuntimeVariable::Form;
  const Column* const column = model.Find(model.properties.time_column);
  if (column == nullptr) return std::nullopt;
  const std::string& format = model.properties.time_format;
  switch (column->type.kind) {
    case metadata::TypeKind::kDate: return Form::kDate;
    case metadata::TypeKind::kTimestamp: return Form::kDtntz;
    case metadata::TypeKind::kTimestampTz: return Form::kDt;
    case metadata::TypeKind::kText:
      return format.empty() || format == "%Y-%m-%d" ? std::optional(Form::kDs) : std::nullopt;
    default: return std::nullopt;
  }
}

std::string InBatches(const Model& model, const std::vector<runtime::Batch>& batches, std::string_view alias,
                      const Project& project) {
  const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(model)};
  const std::string column = fmt::format("{}.{}", alias, Quoted(model.properties.time_column, project));
  std::vector<std::string> out;
  for (size_t i = 0; i < batches.size(); ++i) {
    const std::string& start = batches[i].start;
    while (i + 1 < batches.size() && batches[i + 1].start == batches[i].end) ++i;
    out.push_back(fmt::format("({} >= {} AND {} < {})", column, RuntimeLiteral(time, *ReadMoment(start, false)), column,
                              RuntimeLiteral(time, *ReadMoment(batches[i].end, false))));
  }
  return fmt::format("{}", fmt::join(out, " OR "));
}

std::string MomentText(Moment moment) {
  const RuntimeVariable text{RuntimeVariable::Moment::kStart, RuntimeVariable::Form::kDs};
  const Moment rest = ((moment % kDay) + kDay) % kDay;
  const std::string quoted = RuntimeLiteral(text, moment);
  return fmt::format("{} {:02}:{:02}:{:02}.{:06}+00", std::string_view(quoted).substr(1, quoted.size() - 2),
                     rest / kHour, rest / kMinute % 60, rest / 1'000'000 % 60, rest % 1'000'000);
}

std::vector<TimeRange> JoinedRanges(const std::vector<runtime::Interval>& intervals) {
  std::vector<TimeRange> all;
  for (const runtime::Interval& interval : intervals) all.push_back({interval.start, interval.end});
  std::sort(all.begin(), all.end(), [](const TimeRange& a, const TimeRange& b) { return a.start < b.start; });
  std::vector<TimeRange> out;
  for (const TimeRange& range : all) {
    if (!out.empty() && range.start <= out.back().end) {
      out.back().end = std::max(out.back().end, range.end);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

}  // namespace wapc::compiler

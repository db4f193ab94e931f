#ifndef WAPC_COMPILER_PLAN_INTERVALS_H_
#define WAPC_COMPILER_PLAN_INTERVALS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir.h"
#include "compiler/macros/moment.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// How long the intervals of a model are, as in `interval_unit`.
enum class IntervalUnit : uint8_t { kYear, kMonth, kDay, kHour, kHalfHour, kQuarterHour, kFiveMinutes };

/// A half-open range of time.
struct TimeRange {
  Moment start = 0;
  Moment end = 0;
  bool operator==(const TimeRange&) const = default;
};

/// The beginning of the interval that a moment lies in, and the beginnings of those some intervals before and after it.
Moment FloorTo(IntervalUnit unit, Moment moment);
Moment Advance(IntervalUnit unit, Moment start, int intervals);

/// Of a time-range model: its `interval_unit`, else the longest that fits between two times it is due, as in SQLMesh.
/// Its cron must be one that Cron reads.
IntervalUnit UnitOf(const Model& model);

/// The intervals that a model should hold at `now`: from its start to the last one that was over when it was last due.
/// Empty (start = end) when there is none.
TimeRange DueRange(const Model& model, Moment now);

/// What of `due` is in none of `held` (sorted), in order.
std::vector<TimeRange> MissingRanges(TimeRange due, const std::vector<TimeRange>& held);

/// Ranges as batches of at most `batch_size` intervals each (0: one a range), with `lookback` intervals before what is
/// new at the end filled again.
std::vector<runtime::Batch> BatchesOf(const Model& model, TimeRange due, std::vector<TimeRange> missing);

/// How the model's time column is compared with a moment; nothing when wapc cannot: a type that is no time, or a text
/// in another format than '%Y-%m-%d'.
std::optional<RuntimeVariable::Form> TimeForm(const Model& model);

/// Whether the time column of a row with that alias lies in one of the batches, as SQL. Batches that touch are one
/// range.
std::string InBatches(const Model& model, const std::vector<runtime::Batch>& batches, std::string_view alias,
                      const Project& project);

/// "2024-01-31 00:00:00.000000+00", as plans and state write moments; and back.
std::string MomentText(Moment moment);

/// The ranges of state as moments, sorted and joined where they touch.
std::vector<TimeRange> JoinedRanges(const std::vector<runtime::Interval>& intervals);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_INTERVALS_H_

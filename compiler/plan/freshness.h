#ifndef WAPC_COMPILER_PLAN_FRESHNESS_H_
#define WAPC_COMPILER_PLAN_FRESHNESS_H_

#include <set>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/intervals.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// What the tables that are served lack: complete loads, intervals that are over, and what cron says.
class Freshness {
 public:
  Freshness(const runtime::State& state, const PlanOptions& options) : state_(state), options_(options) {}

  /// Whether there are complete loads, or intervals that are over, that a build does not hold yet.
  bool Behind(const Model& model, const runtime::BuildRecord& build, const std::set<std::string>& datasets) const;
  static std::string BehindText(const Model& model, const std::set<std::string>& datasets);

  /// Whether the model's cron (each day, when it has none) came since the build was last evaluated.
  bool Due(const Model& model, const runtime::BuildRecord& build) const;

  /// Whether its `auto_restatement_cron` came since then.
  bool RestatesItself(const Model& model, const runtime::BuildRecord& build) const;

  /// What a time-range model's table lacks. `build`: whose intervals it has; empty: none, it is made anew.
  std::vector<runtime::Batch> Missing(const Model& model, const std::string& build) const;

  /// Missing() and what is filled again: everything from a moment on.
  std::vector<runtime::Batch> MissingAndFrom(const Model& model, const std::string& build, Moment from) const;

  /// What --start and --end name of its intervals.
  std::vector<runtime::Batch> Restated(const Model& model) const;

  /// Where the last `auto_restatement_intervals` begin; all of them without a number.
  Moment RestatesFrom(const Model& model) const;

  /// Whether intervals that a build holds lie outside of those that a new table would get.
  bool LosesIntervals(const Model& model, const std::string& build) const;

 private:
  TimeRange DueOf(const Model& model) const;
  TimeRange RangeOf(const Model& model, const std::vector<TimeRange>& held) const;
  std::vector<TimeRange> HeldRanges(const std::string& build_id) const;

  const runtime::State& state_;
  const PlanOptions& options_;
};

/// "fills 2024-01-01 00:00 to 2024-01-03 00:00 in 2 batches"
std::string BatchesText(const std::vector<runtime::Batch>& batches);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_FRESHNESS_H_

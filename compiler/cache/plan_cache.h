#ifndef WAPC_COMPILER_CACHE_PLAN_CACHE_H_
#define WAPC_COMPILER_CACHE_PLAN_CACHE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/macros/moment.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// A plan that had nothing to do.
struct EmptyPlan {
  std::string environment;  ///< that it was made for
  std::string state;        ///< runtime::StateToken
  std::string text;         ///< plan.json
  uint64_t unchanged = 0;   ///< models
  std::vector<std::string> datasets;
  /// Schedules of time-range models, each once: as long as no interval of them is over that was not before, nothing is
  /// due. `cron` to `end` of a model, and where the due intervals ended.
  struct Schedule {
    std::string cron, cron_tz, interval_unit, start, end;
    Moment due = 0;
  };
  std::vector<Schedule> schedules;
};

/// The schedules of a project's models as of a moment.
std::vector<EmptyPlan::Schedule> SchedulesOf(const Project& project, Moment now);

/// Whether no interval came to be due since.
bool NothingCame(const EmptyPlan& plan, Moment now);

/// The last plan that had nothing to do, when nothing that a compile reads has changed since. What the warehouse says
/// is the caller's to compare.
std::optional<EmptyPlan> PlannedBefore(const std::filesystem::path& folder, const Environment& environment);

/// Keeps such a plan in .wapc/plan.cache. `sources` are what was read; `started` is the moment before, in nanoseconds
/// since 1970.
void KeepPlanned(const std::filesystem::path& folder, const Environment& environment, const base::SourceMap& sources,
                 int64_t started, const EmptyPlan& plan);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_PLAN_CACHE_H_

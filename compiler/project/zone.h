#ifndef WAPC_COMPILER_PROJECT_ZONE_H_
#define WAPC_COMPILER_PROJECT_ZONE_H_

#include <optional>
#include <string_view>

#include "compiler/macros/moment.h"
#include "compiler/project/cron.h"

namespace date {
class time_zone;
}

namespace wapc::compiler {

/// A zone of the system's tz database, with all its changes of clocks.
class Zone {
 public:
  /// By its name, 'America/New_York'; an empty one is UTC. Nothing when there is no such zone.
  static std::optional<Zone> Find(std::string_view name);

  /// The last time a schedule of the zone's clocks was due, at or before a moment. A time that clocks skip is due when
  /// they do; one that they show twice is due the first time.
  Moment LastDue(const Cron& cron, Moment moment) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  Moment ToUtc(Moment local) const;

  const date::time_zone* zone_;  ///< null: UTC
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_ZONE_H_

#include "compiler/project/zone.h"

#include <date/tz.h>

#include <stdexcept>
#include <string>

#include "grammar/fold.h"

namespace wapc::compiler {
namespace {

using Micros = std::chrono::microseconds;

constexpr Moment kMinute = 60'000'000;
constexpr Moment kFurthestShift = 3 * 60 * kMinute;  // no clock was ever put back by more

}  // namespace

std::optional<Zone> Zone::Find(std::string_view name) {
  if (name.empty() || grammar::LowerCase(name) == "utc") return Zone(nullptr);
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

Moment Zone::ToUtc(Moment local) const {
  const date::local_time<Micros> shown{Micros(local)};
  return zone_->to_sys(shown, date::choose::earliest).time_since_epoch().count();
}

Moment Zone::LastDue(const Cron& cron, Moment moment) const {
  if (zone_ == nullptr) return cron.Last(moment);
  const Moment local = zone_->to_local(date::sys_time<Micros>{Micros(moment)}).time_since_epoch().count();
  // While clocks repeat an hour, what was due in it the first time lies ahead of what they show.
  Moment shown = cron.Last(local + kFurthestShift);
  while (ToUtc(shown) > moment) shown = cron.Last(shown - kMinute);
  return ToUtc(shown);
}

}  // namespace wapc::compiler

#ifndef WAPC_COMPILER_PROJECT_CRON_H_
#define WAPC_COMPILER_PROJECT_CRON_H_

#include <bitset>
#include <optional>
#include <string_view>

#include "compiler/macros/moment.h"

namespace wapc::compiler {

/// When something is due, in UTC: the five fields of cron(5) or one of its words, '@daily' and the like.
class Cron {
 public:
  /// Nothing when the text is no such schedule, or one that never comes (30 February).
  static std::optional<Cron> Read(std::string_view text);

  /// The last time it was due, at or before a moment.
  Moment Last(Moment moment) const;

 private:
  bool IsDay(Moment day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;     ///< of the month, from 1
  std::bitset<13> months_;   ///< from 1
  std::bitset<7> weekdays_;  ///< from 0, Sunday
  bool either_day_ = false;  ///< both kinds of day are restricted: then either is enough, as cron(5) says
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_CRON_H_

#include <gtest/gtest.h>

#include "compiler/plan/intervals.h"
#include "compiler/project/zone.h"

namespace wapc::compiler {
namespace {

std::string LastDue(const std::string& cron, const std::string& zone, const std::string& moment) {
  const auto found = Zone::Find(zone);
  if (!found) return "no zone";
  return MomentText(found->LastDue(*Cron::Read(cron), *ReadMoment(moment, false))).substr(0, 16);
}

TEST(Zone, SchedulesFollowTheZonesClocks) {
  EXPECT_EQ(LastDue("@daily", "", "2024-01-10 12:00:00"), "2024-01-10 00:00");
  EXPECT_EQ(LastDue("@daily", "UTC", "2024-01-10 12:00:00"), "2024-01-10 00:00");
  EXPECT_EQ(LastDue("@daily", "America/New_York", "2024-01-10 12:00:00"), "2024-01-10 05:00");
  EXPECT_EQ(LastDue("@daily", "America/New_York", "2024-01-10 04:59:59"), "2024-01-09 05:00");
  EXPECT_EQ(LastDue("@daily", "America/New_York", "2024-07-10 12:00:00"), "2024-07-10 04:00");
  EXPECT_EQ(LastDue("30 9 * * *", "Asia/Kolkata", "2024-07-10 12:00:00"), "2024-07-10 04:00");
  EXPECT_EQ(LastDue("@daily", "Mars/Olympus", "2024-01-10 12:00:00"), "no zone");
}

// Clocks went from 02:00 to 03:00 on 10 March 2024, at 07:00 UTC.
TEST(Zone, ASkippedTimeIsDueWhenItIsSkipped) {
  EXPECT_EQ(LastDue("30 2 * * *", "America/New_York", "2024-03-10 06:59:59"), "2024-03-09 07:30");
  EXPECT_EQ(LastDue("30 2 * * *", "America/New_York", "2024-03-10 07:00:00"), "2024-03-10 07:00");
  EXPECT_EQ(LastDue("30 2 * * *", "America/New_York", "2024-03-11 12:00:00"), "2024-03-11 06:30");
}

// Clocks went from 02:00 back to 01:00 on 3 November 2024, at 06:00 UTC.
TEST(Zone, ARepeatedTimeIsDueOnce) {
  EXPECT_EQ(LastDue("30 1 * * *", "America/New_York", "2024-11-03 05:29:59"), "2024-11-02 05:30");
  EXPECT_EQ(LastDue("30 1 * * *", "America/New_York", "2024-11-03 05:30:00"), "2024-11-03 05:30");
  EXPECT_EQ(LastDue("30 1 * * *", "America/New_York", "2024-11-03 06:10:00"), "2024-11-03 05:30");
  EXPECT_EQ(LastDue("30 1 * * *", "America/New_York", "2024-11-03 06:30:00"), "2024-11-03 05:30");
  EXPECT_EQ(LastDue("30 1 * * *", "America/New_York", "2024-11-04 06:30:00"), "2024-11-04 06:30");
}

}  // namespace
}  // namespace wapc::compiler

#include "compiler/plan/intervals.h"

#include <gtest/gtest.h>

#include "compiler/project/cron.h"

namespace wapc::compiler {
namespace {

Moment At(std::string_view text) { return *ReadMoment(text, false); }

std::string Last(std::string_view cron, std::string_view moment) {
  return MomentText(Cron::Read(cron)->Last(At(moment))).substr(0, 16);
}

TEST(Cron, LastTimeItWasDue) {
  EXPECT_EQ(Last("@daily", "2024-01-02 00:00"), "2024-01-02 00:00");
  EXPECT_EQ(Last("@daily", "2024-01-01 23:59"), "2024-01-01 00:00");
  EXPECT_EQ(Last("@hourly", "2024-01-01 23:59"), "2024-01-01 23:00");
  EXPECT_EQ(Last("*/15 * * * *", "2024-01-01 23:59"), "2024-01-01 23:45");
  EXPECT_EQ(Last("30 4 * * *", "2024-01-01 04:29"), "2023-12-31 04:30");
  EXPECT_EQ(Last("0 9-17/4 * * mon-fri", "2024-01-08 08:00"), "2024-01-05 17:00");  // a Monday, back to Friday
  EXPECT_EQ(Last("@weekly", "2024-01-06 12:00"), "2023-12-31 00:00");               // Sunday
  EXPECT_EQ(Last("0 0 * * 7", "2024-01-06 12:00"), "2023-12-31 00:00");
  EXPECT_EQ(Last("0 0 29 2 *", "2024-02-28 12:00"), "2020-02-29 00:00");
  EXPECT_EQ(Last("0 0 13 * 5", "2024-01-12 12:00"), "2024-01-12 00:00");  // either day, as cron(5) says
  EXPECT_EQ(Last("@yearly", "2024-07-01"), "2024-01-01 00:00");
  EXPECT_EQ(Last("0 0 1 JAN,jul ?", "2024-06-01"), "2024-01-01 00:00");
}

TEST(Cron, NoSchedule) {
  for (const char* const text : {"", "@often", "* * * *", "60 * * * *", "* 24 * * *", "5-1 * * * *", "*/0 * * * *",
                                 "0 0 30 2 *", "0 0 0 * *", "a * * * *"}) {
    EXPECT_FALSE(Cron::Read(text)) << text;
  }
}

Model Timed(std::string cron, std::string start) {
  Model model;
  model.kind = ModelKind::kIncrementalByTimeRange;
  model.cron = std::move(cron);
  model.start = std::move(start);
  return model;
}

TEST(Intervals, UnitOfACron) {
  EXPECT_EQ(UnitOf(Timed("", "")), IntervalUnit::kDay);
  EXPECT_EQ(UnitOf(Timed("@hourly", "")), IntervalUnit::kHour);
  EXPECT_EQ(UnitOf(Timed("@weekly", "")), IntervalUnit::kDay);
  EXPECT_EQ(UnitOf(Timed("@monthly", "")), IntervalUnit::kMonth);
  EXPECT_EQ(UnitOf(Timed("@yearly", "")), IntervalUnit::kYear);
  EXPECT_EQ(UnitOf(Timed("*/20 * * * *", "")), IntervalUnit::kQuarterHour);
  EXPECT_EQ(UnitOf(Timed("0 8,9 * * *", "")), IntervalUnit::kHour);
  Model model = Timed("@daily", "");
  model.interval_unit = "five_minute";
  EXPECT_EQ(UnitOf(model), IntervalUnit::kFiveMinutes);
}

TEST(Intervals, DueWhenItsCronCame) {
  const Model model = Timed("0 5 * * *", "2024-01-01");
  EXPECT_EQ(DueRange(model, At("2024-01-03 06:00")), (TimeRange{At("2024-01-01"), At("2024-01-03")}));
  EXPECT_EQ(DueRange(model, At("2024-01-03 04:00")), (TimeRange{At("2024-01-01"), At("2024-01-02")}));
  EXPECT_EQ(DueRange(model, At("2023-01-01")), (TimeRange{At("2024-01-01"), At("2024-01-01")}));
  Model ended = Timed("@daily", "2024-01-01");
  ended.end = "2024-01-05";
  EXPECT_EQ(DueRange(ended, At("2025-01-01")).end, At("2024-01-06"));
}

TEST(Intervals, MonthsAreAsLongAsTheyAre) {
  EXPECT_EQ(FloorTo(IntervalUnit::kMonth, At("2024-02-29 12:00")), At("2024-02-01"));
  EXPECT_EQ(Advance(IntervalUnit::kMonth, At("2024-02-01"), 1), At("2024-03-01"));
  EXPECT_EQ(Advance(IntervalUnit::kMonth, At("2024-02-01"), -2), At("2023-12-01"));
  EXPECT_EQ(FloorTo(IntervalUnit::kDay, At("1969-12-31 12:00")), At("1969-12-31"));
}

std::string Batches(const Model& model, const std::vector<TimeRange>& held) {
  const TimeRange due = DueRange(model, At("2024-01-08"));
  std::string out;
  for (const runtime::Batch& batch : BatchesOf(model, due, MissingRanges(due, held))) {
    out += batch.start.substr(8, 2) + "-" + batch.last.substr(8, 2) + " ";
  }
  return out;
}

TEST(Intervals, BatchesOfWhatIsMissing) {
  Model model = Timed("@daily", "2024-01-01");
  const std::vector<TimeRange> held = {{At("2024-01-02"), At("2024-01-03")}, {At("2024-01-05"), At("2024-01-07")}};
  EXPECT_EQ(Batches(model, {}), "01-07 ");
  EXPECT_EQ(Batches(model, held), "01-01 03-04 07-07 ");
  model.properties.batch_size = 3;
  EXPECT_EQ(Batches(model, {}), "01-03 04-06 07-07 ");
  model.properties.lookback = 2;
  EXPECT_EQ(Batches(model, held), "01-01 03-05 06-07 ") << "what looks back joins what it meets";
  EXPECT_EQ(Batches(model, {{At("2024-01-01"), At("2024-01-08")}}), "");
}

TEST(Intervals, RangesJoinWhereTheyTouch) {
  const auto joined = JoinedRanges({{30, 40}, {10, 20}, {20, 25}, {12, 15}});
  EXPECT_EQ(joined, (std::vector<TimeRange>{{10, 25}, {30, 40}}));
}

}  // namespace
}  // namespace wapc::compiler

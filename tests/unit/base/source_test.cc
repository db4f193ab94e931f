#include "base/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wapc::base {
namespace {

testing::Matcher<LineColumn> Is(uint32_t line, uint32_t column) {
  return testing::AllOf(testing::Field(&LineColumn::line, line), testing::Field(&LineColumn::column, column));
}

TEST(SourceMap, LocatesByLineAndColumn) {
  SourceMap sources;
  const SourceId id = sources.Add("a.sql", "ab\ncd\n");
  EXPECT_THAT(sources.Locate(id, 0), Is(1, 1));
  EXPECT_THAT(sources.Locate(id, 1), Is(1, 2));
  EXPECT_THAT(sources.Locate(id, 2), Is(1, 3));  // the newline belongs to its line
  EXPECT_THAT(sources.Locate(id, 3), Is(2, 1));
  EXPECT_THAT(sources.Locate(id, 6), Is(3, 1));
  EXPECT_THAT(sources.Locate(id, 99), Is(3, 1));
}

TEST(SourceMap, CountsCodePointsNotBytes) {
  SourceMap sources;
  const SourceId id = sources.Add("a", "é→😀x");  // 2, 3 and 4 bytes
  EXPECT_THAT(sources.Locate(id, 2), Is(1, 2));
  EXPECT_THAT(sources.Locate(id, 5), Is(1, 3));
  EXPECT_THAT(sources.Locate(id, 9), Is(1, 4));
}

TEST(SourceMap, ShowsLinesWithoutTheirEnds) {
  SourceMap sources;
  const SourceId id = sources.Add("a", "one\r\ntwo\r\n\r\nlast");
  EXPECT_EQ(sources.LineAt(id, 1), "one");
  EXPECT_EQ(sources.LineAt(id, 5), "two");
  EXPECT_EQ(sources.LineAt(id, 10), "");
  EXPECT_EQ(sources.LineAt(id, 99), "last");
  EXPECT_THAT(sources.Locate(id, 5), Is(2, 1));
}

TEST(SourceMap, GivesPlacesAndTexts) {
  SourceMap sources;
  sources.Add("a", "");
  const SourceId id = sources.Add("models/b.sql", "x\n yz");
  EXPECT_EQ(sources.Place({id, 3, 5}), "models/b.sql:2:2");
  EXPECT_EQ(sources.Text(Span{id, 3, 5}), "yz");
  EXPECT_EQ(sources.Text(Span{id, 4, 500}), "z");
  EXPECT_EQ(sources.Place(Span()), "wapc");
  EXPECT_EQ(sources.Text(Span()), "");
}

TEST(Join, CoversBoth) {
  const Span joined = Join({1, 4, 6}, {1, 2, 5});
  EXPECT_EQ(joined.begin, 2U);
  EXPECT_EQ(joined.end, 6U);
  EXPECT_EQ(Join(Span(), {1, 2, 5}).begin, 2U);
  EXPECT_EQ(Join({1, 2, 5}, Span()).end, 5U);
  EXPECT_EQ(Join({1, 2, 5}, {2, 0, 9}).end, 5U);  // of two files, the first
}

}  // namespace
}  // namespace wapc::base

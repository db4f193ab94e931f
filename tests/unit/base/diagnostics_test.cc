#include "base/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace wapc::base {
namespace {

using testing::Optional;

constexpr DiagnosticCode kBad{"bad-thing", Severity::kError};
constexpr DiagnosticCode kOdd{"odd-thing", Severity::kWarning};
constexpr DiagnosticCode kByTheWay{"by-the-way", Severity::kInfo};

class DiagnosticsTest : public testing::Test {
 protected:
  std::string Text(bool color = false) const { return RenderText(diagnostics, sources, color); }

  SourceMap sources;
  Diagnostics diagnostics;
};

TEST_F(DiagnosticsTest, ShowsPlaceLineCaretNotesHelpAndFix) {
  const SourceId id = sources.Add("a.yaml", "one: 1\ntwo: 2\n");
  diagnostics.Report(kBad, {id, 7, 10}, "this is wrong")
      .Note({id, 0, 3}, "because of this")
      .Note(Span(), "and in general")
      .Help("mend it")
      .Fix({id, 7, 10}, "three", "call it three", true);
  EXPECT_EQ(Text(),
            "a.yaml:2:1: error[bad-thing]: this is wrong\n"
            "  2 | two: 2\n"
            "    | ^^^\n"
            "  note: a.yaml:1:1: because of this\n"
            "  1 | one: 1\n"
            "    | ^^^\n"
            "  note: and in general\n"
            "  help: mend it\n"
            "  fix: call it three\n");
}

TEST_F(DiagnosticsTest, CaretStandsUnderTabsAndUtf8) {
  const SourceId id = sources.Add("a", "\té = 'ü'\n");
  diagnostics.Report(kOdd, {id, 6, 10}, "odd");
  EXPECT_EQ(Text(),
            "a:1:6: warning[odd-thing]: odd\n"
            "  1 | \té = 'ü'\n"
            "    | \t    ^^^\n");
}

TEST_F(DiagnosticsTest, CaretIsNeverEmptyAndStaysOnItsLine) {
  const SourceId id = sources.Add("a", "ab\ncd");
  diagnostics.Report(kBad, {id, 2, 2}, "at the end of a line");
  diagnostics.Report(kBad, {id, 1, 5}, "over two lines");
  diagnostics.Report(kBad, {id, 5, 5}, "at the end of the file");
  EXPECT_EQ(Text(),
            "a:1:3: error[bad-thing]: at the end of a line\n  1 | ab\n    |   ^\n"
            "a:1:2: error[bad-thing]: over two lines\n  1 | ab\n    |  ^\n"
            "a:2:3: error[bad-thing]: at the end of the file\n  2 | cd\n    |   ^\n");
}

TEST_F(DiagnosticsTest, CutsAMinifiedLineAroundTheFault) {
  const SourceId id = sources.Add("a", std::string(1000, 'x') + "FAULT" + std::string(1000, 'y'));
  diagnostics.Report(kBad, {id, 1000, 1005}, "here");
  EXPECT_EQ(Text(), "a:1:1001: error[bad-thing]: here\n  1 | " + std::string(80, 'x') + "FAULT" + std::string(75, 'y') +
                        "\n    | " + std::string(80, ' ') + "^^^^^\n");
}

TEST_F(DiagnosticsTest, CutsBetweenCodePoints) {
  std::string line;
  for (int i = 0; i < 300; ++i) line += "é";
  const SourceId id = sources.Add("a", "x" + line);
  diagnostics.Report(kBad, {id, 301, 303}, "here");
  // A cut in the middle of a code point would make JSON of it impossible.
  EXPECT_NO_THROW(nlohmann::json(Text()).dump());
}

TEST_F(DiagnosticsTest, SaysWapcWhereNoPlaceIsKnown) {
  diagnostics.Report(kBad, Span(), "nowhere");
  EXPECT_EQ(Text(), "wapc: error[bad-thing]: nowhere\n");
}

TEST_F(DiagnosticsTest, ColorsOnlyWhenAsked) {
  const SourceId id = sources.Add("a", "x");
  diagnostics.Report(kBad, {id, 0, 1}, "wrong");
  EXPECT_THAT(Text(true), testing::HasSubstr("\x1b[1;31merror[bad-thing]\x1b[0m"));
  EXPECT_THAT(Text(false), testing::Not(testing::HasSubstr("\x1b")));
}

TEST_F(DiagnosticsTest, CountsBySeverity) {
  EXPECT_TRUE(diagnostics.empty());
  diagnostics.Report(kOdd, Span(), "w");
  diagnostics.Report(kByTheWay, Span(), "i");
  EXPECT_FALSE(diagnostics.has_errors());
  Diagnostics more;
  more.Report(kBad, Span(), "e");
  diagnostics.Append(std::move(more));
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.error_count(), 1U);
  EXPECT_EQ(diagnostics.warning_count(), 1U);
  EXPECT_EQ(diagnostics.all().size(), 3U);
}

TEST_F(DiagnosticsTest, SortsByFilePlaceAndCodeAndDropsRepeats) {
  const SourceId b = sources.Add("b", "xx");
  const SourceId a = sources.Add("a", "xx");
  diagnostics.Report(kOdd, {b, 0, 1}, "3");
  diagnostics.Report(kBad, {a, 1, 2}, "2");
  diagnostics.Report(kBad, {b, 0, 1}, "3");
  diagnostics.Report(kBad, {a, 0, 1}, "1");
  diagnostics.Report(kBad, {b, 0, 1}, "3");
  diagnostics.Sort(sources);
  std::vector<std::string> order;
  for (const Diagnostic& d : diagnostics.all()) order.push_back(std::string(d.code) + " " + d.message);
  EXPECT_THAT(order, testing::ElementsAre("bad-thing 1", "bad-thing 2", "bad-thing 3", "odd-thing 3"));
  EXPECT_EQ(diagnostics.error_count(), 3U);
}

TEST_F(DiagnosticsTest, RendersJson) {
  const SourceId id = sources.Add("a.yaml", "é: 1\n");
  diagnostics.Report(kOdd, {id, 4, 5}, "odd").Note({id, 0, 2}, "key").Fix({id, 4, 5}, "2", "make it two", false);
  diagnostics.Report(kBad, Span(), "nowhere").Help("look elsewhere");
  const auto json = nlohmann::json::parse(RenderJson(diagnostics, sources));
  EXPECT_EQ(json, nlohmann::json::parse(R"([
    {"code": "odd-thing", "severity": "warning", "message": "odd",
     "file": "a.yaml", "line": 1, "column": 4, "end_line": 1, "end_column": 5,
     "notes": [{"message": "key", "file": "a.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2}],
     "fix": {"title": "make it two", "replacement": "2", "safe": false,
             "file": "a.yaml", "line": 1, "column": 4, "end_line": 1, "end_column": 5}},
    {"code": "bad-thing", "severity": "error", "message": "nowhere", "help": "look elsewhere", "notes": []}])"));
}

TEST(ClosestName, FindsTheNearestWithinAThird) {
  const std::vector<std::string> names{"gateways", "default_gateway", "name", "names"};
  EXPECT_THAT(ClosestName("gatways", names), Optional(std::string("gateways")));
  EXPECT_THAT(ClosestName("NAME", names), Optional(std::string("name")));  // letter case is no distance
  EXPECT_THAT(ClosestName("nam", names), Optional(std::string("name")));
  EXPECT_THAT(ClosestName("nams", names), Optional(std::string("name")));        // a tie goes to the first
  EXPECT_THAT(ClosestName("mrege", {"merge"}), Optional(std::string("merge")));  // swapped letters
  EXPECT_EQ(ClosestName("linter", names), std::nullopt);
  EXPECT_EQ(ClosestName("x", {}), std::nullopt);
  EXPECT_EQ(ClosestName("", {"abc"}), std::nullopt);
}

}  // namespace
}  // namespace wapc::base

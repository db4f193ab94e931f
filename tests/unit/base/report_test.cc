#include "base/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace wapc::base {
namespace {

constexpr DiagnosticCode kBad{"bad-thing", Severity::kError};
constexpr DiagnosticCode kOdd{"odd-thing", Severity::kWarning};
constexpr DiagnosticCode kByTheWay{"by-the-way", Severity::kInfo};

ReportTool Tool() {
  return {"wapc", "1.2.3", [](std::string_view code) -> std::optional<CodeText> {
            if (code != "bad-thing") return std::nullopt;
            return CodeText{"What is bad.", "# All about it"};
          }};
}

class ReportTest : public testing::Test {
 protected:
  nlohmann::json Sarif() const { return nlohmann::json::parse(RenderSarif(diagnostics, sources, Tool())); }

  SourceMap sources;
  Diagnostics diagnostics;
};

TEST_F(ReportTest, SarifWithoutFindingsIsStillALog) {
  const auto log = Sarif();
  EXPECT_EQ(log["version"], "2.1.0");
  EXPECT_EQ(log["runs"][0]["results"], nlohmann::json::array());
  EXPECT_EQ(log["runs"][0]["tool"]["driver"]["name"], "wapc");
}

TEST_F(ReportTest, SarifCountsColumnsInUtf16Units) {
  // One byte, two bytes, three bytes, and four bytes that UTF-16 writes in two units.
  const SourceId id = sources.Add("a.sql", "x\nä€😀zz");
  diagnostics.Report(kBad, {id, 11, 13}, "wrong");
  const auto result = Sarif()["runs"][0]["results"][0];
  const auto region = result["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startLine"], 2);
  EXPECT_EQ(region["startColumn"], 5);
  EXPECT_EQ(region["endColumn"], 7);
  EXPECT_EQ(Sarif()["runs"][0]["columnKind"], "utf16CodeUnits");
}

TEST_F(ReportTest, SarifWritesPathsAsUriReferences) {
  const SourceId id = sources.Add("models/a b/50%/ü.sql", "x");
  diagnostics.Report(kBad, {id, 0, 1}, "wrong");
  const auto artifact = Sarif()["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
  EXPECT_EQ(artifact["uri"], "models/a%20b/50%25/%C3%BC.sql");
  EXPECT_EQ(artifact["uriBaseId"], "%SRCROOT%");
}

TEST_F(ReportTest, SarifHasARuleForEachCodeAndPointsAtIt) {
  const SourceId id = sources.Add("a.sql", "abc");
  diagnostics.Report(kOdd, {id, 0, 1}, "odd");
  diagnostics.Report(kBad, {id, 1, 2}, "bad");
  diagnostics.Report(kByTheWay, {}, "without a place");
  const auto run = Sarif()["runs"][0];
  const auto rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 3U);
  for (const auto& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<size_t>()]["id"], result["ruleId"]);
  }
  EXPECT_EQ(rules[0]["help"]["markdown"], "# All about it");
  EXPECT_EQ(run["results"][0]["level"], "warning");
  EXPECT_EQ(run["results"][1]["level"], "error");
  EXPECT_EQ(run["results"][2]["level"], "note");
  EXPECT_FALSE(run["results"][2].contains("locations"));
}

TEST_F(ReportTest, SarifCarriesNotesAndFixes) {
  const SourceId id = sources.Add("a.sql", "abc def");
  diagnostics.Report(kBad, {id, 0, 3}, "bad").Note({id, 4, 7}, "see here").Fix({id, 0, 3}, "xyz", "write xyz", true);
  diagnostics.Report(kOdd, {id, 4, 7}, "odd").Fix({id, 3, 7}, "", "take it out", true);
  const auto results = Sarif()["runs"][0]["results"];
  EXPECT_EQ(results[0]["relatedLocations"][0]["message"]["text"], "see here");
  EXPECT_EQ(results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"], 5);
  const auto change = results[0]["fixes"][0]["artifactChanges"][0];
  EXPECT_EQ(change["replacements"][0]["insertedContent"]["text"], "xyz");
  EXPECT_EQ(change["replacements"][0]["deletedRegion"]["endColumn"], 4);
  EXPECT_FALSE(results[1]["fixes"][0]["artifactChanges"][0]["replacements"][0].contains("insertedContent"));
}

TEST_F(ReportTest, GithubEscapesMessagesAndProperties) {
  const SourceId id = sources.Add("a,b:c%.sql", "abc def\nx");
  diagnostics.Report(kBad, {id, 4, 7}, "100% wrong:\nreally").Help("mend it");
  EXPECT_EQ(RenderGithub(diagnostics, sources),
            "::error file=a%2Cb%3Ac%25.sql,line=1,endLine=1,col=5,endColumn=7,title=bad-thing::"
            "100%25 wrong:%0Areally%0Ahelp: mend it\n");
}

TEST_F(ReportTest, GithubLeavesColumnsOutOfSeveralLinesAndPlacesOutOfNone) {
  const SourceId id = sources.Add("a.sql", "abc\ndef");
  diagnostics.Report(kOdd, {id, 0, 6}, "odd");
  diagnostics.Report(kByTheWay, {}, "in general");
  EXPECT_EQ(RenderGithub(diagnostics, sources),
            "::warning file=a.sql,line=1,endLine=2,title=odd-thing::odd\n"
            "::notice title=by-the-way::in general\n");
}

}  // namespace
}  // namespace wapc::base

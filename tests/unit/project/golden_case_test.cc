#include "tests/golden/case.h"

#include <gtest/gtest.h>

namespace wapc::golden {
namespace {

constexpr std::string_view kCase = R"(# What it shows.
==> models/a.sql <==
SELECT 1

# not a comment of the case

$ wapc compile
| one
!
! two
exit 1
# between
$ wapc compile
)";

TEST(GoldenCase, ReadsAndPrintsTheSameText) {
  const auto steps = ParseCase(kCase);
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(std::get<File>(steps[1]).text, "SELECT 1\n\n# not a comment of the case\n");
  EXPECT_EQ(std::get<Command>(steps[2]).expected, "| one\n!\n! two\nexit 1\n");
  EXPECT_EQ(PrintCase(steps), kCase);
}

TEST(GoldenCase, OutputKeepsStreamsApart) {
  EXPECT_EQ(RenderOutput({"a\n\nb", "", 0}), "| a\n|\n| b\n|\\ no newline at the end\n");
  EXPECT_EQ(RenderOutput({"", "x\n", 2}), "! x\nexit 2\n");
}

TEST(GoldenCase, MasksWhatDiffersBetweenRuns) {
  EXPECT_EQ(Mask("in /x/y/plan.json, 1.25 s, pid 77, 30 rows", "/x/y"),
            "in <dir>/plan.json, <time>, pid <pid>, 30 rows");
}

}  // namespace
}  // namespace wapc::golden

#include "base/process.h"

#include <gtest/gtest.h>

#include <string>

namespace wapc::base {
namespace {

TEST(ProcessTest, GivesBothStreamsAndTheExitCode) {
  const auto ran = RunProcess({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->out, "out\n");
  EXPECT_EQ(ran->err, "err\n");
  EXPECT_EQ(ran->exit_code, 3);
}

TEST(ProcessTest, NoShellReadsTheArguments) {
  const auto ran = RunProcess({"printf", "%s|", "$HOME", "a b", "`id`", "*"});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->out, "$HOME|a b|`id`|*|");
}

TEST(ProcessTest, ReadsMoreThanAPipeHolds) {
  const auto ran = RunProcess({"sh", "-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->out.size(), 300000U);
  EXPECT_EQ(ran->err.size(), 300000U);
}

TEST(ProcessTest, GivesNothingOnStdin) {
  const auto ran = RunProcess({"cat"});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->out, "");
}

TEST(ProcessTest, SaysWhatEndedIt) {
  const auto killed = RunProcess({"sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->exit_code, 137);
  const auto missing = RunProcess({"no-such-program-here"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot run no-such-program-here: No such file or directory");
}

}  // namespace
}  // namespace wapc::base

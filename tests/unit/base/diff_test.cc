#include "base/diff.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace wapc::base {
namespace {

namespace fs = std::filesystem;

TEST(DiffTest, SaysNothingOfEqualTexts) {
  EXPECT_EQ(UnifiedDiff("x", "a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(UnifiedDiff("x", "", ""), "");
}

TEST(DiffTest, ShowsThreeLinesAround) {
  EXPECT_EQ(UnifiedDiff("m.sql", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a/m.sql\n+++ b/m.sql\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(DiffTest, SaysWhereTheLastLineHasNoEnd) {
  EXPECT_EQ(UnifiedDiff("m", "a", "a\n"), "--- a/m\n+++ b/m\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  EXPECT_EQ(UnifiedDiff("m", "", "a\n"), "--- a/m\n+++ b/m\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(UnifiedDiff("m", "a\n", ""), "--- a/m\n+++ b/m\n@@ -1 +0,0 @@\n-a\n");
}

/// patch(1) turns the old text into the new with it.
TEST(DiffTest, IsWhatPatchTakes) {
  std::string pattern = (fs::temp_directory_path() / "wapc-diff-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts at every run
  const auto line = [&] { return std::string(1, static_cast<char>('a' + random() % 5)) + "\n"; };
  for (int round = 0; round < 40; ++round) {
    std::string before;
    std::string after;
    for (size_t i = 0; i < 60; ++i) {
      const std::string text = line();
      before += text;
      const auto fate = random() % 12;
      if (fate != 0) after += text;
      if (fate == 1) after += line() + line();
    }
    if (round % 3 == 0) after.pop_back();
    std::ofstream(folder / "f", std::ios::binary) << before;
    std::ofstream(folder / "d", std::ios::binary) << UnifiedDiff("f", before, after);
    const std::string command = "cd '" + folder.string() + "' && patch -s -p1 < d";
    ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a tool of the test
    std::ifstream file(folder / "f", std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), after);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace wapc::base

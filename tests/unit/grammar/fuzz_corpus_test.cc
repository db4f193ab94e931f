#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/fuzz/targets.h"

/// What the fuzzers once found (tests/fuzz/corpus/<target>) goes through their targets again; under sanitizers too.
namespace wapc::fuzz {
namespace {

void Replay(const char* target, void (*run)(std::string_view)) {
  const auto folder = std::filesystem::path(WAPC_SOURCE_DIR) / "tests/fuzz/corpus" / target;
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto bytes = base::ReadFile(entry.path());
    ASSERT_TRUE(static_cast<bool>(bytes)) << entry.path();
    run(*bytes);
    ++count;
  }
  EXPECT_GE(count, 3U) << folder;
}

TEST(FuzzCorpus, Sql) { Replay("sql", Sql); }
TEST(FuzzCorpus, Format) { Replay("format", Format); }
TEST(FuzzCorpus, Yaml) { Replay("yaml", Yaml); }

}  // namespace
}  // namespace wapc::fuzz

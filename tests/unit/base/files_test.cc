#include "base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

namespace wapc::base {
namespace {

namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / ("wapc_files_" + std::string(test->name()) + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Put(const fs::path& path, std::string_view bytes) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << bytes;
  }

  fs::path folder_;
};

TEST_F(FilesTest, ReadsEveryByte) {
  const std::string bytes("a\0\r\n\xFF", 5);
  Put("x", bytes);
  Put("empty", "");
  EXPECT_EQ(*ReadFile(folder_ / "x"), bytes);
  EXPECT_EQ(*ReadFile(folder_ / "empty"), "");
}

TEST_F(FilesTest, ReadsFilesOfNoStatedSize) {
  const auto text = ReadFile("/proc/self/status");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, testing::HasSubstr("Pid:"));
}

TEST_F(FilesTest, SaysWhyAFileCannotBeRead) {
  const auto absent = ReadFile(folder_ / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(absent.error().message, "cannot read " + (folder_ / "absent").string() + ": No such file or directory");
  const auto folder = ReadFile(folder_);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message, "cannot read " + folder_.string() + ": Is a directory");
}

TEST_F(FilesTest, WritesWithItsFoldersAndLeavesNothingBeside) {
  ASSERT_TRUE(WriteFileAtomic(folder_ / "a/b/c.txt", "one"));
  ASSERT_TRUE(WriteFileAtomic(folder_ / "a/b/c.txt", "two"));
  EXPECT_EQ(*ReadFile(folder_ / "a/b/c.txt"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "a/b"), fs::directory_iterator()), 1);
}

TEST_F(FilesTest, LeavesAnUnchangedFileAlone) {
  const fs::path path = folder_ / "x";
  Put("x", "same");
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(path, old);
  ASSERT_TRUE(WriteFileAtomic(path, "same"));
  EXPECT_EQ(fs::last_write_time(path), old);
  ASSERT_TRUE(WriteFileAtomic(path, "other"));
  EXPECT_NE(fs::last_write_time(path), old);
}

TEST_F(FilesTest, KeepsTheModeOfTheFileItReplaces) {
  const fs::path path = folder_ / "x";
  Put("x", "secret");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(WriteFileAtomic(path, "other"));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FilesTest, SaysWhyAFileCannotBeWritten) {
  Put("file", "");
  const Status status = WriteFileAtomic(folder_ / "file/x", "");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(status.error().message, testing::EndsWith(": Not a directory"));
}

TEST_F(FilesTest, ListsSortedBytewiseWithoutHiddenOnes) {
  for (const char* const name : {"b.sql", "a/z.sql", "a.sql", "a-b/c.sql", "B.sql", "x.txt", ".hidden.sql",
                                 ".git/d.sql", "a/.cache/e.sql", "a/b/f.sql"}) {
    Put(name, "");
  }
  fs::create_directories(folder_ / "folder.sql");
  EXPECT_THAT(ListFiles(folder_, ".sql"),
              testing::ElementsAre("B.sql", "a-b/c.sql", "a.sql", "a/b/f.sql", "a/z.sql", "b.sql"));
  EXPECT_THAT(ListFiles(folder_ / "absent", ".sql"), testing::IsEmpty());
}

TEST_F(FilesTest, ListsThroughLinksAndOutOfCircles) {
  Put("real/x.sql", "");
  fs::create_directory_symlink(folder_ / "real", folder_ / "link");
  fs::create_symlink(folder_ / "nothing", folder_ / "broken.sql");
  fs::create_directory_symlink(folder_, folder_ / "real/loop");
  EXPECT_THAT(ListFiles(folder_, ".sql"), testing::IsSupersetOf({"link/x.sql", "real/x.sql"}));
}

}  // namespace
}  // namespace wapc::base

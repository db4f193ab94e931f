#include "compiler/project/dlt_settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

class DltSettingsTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(secrets_); }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const fs::path& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  std::string Find(const Environment& environment, std::string_view key) const {
    const auto settings = DltSettings::Read(folder_, environment, secrets_);
    if (!settings) return settings.error().message;
    const auto value = settings->Find("", {"destination", "postgres"}, "credentials", key);
    return value ? value->text : "(none)";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("wapc-dlt-settings-" + std::to_string(::getpid()));
  const fs::path secrets_ = folder_ / "secrets";
};

TEST_F(DltSettingsTest, ContainerSecretsComeBeforeTheEnvironmentAndFiles) {
  Write(".dlt/secrets.toml", "[destination.postgres.credentials]\npassword = 'file'\nhost = 'db'\n");
  const Environment environment = {{"DESTINATION__POSTGRES__CREDENTIALS__PASSWORD", "variable"}, {"HOME", "/nowhere"}};
  EXPECT_EQ(Find({}, "password"), "file");
  EXPECT_EQ(Find(environment, "password"), "variable");
  Write("secrets/destination--postgres--credentials--password", "mounted\n");
  EXPECT_EQ(Find(environment, "password"), "mounted");
  EXPECT_EQ(Find(environment, "host"), "db");
}

TEST_F(DltSettingsTest, KubernetesMountsAFolderForASecret) {
  Write("secrets/credentials--username/credentials--username", "reader");
  EXPECT_EQ(Find({}, "username"), "reader");
  EXPECT_EQ(Find({}, "password"), "(none)");
}

TEST_F(DltSettingsTest, NoKeyLeadsOutOfTheFolder) {
  Write("outside", "read");
  EXPECT_EQ(Find({}, "/../../outside"), "(none)");
}

}  // namespace
}  // namespace wapc::compiler

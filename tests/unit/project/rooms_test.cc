#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/project/sources.h"

namespace wapc::project {
namespace {

const std::vector<std::string> kCode{".cc", ".h"};

// Which rooms, and which single headers of another room, a room may include (docs/architecture.md).
const std::map<std::string, std::set<std::string>> kMayInclude{
    {"base", {}},
    {"grammar", {"base"}},
    {"metadata", {"base"}},
    {"runtime", {"base"}},
    {"compiler", {"base", "grammar", "metadata", "runtime/plan.h", "runtime/state/records.h"}},
    {"cli", {"base", "grammar", "metadata", "runtime", "compiler"}},
};

std::vector<std::string> Includes(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) found.push_back((*it)[1]);
  return found;
}

TEST(Rooms, IncludeOnlyTheRoomsAbove) {
  static const std::regex kOwn("#include \"([^\"]+)\"");
  for (const auto& [room, allowed] : kMayInclude) {
    const auto sources = Sources(room, kCode);
    EXPECT_FALSE(sources.empty()) << room;
    for (const Source& source : sources) {
      for (const std::string& header : Includes(source.text, kOwn)) {
        const std::string other = header.substr(0, header.find('/'));
        if (other == room || !kMayInclude.contains(other)) continue;
        EXPECT_TRUE(allowed.contains(other) || allowed.contains(header)) << source.path << " includes " << header;
      }
    }
  }
}

// Each third-party library that has a seam, and the room that holds it.
const std::map<std::string, std::string> kSeams{{"antlr4", "grammar"}, {"yaml-cpp/", "base"}, {"toml++/", "base"},
                                                {"duckdb", "runtime"}, {"libpq", "runtime"},  {"CLI/", "cli"},
                                                {"openssl/", "base"}};

TEST(Rooms, LibrariesStayBehindTheirSeams) {
  static const std::regex kOther("#include <([^>]+)>");
  for (const auto& [room, unused] : kMayInclude) {
    for (const Source& source : Sources(room, kCode)) {
      for (const std::string& header : Includes(source.text, kOther)) {
        for (const auto& [library, home] : kSeams) {
          EXPECT_TRUE(!header.starts_with(library) || home == room) << source.path << " includes " << header;
        }
      }
    }
  }
}

TEST(Rooms, FilesStayShort) {
  constexpr std::ptrdiff_t kLongest = 720;
  for (const auto& [room, unused] : kMayInclude) {
    for (const Source& source : Sources(room, kCode)) {
      EXPECT_LE(std::count(source.text.begin(), source.text.end(), '\n'), kLongest) << source.path;
    }
  }
}

}  // namespace
}  // namespace wapc::project

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/unit/project/sources.h"

namespace wapc::project {
namespace {

void Collect(const std::string& text, const std::regex& pattern, const std::string& path,
             std::map<std::string, std::string>& codes) {
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) codes.emplace((*it)[1], path);
}

// Every code that the sources declare, with a file that does.
std::map<std::string, std::string> DeclaredCodes() {
  static const std::regex kDeclaration(R"re(DiagnosticCode\s+k\w+\s*(?:=\s*)?\{\s*"([a-z0-9-]+)")re");
  std::map<std::string, std::string> codes;
  for (const char* room : {"base", "grammar", "metadata", "compiler", "runtime", "cli"}) {
    for (const Source& source : Sources(room, {".cc", ".h"})) {
      // A comment there shows the form of a declaration.
      if (source.path != "base/diagnostics.h") Collect(source.text, kDeclaration, source.path, codes);
    }
  }
  return codes;
}

// Every code that a golden case expects to be printed.
std::map<std::string, std::string> ShownCodes() {
  static const std::regex kShown(R"re((?:(?:error|warning|info)\[|"code": ")([a-z0-9-]+)[\]"])re");
  static const std::regex kOutput("(?:^|\n)([|!][^\n]*)");
  std::map<std::string, std::string> codes;
  for (const Source& source : Sources("tests/golden", {".test"})) {
    for (std::sregex_iterator it(source.text.begin(), source.text.end(), kOutput), end; it != end; ++it) {
      Collect((*it)[1], kShown, source.path, codes);
    }
  }
  return codes;
}

TEST(Diagnostics, EveryCodeIsShownByAGoldenCase) {
  const auto declared = DeclaredCodes();
  const auto shown = ShownCodes();
  ASSERT_FALSE(declared.empty());
  for (const auto& [code, path] : declared) EXPECT_TRUE(shown.contains(code)) << code << ", declared in " << path;
  for (const auto& [code, path] : shown) EXPECT_TRUE(declared.contains(code)) << code << ", expected by " << path;
}

// compiler/explain/<code>.md; its examples are run by tests/golden/explain.cc.
TEST(Diagnostics, EveryCodeHasAnExplanation) {
  std::map<std::string, std::string> explained;
  for (const Source& source : Sources("compiler/explain", {".md"})) {
    const size_t slash = source.path.rfind('/') + 1;
    explained.emplace(source.path.substr(slash, source.path.size() - slash - 3), source.path);
  }
  const auto declared = DeclaredCodes();
  for (const auto& [code, path] : declared) {
    EXPECT_TRUE(explained.contains(code))
        << code << ", declared in " << path << ": write compiler/explain/" << code << ".md, like its neighbours";
  }
  for (const auto& [code, path] : explained) EXPECT_TRUE(declared.contains(code)) << code << ", explained in " << path;
}

}  // namespace
}  // namespace wapc::project

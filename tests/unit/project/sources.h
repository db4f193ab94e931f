#ifndef WAPC_TESTS_UNIT_PROJECT_SOURCES_H_
#define WAPC_TESTS_UNIT_PROJECT_SOURCES_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

/// The project's own files, for tests that look at the code as text.
namespace wapc::project {

struct Source {
  std::string path;  ///< from the project's root
  std::string text;
};

/// Every file below the folder (relative to the root) whose name ends with one of the suffixes, by path.
inline std::vector<Source> Sources(std::string_view folder, const std::vector<std::string>& suffixes) {
  namespace fs = std::filesystem;
  const fs::path root = WAPC_SOURCE_DIR;
  std::vector<Source> sources;
  if (!fs::exists(root / folder)) return sources;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string name = entry.path().filename().string();
    const bool wanted =
        std::any_of(suffixes.begin(), suffixes.end(), [&name](const auto& s) { return name.ends_with(s); });
    if (!entry.is_regular_file() || !wanted) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    sources.push_back({fs::relative(entry.path(), root).string(),
                       {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}});
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace wapc::project

#endif  // WAPC_TESTS_UNIT_PROJECT_SOURCES_H_

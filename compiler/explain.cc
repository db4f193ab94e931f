#include "compiler/explain.h"

#include <algorithm>

#include "wapc_compiler_embedded.h"

namespace wapc::compiler {
namespace {

constexpr std::string_view kFolder = "compiler/explain/";
constexpr std::string_view kEnding = ".md";

}  // namespace

std::vector<Explanation> AllExplanations() {
  std::vector<Explanation> out;
  for (const auto& [path, text] : embedded::wapc_compiler::Files()) {
    if (!path.starts_with(kFolder) || !path.ends_with(kEnding)) continue;
    const std::string_view code = path.substr(kFolder.size(), path.size() - kFolder.size() - kEnding.size());
    out.push_back({code, text.substr(0, text.find('\n')), text});
  }
  std::sort(out.begin(), out.end(), [](const Explanation& a, const Explanation& b) { return a.code < b.code; });
  return out;
}

std::optional<Explanation> ExplainCode(std::string_view code) {
  for (const Explanation& explanation : AllExplanations()) {
    if (explanation.code == code) return explanation;
  }
  return std::nullopt;
}

}  // namespace wapc::compiler

#include "compiler/project/generated_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"

namespace wapc::compiler {
namespace {

constexpr std::string_view kStart = "-- wapc generate: ";
constexpr std::string_view kDigest = ", digest ";

}  // namespace

std::string WithGeneratedHeader(std::string_view model, std::string_view text) {
  // A line break in a name would end the comment.
  std::string line(model);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20U; }, ' ');
  return fmt::format("{}{}{}{}\n{}", kStart, line, kDigest, base::ShortId(text), text);
}

std::optional<GeneratedHeader> ReadGeneratedHeader(std::string_view file) {
  if (!file.starts_with(kStart)) return std::nullopt;
  const size_t end = file.find('\n');
  const std::string_view line = file.substr(kStart.size(), end == std::string_view::npos ? end : end - kStart.size());
  const size_t digest = line.find(kDigest);
  if (digest == std::string_view::npos) return std::nullopt;
  const std::string_view text = end == std::string_view::npos ? std::string_view() : file.substr(end + 1);
  return GeneratedHeader{std::string(line.substr(0, digest)),
                         line.substr(digest + kDigest.size()) == base::ShortId(text)};
}

}  // namespace wapc::compiler

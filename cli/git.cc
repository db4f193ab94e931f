#include "cli/git.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/process.h"

namespace wapc::cli {
namespace {

base::Result<base::ProcessOutput> Git(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  std::vector<std::string> command = {"git", "-C", folder.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return base::RunProcess(command);
}

base::Error GitFailed(const base::ProcessOutput& output) {
  return {base::ErrorKind::kUsage, fmt::format("git failed: {}", output.err.substr(0, output.err.find('\n')))};
}

std::vector<std::string> SplitAtZeros(const std::string& text) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\0', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

base::Result<compiler::ChangedFiles> ChangedSince(const std::filesystem::path& folder, const std::string& ref) {
  const auto inside = Git(folder, {"rev-parse", "--is-inside-work-tree"});
  if (!inside) return inside.error();
  if (inside->exit_code != 0) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("--changed-since needs a git repository, and {} is in none", folder.string())};
  }
  const auto commit = Git(folder, {"rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"});
  if (!commit) return commit.error();
  compiler::ChangedFiles out;
  const bool unborn = ref == "HEAD" && commit->exit_code != 0;  // before the first commit, every file is new
  if (commit->exit_code != 0 && !unborn) {
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("git knows no commit '{}'; name a branch, a tag or a commit that is fetched", ref)};
  }
  if (!unborn) {
    const std::string id = commit->out.substr(0, commit->out.find('\n'));
    const auto tracked = Git(folder, {"diff", "--name-status", "--no-renames", "--relative", "-z", id, "--", "."});
    if (!tracked) return tracked.error();
    if (tracked->exit_code != 0) return GitFailed(*tracked);
    const std::vector<std::string> fields = SplitAtZeros(tracked->out);
    for (size_t i = 0; i + 1 < fields.size(); i += 2) {
      (fields[i] == "D" ? out.gone : out.present).push_back(fields[i + 1]);
    }
  }
  const std::string tracked_too = unborn ? "--cached" : "--others";
  const auto added = Git(folder, {"ls-files", "--others", tracked_too, "--exclude-standard", "-z", "--", "."});
  if (!added) return added.error();
  if (added->exit_code != 0) return GitFailed(*added);
  for (std::string& file : SplitAtZeros(added->out)) out.present.push_back(std::move(file));
  return out;
}

}  // namespace wapc::cli

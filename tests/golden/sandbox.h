#ifndef WAPC_TESTS_GOLDEN_SANDBOX_H_
#define WAPC_TESTS_GOLDEN_SANDBOX_H_

#include <filesystem>
#include <string>

#include "tests/golden/case.h"

namespace wapc::golden {

std::string ReadAll(const std::filesystem::path& path);
/// Makes missing parent folders.
void WriteAll(const std::filesystem::path& path, const std::string& text);

/// Puts the tools' folders (separated by ':') first in PATH, and takes away what would change what commands print.
void PrepareEnvironment(const std::string& tools);

/// A temporary folder of its own: `project` holds a project's files, the rest is what running needs.
class Sandbox {
 public:
  Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  std::filesystem::path project() const { return root_ / "project"; }
  /// Runs shell commands in the project's folder; what differs from run to run is masked.
  Output Run(const std::string& commands) const;

 private:
  std::filesystem::path root_;
};

}  // namespace wapc::golden

#endif  // WAPC_TESTS_GOLDEN_SANDBOX_H_

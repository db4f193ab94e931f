#ifndef WAPC_CLI_COMPLETION_SCRIPTS_H_
#define WAPC_CLI_COMPLETION_SCRIPTS_H_

#include <string>
#include <vector>

namespace wapc::cli {

/// What a value or a positional argument may be.
enum class WordKind : uint8_t { kNone, kAny, kFile, kFolder, kModel, kChoice };

/// One flag with all its spellings ("-p", "--project").
struct FlagWords {
  std::vector<std::string> names;
  std::string description;
  WordKind value = WordKind::kNone;  ///< kNone: it takes none
  std::vector<std::string> choices;
};

/// One verb, or the program itself under an empty path ("env show": a verb of a verb).
struct VerbWords {
  std::string path;
  std::string description;
  std::vector<FlagWords> flags;  ///< those that all verbs have too
  std::vector<std::string> verbs;
  WordKind positional = WordKind::kNone;
  std::vector<std::string> choices;
};

/// Scripts that complete `wapc` in a shell, for that shell to source. Names of models are asked of `wapc completion
/// --models` when they are needed; everything else is in the script.
std::string BashScript(const std::vector<VerbWords>& verbs);
std::string ZshScript(const std::vector<VerbWords>& verbs);
std::string FishScript(const std::vector<VerbWords>& verbs);

}  // namespace wapc::cli

#endif  // WAPC_CLI_COMPLETION_SCRIPTS_H_

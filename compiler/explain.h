#ifndef WAPC_COMPILER_EXPLAIN_H_
#define WAPC_COMPILER_EXPLAIN_H_

#include <optional>
#include <string_view>
#include <vector>

namespace wapc::compiler {

/// What a diagnostic code means, for people: compiler/explain/<code>.md, in Markdown.
struct Explanation {
  std::string_view code;
  std::string_view summary;  ///< its first line
  std::string_view text;     ///< all of it
};

/// Every code, in the order of the names.
std::vector<Explanation> AllExplanations();

/// The text of a code; nothing for one that does not exist.
std::optional<Explanation> ExplainCode(std::string_view code);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_EXPLAIN_H_

#ifndef WAPC_COMPILER_PROJECT_DURATION_H_
#define WAPC_COMPILER_PROJECT_DURATION_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace wapc::compiler {

/// A length of time in words, as SQLMesh's *_ttl take it: "in 1 week", "12 hours", "90 days". Nothing for other text.
std::optional<std::chrono::seconds> ReadDuration(std::string_view text);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_DURATION_H_

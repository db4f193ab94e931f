#ifndef WAPC_BASE_DIFF_H_
#define WAPC_BASE_DIFF_H_

#include <string>
#include <string_view>

namespace wapc::base {

/// What changed between two texts, as `diff -u` prints it with three lines around each change; empty when nothing did.
/// `name` stands in the header as a/name and b/name, so that `patch -p1` takes it.
std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace wapc::base

#endif  // WAPC_BASE_DIFF_H_

#ifndef WAPC_COMPILER_PASSES_CASTS_H_
#define WAPC_COMPILER_PASSES_CASTS_H_

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metadata/type.h"

namespace wapc::compiler {

/// Where a cast happens by itself: everywhere, only when a value is stored, never.
enum class CastContext : uint8_t { kNone, kExplicit, kAssignment, kImplicit };

/// The casts of an engine, read from a file in compiler/functions/: lines of `cast FROM TO CONTEXT`.
class CastTable {
 public:
  explicit CastTable(std::string_view file);

  /// Lengths and precisions do not count. An array has no casts of its own.
  CastContext Find(const metadata::Type& from, const metadata::Type& to) const;

 private:
  uint32_t IdOf(const metadata::Type& type) const;

  std::unordered_map<std::string_view, uint32_t> engine_types_;
  std::unordered_map<uint64_t, CastContext> casts_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_CASTS_H_

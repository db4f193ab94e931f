#ifndef WAPC_COMPILER_CACHE_GENERATE_CACHE_H_
#define WAPC_COMPILER_CACHE_GENERATE_CACHE_H_

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/source.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// How many staging models a run of `wapc generate` found written and up to date, when nothing that it looked at has
/// changed since: metadata, rules, flags, configuration, the files that it wrote, wapc itself. Nothing when it has.
std::optional<uint64_t> GeneratedBefore(const std::filesystem::path& folder, const Environment& environment);

/// Keeps, in .wapc/generate.cache, that every file is up to date. `sources` are what was read; `started` is the moment
/// before, in nanoseconds since 1970.
void KeepGenerated(const std::filesystem::path& folder, const Environment& environment, const base::SourceMap& sources,
                   int64_t started, uint64_t models);

/// The clock that `started` is of.
int64_t NowInNanoseconds();

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_GENERATE_CACHE_H_

#ifndef WAPC_COMPILER_MACROS_MOMENT_H_
#define WAPC_COMPILER_MACROS_MOMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/macros/runtime_variables.h"

namespace wapc::compiler {

/// A moment in UTC, in microseconds since 1970.
using Moment = int64_t;

/// Reads '2024-01-31', with or without ' 12:30:00.5' (or a T between them) and a zone of UTC. A date alone is its first
/// moment, or, as the end of an interval, its last, as in SQLMesh. Nothing for anything else.
std::optional<Moment> ReadMoment(std::string_view text, bool end);

/// Where a model's one interval begins: its `start`, or 1970-01-01 where that is no moment.
Moment StartOf(std::string_view model_start);

/// A run-time variable's value as SQL: '2024-01-31', CAST('...' AS DATE), 1706659200000.
std::string RuntimeLiteral(const RuntimeVariable& variable, Moment moment);

/// The same where the moment is known only to the runtime, which puts its quoted text ('2026-01-31 12:00:00.000000+00')
/// in the place of `token`.
std::string RuntimeTemplate(const RuntimeVariable& variable, std::string_view token);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_MOMENT_H_

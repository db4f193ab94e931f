#ifndef WAPC_COMPILER_MACROS_RUNTIME_VARIABLES_H_
#define WAPC_COMPILER_MACROS_RUNTIME_VARIABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metadata/type.h"

namespace wapc::compiler {

/// The variables that are known only when a model runs, as SQLMesh names them: @start_ds, @end_ts, @execution_date, ...
/// They stay in the trees, so that they change no digest.
struct RuntimeVariable {
  enum class Moment : uint8_t { kStart, kEnd, kExecution };
  enum class Form : uint8_t { kDs, kTs, kTstz, kDate, kDt, kDtntz, kHour, kEpoch, kMillis };
  Moment moment = Moment::kStart;
  Form form = Form::kDs;
};

/// What a folded name says; nothing when it names no such variable.
std::optional<RuntimeVariable> ReadRuntimeVariable(std::string_view name);
inline bool IsRuntimeVariable(std::string_view name) { return ReadRuntimeVariable(name).has_value(); }
metadata::Type TypeOf(const RuntimeVariable& variable);
/// Every name.
std::vector<std::string> RuntimeVariables();

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_RUNTIME_VARIABLES_H_

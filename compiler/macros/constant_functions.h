#ifndef WAPC_COMPILER_MACROS_CONSTANT_FUNCTIONS_H_
#define WAPC_COMPILER_MACROS_CONSTANT_FUNCTIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/macros/constant.h"

namespace wapc::compiler {

/// A function of known values: upper, lower, length, trim, replace, substring, concat, coalesce, nullif, abs, round,
/// and their kin. Nothing for one that is not known, or for values that it does not take.
std::optional<Constant> CallConstant(std::string_view name, const std::vector<Constant>& values);

/// A value as text ("" for NULL).
std::string ConstantText(const Constant& value);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_CONSTANT_FUNCTIONS_H_

#ifndef WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_
#define WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_

#include <string_view>

/// Texts of MODEL and wapc.yaml that have a grammar of their own.
namespace wapc::compiler {

/// '@daily' and its like, or the five fields of cron: minute, hour, day of the month, month, day of the week; lists,
/// ranges, steps and the names of months and days.
bool IsCron(std::string_view text);

/// A date or timestamp in ISO 8601, milliseconds since 1970, or a time told from now: "yesterday", "3 months ago".
bool IsTime(std::string_view text);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_

#ifndef WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_
#define WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_

#include <optional>
#include <string_view>
#include <vector>

/// Texts of MODEL and wapc.yaml that have a grammar of their own.
namespace wapc::compiler {

/// '@daily' and its like, or the five fields of cron: minute, hour, day of the month, month, day of the week; lists,
/// ranges, steps and the names of months and days.
bool IsCron(std::string_view text);

/// A date or timestamp in ISO 8601, milliseconds since 1970, or a time told from now: "yesterday", "3 months ago".
bool IsTime(std::string_view text);

/// The parts between the separators, empty ones too.
std::vector<std::string_view> SplitText(std::string_view text, char at);

/// A number in decimal digits and nothing else; a minus may stand before it.
std::optional<int> WholeNumber(std::string_view text);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_VALUE_TEXTS_H_

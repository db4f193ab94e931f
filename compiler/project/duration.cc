#include "compiler/project/duration.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace wapc::compiler {
namespace {

using std::chrono::seconds;

struct Unit {
  std::string_view name;
  seconds length;
};

constexpr auto kUnits = std::to_array<Unit>({{"second", seconds(1)},
                                             {"minute", std::chrono::minutes(1)},
                                             {"hour", std::chrono::hours(1)},
                                             {"day", std::chrono::hours(24)},
                                             {"week", std::chrono::hours(24 * 7)},
                                             {"month", std::chrono::hours(24 * 30)},
                                             {"year", std::chrono::hours(24 * 365)}});
constexpr int64_t kMostUnits = 100'000;

}  // namespace

std::optional<seconds> ReadDuration(std::string_view text) {
  if (text.starts_with("in ")) text.remove_prefix(3);
  int64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc() || count < 0 || count > kMostUnits) return std::nullopt;
  std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  if (!unit.starts_with(' ')) return std::nullopt;
  unit.remove_prefix(1);
  if (unit.ends_with('s')) unit.remove_suffix(1);
  for (const Unit& known : kUnits) {
    if (known.name == unit) return count * known.length;
  }
  return std::nullopt;
}

}  // namespace wapc::compiler

#include "compiler/project/value_texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "compiler/project/cron.h"
#include "grammar/fold.h"

namespace wapc::compiler {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2024-01-31", then perhaps a time of day and a zone.
bool IsIso(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  if (!IsDigits(text.substr(0, 4)) || !IsDigits(text.substr(5, 2)) || !IsDigits(text.substr(8, 2))) return false;
  const auto month = WholeNumber(text.substr(5, 2));
  const auto day = WholeNumber(text.substr(8, 2));
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) return false;
  text.remove_prefix(10);
  if (text.empty()) return true;
  if (text[0] != ' ' && text[0] != 'T' && text[0] != 't') return false;
  const std::string_view clock = text.substr(1);
  if (clock.size() < 5 || clock[2] != ':') return false;
  return clock.find_first_not_of("0123456789:.+-Zz ") == std::string_view::npos;
}

bool IsUnit(std::string_view word) {
  constexpr std::array<std::string_view, 7> kUnits = {"year", "month", "week", "day", "hour", "minute", "second"};
  if (word.ends_with('s')) word.remove_suffix(1);
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

// "1 year ago", "2 weeks 3 days ago", "in 3 days".
bool IsRelative(const std::string& text) {
  std::vector<std::string_view> words = SplitText(text, ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  if (words.size() == 1) {
    constexpr std::array<std::string_view, 4> kWords = {"today", "yesterday", "tomorrow", "now"};
    return std::find(kWords.begin(), kWords.end(), words[0]) != kWords.end();
  }
  const bool ahead = !words.empty() && words.front() == "in";
  if (ahead) words.erase(words.begin());
  if (!words.empty() && words.back() == "ago") words.pop_back();
  if (words.empty() || words.size() % 2 != 0) return false;
  for (size_t i = 0; i < words.size(); i += 2) {
    const bool count = IsDigits(words[i]) || words[i] == "a" || words[i] == "an" || words[i] == "one";
    if (!count || !IsUnit(words[i + 1])) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string_view> SplitText(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> WholeNumber(std::string_view text) {
  int out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool IsCron(std::string_view text) { return Cron::Read(text).has_value(); }

bool IsTime(std::string_view text) { return IsDigits(text) || IsIso(text) || IsRelative(grammar::LowerCase(text)); }

}  // namespace wapc::compiler

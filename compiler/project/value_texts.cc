#include "compiler/project/value_texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace wapc::compiler {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char at, bool empty_too) {
  std::vector<std::string_view> out;
  while (true) {
    const size_t end = text.find(at);
    const std::string_view part = text.substr(0, end);
    if (empty_too || !part.empty()) out.push_back(part);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> Number(std::string_view text) {
  int out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

struct CronField {
  int low;
  int high;
  std::string_view names;  ///< three letters each, the first stands for `named_from`
  int named_from;
};

constexpr std::array<CronField, 5> kFields = {{
    {0, 59, "", 0},
    {0, 23, "", 0},
    {1, 31, "", 0},
    {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1},
    {0, 7, "sunmontuewedthufrisat", 0},
}};

std::optional<int> CronValue(std::string_view text, const CronField& field) {
  if (text.size() == 3 && !field.names.empty()) {
    const size_t at = field.names.find(text);
    if (at != std::string_view::npos && at % 3 == 0) return field.named_from + static_cast<int>(at / 3);
  }
  const auto number = Number(text);
  if (!number || *number < field.low || *number > field.high) return std::nullopt;
  return number;
}

// "*", "5", "1-5", "*/15", "mon-fri/2".
bool IsCronPart(std::string_view part, const CronField& field) {
  const size_t slash = part.find('/');
  if (slash != std::string_view::npos) {
    const auto step = Number(part.substr(slash + 1));
    if (!step || *step < 1) return false;
    part = part.substr(0, slash);
  }
  if (part == "*" || part == "?") return true;
  const size_t dash = part.find('-');
  if (dash == std::string_view::npos) return CronValue(part, field).has_value();
  return CronValue(part.substr(0, dash), field).has_value() && CronValue(part.substr(dash + 1), field).has_value();
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2024-01-31", then perhaps a time of day and a zone.
bool IsIso(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  if (!IsDigits(text.substr(0, 4)) || !IsDigits(text.substr(5, 2)) || !IsDigits(text.substr(8, 2))) return false;
  const auto month = Number(text.substr(5, 2));
  const auto day = Number(text.substr(8, 2));
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
  std::vector<std::string_view> words = Split(text, ' ', false);
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

bool IsCron(std::string_view text) {
  const std::string lower = Lower(text);
  constexpr std::array<std::string_view, 7> kWords = {"@yearly", "@annually", "@monthly", "@weekly",
                                                      "@daily",  "@midnight", "@hourly"};
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  const std::vector<std::string_view> fields = Split(lower, ' ', false);
  if (fields.size() != kFields.size()) return false;
  for (size_t i = 0; i < fields.size(); ++i) {
    for (const std::string_view part : Split(fields[i], ',', true)) {
      if (!IsCronPart(part, kFields[i])) return false;
    }
  }
  return true;
}

bool IsTime(std::string_view text) { return IsDigits(text) || IsIso(text) || IsRelative(Lower(text)); }

}  // namespace wapc::compiler

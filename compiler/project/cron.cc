#include "compiler/project/cron.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "compiler/project/value_texts.h"
#include "grammar/fold.h"

namespace wapc::compiler {
namespace {

constexpr Moment kMinute = Moment{60} * 1'000'000;
constexpr Moment kDay = Moment{24} * 60 * kMinute;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kWords = {{{"@yearly", "0 0 1 1 *"},
                                                                                  {"@annually", "0 0 1 1 *"},
                                                                                  {"@monthly", "0 0 1 * *"},
                                                                                  {"@weekly", "0 0 * * 0"},
                                                                                  {"@daily", "0 0 * * *"},
                                                                                  {"@midnight", "0 0 * * *"},
                                                                                  {"@hourly", "0 * * * *"}}};
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// What one field may hold.
struct Field {
  int first, last;
  const std::string_view* names = nullptr;
  int names_from = 0;
  size_t name_count = 0;

  std::optional<int> Value(std::string_view text) const {
    for (size_t i = 0; i < name_count; ++i) {
      if (names[i] == text) return static_cast<int>(i) + names_from;
    }
    const auto number = WholeNumber(text);
    return number && *number >= first && *number <= last ? number : std::nullopt;
  }
};

// One of `*`, `5`, `1-5`, each perhaps with `/2`; marks what it names.
template <size_t N>
bool MarkPart(std::string_view part, const Field& field, std::bitset<N>& marks) {
  const size_t slash = part.find('/');
  const auto step = slash == std::string_view::npos ? std::optional(1) : WholeNumber(part.substr(slash + 1));
  const std::string_view range = part.substr(0, slash);
  const size_t dash = range.find('-');
  std::optional<int> from = field.first;
  std::optional<int> to = field.last;
  if (range != "*" && range != "?") {
    from = field.Value(range.substr(0, dash));
    if (dash != std::string_view::npos) {
      to = field.Value(range.substr(dash + 1));
    } else if (slash == std::string_view::npos) {
      to = from;
    }
  }
  if (!step || *step < 1 || !from || !to || *from > *to) return false;
  for (int value = *from; value <= *to; value += *step) marks.set(static_cast<size_t>(value) % N);
  return true;
}

template <size_t N>
bool Mark(std::string_view text, const Field& field, std::bitset<N>& marks) {
  for (const std::string_view part : SplitText(text, ',')) {
    if (!MarkPart(part, field, marks)) return false;
  }
  return true;
}

bool IsRestricted(std::string_view field) { return !field.starts_with('*') && !field.starts_with('?'); }

}  // namespace

std::optional<Cron> Cron::Read(std::string_view text) {
  std::string folded = grammar::LowerCase(text);
  for (const auto& [word, fields] : kWords) {
    if (folded == word) folded = fields;
  }
  std::vector<std::string_view> fields = SplitText(folded, ' ');
  std::erase_if(fields, [](std::string_view field) { return field.empty(); });
  if (fields.size() != 5) return std::nullopt;
  Cron out;
  // Sunday is 0 and 7: a bit set of seven makes them one.
  const bool read = Mark(fields[0], {0, 59}, out.minutes_) && Mark(fields[1], {0, 23}, out.hours_) &&
                    Mark(fields[2], {1, 31}, out.days_) &&
                    Mark(fields[3], {1, 12, kMonths.data(), 1, kMonths.size()}, out.months_) &&
                    Mark(fields[4], {0, 7, kWeekdays.data(), 0, kWeekdays.size()}, out.weekdays_);
  if (!read) return std::nullopt;
  out.either_day_ = IsRestricted(fields[2]) && IsRestricted(fields[4]);
  // Days of the month that no named month has never come.
  constexpr std::array<int, 13> kDays = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (size_t month = 1; month < kDays.size(); ++month) {
    for (int day = 1; day <= kDays[month]; ++day) {
      if (out.months_[month] && (out.either_day_ || out.days_[static_cast<size_t>(day)])) return out;
    }
  }
  return std::nullopt;
}

bool Cron::IsDay(Moment day) const {
  const std::chrono::sys_days date{std::chrono::days(day / kDay)};
  const std::chrono::year_month_day parts(date);
  const bool in_month = days_[static_cast<unsigned>(parts.day())];
  const bool in_week = weekdays_[std::chrono::weekday(date).c_encoding()];
  return months_[static_cast<unsigned>(parts.month())] && (either_day_ ? in_month || in_week : in_month && in_week);
}

Moment Cron::Last(Moment moment) const {
  // 29 February is due once in eight years at worst, and on one weekday once in forty.
  for (Moment day = moment - moment % kDay; day > moment - Moment{41} * 366 * kDay; day -= kDay) {
    if (!IsDay(day)) continue;
    const Moment latest = std::min<Moment>(moment - day, kDay - 1);
    for (Moment minute = latest / kMinute; minute >= 0; --minute) {
      if (hours_[static_cast<size_t>(minute / 60)] && minutes_[static_cast<size_t>(minute % 60)]) {
        return day + minute * kMinute;
      }
    }
  }
  return 0;
}

}  // namespace wapc::compiler

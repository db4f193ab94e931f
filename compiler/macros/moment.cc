#include "compiler/macros/moment.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace wapc::compiler {
namespace {

constexpr Moment kSecond = 1'000'000;
constexpr Moment kDay = 86'400 * kSecond;

// Takes `count` digits from the front.
std::optional<int> TakeDigits(std::string_view& text, size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + count, value);
  if (code != std::errc() || stop != text.data() + count) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Moment> TakeDate(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !Take(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay;
}

std::optional<Moment> TakeTime(std::string_view& text) {
  const auto hour = TakeDigits(text, 2);
  if (!hour || *hour > 23 || !Take(text, ':')) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Moment out = (*hour * 3600 + *minute * 60) * kSecond;
  if (!Take(text, ':')) return out;
  const auto second = TakeDigits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  out += *second * kSecond;
  if (!Take(text, '.')) return out;
  for (Moment unit = kSecond / 10; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
    out += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  return out;
}

// A moment taken apart for printing.
struct Parts {
  std::string date;
  std::string time;  // with microseconds where there are any
  int hour = 0;
};

Parts PartsOf(Moment moment) {
  const std::chrono::sys_time<std::chrono::microseconds> point{std::chrono::microseconds(moment)};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const Moment rest = (point - day).count();
  const Moment seconds = rest / kSecond;
  Parts out;
  out.date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                         static_cast<unsigned>(date.day()));
  out.time = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % kSecond != 0) out.time += fmt::format(".{:06}", rest % kSecond);
  out.hour = static_cast<int>(seconds / 3600);
  return out;
}

// The token for the first characters of the same moment: a literal for the engine too, which then gives it the type of
// what it is compared with. Cutting the text gives UTC whatever the session's time zone is.
std::string Cut(std::string_view token, int length) {
  return fmt::format("{}:{}{}", token.substr(0, token.size() - 1), length, token.substr(token.size() - 1));
}

}  // namespace

std::optional<Moment> ReadMoment(std::string_view text, bool end) {
  const auto date = TakeDate(text);
  if (!date) return std::nullopt;
  if (text.empty()) return end ? *date + kDay - 1 : *date;
  if (!Take(text, ' ') && !Take(text, 'T')) return std::nullopt;
  const auto time = TakeTime(text);
  const bool utc = text.empty() || text == "Z" || text == "+00" || text == "+00:00";
  return time && utc ? std::optional(*date + *time) : std::nullopt;
}

Moment StartOf(std::string_view model_start) { return ReadMoment(model_start, false).value_or(0); }

std::string RuntimeLiteral(const RuntimeVariable& variable, Moment moment) {
  using Form = RuntimeVariable::Form;
  const Parts parts = PartsOf(moment);
  switch (variable.form) {
    case Form::kDs: return fmt::format("'{}'", parts.date);
    case Form::kTs: return fmt::format("'{} {}'", parts.date, parts.time);
    case Form::kTstz: return fmt::format("'{} {}+00:00'", parts.date, parts.time);
    case Form::kDate: return fmt::format("CAST('{}' AS DATE)", parts.date);
    case Form::kDt: return fmt::format("CAST('{} {}+00:00' AS TIMESTAMP WITH TIME ZONE)", parts.date, parts.time);
    case Form::kDtntz: return fmt::format("CAST('{} {}' AS TIMESTAMP)", parts.date, parts.time);
    case Form::kHour: return fmt::format("{}", parts.hour);
    case Form::kEpoch: return fmt::format("CAST({:.6f} AS DOUBLE PRECISION)", static_cast<double>(moment) / kSecond);
    case Form::kMillis: return fmt::format("CAST({} AS BIGINT)", moment / 1000);
  }
  return "NULL";
}

std::string RuntimeTemplate(const RuntimeVariable& variable, std::string_view token) {
  using Form = RuntimeVariable::Form;
  constexpr int kDateLength = 10;
  constexpr int kWholeLength = 26;
  switch (variable.form) {
    case Form::kDs: return Cut(token, kDateLength);
    case Form::kTs: return Cut(token, kWholeLength);
    case Form::kTstz: return std::string(token);
    case Form::kDate: return fmt::format("CAST({} AS DATE)", Cut(token, kDateLength));
    case Form::kDt: return fmt::format("CAST({} AS TIMESTAMP WITH TIME ZONE)", token);
    case Form::kDtntz: return fmt::format("CAST({} AS TIMESTAMP)", Cut(token, kWholeLength));
    case Form::kHour: return fmt::format("CAST(substr({}, 12, 2) AS INTEGER)", token);
    case Form::kEpoch:
      return fmt::format("CAST(EXTRACT(EPOCH FROM CAST({} AS TIMESTAMP WITH TIME ZONE)) AS DOUBLE PRECISION)", token);
    case Form::kMillis:
      return fmt::format("CAST(FLOOR(EXTRACT(EPOCH FROM CAST({} AS TIMESTAMP WITH TIME ZONE)) * 1000) AS BIGINT)",
                         token);
  }
  return "NULL";
}

}  // namespace wapc::compiler

#include "metadata/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace wapc::metadata {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Consumes a text from its front.
struct Cursor {
  std::string_view rest;

  bool Take(char c) {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // Takes low to high digits; nothing where there are fewer.
  std::string_view Digits(size_t low, size_t high) {
    size_t count = 0;
    while (count < high && count < rest.size() && IsDigit(rest[count])) ++count;
    if (count < low) return {};
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
  }
  void SkipBlanks() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
  }
};

std::optional<std::string_view> BoolOf(std::string_view text) {
  constexpr std::array<std::string_view, 9> kYes{"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
  constexpr std::array<std::string_view, 9> kNo{"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  if (std::find(kYes.begin(), kYes.end(), text) != kYes.end()) return "true";
  if (std::find(kNo.begin(), kNo.end(), text) != kNo.end()) return "false";
  return std::nullopt;
}

std::optional<std::string> WholeNumber(std::string_view digits, int base, bool negative) {
  int64_t value = 0;
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (code != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  return fmt::format("{}", negative ? -value : value);
}

std::optional<std::string> IntOf(std::string_view text) {
  Cursor cursor{text};
  const bool negative = cursor.Take('-');
  if (!negative) cursor.Take('+');
  // YAML 1.1 lets underscores part the digits.
  if (cursor.rest.empty() || !IsDigit(cursor.rest[0])) return std::nullopt;
  std::string digits(cursor.rest);
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  if (digits.starts_with("0x")) return WholeNumber(digits.substr(2), 16, negative);
  if (digits.starts_with("0b")) return WholeNumber(digits.substr(2), 2, negative);
  if (digits.size() > 1 && digits[0] == '0') return WholeNumber(digits.substr(1), 8, negative);
  return WholeNumber(digits, 10, negative);
}

// As orjson 3.13 does: decimals from 1e-5 up to 1e16, else with an exponent (older ones leave out its plus).
std::string FloatText(double value) {
  std::array<char, 32> buffer{};
  const char* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  const std::string_view shortest(buffer.data(), static_cast<size_t>(end - buffer.data()));
  const size_t e = shortest.find('e');
  const std::string_view sign = shortest[0] == '-' ? "-" : "";
  if (value == 0) return fmt::format("{}0.0", sign);
  std::string digits;
  std::copy_if(shortest.begin(), shortest.begin() + static_cast<ptrdiff_t>(e), std::back_inserter(digits), IsDigit);
  int exponent = 0;
  const std::string_view power = shortest.substr(shortest[e + 1] == '+' ? e + 2 : e + 1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const int point = exponent + 1;  // digits before the decimal point
  const int count = static_cast<int>(digits.size());
  if (point >= count && point <= 16) return fmt::format("{}{}{:0<{}}.0", sign, digits, "", point - count);
  if (point > 0 && point <= 16) {
    const auto whole = static_cast<size_t>(point);
    return fmt::format("{}{}.{}", sign, digits.substr(0, whole), digits.substr(whole));
  }
  if (point > -5 && point <= 0) return fmt::format("{}0.{:0<{}}{}", sign, "", -point, digits);
  return fmt::format("{}{}{}{}e{:+}", sign, digits[0], count > 1 ? "." : "", digits.substr(1), exponent);
}

// [-+]?digits.digits?([eE][-+]digits)? or [-+]?.digits; infinities and not-a-number are null in JSON.
std::optional<std::string> FloatOf(std::string_view text) {
  Cursor cursor{text};
  if (!cursor.Take('-')) cursor.Take('+');
  constexpr std::array<std::string_view, 6> kNotFinite{".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  if (std::find(kNotFinite.begin(), kNotFinite.end(), cursor.rest) != kNotFinite.end()) return "null";
  const bool whole = !cursor.Digits(1, text.size()).empty();
  if (!cursor.Take('.')) return std::nullopt;
  const bool fraction = !cursor.Digits(1, text.size()).empty();
  if (!whole && !fraction) return std::nullopt;
  if (cursor.Take('e') || cursor.Take('E')) {
    if (!cursor.Take('-') && !cursor.Take('+')) return std::nullopt;
    if (cursor.Digits(1, text.size()).empty()) return std::nullopt;
  }
  if (!cursor.rest.empty()) return std::nullopt;
  double value = 0;
  const std::string_view plain = text.substr(text[0] == '+' ? 1 : 0);
  std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return FloatText(value);
}

std::string_view Padded(std::string_view digits, std::array<char, 2>& room) {
  room = {'0', digits[0]};
  return digits.size() == 2 ? digits : std::string_view(room.data(), 2);
}

// "Z", "+1", "-05:30" as an ISO offset; empty for none, nothing for what is not one.
std::optional<std::string> OffsetOf(Cursor& cursor) {
  cursor.SkipBlanks();
  if (cursor.rest.empty()) return "";
  if (cursor.Take('Z')) return cursor.rest.empty() ? std::optional<std::string>("+00:00") : std::nullopt;
  const char sign = cursor.rest[0];
  if (!cursor.Take('-') && !cursor.Take('+')) return std::nullopt;
  const std::string_view hours = cursor.Digits(1, 2);
  if (hours.empty()) return std::nullopt;
  std::string_view minutes = "00";
  if (cursor.Take(':')) minutes = cursor.Digits(2, 2);
  if (minutes.empty() || !cursor.rest.empty()) return std::nullopt;
  std::array<char, 2> room{};
  return fmt::format("{}{}:{}", sign, Padded(hours, room), minutes);
}

// A YAML 1.1 date or time of day on a date, in the ISO form that orjson gives it.
std::optional<std::string> TimestampOf(std::string_view text) {
  Cursor cursor{text};
  const std::string_view year = cursor.Digits(4, 4);
  if (year.empty() || !cursor.Take('-')) return std::nullopt;
  const std::string_view month = cursor.Digits(1, 2);
  if (month.empty() || !cursor.Take('-')) return std::nullopt;
  const std::string_view day = cursor.Digits(1, 2);
  if (day.empty()) return std::nullopt;
  if (cursor.rest.empty()) return text.size() == 10 ? std::optional(std::string(text)) : std::nullopt;
  if (!cursor.Take('T') && !cursor.Take('t')) {
    const size_t before = cursor.rest.size();
    cursor.SkipBlanks();
    if (cursor.rest.size() == before) return std::nullopt;
  }
  const std::string_view hour = cursor.Digits(1, 2);
  if (hour.empty() || !cursor.Take(':')) return std::nullopt;
  const std::string_view minute = cursor.Digits(2, 2);
  if (minute.empty() || !cursor.Take(':')) return std::nullopt;
  const std::string_view second = cursor.Digits(2, 2);
  if (second.empty()) return std::nullopt;
  std::string fraction;
  if (cursor.Take('.')) fraction = cursor.Digits(1, cursor.rest.size());
  fraction.resize(6, '0');
  if (fraction == "000000") fraction.clear();
  const std::optional<std::string> offset = OffsetOf(cursor);
  if (!offset) return std::nullopt;
  std::array<std::array<char, 2>, 3> rooms{};
  return fmt::format("{}-{}-{}T{}:{}:{}{}{}{}", year, Padded(month, rooms[0]), Padded(day, rooms[1]),
                     Padded(hour, rooms[2]), minute, second, fraction.empty() ? "" : ".", fraction, *offset);
}

}  // namespace

void AppendJsonText(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\f': out += "\\f"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20U) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendJsonScalar(const base::YamlNode& scalar, std::string& out) {
  const std::string_view text = scalar.scalar;
  if (scalar.quoted || text.empty()) return AppendJsonText(text, out);
  if (const auto flag = BoolOf(text)) {
    out += *flag;
  } else if (const auto whole = IntOf(text)) {
    out += *whole;
  } else if (const auto number = FloatOf(text)) {
    out += *number;
  } else if (const auto time = TimestampOf(text)) {
    AppendJsonText(*time, out);
  } else {
    AppendJsonText(text, out);
  }
}

}  // namespace wapc::metadata

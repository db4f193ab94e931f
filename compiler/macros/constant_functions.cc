#include "compiler/macros/constant_functions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wapc::compiler {
namespace {

using Maybe = std::optional<Constant>;
using Values = std::vector<Constant>;

bool IsNull(const Constant& value) { return std::holds_alternative<std::monostate>(value); }
std::string TextAt(const Values& values, size_t at) { return ConstantText(values[at]); }

std::optional<int64_t> WholeAt(const Values& values, size_t at) {
  const auto* const number = std::get_if<int64_t>(&values[at]);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

template <class F>
std::string Each(std::string text, F change) {
  std::transform(text.begin(), text.end(), text.begin(), change);
  return text;
}
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Letters beyond ASCII change by rules that engines differ in, so they are not known while compiling.
Maybe UpperText(const Values& v) { return IsAscii(TextAt(v, 0)) ? Maybe(Each(TextAt(v, 0), Upper)) : std::nullopt; }
Maybe LowerText(const Values& v) { return IsAscii(TextAt(v, 0)) ? Maybe(Each(TextAt(v, 0), Lower)) : std::nullopt; }
Maybe Length(const Values& v) {
  const std::string text = TextAt(v, 0);
  return static_cast<int64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}
Maybe Trim(const Values& v) {
  const std::string text = TextAt(v, 0);
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}
Maybe Replace(const Values& v) {
  std::string text = TextAt(v, 0);
  const std::string from = TextAt(v, 1);
  const std::string to = TextAt(v, 2);
  if (from.empty()) return text;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}
Maybe Substring(const Values& v) {
  const std::string text = TextAt(v, 0);
  const auto from = WholeAt(v, 1);
  const auto count = v.size() > 2 ? WholeAt(v, 2) : std::optional<int64_t>(static_cast<int64_t>(text.size()));
  if (!from || !count || *from < 1 || *count < 0 || !IsAscii(text)) return std::nullopt;
  return *from > static_cast<int64_t>(text.size())
             ? std::string()
             : text.substr(static_cast<size_t>(*from - 1), static_cast<size_t>(*count));
}
Maybe Left(const Values& v) {
  const auto count = WholeAt(v, 1);
  const std::string text = TextAt(v, 0);
  return count && *count >= 0 && IsAscii(text) ? Maybe(text.substr(0, static_cast<size_t>(*count))) : std::nullopt;
}
Maybe Right(const Values& v) {
  const auto count = WholeAt(v, 1);
  const std::string text = TextAt(v, 0);
  if (!count || *count < 0 || !IsAscii(text)) return std::nullopt;
  return text.substr(text.size() - std::min(text.size(), static_cast<size_t>(*count)));
}
Maybe StartsWith(const Values& v) { return TextAt(v, 0).starts_with(TextAt(v, 1)); }
Maybe EndsWith(const Values& v) { return TextAt(v, 0).ends_with(TextAt(v, 1)); }
Maybe Contains(const Values& v) { return TextAt(v, 0).find(TextAt(v, 1)) != std::string::npos; }
Maybe Absolute(const Values& v) {
  if (const auto* const real = std::get_if<double>(v.data())) return std::abs(*real);
  const auto whole = WholeAt(v, 0);
  return whole && *whole != INT64_MIN ? Maybe(std::abs(*whole)) : std::nullopt;
}
Maybe Round(const Values& v) {
  const auto* const real = std::get_if<double>(v.data());
  const auto digits = v.size() > 1 ? WholeAt(v, 1) : std::optional<int64_t>(0);
  if (real == nullptr) return WholeAt(v, 0) ? Maybe(v[0]) : std::nullopt;
  if (!digits || *digits < 0 || *digits > 15) return std::nullopt;
  const double scale = std::pow(10.0, static_cast<double>(*digits));
  return std::round(*real * scale) / scale;
}

struct Function {
  std::string_view name;
  size_t fewest;
  size_t most;
  Maybe (*call)(const Values& values);
};
constexpr std::array kFunctions{
    Function{"upper", 1, 1, UpperText},
    Function{"lower", 1, 1, LowerText},
    Function{"length", 1, 1, Length},
    Function{"char_length", 1, 1, Length},
    Function{"trim", 1, 1, Trim},
    Function{"replace", 3, 3, Replace},
    Function{"substring", 2, 3, Substring},
    Function{"substr", 2, 3, Substring},
    Function{"left", 2, 2, Left},
    Function{"right", 2, 2, Right},
    Function{"starts_with", 2, 2, StartsWith},
    Function{"ends_with", 2, 2, EndsWith},
    Function{"contains", 2, 2, Contains},
    Function{"abs", 1, 1, Absolute},
    Function{"round", 1, 2, Round},
};

}  // namespace

Maybe CallConstant(std::string_view name, const Values& values) {
  if (name == "coalesce" || name == "ifnull") {
    const auto found = std::find_if_not(values.begin(), values.end(), IsNull);
    return found == values.end() ? Constant{} : *found;
  }
  if (name == "nullif" && values.size() == 2) return values[0] == values[1] ? Constant{} : values[0];
  if (name == "concat") {
    std::string out;
    for (const Constant& value : values) out += ConstantText(value);
    return out;
  }
  const auto is = [&](const Function& function) {
    return function.name == name && values.size() >= function.fewest && values.size() <= function.most;
  };
  const auto* const function = std::find_if(kFunctions.begin(), kFunctions.end(), is);
  if (function == kFunctions.end()) return std::nullopt;
  if (std::any_of(values.begin(), values.end(), IsNull)) return Constant{};
  return function->call(values);
}

}  // namespace wapc::compiler

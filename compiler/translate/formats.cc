#include <fmt/format.h>

#include <cctype>

#include "compiler/translate/context.h"

/// Literals that are little languages of their own: formats of dates, and replacements of regular expressions.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;

namespace {

struct FormatCode {
  std::string_view strftime;
  std::string_view to_char;
};

// The longer ones first.
constexpr FormatCode kCodes[] = {{"%-d", "FMDD"}, {"%-m", "FMMM"}, {"%Y", "YYYY"},    {"%m", "MM"},  {"%d", "DD"},
                                 {"%H", "HH24"},  {"%I", "HH12"},  {"%M", "MI"},      {"%S", "SS"},  {"%f", "US"},
                                 {"%y", "YY"},    {"%j", "DDD"},   {"%B", "FMMonth"}, {"%b", "Mon"}, {"%A", "FMDay"},
                                 {"%a", "Dy"},    {"%p", "AM"},    {"%u", "ID"},      {"%V", "IW"},  {"%G", "IYYY"}};

// The text with every code replaced; nothing where something has no counterpart. Letters outside of codes are text to
// strftime, and have to be quoted for to_char.
std::optional<std::string> ToToChar(std::string_view format) {
  std::string out;
  while (!format.empty()) {
    const FormatCode* found = nullptr;
    for (const FormatCode& code : kCodes) {
      if (found == nullptr && format.starts_with(code.strftime)) found = &code;
    }
    if (found != nullptr) {
      out += found->to_char;
      format.remove_prefix(found->strftime.size());
      continue;
    }
    const char c = format[0];
    if (c == '%' || c == '"') return std::nullopt;
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? fmt::format("\"{}\"", c) : std::string(1, c);
    format.remove_prefix(1);
  }
  return out;
}

std::optional<std::string> ToStrftime(std::string_view format) {
  std::string out;
  while (!format.empty()) {
    const FormatCode* found = nullptr;
    for (const FormatCode& code : kCodes) {
      const bool longer = found == nullptr || code.to_char.size() > found->to_char.size();
      if (longer && format.starts_with(code.to_char)) found = &code;
    }
    if (found != nullptr) {
      out += found->strftime;
      format.remove_prefix(found->to_char.size());
      continue;
    }
    if (format[0] == '"') {
      const size_t end = format.find('"', 1);
      if (end == std::string_view::npos) return std::nullopt;
      out += format.substr(1, end - 1);
      format.remove_prefix(end + 1);
      continue;
    }
    if (std::isalpha(static_cast<unsigned char>(format[0])) != 0 || format[0] == '%') return std::nullopt;
    out += format[0];
    format.remove_prefix(1);
  }
  return out;
}

const grammar::Literal* StringOf(const Expr& expr) {
  const auto* const literal = As<grammar::Literal>(&expr);
  return literal != nullptr && literal->type == grammar::LiteralKind::kString ? literal : nullptr;
}

Expr* WithText(Context& context, const grammar::Literal& literal, const std::string& text) {
  auto* const out = context.arena.New<grammar::Literal>(literal);
  out->text = context.arena.Copy(text);
  return context.Stands(out, literal);
}

// References to groups with another sign before the digit.
std::string WithSign(std::string_view text, char from, char to) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool reference =
        text[i] == from && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0;
    if (text[i] == to && to == '$') out += '\\';
    out += reference ? to : text[i];
  }
  return out;
}

}  // namespace

Expr* TranslateFormat(Context& context, Expr& format) {
  const bool from_to_char = context.reads.Can("tochar-formats");
  const bool to_to_char = context.writes.Can("tochar-formats");
  if (from_to_char == to_to_char) return &format;
  const auto* const literal = StringOf(format);
  const auto text = literal == nullptr ? std::nullopt
                    : to_to_char       ? ToToChar(literal->text)
                                       : ToStrftime(literal->text);
  if (text) return WithText(context, *literal, *text);
  return context.Refuse(format, fmt::format("this format has no known form in {}", context.to.title),
                        "use a literal of years, months, days, hours, minutes and seconds");
}

Expr* TranslateReplacement(Context& context, Expr& replacement) {
  const bool from_dollar = context.reads.Can("dollar-replacement");
  const bool to_dollar = context.writes.Can("dollar-replacement");
  if (from_dollar == to_dollar) return &replacement;
  const auto* const literal = StringOf(replacement);
  if (literal == nullptr) {
    return context.Refuse(replacement, "a replacement that is computed refers to groups in another way there",
                          "write it as a literal");
  }
  return WithText(context, *literal, WithSign(literal->text, from_dollar ? '$' : '\\', to_dollar ? '$' : '\\'));
}

}  // namespace wapc::compiler::translate

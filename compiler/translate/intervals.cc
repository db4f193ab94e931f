#include <fmt/format.h>

#include <cctype>

#include "compiler/translate/context.h"

/// INTERVAL in the target's form: '1 day 2 hours' in one text, or a number and one unit.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;

namespace {

struct Piece {
  std::string number;
  std::string unit;
};

// "1 day -2 hours"; nothing for what holds anything else, such as 01:30:00.
std::optional<std::vector<Piece>> ParsePieces(std::string_view text) {
  std::vector<Piece> pieces;
  size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  };
  const auto take = [&](auto test) {
    const size_t begin = at;
    while (at < text.size() && test(static_cast<unsigned char>(text[at]))) ++at;
    return std::string(text.substr(begin, at - begin));
  };
  for (skip(); at < text.size(); skip()) {
    Piece piece;
    piece.number = take([](unsigned char c) { return std::isdigit(c) != 0 || c == '-' || c == '+' || c == '.'; });
    skip();
    piece.unit = UnitOf(take([](unsigned char c) { return std::isalpha(c) != 0; }));
    if (piece.number.empty() || piece.unit.empty()) return std::nullopt;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::optional<std::vector<Piece>> PiecesOf(const grammar::Interval& interval) {
  const auto* const literal = As<grammar::Literal>(interval.value);
  if (literal == nullptr || !interval.to_unit.empty()) return std::nullopt;
  std::string text(literal->text);
  if (!interval.unit.empty()) text += " " + std::string(interval.unit);
  return ParsePieces(text);
}

Expr* TextInterval(Context& context, base::Span span, std::string_view text, std::string_view unit) {
  auto* const literal = context.arena.New<grammar::Literal>();
  *literal = {{grammar::ExprKind::kLiteral, span, false}, grammar::LiteralKind::kString, context.arena.Copy(text)};
  auto* const out = context.arena.New<grammar::Interval>();
  *out = {{grammar::ExprKind::kInterval, span, false}, literal, context.arena.Copy(unit), {}};
  return out;
}

struct UnitFactor {
  std::string_view unit;
  std::string_view base;
  int factor;
};

// Units that an interval with one unit does not have, in those that it has.
constexpr UnitFactor kFactors[] = {{"week", "day", 7},           {"quarter", "month", 3},
                                   {"decade", "year", 10},       {"century", "year", 100},
                                   {"millisecond", "second", 0}, {"microsecond", "second", 0}};

std::optional<Piece> SingleUnit(const Piece& piece) {
  for (const UnitFactor& each : kFactors) {
    if (each.unit != piece.unit) continue;
    if (each.factor == 0 || piece.number.find('.') != std::string::npos) return std::nullopt;
    return Piece{std::to_string(std::stoll(piece.number) * each.factor), std::string(each.base)};
  }
  return piece;
}

// Trino: one number and one unit; several are added up.
Expr* OneUnitEach(Context& context, grammar::Interval& interval, const std::vector<Piece>& pieces) {
  const auto calendar = [](const Piece& piece) {
    return piece.unit == "year" || piece.unit == "quarter" || piece.unit == "month";
  };
  Expr* sum = nullptr;
  for (const Piece& piece : pieces) {
    if (calendar(piece) != calendar(pieces.front())) {
      return context.Refuse(interval, fmt::format("{} has no interval of months and days", context.to.title),
                            "add the months first, then the days");
    }
    const std::optional<Piece> single = SingleUnit(piece);
    if (!single || piece.number.size() > 15) {
      return context.Refuse(interval, fmt::format("{} has no interval of {}s", context.to.title, piece.unit),
                            "use date_add with that unit");
    }
    const bool negative = single->number.starts_with('-');
    Expr* each =
        TextInterval(context, interval.span, negative ? single->number.substr(1) : single->number, single->unit);
    Bindings bindings;
    bindings.values["b"] = each;
    if (negative) each = context.Make("-$b", bindings, interval.span);
    if (sum != nullptr) {
      bindings.values["a"] = sum;
      bindings.values["b"] = each;
      each = context.Make("$a + $b", bindings, interval.span);
    }
    sum = each;
  }
  return sum == nullptr ? &interval : sum;
}

// The number is computed: one unit, times it.
Expr* Multiplied(Context& context, grammar::Interval& interval) {
  if (context.writes.Can("computed-intervals")) return &interval;
  if (!context.writes.Can("interval-arithmetic")) {
    return context.Refuse(interval, fmt::format("{} has no interval of a computed length", context.to.title),
                          "use dateadd(unit, number, date)");
  }
  Bindings bindings;
  bindings.values["n"] = interval.value;
  bindings.values["one"] = TextInterval(
      context, interval.span, context.writes.Can("one-unit-intervals") ? "1" : "1 " + std::string(interval.unit),
      context.writes.Can("one-unit-intervals") ? interval.unit : std::string_view());
  return context.Make("$n * $one", bindings, interval.span);
}

}  // namespace

Expr* TranslateInterval(Context& context, grammar::Interval& interval) {
  if (As<grammar::Literal>(interval.value) == nullptr) return Multiplied(context, interval);
  const auto pieces = PiecesOf(interval);
  if (!pieces) {
    return context.Refuse(interval, fmt::format("this interval has no known form in {}", context.to.title),
                          "write it as numbers with units: INTERVAL '90 minutes'");
  }
  if (context.writes.Can("one-unit-intervals")) return OneUnitEach(context, interval, *pieces);
  std::string text;
  for (const Piece& piece : *pieces) {
    if (!text.empty()) text += context.writes.Can("comma-intervals") ? ", " : " ";
    text += piece.number + " " + piece.unit;
  }
  return TextInterval(context, interval.span, text, "");
}

}  // namespace wapc::compiler::translate

#include "compiler/translate/match.h"

#include <algorithm>
#include <set>

#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::ExprKind;

namespace {

struct UnitSpelling {
  std::string_view unit;
  std::vector<std::string_view> words;
};

const std::vector<UnitSpelling>& Units() {
  static const std::vector<UnitSpelling> kUnits = {
      {"microsecond", {"microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds"}},
      {"millisecond", {"millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds"}},
      {"second", {"second", "seconds", "s", "sec", "secs"}},
      {"minute", {"minute", "minutes", "m", "mi", "min", "mins"}},
      {"hour", {"hour", "hours", "h", "hh", "hr", "hrs"}},
      {"day", {"day", "days", "d", "dd", "dayofmonth"}},
      {"week", {"week", "weeks", "w", "wk", "weekofyear"}},
      {"month", {"month", "months", "mon", "mons", "mm"}},
      {"quarter", {"quarter", "quarters", "q", "qtr", "qtrs"}},
      {"year", {"year", "years", "y", "yy", "yyy", "yyyy", "yr", "yrs"}},
      {"decade", {"decade", "decades"}},
      {"century", {"century", "centuries"}},
      {"dow", {"dow", "dayofweek", "weekday", "dw"}},
      {"isodow", {"isodow", "dayofweekiso", "dayofweek_iso"}},
      {"doy", {"doy", "dayofyear", "yearday"}},
      {"epoch", {"epoch", "epoch_second", "epoch_seconds"}},
  };
  return kUnits;
}

// The unqualified name of a one-part reference, in lower case.
std::optional<std::string> BareWord(const Expr& expr) {
  const auto* const ref = As<grammar::ColumnRef>(&expr);
  if (ref == nullptr || ref->parts.size() != 1) return std::nullopt;
  return grammar::LowerCase(ref->parts[0].text);
}

bool MatchAll(const std::vector<const Expr*>& forms, const std::vector<Expr*>& exprs, Bindings& bindings) {
  if (forms.size() != exprs.size()) return false;
  for (size_t i = 0; i < forms.size(); ++i) {
    if (!Match(*forms[i], *exprs[i], bindings)) return false;
  }
  return true;
}

bool MatchLiteral(const grammar::Literal& form, const Expr& expr) {
  if (const auto* const literal = As<grammar::Literal>(&expr)) {
    if (form.type != literal->type) return false;
    if (form.type != grammar::LiteralKind::kString && form.type != grammar::LiteralKind::kNumber) return true;
    if (form.text == literal->text) return true;
  }
  const auto word = UnitWord(expr);
  return form.type == grammar::LiteralKind::kString && word && *word == UnitOf(form.text);
}

bool MatchCall(const grammar::FunctionCall& form, grammar::FunctionCall& call, Bindings& bindings) {
  if (grammar::LowerCase(form.name.back().text) != grammar::LowerCase(call.name.back().text)) return false;
  const bool rest = !form.arguments.empty() && PlaceholderOf(*form.arguments.back().value) == kRest;
  const size_t fixed = form.arguments.size() - (rest ? 1 : 0);
  if (call.arguments.size() < fixed || (!rest && call.arguments.size() != fixed)) return false;
  for (size_t i = 0; i < fixed; ++i) {
    if (grammar::LowerCase(form.arguments[i].name.text) != grammar::LowerCase(call.arguments[i].name.text))
      return false;
    if (!Match(*form.arguments[i].value, *call.arguments[i].value, bindings)) return false;
  }
  for (size_t i = fixed; i < call.arguments.size(); ++i) bindings.rest.push_back(call.arguments[i].value);
  if (form.within_group.size() != call.within_group.size()) return false;
  for (size_t i = 0; i < form.within_group.size(); ++i) {
    if (form.within_group[i].descending != call.within_group[i].descending) return false;
    if (!Match(*form.within_group[i].expr, *call.within_group[i].expr, bindings)) return false;
  }
  return true;
}

bool MatchKind(const Expr& form, Expr& expr, Bindings& bindings) {
  switch (form.kind) {
    case ExprKind::kFunctionCall:
      return MatchCall(static_cast<const grammar::FunctionCall&>(form), static_cast<grammar::FunctionCall&>(expr),
                       bindings);
    case ExprKind::kBinary: {
      const auto& a = static_cast<const grammar::Binary&>(form);
      auto& b = static_cast<grammar::Binary&>(expr);
      return a.op == b.op && MatchAll({a.left, a.right}, {b.left, b.right}, bindings);
    }
    case ExprKind::kUnary: {
      const auto& a = static_cast<const grammar::Unary&>(form);
      auto& b = static_cast<grammar::Unary&>(expr);
      return a.op == b.op && Match(*a.operand, *b.operand, bindings);
    }
    case ExprKind::kExtract: {
      const auto& a = static_cast<const grammar::Extract&>(form);
      auto& b = static_cast<grammar::Extract&>(expr);
      return UnitOf(a.field) == UnitOf(b.field) && Match(*a.operand, *b.operand, bindings);
    }
    case ExprKind::kIndex: {
      const auto& a = static_cast<const grammar::Index&>(form);
      auto& b = static_cast<grammar::Index&>(expr);
      return MatchAll({a.base, a.index}, {b.base, b.index}, bindings);
    }
    case ExprKind::kAtTimeZone: {
      const auto& a = static_cast<const grammar::AtTimeZone&>(form);
      auto& b = static_cast<grammar::AtTimeZone&>(expr);
      return MatchAll({a.operand, a.zone}, {b.operand, b.zone}, bindings);
    }
    case ExprKind::kSlice: {
      const auto& a = static_cast<const grammar::Slice&>(form);
      auto& b = static_cast<grammar::Slice&>(expr);
      if (a.step != nullptr || b.step != nullptr) return false;
      if ((a.low == nullptr) != (b.low == nullptr) || (a.high == nullptr) != (b.high == nullptr)) return false;
      return Match(*a.base, *b.base, bindings) && (a.low == nullptr || Match(*a.low, *b.low, bindings)) &&
             (a.high == nullptr || Match(*a.high, *b.high, bindings));
    }
    case ExprKind::kQuantified: {
      const auto& a = static_cast<const grammar::Quantified&>(form);
      auto& b = static_cast<grammar::Quantified&>(expr);
      if (a.op != b.op || a.all != b.all || a.array == nullptr || b.array == nullptr) return false;
      return MatchAll({a.left, a.array}, {b.left, b.array}, bindings);
    }
    default: return grammar::Equal(form, expr);
  }
}

bool HoldsRest(const Expr& expr) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.expr = [&](Expr& each) {
    found |= PlaceholderOf(each) == kRest;
    return !found;
  };
  grammar::Walk(const_cast<Expr&>(expr), visitor);  // Walk changes nothing by itself
  return found;
}

// `$more` as what an array holds: then the array is spread, not the call around it.
bool HoldsRestArray(const Expr& expr) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.expr = [&](Expr& each) {
    const auto* const array = As<grammar::Array>(&each);
    found |= array != nullptr && array->items.size() == 1 && HoldsRest(*array->items[0]);
    return !found;
  };
  grammar::Walk(const_cast<Expr&>(expr), visitor);  // Walk changes nothing by itself
  return found;
}

/// Copies a form, with values for placeholders.
class Filler {
 public:
  Filler(const Bindings& bindings, grammar::Arena& arena, const std::function<Expr*(const Expr&)>& copy)
      : bindings_(bindings), arena_(arena), copy_(copy) {
    hooks_.replace_expr = [this](const Expr& expr) { return Replace(expr); };
  }

  Expr* Fill(const Expr& form) { return grammar::Clone(form, arena_, hooks_); }

 private:
  Expr* Replace(const Expr& expr) {
    if (const std::string_view name = PlaceholderOf(expr); !name.empty()) return ValueOf(name);
    if (item_ != nullptr) return nullptr;
    if (const auto* const array = As<grammar::Array>(&expr)) {
      return array->items.size() == 1 && HoldsRest(*array->items[0]) ? SpreadItems(*array) : nullptr;
    }
    const auto* const call = As<grammar::FunctionCall>(&expr);
    if (call == nullptr || call->arguments.empty() || !HoldsRest(*call->arguments.back().value)) return nullptr;
    if (HoldsRestArray(*call->arguments.back().value)) return nullptr;
    return Spread(*call);
  }

  Expr* SpreadItems(const grammar::Array& array) {
    std::vector<Expr*> items;
    for (Expr* const value : bindings_.rest) items.push_back(ForItem(*array.items[0], value));
    auto* const out = arena_.New<grammar::Array>(array);
    out->items = arena_.Copy(items);
    return out;
  }

  Expr* ForItem(const Expr& form, Expr* value) {
    // Each use of the values but the first is a copy.
    item_ = used_rest_.insert(value).second ? value : copy_(*value);
    Expr* const out = Fill(form);
    item_ = nullptr;
    return out;
  }

  Expr* ValueOf(std::string_view name) {
    if (name == kRest && item_ != nullptr) return item_;
    const auto found = bindings_.values.find(name);
    if (found == bindings_.values.end()) return nullptr;
    if (++used_[found->first] == 1) return found->second;
    return copy_(*found->second);
  }

  Expr* Spread(const grammar::FunctionCall& call) {
    std::vector<grammar::Argument> arguments;
    for (size_t i = 0; i + 1 < call.arguments.size(); ++i) {
      arguments.push_back({call.arguments[i].name, Fill(*call.arguments[i].value)});
    }
    for (Expr* const value : bindings_.rest) {
      arguments.push_back({{}, ForItem(*call.arguments.back().value, value)});
    }
    auto* const out = arena_.New<grammar::FunctionCall>(call);
    out->arguments = arena_.Copy(arguments);
    return out;
  }

  const Bindings& bindings_;
  grammar::Arena& arena_;
  const std::function<Expr*(const Expr&)>& copy_;
  grammar::CloneHooks hooks_;
  std::map<std::string, int, std::less<>> used_;
  std::set<const Expr*> used_rest_;
  Expr* item_ = nullptr;  ///< what `$more` stands for while one of its values is written
};

}  // namespace

std::string_view PlaceholderOf(const Expr& expr) {
  const auto* const parameter = As<grammar::Parameter>(&expr);
  return parameter != nullptr && parameter->text.starts_with('$') ? parameter->text.substr(1) : std::string_view();
}

std::string UnitOf(std::string_view word) {
  std::string lower = grammar::LowerCase(word);
  for (const UnitSpelling& unit : Units()) {
    if (std::find(unit.words.begin(), unit.words.end(), lower) != unit.words.end()) return std::string(unit.unit);
  }
  return lower;
}

std::optional<std::string> UnitWord(const Expr& expr) {
  if (const auto* const literal = As<grammar::Literal>(&expr)) {
    if (literal->type != grammar::LiteralKind::kString) return std::nullopt;
    return UnitOf(literal->text);
  }
  if (const auto word = BareWord(expr)) return UnitOf(*word);
  return std::nullopt;
}

bool Match(const Expr& form, Expr& expr, Bindings& bindings) {
  if (const std::string_view name = PlaceholderOf(form); !name.empty()) {
    const auto [at, added] = bindings.values.emplace(name, &expr);
    return added || grammar::Equal(*at->second, expr);
  }
  if (const auto* const literal = As<grammar::Literal>(&form)) return MatchLiteral(*literal, expr);
  if (const auto word = BareWord(form)) return UnitWord(expr) == UnitOf(*word);
  return form.kind == expr.kind && MatchKind(form, expr, bindings);
}

Expr* Fill(const Expr& form, const Bindings& bindings, grammar::Arena& arena,
           const std::function<Expr*(const Expr&)>& copy) {
  return Filler(bindings, arena, copy).Fill(form);
}

}  // namespace wapc::compiler::translate

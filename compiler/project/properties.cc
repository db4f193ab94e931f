#include "compiler/project/properties.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "compiler/project/value_texts.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using grammar::As;
using grammar::Expr;
using grammar::Property;

namespace {

constexpr DiagnosticCode kUnknownProperty{"unknown-property", Severity::kError};
constexpr DiagnosticCode kDuplicateProperty{"duplicate-property", Severity::kError};
constexpr DiagnosticCode kPropertyType{"property-type", Severity::kError};
constexpr DiagnosticCode kUnsupportedProperty{"unsupported-property", Severity::kError};
constexpr DiagnosticCode kNoEffect{"no-effect", Severity::kInfo};

bool IsLiteral(const Expr* expr, grammar::LiteralKind kind) {
  const auto* const literal = As<grammar::Literal>(expr);
  return literal != nullptr && literal->type == kind;
}

bool IsFlag(const Expr* expr) {
  return IsLiteral(expr, grammar::LiteralKind::kTrue) || IsLiteral(expr, grammar::LiteralKind::kFalse);
}

std::optional<int> CountOf(const Expr* expr) {
  if (!IsLiteral(expr, grammar::LiteralKind::kNumber)) return std::nullopt;
  const std::string_view text = As<grammar::Literal>(expr)->text;
  int out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc() || end != text.data() + text.size() || out < 1) return std::nullopt;
  return out;
}

// '@daily' in quotes, or the bare @daily.
std::optional<std::string> CronOf(const Expr* expr) {
  if (const auto* const variable = As<grammar::MacroVariable>(expr)) return "@" + std::string(variable->name);
  return TextOf(expr);
}

bool IsTimeValue(const Expr* expr) {
  if (IsLiteral(expr, grammar::LiteralKind::kNumber)) return true;
  const auto text = TextOf(expr);
  return text && IsTime(*text);
}

bool AllOf(Expr* value, bool (*good)(const Expr*)) {
  const std::vector<Expr*> items = ItemsOf(value);
  return std::all_of(items.begin(), items.end(), good);
}

bool IsCall(const Expr* expr) {
  return As<grammar::FunctionCall>(expr) != nullptr || As<grammar::MacroCall>(expr) != nullptr || NameOf(expr);
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = text.find(' '); !text.empty(); at = text.find(' ')) {
    out.push_back(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return out;
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool IsChoice(const Expr* expr, std::string_view choices) {
  const auto text = TextOf(expr);
  const std::vector<std::string_view> words = Words(choices);
  return text && std::find(words.begin(), words.end(), Lower(*text)) != words.end();
}

// What a value should have been; empty when it is that.
std::string Expected(const Property& property, const PropertyRule& rule) {
  Expr* const value = property.value;
  const auto is_text = [](const Expr* expr) { return TextOf(expr).has_value(); };
  switch (rule.shape) {
    case ValueShape::kAny: return {};
    case ValueShape::kText:
    case ValueShape::kName:
    case ValueShape::kTypeName: return is_text(value) ? "" : "a name or text in quotes";
    case ValueShape::kFlag: return IsFlag(value) ? "" : "true or false";
    case ValueShape::kCount: return CountOf(value) ? "" : "a whole number from 1";
    case ValueShape::kNames: return value != nullptr && AllOf(value, is_text) ? "" : "a name or a list of names";
    case ValueShape::kColumns: {
      if (!property.properties.empty() || As<grammar::Star>(value) != nullptr) return {};
      return value != nullptr && AllOf(value, is_text) ? "" : "columns, as `(id bigint, label text)`";
    }
    case ValueShape::kExprs: return value != nullptr ? "" : "an expression or a list of them";
    case ValueShape::kPairs: {
      const auto is_pair = [](const Expr* expr) { return PairOf(expr) != nullptr; };
      return value != nullptr && AllOf(value, is_pair) ? "" : "a list of `name = value`";
    }
    case ValueShape::kCalls: return value != nullptr && AllOf(value, IsCall) ? "" : "a list of names and calls";
    case ValueShape::kCron: {
      const auto cron = CronOf(value);
      return cron && IsCron(*cron) ? "" : "'@daily' and the like, or five fields such as '30 4 * * *'";
    }
    case ValueShape::kTime: return IsTimeValue(value) ? "" : "a time such as '2024-01-31' or '3 months ago'";
    case ValueShape::kChoice:
      return IsChoice(value, rule.choices) ? "" : fmt::format("one of {}", fmt::join(Words(rule.choices), ", "));
  }
  return {};
}

}  // namespace

std::optional<std::string> TextOf(const Expr* expr) {
  if (IsLiteral(expr, grammar::LiteralKind::kString)) return std::string(As<grammar::Literal>(expr)->text);
  return NameOf(expr);
}

const grammar::Binary* PairOf(const Expr* expr) {
  const auto* const binary = As<grammar::Binary>(expr);
  return binary != nullptr && binary->op == grammar::BinaryOp::kEq && TextOf(binary->left) ? binary : nullptr;
}

void ReportNoEffect(const NoEffect& property, size_t models, base::Diagnostics& diagnostics) {
  std::string message = fmt::format("'{}' has no effect: {}", property.name, property.reason);
  if (models > 1) message += fmt::format(" ({} models have it)", models);
  diagnostics.Report(kNoEffect, property.span, std::move(message));
}

std::optional<std::string> NameOf(const Expr* expr) {
  const auto* const ref = As<grammar::ColumnRef>(expr);
  if (ref == nullptr) return std::nullopt;
  std::string out;
  for (const grammar::Identifier& part : ref->parts) {
    if (!out.empty()) out += '.';
    out += grammar::FoldName(part);
  }
  return out;
}

std::vector<Expr*> ItemsOf(Expr* expr) {
  if (auto* const tuple = As<grammar::Tuple>(expr)) return {tuple->items.begin(), tuple->items.end()};
  if (auto* const array = As<grammar::Array>(expr)) return {array->items.begin(), array->items.end()};
  if (expr == nullptr) return {};
  return {expr};
}

PropertyReader::PropertyReader(grammar::List<Property> properties, std::string_view where,
                               std::span<const PropertyRule> rules, base::Diagnostics& diagnostics,
                               std::vector<NoEffect>* without_effect)
    : properties_(properties), where_(where), diagnostics_(diagnostics) {
  for (const Property& property : properties_) {
    const Property* const first = Find(property.name.text);
    if (first == &property) {
      Check(property, rules, without_effect);
    } else {
      diagnostics_
          .Report(kDuplicateProperty, property.name.span,
                  fmt::format("'{}' stands here a second time", property.name.text))
          .Note(first->name.span, "first here");
    }
  }
}

void PropertyReader::Check(const Property& property, std::span<const PropertyRule> rules,
                           std::vector<NoEffect>* without_effect) {
  const std::string_view name = property.name.text;
  const PropertyRule* const rule = FindRule(rules, name);
  if (rule == nullptr) {
    std::vector<std::string> known;
    for (const PropertyRule& other : rules) known.emplace_back(other.name);
    const auto nearest = base::ClosestName(name, known);
    diagnostics_.Report(kUnknownProperty, property.name.span, fmt::format("{} has no property '{}'", where_, name))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "docs/models.md lists the properties");
    return;
  }
  if (rule->support == Support::kUnsupported) {
    diagnostics_
        .Report(kUnsupportedProperty, property.name.span, fmt::format("wapc does not do '{}' of {}", name, where_))
        .Help(std::string(rule->note));
    return;
  }
  if (const std::string expected = Expected(property, *rule); !expected.empty()) {
    ReportWrong(property, expected);
  } else if (rule->support == Support::kNoEffect) {
    const NoEffect entry{rule->name, rule->note, property.name.span};
    if (without_effect != nullptr) without_effect->push_back(entry);
    if (without_effect == nullptr) ReportNoEffect(entry, 1, diagnostics_);
  }
}

const Property* PropertyReader::Find(std::string_view name) const {
  for (const Property& property : properties_) {
    if (property.name.text == name) return &property;
  }
  return nullptr;
}

void PropertyReader::ReportWrong(const Property& property, std::string_view expected) {
  const base::Span span = property.value != nullptr ? property.value->span : property.span;
  diagnostics_.Report(kPropertyType, span, fmt::format("'{}' takes {}", property.name.text, expected));
}

std::optional<std::string> PropertyReader::Text(std::string_view name) const {
  const Property* const property = Find(name);
  if (property == nullptr) return std::nullopt;
  if (IsLiteral(property->value, grammar::LiteralKind::kNumber)) {
    return std::string(As<grammar::Literal>(property->value)->text);
  }
  return CronOf(property->value);
}

std::optional<bool> PropertyReader::Flag(std::string_view name) const {
  const Property* const property = Find(name);
  if (property == nullptr || !IsFlag(property->value)) return std::nullopt;
  return IsLiteral(property->value, grammar::LiteralKind::kTrue);
}

int PropertyReader::Count(std::string_view name) const {
  const Property* const property = Find(name);
  return property == nullptr ? 0 : CountOf(property->value).value_or(0);
}

std::optional<std::string> PropertyReader::Choice(std::string_view name) const {
  const auto text = Text(name);
  return text ? std::optional(Lower(*text)) : std::nullopt;
}

std::vector<std::string> PropertyReader::Names(std::string_view name) const {
  const Property* const property = Find(name);
  std::vector<std::string> out;
  if (property == nullptr) return out;
  for (const Expr* const item : ItemsOf(property->value)) {
    if (auto text = TextOf(item)) out.push_back(std::move(*text));
  }
  return out;
}

std::vector<std::pair<std::string, Expr*>> PropertyReader::Pairs(std::string_view name) const {
  const Property* const property = Find(name);
  std::vector<std::pair<std::string, Expr*>> out;
  if (property == nullptr) return out;
  for (const Expr* const item : ItemsOf(property->value)) {
    if (const grammar::Binary* const pair = PairOf(item)) out.emplace_back(*TextOf(pair->left), pair->right);
  }
  return out;
}

}  // namespace wapc::compiler

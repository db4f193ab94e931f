#include "compiler/project/properties.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

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
                               std::vector<std::string_view> known, base::Diagnostics& diagnostics)
    : properties_(properties), where_(where), diagnostics_(diagnostics) {
  for (const Property& property : properties_) {
    const std::string_view name = property.name.text;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto nearest = base::ClosestName(name, {known.begin(), known.end()});
      diagnostics_.Report(kUnknownProperty, property.name.span, fmt::format("{} has no property '{}'", where_, name))
          .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "docs/models.md lists the properties");
    }
    const Property* const first = Find(name);
    if (first != &property) {
      diagnostics_.Report(kDuplicateProperty, property.name.span, fmt::format("'{}' stands here a second time", name))
          .Note(first->name.span, "first here");
    }
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

std::optional<std::string> PropertyReader::Text(std::string_view name) {
  const Property* const property = Find(name);
  if (property == nullptr) return std::nullopt;
  if (const auto* const literal = As<grammar::Literal>(property->value);
      literal != nullptr && literal->type == grammar::LiteralKind::kString) {
    return std::string(literal->text);
  }
  if (auto text = NameOf(property->value)) return text;
  ReportWrong(*property, "a name or text in quotes");
  return std::nullopt;
}

std::optional<bool> PropertyReader::Flag(std::string_view name) {
  const Property* const property = Find(name);
  if (property == nullptr) return std::nullopt;
  if (const auto* const literal = As<grammar::Literal>(property->value)) {
    if (literal->type == grammar::LiteralKind::kTrue) return true;
    if (literal->type == grammar::LiteralKind::kFalse) return false;
  }
  ReportWrong(*property, "true or false");
  return std::nullopt;
}

std::vector<std::string> PropertyReader::Names(std::string_view name) {
  const Property* const property = Find(name);
  if (property == nullptr) return {};
  std::vector<std::string> out;
  for (const Expr* const item : ItemsOf(property->value)) {
    const auto* const literal = As<grammar::Literal>(item);
    if (auto text = NameOf(item)) {
      out.push_back(*text);
    } else if (literal != nullptr && literal->type == grammar::LiteralKind::kString) {
      out.emplace_back(literal->text);
    } else {
      ReportWrong(*property, "a name or a list of names");
      return {};
    }
  }
  return out;
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/functions.h"
#include "compiler/translate/context.h"
#include "grammar/fold.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

/// Reads an expression as an operation by the map of its dialect, and writes it by the map of the other.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;

namespace {

// Whether all arguments are what the line is for; nothing: that depends on a type that is not known.
std::optional<bool> FitsAll(const Context& context, const MapRule& rule, const std::vector<Expr*>& arguments,
                            size_t rest, std::string* unknown) {
  const bool takes_rest = !rule.parameters.empty() && rule.parameters.back().name == kRest;
  if (rule.parameters.size() - (takes_rest ? 1 : 0) != arguments.size() || (!takes_rest && rest > 0)) return false;
  bool sure = true;
  for (size_t i = 0; i < rule.parameters.size() && i < arguments.size(); ++i) {
    const MapParameter& parameter = rule.parameters[i];
    if (arguments[i] == nullptr || parameter.guard.empty()) continue;
    const std::optional<bool> fits = Fits(context, parameter.guard, *arguments[i]);
    if (!fits.value_or(!parameter.soft)) return false;
    if (fits) continue;
    sure = false;
    grammar::PrintOptions options;
    options.dialect = &context.from;
    *unknown = grammar::Print(*arguments[i], options);
  }
  return sure ? std::optional(true) : std::nullopt;
}

// A unit of time is a string literal from here on, however it was written.
Expr* AsUnit(Context& context, Expr& expr) {
  const auto word = UnitWord(expr);
  auto* const literal = context.arena.New<grammar::Literal>();
  literal->kind = grammar::ExprKind::kLiteral;
  literal->span = expr.span;
  literal->type = grammar::LiteralKind::kString;
  literal->text = context.arena.Copy(*word);
  context.SetType(*literal, metadata::Type::Of(metadata::TypeKind::kText));
  return literal;
}

Operation OperationOf(Context& context, const MapRule& rule, const Bindings& bindings) {
  Operation operation{rule.op, rule.table, {}, bindings.rest};
  for (const MapParameter& parameter : rule.parameters) {
    if (parameter.name == kRest) continue;
    const auto found = bindings.values.find(parameter.name);
    Expr* value = found == bindings.values.end() ? nullptr : found->second;
    if (value != nullptr && parameter.guard == "unit" && UnitWord(*value)) value = AsUnit(context, *value);
    operation.arguments.push_back(value);
  }
  return operation;
}

/// One way to read an expression.
struct Reading {
  const MapRule* rule = nullptr;
  Operation operation;
};

/// The readings that are possible: one, or several when types are missing. `open`: it may also be none of them.
std::vector<Reading> Readings(Context& context, Expr& expr, bool table, std::string* unknown, bool* open) {
  std::vector<Reading> out;
  *open = true;
  for (const MapRule* const rule : context.reads.Readers(expr)) {
    Bindings bindings;
    if (rule->table != table || !Match(*rule->form, expr, bindings)) continue;
    Operation operation = OperationOf(context, *rule, bindings);
    const std::optional<bool> fits = FitsAll(context, *rule, operation.arguments, operation.rest.size(), unknown);
    if (fits == false) continue;
    out.push_back({rule, std::move(operation)});
    if (fits != true) continue;
    *open = false;
    break;
  }
  return out;
}

std::string Shown(const Expr& expr) {
  if (const auto* const call = As<grammar::FunctionCall>(&expr)) {
    return grammar::LowerCase(call->name.back().text) + "()";
  }
  if (const auto* const extract = As<grammar::Extract>(&expr)) return fmt::format("extract({})", extract->field);
  if (As<grammar::Index>(&expr) != nullptr) return "this subscript";
  if (As<grammar::Slice>(&expr) != nullptr) return "this slice";
  if (As<grammar::AtTimeZone>(&expr) != nullptr) return "AT TIME ZONE";
  return "this operator";
}

bool PutsTextTogether(std::string_view op) {
  return op.starts_with("concat_") || op == "string_agg" || op == "string_agg_comma" || op == "listagg_empty";
}

// Operators that need no line of a map: all engines mean the same by them.
bool MeansTheSame(const Expr& expr) {
  using Op = grammar::BinaryOp;
  if (const auto* const quantified = As<grammar::Quantified>(&expr)) return quantified->array == nullptr;
  const auto* const binary = As<grammar::Binary>(&expr);
  if (binary == nullptr) return false;
  return binary->op == Op::kAnd || binary->op == Op::kOr || binary->op == Op::kMul;
}

// Operations that take a moment apart by the clock of some zone.
bool LooksAtClock(std::string_view op) {
  return op.starts_with("part_") || op.starts_with("truncate_") || op.starts_with("boundaries_") ||
         op.starts_with("time_plus") || op.starts_with("time_minus") || op == "complete_units" || op == "format_time" ||
         op == "shift_units" || op == "day_name" || op == "month_name" || op == "last_day";
}

void SettleZones(Context& context, Operation& operation) {
  if (operation.name == "part_epoch") return;
  for (Expr*& argument : operation.arguments) {
    if (argument == nullptr || context.TypeOf(*argument).kind != metadata::TypeKind::kTimestampTz) continue;
    if (!InSession(context, argument)) return;
  }
}

Expr* RefuseUnknown(Context& context, Expr& expr) {
  if (MeansTheSame(expr)) return &expr;
  const auto* const call = As<grammar::FunctionCall>(&expr);
  if (call == nullptr) {
    return context.Refuse(
        expr, fmt::format("{} of {} has no known form in {}", Shown(expr), context.from.title, context.to.title),
        "rewrite it with what both have");
  }
  std::string help = "see docs/transpile.md for the functions that are translated; --lenient keeps the call as it is";
  if (!context.reads.Readers(expr).empty()) {
    help = "not with these arguments; " + help;
  } else if (FunctionCatalog::Of(context.from).Find(call->name.back().text) != nullptr) {
    help = fmt::format("rewrite it with functions that both have; {}", help);
  } else if (const auto near = base::ClosestName(call->name.back().text, context.reads.FunctionNames())) {
    help = fmt::format("did you mean {}()? {}", *near, help);
  }
  return context.Refuse(
      expr, fmt::format("{} of {} has no known form in {}", Shown(expr), context.from.title, context.to.title), help);
}

Expr* RefuseWrite(Context& context, Expr& expr, const Refusal& refusal) {
  if (refusal.type_unknown) {
    context.NeedType(expr.span,
                     fmt::format("how {} is written in {} depends on the type of {}, which is not known here",
                                 Shown(expr), context.to.title, refusal.argument),
                     "cast it to the type that it has, or use --lenient");
    return &expr;
  }
  return context.Refuse(
      expr, fmt::format("{} cannot say what {} means in {}", context.to.title, Shown(expr), context.from.title),
      refusal.help.empty() ? "rewrite it with functions that both have" : refusal.help);
}

}  // namespace

Expr* Context::Write(const Operation& operation, base::Span span, Refusal& refusal) {
  const MapRule* chosen = nullptr;
  for (const MapRule* const rule : writes.Writers(operation.name)) {
    if (rule->table != operation.table) continue;
    std::string unknown;
    const std::optional<bool> fits = FitsAll(*this, *rule, operation.arguments, operation.rest.size(), &unknown);
    if (fits == false) continue;
    if (!fits) {
      refusal.type_unknown = true;
      refusal.argument = unknown;
      return nullptr;
    }
    chosen = rule;
    break;
  }
  if (chosen == nullptr) return nullptr;
  if (chosen->form == nullptr) {
    refusal.help = chosen->help;
    return nullptr;
  }
  Bindings bindings;
  bindings.rest = operation.rest;
  for (size_t i = 0; i < chosen->parameters.size() && i < operation.arguments.size(); ++i) {
    Expr* value = operation.arguments[i];
    if (value == nullptr) continue;
    const std::string& guard = chosen->parameters[i].guard;
    if (guard == "pattern") value = TranslatePattern(*this, *value);
    if (guard == "replacement") value = TranslateReplacement(*this, *value);
    if (guard == "strftime" || guard == "tochar") value = TranslateFormat(*this, *value);
    bindings.values.emplace(chosen->parameters[i].name, value);
  }
  Expr* const filled = FillForm(*chosen->form, bindings, span);
  const bool pattern = std::any_of(chosen->parameters.begin(), chosen->parameters.end(),
                                   [](const MapParameter& each) { return each.guard == "pattern"; });
  return pattern ? JoinLiterals(*this, *filled) : filled;
}

Expr* TranslateByMap(Context& context, Expr& expr, bool table) {
  std::string unknown;
  bool open = true;
  std::vector<Reading> readings = Readings(context, expr, table, &unknown, &open);
  if (readings.empty()) return RefuseUnknown(context, expr);
  const auto need_type = [&] {
    context.NeedType(
        expr.span,
        fmt::format("what {} means depends on the type of {}, which is not known here", Shown(expr), unknown),
        "cast it to the type that it has, or use --lenient");
  };
  if (PutsTextTogether(readings[0].operation.name)) SettleConcatenated(context, readings[0].operation);
  if (LooksAtClock(readings[0].operation.name)) SettleZones(context, readings[0].operation);
  Refusal refusal;
  Expr* const written = context.Write(readings[0].operation, expr.span, refusal);
  for (size_t i = 1; i < readings.size(); ++i) {
    // Several meanings are one if they are written alike.
    Refusal other;
    const Expr* const also = context.Write(readings[i].operation, expr.span, other);
    if (written != nullptr && also != nullptr && grammar::Equal(*written, *also)) continue;
    need_type();
    return &expr;
  }
  if (open) need_type();
  if (written == nullptr) return RefuseWrite(context, expr, refusal);
  if (const auto* const call = As<grammar::FunctionCall>(&expr)) return MoveModifiers(context, *call, written);
  return written;
}

}  // namespace wapc::compiler::translate

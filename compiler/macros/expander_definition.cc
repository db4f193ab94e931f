#include <fmt/format.h>

#include <algorithm>

#include "compiler/macros/expander.h"
#include "compiler/macros/hygiene.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using base::Span;
using grammar::As;
using grammar::Expr;
using grammar::ExprKind;
using grammar::MacroCall;

namespace {

constexpr base::DiagnosticCode kMacroRecursion{"macro-recursion", base::Severity::kError};

// "net(price, rate := ...)": how a macro is called.
std::string Signature(const MacroDefinition& macro) {
  std::string out = macro.name + "(";
  for (size_t i = 0; i < macro.parameters.size(); ++i) {
    if (i > 0) out += ", ";
    out += macro.variadic && i == 0 ? "values, ..." : std::string(macro.parameters[i].name.text);
    if (macro.parameters[i].otherwise != nullptr) out += " := ...";
  }
  return out + ")";
}

bool HasValue(const std::vector<std::pair<std::string, const Expr*>>& values, const std::string& name) {
  return std::any_of(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
}

}  // namespace

std::vector<Expr*> MacroExpander::CallDefinition(const MacroDefinition& macro, MacroCall& call) {
  if (Recursive(macro, call)) return {Null(call.span)};
  Frame frame{FrameKind::kMacro, {}};
  if (!Bind(macro, call, frame)) return {Null(call.span)};
  const Span place = PlaceOf(macro, call);
  active_.push_back({&macro, call.span});
  std::vector<Expr*> out;
  if (BindDefaults(macro, call, place, frame)) out = Instantiate(macro, place, std::move(frame));
  active_.pop_back();
  return out;
}

bool MacroExpander::Recursive(const MacroDefinition& macro, const MacroCall& call) {
  const auto is = [&](const Active& active) { return active.macro == &macro; };
  const auto first = std::find_if(active_.begin(), active_.end(), is);
  if (first == active_.end()) return false;
  std::string chain;
  for (auto at = first; at != active_.end(); ++at) chain += fmt::format("@{} -> ", at->macro->name);
  Report(kMacroRecursion, call.span, fmt::format("@{} calls itself: {}@{}", macro.name, chain, macro.name))
      .Help("a macro is expanded while compiling, so it cannot call itself; loop over a list with @EACH or @REDUCE");
  return true;
}

Span MacroExpander::PlaceOf(const MacroDefinition& macro, const MacroCall& call) {
  if (macro.builtin) return call.span;
  return {sources_.AddExpansion(macro.span.source, call.span, "@" + macro.name), 0, 0};
}

bool MacroExpander::Bind(const MacroDefinition& macro, MacroCall& call, Frame& frame) {
  const auto note = [&](base::DiagnosticBuilder& report) {
    if (!macro.builtin) report.Note(macro.span, "defined here");
    report.Help(fmt::format("call it as @{}", Signature(macro)));
  };
  std::vector<Expr*> rest;
  size_t next = macro.variadic ? macro.parameters.size() : 0;
  for (const grammar::Argument& argument : call.arguments) {
    const bool named = !argument.name.text.empty();
    if (macro.variadic && !named) {
      for (Expr* const item : Items(argument.value)) rest.push_back(item);
      continue;
    }
    const std::string wanted = grammar::LowerCase(argument.name.text);
    const auto is = [&](const auto& parameter) { return grammar::LowerCase(parameter.name.text) == wanted; };
    const auto found =
        named ? std::find_if(macro.parameters.begin(), macro.parameters.end(), is)
              : macro.parameters.begin() + static_cast<std::ptrdiff_t>(std::min(next++, macro.parameters.size()));
    if (found == macro.parameters.end() || HasValue(frame.values, grammar::LowerCase(found->name.text))) {
      auto report = Report(kMacroArgument, argument.value->span,
                           named ? fmt::format("@{} takes no further argument {}", macro.name, argument.name.text)
                                 : fmt::format("@{} takes {} argument(s), but is given {}", macro.name,
                                               macro.parameters.size(), call.arguments.size()));
      note(report);
      return false;
    }
    Expr* value = Result(argument.value);
    if (found->type != nullptr) {
      value =
          arena_.New<grammar::Cast>(Expr{ExprKind::kCast, value->span}, value, found->type, grammar::CastStyle::kCast);
    }
    frame.values.emplace_back(grammar::LowerCase(found->name.text), value);
  }
  if (!macro.variadic) return true;
  if (rest.empty()) {
    auto report = Report(kMacroArgument, call.span, fmt::format("@{} needs a value", macro.name));
    note(report);
    return false;
  }
  Expr* const list = arena_.New<grammar::Tuple>(Expr{ExprKind::kTuple, call.span}, arena_.Copy(rest), false);
  frame.values.emplace_back(grammar::LowerCase(macro.parameters[0].name.text), list);
  return true;
}

bool MacroExpander::BindDefaults(const MacroDefinition& macro, const MacroCall& call, Span place, Frame& frame) {
  for (const grammar::MacroParameter& parameter : macro.parameters) {
    const std::string name = grammar::LowerCase(parameter.name.text);
    if (HasValue(frame.values, name)) continue;
    if (parameter.otherwise == nullptr) {
      auto report = Report(kMacroArgument, call.span, fmt::format("@{} needs the argument {}", macro.name, name));
      if (!macro.builtin) report.Note(parameter.name.span, "this parameter has no default");
      report.Help(fmt::format("call it as @{}", Signature(macro)));
      return false;
    }
    Expr* const value = Copy(*parameter.otherwise);
    macro.builtin ? grammar::PlaceAll(*value, place) : grammar::PlaceIn(*value, place.source);
    frames_.push_back({FrameKind::kMacro, {}});
    frame.values.emplace_back(name, Result(value));
    frames_.pop_back();
  }
  return true;
}

std::vector<Expr*> MacroExpander::Instantiate(const MacroDefinition& macro, Span place, Frame frame) {
  Expr* body = nullptr;
  if (macro.query != nullptr) {
    const grammar::ScalarSubquery whole{{ExprKind::kScalarSubquery, macro.query->span},
                                        const_cast<grammar::Query*>(macro.query)};
    body = Copy(whole);
  } else {
    body = Copy(*macro.expr);
  }
  macro.builtin ? grammar::PlaceAll(*body, place) : grammar::PlaceIn(*body, place.source);
  KeepNamesApart(*body, frame.values, arena_);
  frames_.push_back(std::move(frame));
  std::vector<Expr*> out = Results(body);
  frames_.pop_back();
  return out;
}

// -------------------------------------------------------------------------------------------- relations and queries

grammar::TableRef* MacroExpander::Expand(grammar::TableRef& table) {
  if (const auto* const name = As<grammar::TableName>(&table); name != nullptr && !frames_.empty()) {
    if (name->parts.size() != 1 || name->parts[0].quoted) return &table;
    const Expr* const value = Parameter(grammar::LowerCase(name->parts[0].text));
    return value == nullptr ? &table : TableOf(*Copy(*value), table, name->parts[0].text);
  }
  const auto* const macro = As<grammar::MacroTable>(&table);
  if (macro == nullptr) return &table;
  const std::string name = grammar::LowerCase(macro->call->name.text);
  if (IsLeft(name) && macro->call->arguments.empty()) return &table;
  const std::vector<Expr*> results = Call(*macro->call);
  if (results.size() == 1) return TableOf(*results.front(), table, macro->call->name.text);
  NotOne(*macro->call, results.size());
  return &table;
}

grammar::TableRef* MacroExpander::TableOf(const Expr& value, const grammar::TableRef& table, std::string_view name) {
  std::vector<grammar::Identifier> parts;
  const auto* const text = As<grammar::Literal>(&value);
  if (const auto* const ref = As<grammar::ColumnRef>(&value)) {
    parts.assign(ref->parts.begin(), ref->parts.end());
  } else if (text != nullptr && text->type == grammar::LiteralKind::kString) {
    for (std::string_view rest = text->text; !rest.empty();) {
      const size_t dot = std::min(rest.find('.'), rest.size());
      parts.push_back({rest.substr(0, dot), false, value.span});
      rest.remove_prefix(std::min(rest.size(), dot + 1));
    }
  } else if (const auto* const subquery = As<grammar::ScalarSubquery>(&value)) {
    auto* const out = arena_.New<grammar::SubqueryRef>(table, subquery->query, false);
    out->kind = grammar::TableRefKind::kSubquery;
    if (out->alias.text.empty()) out->alias = {arena_.Copy(grammar::LowerCase(name)), false, table.span};
    return out;
  } else {
    if (!call_failed_) {
      Report(kMacroResult, table.span, fmt::format("@{} gives no relation: a query or the name of a model", name));
    }
  }
  auto* const out = arena_.New<grammar::TableName>(table, arena_.Copy(parts));
  out->kind = grammar::TableRefKind::kName;
  return out;
}

grammar::Query* MacroExpander::Expand(grammar::MacroQuery& body) {
  const std::vector<Expr*> results = Call(*body.call);
  const auto* const subquery = results.size() == 1 ? As<grammar::ScalarSubquery>(results.front()) : nullptr;
  if (subquery != nullptr) return subquery->query;
  if (!call_failed_) {
    Report(kMacroResult, body.call->span,
           fmt::format("@{} gives no query, but one has to stand here", body.call->name.text));
  }
  return nullptr;
}

}  // namespace wapc::compiler

#include "compiler/macros/expander.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/macros/builtin.h"
#include "compiler/macros/constant.h"
#include "compiler/macros/runtime_variables.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::Span;
using grammar::As;
using grammar::Expr;
using grammar::ExprKind;
using grammar::Literal;
using grammar::LiteralKind;
using grammar::MacroCall;

namespace {

constexpr DiagnosticCode kUnknownMacro{"unknown-macro", Severity::kError};
constexpr DiagnosticCode kMacroLimit{"macro-limit", Severity::kError};

// A tree that macros made is at most this large and this high: what is far beyond any query, and small enough to print.
constexpr size_t kMostNodes = 200'000;
constexpr int kHighest = 1000;
constexpr int kDeepest = 100;

}  // namespace

MacroExpander::MacroExpander(const MacroLibrary& library, const MacroVariables& variables, grammar::Arena& arena,
                             const base::SourceMap& sources, base::Diagnostics& diagnostics)
    : library_(library), variables_(variables), arena_(arena), sources_(sources), diagnostics_(diagnostics) {}

bool MacroExpander::Run(grammar::Query*& query) {
  grammar::EditTree(query, *this, arena_);
  if (errors_ == 0 && grammar::SizeOf(*query, kHighest).height > kHighest) {
    Report(kMacroLimit, query->span, "macros make this query too deep: at most 1000 levels are allowed");
  }
  return errors_ == 0;
}

void MacroExpander::Define(MacroCall& call) {
  const auto* const name = call.arguments.size() == 2 ? As<grammar::ColumnRef>(call.arguments[0].value) : nullptr;
  if (name == nullptr || name->parts.size() != 1) {
    Report(kMacroArgument, call.span, "@DEF takes a name and a value").Help("write @DEF(size, 10);");
    return;
  }
  locals_[grammar::LowerCase(name->parts[0].text)] = Result(call.arguments[1].value);
}

base::DiagnosticBuilder MacroExpander::Report(const DiagnosticCode& code, Span span, std::string message) {
  errors_ += code.severity == Severity::kError ? 1 : 0;
  return diagnostics_.Report(code, span, std::move(message));
}

// ------------------------------------------------------------------------------------------------- names and values

const Expr* MacroExpander::Parameter(std::string_view name) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    for (const auto& [key, value] : frame->values) {
      if (key == name) return value;
    }
    if (frame->kind != FrameKind::kLambda) break;
  }
  return nullptr;
}

const Expr* MacroExpander::Variable(std::string_view name) const {
  if (const Expr* const value = Parameter(name)) return value;
  const bool in_macro =
      std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.kind == FrameKind::kMacro; });
  const auto local = in_macro ? locals_.end() : locals_.find(name);
  if (local != locals_.end()) return local->second;
  const auto known = variables_.find(name);
  return known == variables_.end() ? nullptr : known->second;
}

const grammar::Lambda* MacroExpander::Function(std::string_view name) const {
  return As<grammar::Lambda>(Variable(name));
}

bool MacroExpander::IsLeft(std::string_view name) const {
  return IsRuntimeVariable(name) || std::find(left_.begin(), left_.end(), name) != left_.end();
}

Expr* MacroExpander::Copy(const Expr& expr) {
  nodes_ += grammar::SizeOf(expr, kHighest).nodes;
  if (nodes_ <= kMostNodes) return grammar::Clone(expr, arena_);
  if (!exhausted_) {
    exhausted_ = true;
    Report(kMacroLimit, expr.span, "macros make this query too large: more than 200,000 expressions")
        .Help("expand less in one model");
  }
  return Null(expr.span);
}

Expr* MacroExpander::Text(std::string_view text, Span span) {
  return arena_.New<Literal>(Expr{ExprKind::kLiteral, span}, LiteralKind::kString, arena_.Copy(text));
}
Expr* MacroExpander::Null(Span span) {
  return arena_.New<Literal>(Expr{ExprKind::kLiteral, span}, LiteralKind::kNull, std::string_view("NULL"));
}

std::string MacroExpander::TextOf(const Expr& value) const {
  if (const auto* const literal = As<Literal>(&value); literal != nullptr && literal->type != LiteralKind::kNull) {
    return std::string(literal->text);
  }
  if (const auto* const ref = As<grammar::ColumnRef>(&value)) {
    std::string out;
    for (const grammar::Identifier& part : ref->parts) out += (out.empty() ? "" : ".") + std::string(part.text);
    return out;
  }
  return grammar::Print(value, {});
}

std::optional<std::string> MacroExpander::HoleText(std::string_view name, Span span) {
  const std::string folded = grammar::LowerCase(name);
  if (const Expr* const value = Variable(folded)) return TextOf(*value);
  if (IsRuntimeVariable(folded)) {
    Report(kMacroArgument, span,
           fmt::format("@{} is known only when the model runs, so no name or text can hold it", name))
        .Help(fmt::format("use @{} as a value: '...' || @{}", name, name));
  } else {
    UnknownVariable(name, span);
  }
  return std::nullopt;
}

std::string MacroExpander::Fill(std::string_view text, Span span) {
  std::string out;
  const auto is_name = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (size_t at = 0; at < text.size();) {
    const bool braced = text.substr(at).starts_with("@{");
    size_t begin = at + (braced ? 2 : 1);
    size_t end = begin;
    while (end < text.size() && is_name(text[end])) ++end;
    const bool closed = end < text.size() && text[end] == '}';
    if (text[at] != '@' || end == begin || (braced && !closed)) {
      out += text[at++];
      continue;
    }
    const std::string_view name = text.substr(begin, end - begin);
    // An at sign may belong to the text itself (an address), unless braces say that it does not.
    if (!braced && Variable(grammar::LowerCase(name)) == nullptr) {
      out += text[at++];
      continue;
    }
    out += HoleText(name, span).value_or("");
    at = end + (braced ? 1 : 0);
  }
  return out;
}

void MacroExpander::Name(grammar::Identifier& name) {
  if (name.text.find('@') == std::string_view::npos || exhausted_) return;
  if (!name.quoted && name.text[0] == '@' && name.text.find('@', 1) == std::string_view::npos &&
      name.text.find('{') == std::string_view::npos) {
    // `@x` as a whole name has to be known.
    const auto text = HoleText(name.text.substr(1), name.span);
    name.text = arena_.Copy(text.value_or("x"));
  } else {
    name.text = arena_.Copy(Fill(name.text, name.span));
  }
  if (!name.quoted && name.text.find('@') != std::string_view::npos) {
    UnknownVariable(name.text.substr(name.text.find('@') + 1), name.span);
  }
  const auto plain = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool digit = !name.text.empty() && std::isdigit(static_cast<unsigned char>(name.text[0])) != 0;
  if (digit || !std::all_of(name.text.begin(), name.text.end(), plain)) name.quoted = true;
}

// ---------------------------------------------------------------------------------------------- arguments of macros

std::vector<Expr*> MacroExpander::Results(Expr* argument) {
  if (argument->kind == ExprKind::kLambda) return {argument};
  if (Replaces(*argument)) return Expand(*argument, false);
  grammar::EditTree(argument, *this, arena_);
  return {argument};
}

Expr* MacroExpander::Result(Expr* argument) {
  const std::vector<Expr*> results = Results(argument);
  if (results.size() == 1) return results.front();
  return arena_.New<grammar::Tuple>(Expr{ExprKind::kTuple, argument->span}, arena_.Copy(results), false);
}

std::vector<Expr*> MacroExpander::Items(Expr* argument) {
  const std::vector<Expr*> results = Results(argument);
  if (results.size() != 1) return results;
  if (const auto* const tuple = As<grammar::Tuple>(results[0])) return {tuple->items.begin(), tuple->items.end()};
  if (const auto* const array = As<grammar::Array>(results[0])) return {array->items.begin(), array->items.end()};
  return results;
}

std::vector<Expr*> MacroExpander::Apply(const grammar::Lambda& lambda, const std::vector<Expr*>& values) {
  if (lambda.parameters.size() != values.size()) {
    Report(kMacroArgument, lambda.span,
           fmt::format("this function takes {} value(s), but is given {}", lambda.parameters.size(), values.size()));
    return {};
  }
  Frame frame;
  for (size_t i = 0; i < values.size(); ++i) {
    frame.values.emplace_back(grammar::LowerCase(lambda.parameters[i].text), values[i]);
  }
  frames_.push_back(std::move(frame));
  std::vector<Expr*> out = Results(Copy(*lambda.body));
  frames_.pop_back();
  return Checked(std::move(out), lambda.span);
}

bool MacroExpander::Holds(Expr& condition) {
  const size_t before = errors_;
  const Expr* const value = Result(&condition);
  const auto constant = EvaluateConstant(*value);
  if (constant) return IsTrue(*constant);
  if (errors_ == before) {
    Report(kNotConstant, condition.span,
           fmt::format("this condition is not known while compiling: {}", grammar::Print(*value, {})))
        .Help("compare values of variables; what depends on rows belongs in CASE or WHERE");
  }
  return false;
}

Expr* MacroExpander::FromText(const std::string& text, const std::vector<std::pair<std::string, Expr*>>& values,
                              Span call) {
  grammar::Parser parser;
  base::Diagnostics found;
  Expr* expr = parser.ParseExpression(text, {}, sources_, arena_, found);
  for (const base::Diagnostic& d : found.all())
    Report(kMacroRefused, call, fmt::format("in '{}': {}", text, d.message));
  if (expr == nullptr) return Null(call);
  grammar::PlaceAll(*expr, call);
  Frame frame{FrameKind::kMacro, {}};
  for (const auto& [name, value] : values) frame.values.emplace_back(name, value);
  frames_.push_back(std::move(frame));
  expr = Result(expr);
  frames_.pop_back();
  return expr;
}

grammar::Query* MacroExpander::QueryFromText(const std::string& text,
                                             const std::vector<std::pair<std::string, Expr*>>& values, Span call) {
  Expr* const expr = FromText("(" + text + ")", values, call);
  const auto* const subquery = As<grammar::ScalarSubquery>(expr);
  return subquery == nullptr ? nullptr : subquery->query;
}

// ---------------------------------------------------------------------------------------------------------- editing

bool MacroExpander::Replaces(const Expr& expr) {
  if (exhausted_) return false;
  if (expr.kind == ExprKind::kMacroCall) return true;
  if (const auto* const variable = As<grammar::MacroVariable>(&expr)) {
    const std::string name = grammar::LowerCase(variable->name);
    return Variable(name) != nullptr || !IsLeft(name);
  }
  if (frames_.empty()) return false;
  const auto* const ref = As<grammar::ColumnRef>(&expr);
  return ref != nullptr && ref->parts.size() == 1 && !ref->parts[0].quoted &&
         Parameter(grammar::LowerCase(ref->parts[0].text)) != nullptr;
}

std::vector<Expr*> MacroExpander::Expand(Expr& expr, bool list) {
  if (auto* const call = As<MacroCall>(&expr)) return Call(*call);
  const auto* const ref = As<grammar::ColumnRef>(&expr);
  const std::string_view written = ref != nullptr ? ref->parts[0].text : As<grammar::MacroVariable>(&expr)->name;
  const std::string name = grammar::LowerCase(written);
  const Expr* const value = Variable(name);
  if (value == nullptr) {
    const MacroDefinition* const macro = library_.Find(name);
    if (macro == nullptr) return UnknownVariable(written, expr.span);
    MacroCall call{{ExprKind::kMacroCall, expr.span}, {written, false, expr.span}, {}};
    return Call(call);
  }
  Expr* const copy = Copy(*value);
  if (list && (copy->kind == ExprKind::kTuple || copy->kind == ExprKind::kArray)) return Items(copy);
  return {copy};
}

Expr* MacroExpander::NotOne(Expr& expr, size_t count) {
  if (!call_failed_) {
    const auto* const call = As<MacroCall>(&expr);
    const std::string what = call != nullptr ? fmt::format("@{}", call->name.text) : "this";
    Report(kMacroResult, expr.span,
           count == 0 ? fmt::format("{} gives nothing, but a value has to stand here", what)
                      : fmt::format("{} gives {} expressions, but one value has to stand here", what, count));
  }
  return Null(expr.span);
}

void MacroExpander::EnterLambda(const grammar::Lambda& lambda) {
  Frame frame;
  for (const grammar::Identifier& parameter : lambda.parameters) {
    frame.values.emplace_back(grammar::LowerCase(parameter.text), nullptr);
  }
  frames_.push_back(std::move(frame));
}
void MacroExpander::LeaveLambda() { frames_.pop_back(); }

// ------------------------------------------------------------------------------------------------------------ calls

std::vector<Expr*> MacroExpander::Call(MacroCall& call) {
  if (exhausted_) return {Null(call.span)};
  if (depth_ >= kDeepest) {
    exhausted_ = true;
    Report(kMacroLimit, call.span, "macros call each other more than 100 levels deep");
    return {Null(call.span)};
  }
  ++depth_;
  const size_t before = errors_;
  std::vector<Expr*> out = Checked(CallNamed(grammar::LowerCase(call.name.text), call), call.span);
  call_failed_ = errors_ > before;
  --depth_;
  return out;
}

std::vector<Expr*> MacroExpander::Checked(std::vector<Expr*> results, Span call) {
  for (const Expr* const result : results) {
    if (exhausted_ || grammar::SizeOf(*result, kHighest).height <= kHighest) continue;
    exhausted_ = true;
    Report(kMacroLimit, call, "this makes an expression too deep: at most 1000 levels are allowed");
  }
  return exhausted_ ? std::vector<Expr*>{Null(call)} : results;
}

std::vector<Expr*> MacroExpander::CallNamed(const std::string& name, MacroCall& call) {
  if (name == grammar::kTextMacro) {
    const auto* const text = As<Literal>(call.arguments.front().value);
    return {Text(Fill(text->text, call.span), call.span)};
  }
  if (const grammar::Lambda* const function = Function(name)) return CallFunction(*function, call);
  if (const MacroDefinition* const macro = library_.Find(name)) return CallDefinition(*macro, call);
  if (const BuiltinMacro* const macro = library_.FindBuiltin(name)) return macro->expand(*this, call);
  const Expr* const value = call.arguments.empty() ? Variable(name) : nullptr;
  if (value != nullptr) return {Copy(*value)};
  return Unknown(call);
}

std::vector<Expr*> MacroExpander::CallFunction(const grammar::Lambda& function, MacroCall& call) {
  std::vector<Expr*> values;
  for (const grammar::Argument& argument : call.arguments) values.push_back(Result(argument.value));
  if (function.parameters.size() != values.size()) {
    Report(kMacroArgument, call.span,
           fmt::format("@{} takes {} argument(s), but is given {}", call.name.text, function.parameters.size(),
                       values.size()))
        .Note(function.span, "defined here");
    return {Null(call.span)};
  }
  const Frame outer{FrameKind::kDef, {}};
  frames_.push_back(outer);
  std::vector<Expr*> out = Apply(function, values);
  frames_.pop_back();
  return out;
}

std::vector<Expr*> MacroExpander::Unknown(const MacroCall& call) {
  const std::string name = grammar::LowerCase(call.name.text);
  const Span python = library_.FindPython(name);
  const auto near = base::ClosestName(name, library_.Names());
  auto report = Report(kUnknownMacro, call.name.span, fmt::format("there is no macro @{}", call.name.text));
  if (python.known()) {
    report.Note(python, "wapc does not run macros written in Python")
        .Help(fmt::format("write it in macros/{}.sql: MACRO {}(a, b) AS expression or SELECT", name, name));
  } else if (name == "def") {
    report.Help("@DEF(name, value); stands between MODEL (...); and the query");
  } else if (name == "this_model") {
    report.Help(
        "@this_model is the model itself in an audit or a statement beside the query; elsewhere write schema.model");
  } else {
    report.Help(near ? fmt::format("did you mean @{}?", *near)
                     : fmt::format("define it in macros/{}.sql: MACRO {}(a, b) AS expression or SELECT", name, name));
  }
  return {Null(call.span)};
}

std::vector<Expr*> MacroExpander::UnknownVariable(std::string_view name, Span span) {
  std::vector<std::string> names = RuntimeVariables();
  for (const auto& [known, value] : variables_) names.push_back(known);
  for (const auto& [known, value] : locals_) names.push_back(known);
  for (const Frame& frame : frames_) {
    for (const auto& [known, value] : frame.values) names.push_back(known);
  }
  const auto near = base::ClosestName(name, names);
  auto report = Report(kUnknownMacro, span, fmt::format("there is no variable @{}", name));
  if (grammar::LowerCase(name) == "this_env") {
    report.Help("the rows of a model are the same in every environment, so the environment's name is not known to it");
  } else {
    report.Help(near
                    ? fmt::format("did you mean @{}?", *near)
                    : fmt::format("set it in wapc.yaml, `variables: {{{}: ...}}`, or with @DEF({}, ...);", name, name));
  }
  return {Null(span)};
}

}  // namespace wapc::compiler

#include "compiler/macros/macros.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/parallel.h"
#include "compiler/macros/expander.h"
#include "compiler/macros/moment.h"
#include "compiler/macros/runtime_variables.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::YamlNode;
using grammar::As;
using grammar::Expr;
using grammar::ExprKind;
using grammar::Literal;
using grammar::LiteralKind;

namespace {

constexpr base::DiagnosticCode kBadValue{"bad-value", base::Severity::kError};
constexpr base::DiagnosticCode kIntervalVariable{"interval-variable", base::Severity::kInfo};

Expr* NewLiteral(LiteralKind kind, std::string_view text, base::Span span, grammar::Arena& arena) {
  return arena.New<Literal>(Expr{ExprKind::kLiteral, span}, kind, arena.Copy(text));
}

bool IsNumber(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc() && stop == end && text.find_first_of("0123456789") != std::string::npos;
}

Expr* ScalarOf(const YamlNode& node, grammar::Arena& arena) {
  if (node.is_null()) return NewLiteral(LiteralKind::kNull, "NULL", node.span, arena);
  if (const auto flag = node.AsBool()) {
    return NewLiteral(*flag ? LiteralKind::kTrue : LiteralKind::kFalse, *flag ? "TRUE" : "FALSE", node.span, arena);
  }
  if (node.quoted || !IsNumber(node.scalar)) return NewLiteral(LiteralKind::kString, node.scalar, node.span, arena);
  if (node.scalar[0] != '-') return NewLiteral(LiteralKind::kNumber, node.scalar, node.span, arena);
  Expr* const positive = NewLiteral(LiteralKind::kNumber, node.scalar.substr(1), node.span, arena);
  return arena.New<grammar::Unary>(Expr{ExprKind::kUnary, node.span}, grammar::UnaryOp::kMinus, positive);
}

// A value of wapc.yaml as a tree; null for a mapping, which is reported.
Expr* ValueOf(const YamlNode& node, grammar::Arena& arena, base::Diagnostics& diagnostics) {
  if (node.is_map()) {
    diagnostics.Report(kBadValue, node.span, "a variable is text, a number, true or false, or a list of these")
        .Help("make each key a variable of its own");
    return nullptr;
  }
  if (!node.is_sequence()) return ScalarOf(node, arena);
  std::vector<Expr*> items;
  for (const YamlNode& item : node.items) {
    if (Expr* const value = ValueOf(item, arena, diagnostics)) items.push_back(value);
  }
  return arena.New<grammar::Tuple>(Expr{ExprKind::kTuple, node.span}, arena.Copy(items), false);
}

void SetVariables(const Config& config, MacroLibrary& library, base::Diagnostics& diagnostics) {
  const auto set = [&](const std::map<std::string, YamlNode>& variables) {
    for (const auto& [name, node] : variables) {
      if (const Expr* const value = ValueOf(node, library.arena(), diagnostics)) library.SetVariable(name, value);
    }
  };
  const auto text = [&](const char* name, std::string_view value) {
    library.SetVariable(name, NewLiteral(LiteralKind::kString, value, {}, library.arena()));
  };
  text("gateway", config.default_gateway);
  text("runtime_stage", "evaluating");
  set(config.variables);
  const auto gateway = config.gateways.find(config.default_gateway);
  if (gateway != config.gateways.end()) set(gateway->second.variables);
}

bool HasMacro(grammar::Query& query) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.expr = [&found](Expr& expr) {
    found = found || expr.kind == ExprKind::kMacroCall || expr.kind == ExprKind::kMacroVariable;
    return !found;
  };
  grammar::Walk(query, visitor);
  return found;
}

// Whether a query could hold a macro: a look at its text, where it has one.
bool MayHoldMacro(const Model& model, const base::SourceMap& sources) {
  if (model.query == nullptr) return false;
  if (!model.definitions.empty()) return true;
  if (model.origin == Origin::kStaging) return HasMacro(*model.query);
  return sources.Text(model.query->span).find('@') != std::string_view::npos;
}

// The first use of an interval's bound in a model that has no intervals.
void ReportInterval(Model& model, base::Diagnostics& diagnostics) {
  if (model.kind == ModelKind::kIncrementalByTimeRange) return;
  const grammar::MacroVariable* first = nullptr;
  grammar::Visitor visitor;
  visitor.expr = [&first](Expr& expr) {
    const auto* const variable = As<grammar::MacroVariable>(&expr);
    const auto known = variable != nullptr ? ReadRuntimeVariable(grammar::LowerCase(variable->name)) : std::nullopt;
    if (known && known->moment != RuntimeVariable::Moment::kExecution && first == nullptr) first = variable;
    return true;
  };
  grammar::Walk(*model.query, visitor);
  if (first == nullptr) return;
  const RuntimeVariable start{RuntimeVariable::Moment::kStart, RuntimeVariable::Form::kDs};
  diagnostics
      .Report(kIntervalVariable, first->span,
              fmt::format("{} models have no intervals: @{} is of the one from {} to the moment of the apply",
                          ToString(model.kind), first->name, RuntimeLiteral(start, StartOf(model.start))))
      .Help("set `start` in MODEL to begin elsewhere");
}

void ExpandModel(const Project& project, Model& model, grammar::Arena& arena, const base::SourceMap& sources,
                 base::Diagnostics& diagnostics) {
  MacroVariables variables = project.macros->variables();
  variables["model_kind_name"] = NewLiteral(LiteralKind::kString, ToString(model.kind), {}, arena);
  MacroExpander expander(*project.macros, variables, arena, sources, diagnostics);
  for (grammar::MacroCall* const definition : model.definitions) expander.Define(*definition);
  if (expander.Run(model.query)) {
    ReportInterval(model, diagnostics);
  } else {
    model.query = nullptr;
  }
}

}  // namespace

Project ExpandMacros(const fs::path& folder, Project project, base::SourceMap& sources,
                     base::Diagnostics& diagnostics) {
  std::vector<size_t> users;
  for (size_t i = 0; i < project.models.size(); ++i) {
    if (MayHoldMacro(project.models[i], sources)) users.push_back(i);
  }
  std::error_code ignored;
  const bool defined = fs::is_directory(folder / "macros", ignored) || !project.config.variables.empty();
  if (users.empty() && project.audits.empty() && !defined) return project;
  project.macros = std::make_shared<MacroLibrary>(diagnostics);
  SetVariables(project.config, *project.macros, diagnostics);
  project.macros->Load(folder, *project.config.dialect, sources, diagnostics);
  // Expanded trees are made of the library's nodes and texts.
  project.arenas.emplace_back(project.macros, &project.macros->arena());
  std::vector<base::Diagnostics> found(users.size());
  std::vector<std::shared_ptr<grammar::Arena>> arenas(users.size());
  base::ParallelFor(users.size(), 0, [&](size_t i) {
    arenas[i] = std::make_shared<grammar::Arena>();
    ExpandModel(project, project.models[users[i]], *arenas[i], sources, found[i]);
  });
  for (size_t i = 0; i < users.size(); ++i) {
    diagnostics.Append(std::move(found[i]));
    project.arenas.push_back(std::move(arenas[i]));
  }
  return project;
}

bool ExpandAuditQuery(const Project& project, grammar::Query*& query,
                      const std::map<std::string, grammar::Expr*>& arguments, grammar::Arena& arena,
                      const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  if (project.macros == nullptr) return true;
  MacroVariables variables = project.macros->variables();
  for (const auto& [name, value] : arguments) variables[name] = value;
  variables["runtime_stage"] = NewLiteral(LiteralKind::kString, "auditing", {}, arena);
  MacroExpander expander(*project.macros, variables, arena, sources, diagnostics);
  expander.Leave("this_model");
  expander.Leave("served_model");
  return expander.Run(query);
}

std::set<std::string> NoParameters(const Project& project, grammar::Query& query) {
  std::set<std::string> out;
  if (project.macros == nullptr) return out;
  for (const auto& [name, value] : project.macros->variables()) out.insert(name);
  grammar::Visitor visitor;
  visitor.expr = [&out](Expr& expr) {
    if (const auto* const lambda = As<grammar::Lambda>(&expr)) {
      for (const grammar::Identifier& name : lambda->parameters) out.insert(grammar::LowerCase(name.text));
    }
    return true;
  };
  grammar::Walk(query, visitor);
  return out;
}

}  // namespace wapc::compiler

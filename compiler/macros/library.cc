#include "compiler/macros/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/files.h"
#include "compiler/macros/builtin.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::DiagnosticCode;
using base::Severity;

namespace {

constexpr DiagnosticCode kMacroShape{"macro-shape", Severity::kError};
constexpr DiagnosticCode kDuplicateMacro{"duplicate-macro", Severity::kError};
constexpr DiagnosticCode kPythonMacro{"python-macro", Severity::kWarning};
constexpr DiagnosticCode kJinjaMacro{"jinja-macro", Severity::kError};
constexpr DiagnosticCode kUnreadableFile{"unreadable-file", Severity::kError};

// The parameter that takes all values of a call that have no name, in macros of compiler/macros/sql.
constexpr std::string_view kValues = "values_";

MacroDefinition DefinitionOf(const grammar::Statement& statement) {
  MacroDefinition out;
  out.name = grammar::LowerCase(statement.macro_name.text);
  out.span = statement.macro_name.span;
  out.parameters.assign(statement.macro_parameters.begin(), statement.macro_parameters.end());
  out.expr = statement.macro_expr;
  out.query = statement.query;
  return out;
}

std::optional<base::SourceId> Read(const fs::path& folder, const fs::path& relative, base::SourceMap& sources,
                                   base::Diagnostics& diagnostics) {
  auto text = base::ReadFile(folder / relative);
  if (text) return sources.Add(relative.generic_string(), std::move(*text));
  diagnostics.Report(kUnreadableFile, {}, text.error().message);
  return std::nullopt;
}

// Where a Jinja template begins; npos when the text is none.
size_t JinjaBegin(std::string_view text) { return std::min(text.find("{%"), text.find("{{")); }

}  // namespace

MacroLibrary::MacroLibrary(base::Diagnostics& diagnostics) {
  grammar::Parser parser;
  for (const auto& file : embedded::wapc_compiler::Files()) {
    if (!file.path.starts_with("compiler/macros/sql/")) continue;
    const base::SourceId source = builtin_sources_.Add(std::string(file.path), std::string(file.text));
    const grammar::Document* const document = parser.ParseDocument(builtin_sources_, source, arena_, diagnostics);
    if (document == nullptr) continue;
    for (const grammar::Statement& statement : document->statements) {
      MacroDefinition macro = DefinitionOf(statement);
      macro.builtin = true;
      macro.variadic = !macro.parameters.empty() && macro.parameters[0].name.text == kValues;
      macros_.emplace(macro.name, std::move(macro));
    }
  }
}

void MacroLibrary::Load(const fs::path& folder, const grammar::Dialect& dialect, base::SourceMap& sources,
                        base::Diagnostics& diagnostics) {
  grammar::Parser parser;
  for (const fs::path& path : base::ListFiles(folder / "macros", ".sql")) {
    const auto source = Read(folder, "macros" / path, sources, diagnostics);
    if (!source) continue;
    const std::string_view text = sources.Text(*source);
    if (const size_t at = JinjaBegin(text); at != std::string_view::npos) {
      const auto begin = static_cast<uint32_t>(at);
      diagnostics.Report(kJinjaMacro, {*source, begin, begin + 2}, "wapc does not run Jinja macros")
          .Help("write MACRO name(a, b) AS expression or SELECT, and call it as @name(...)");
      continue;
    }
    const grammar::Document* const document = parser.ParseDocument(sources, *source, arena_, diagnostics, dialect);
    if (document == nullptr) continue;
    for (const grammar::Statement& statement : document->statements) Define(statement, diagnostics);
  }
  LoadPython(folder, sources, diagnostics);
}

void MacroLibrary::Define(const grammar::Statement& statement, base::Diagnostics& diagnostics) {
  if (statement.kind != grammar::StatementKind::kMacro) {
    diagnostics.Report(kMacroShape, statement.span, "a file of macros/ holds MACRO name(...) AS ... and nothing else")
        .Help("write `MACRO net(price, rate := 0.2) AS @price / (1 + @rate)`");
    return;
  }
  MacroDefinition macro = DefinitionOf(statement);
  for (size_t i = 0; i < macro.parameters.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (grammar::FoldName(macro.parameters[i].name) != grammar::FoldName(macro.parameters[j].name)) continue;
      diagnostics.Report(kMacroShape, macro.parameters[i].name.span,
                         fmt::format("@{} has two parameters named {}", macro.name, macro.parameters[i].name.text));
    }
  }
  const auto known = macros_.find(macro.name);
  if (FindBuiltin(macro.name) != nullptr || (known != macros_.end() && known->second.builtin)) {
    diagnostics.Report(kDuplicateMacro, macro.span, fmt::format("@{} is built into wapc", macro.name))
        .Help("give your macro another name");
  } else if (known != macros_.end()) {
    diagnostics.Report(kDuplicateMacro, macro.span, fmt::format("there are two macros named @{}", macro.name))
        .Note(known->second.span, "the other is here")
        .Help("rename one of them");
  } else {
    macros_.emplace(macro.name, std::move(macro));
  }
}

void MacroLibrary::LoadPython(const fs::path& folder, base::SourceMap& sources, base::Diagnostics& diagnostics) {
  static const std::regex kMacro(R"(^@macro\b[^\n]*\n(?:@[^\n]*\n)*def\s+([A-Za-z_]\w*))", std::regex::multiline);
  for (const fs::path& path : base::ListFiles(folder / "macros", ".py")) {
    const auto source = Read(folder, "macros" / path, sources, diagnostics);
    if (!source) continue;
    const std::string text(sources.Text(*source));
    for (auto it = std::sregex_iterator(text.begin(), text.end(), kMacro); it != std::sregex_iterator(); ++it) {
      const auto begin = static_cast<uint32_t>(it->position(1));
      const base::Span span{*source, begin, begin + static_cast<uint32_t>(it->length(1))};
      const std::string name = (*it)[1].str();
      diagnostics.Report(kPythonMacro, span, fmt::format("@{} is written in Python, which wapc does not run", name))
          .Help(fmt::format("write it in macros/{}.sql: MACRO {}(a, b) AS expression or SELECT", name, name));
      python_.emplace(grammar::LowerCase(name), span);
    }
  }
}

const MacroDefinition* MacroLibrary::Find(std::string_view name) const {
  const auto found = macros_.find(name);
  return found == macros_.end() ? nullptr : &found->second;
}

const BuiltinMacro* MacroLibrary::FindBuiltin(std::string_view name) const {
  static const std::vector<const BuiltinMacro*> kAll = AllBuiltinMacros();
  const auto found =
      std::find_if(kAll.begin(), kAll.end(), [&](const BuiltinMacro* macro) { return macro->name == name; });
  return found == kAll.end() ? nullptr : *found;
}

base::Span MacroLibrary::FindPython(std::string_view name) const {
  const auto found = python_.find(name);
  return found == python_.end() ? base::Span{} : found->second;
}

std::vector<std::string> MacroLibrary::Names() const {
  std::vector<std::string> out;
  for (const auto& [name, macro] : macros_) out.push_back(name);
  for (const BuiltinMacro* const macro : AllBuiltinMacros()) out.emplace_back(macro->name);
  return out;
}

}  // namespace wapc::compiler

#include "compiler/project/foreign_files.h"

#include <fmt/format.h>

#include <array>
#include <regex>

#include "base/files.h"
#include "grammar/fold.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::DiagnosticCode;
using base::Severity;
using base::Span;

namespace {

constexpr DiagnosticCode kJinja{"jinja-model", Severity::kError};
constexpr DiagnosticCode kPython{"python-model", Severity::kError};

bool IsJinjaAt(std::string_view text, size_t at) {
  if (text[at] == '{' && at + 1 < text.size()) {
    const char next = text[at + 1];
    return next == '{' || next == '%' || next == '#';
  }
  return text.substr(at).starts_with("JINJA_QUERY_BEGIN") || text.substr(at).starts_with("JINJA_STATEMENT_BEGIN");
}

// Where the comment or quoted text that begins at `at` ends; `at` itself when none does.
size_t SkipQuoted(std::string_view text, size_t at) {
  const auto after = [&](std::string_view close, size_t from) {
    const size_t found = text.find(close, from);
    return found == std::string_view::npos ? text.size() : found + close.size();
  };
  if (text.substr(at).starts_with("--")) return after("\n", at);
  if (text.substr(at).starts_with("/*")) return after("*/", at + 2);
  if (text[at] == '\'' || text[at] == '"') return after(text.substr(at, 1), at + 1);
  return at;
}

std::optional<size_t> FindJinja(std::string_view text, bool quoted_too) {
  for (size_t at = 0; at < text.size();) {
    const bool comment = text.substr(at).starts_with("--") || text.substr(at).starts_with("/*");
    const size_t end = quoted_too && !comment ? at : SkipQuoted(text, at);
    if (end > at) {
      at = end;
    } else if (IsJinjaAt(text, at)) {
      return at;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

bool HasModelBlock(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const size_t end = SkipQuoted(text, at);
    if (end > at) {
      at = end;
    } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      ++at;
    } else {
      return grammar::LowerCase(text.substr(at, 5)) == "model";
    }
  }
  return false;
}

Model NamedModel(std::string_view schema, std::string_view table, Span span) {
  Model model;
  model.schema = grammar::LowerCase(schema);
  model.table = grammar::LowerCase(table);
  model.name = model.schema + "." + model.table;
  model.kind = ModelKind::kFull;
  model.name_span = span;
  return model;
}

// "db.marts.late", with quotes or not, as its last two parts.
std::optional<Model> FromDotted(std::string name, Span span) {
  std::erase_if(name, [](char c) { return c == '"' || c == '`'; });
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const size_t before = name.rfind('.', dot - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return NamedModel(name.substr(begin, dot - begin), name.substr(dot + 1), span);
}

void ReadPythonFile(const fs::path& path, base::SourceId source, Project& project, const base::SourceMap& sources,
                    base::Diagnostics& diagnostics) {
  static const std::regex kDecorator(R"((^|\n)@model\(\s*(?:name\s*=\s*)?(?:["']([^"'\n]+)["'])?)");
  const std::string text(sources.Text(source));
  for (std::sregex_iterator found(text.begin(), text.end(), kDecorator), end; found != end; ++found) {
    const auto begin = static_cast<uint32_t>(found->position(0) + found->length(1));
    const Span span{source, begin, begin + 6};
    const std::string name = (*found)[2].matched ? (*found)[2].str() : InferredName(path);
    diagnostics
        .Report(kPython, span,
                name.empty() ? "this model is Python, which wapc does not run"
                             : fmt::format("the model {} is Python, which wapc does not run", name))
        .Help("write it as SQL; or load what it computes with dlt, and read that table");
    auto model = FromDotted(name, span);
    if (model && project.Find(model->name) == nullptr) project.models.push_back(std::move(*model));
  }
}

}  // namespace

std::string InferredName(const fs::path& file) {
  const fs::path folder = file.parent_path();
  if (folder.empty() || !folder.has_parent_path()) return {};
  return grammar::LowerCase(folder.filename().generic_string() + "." + file.stem().generic_string());
}

bool ReportJinja(base::SourceId source, const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  const std::string_view text = sources.Text(source);
  const bool model = HasModelBlock(text);
  const auto at = FindJinja(text, !model);
  if (!at) return false;
  const auto begin = static_cast<uint32_t>(*at);
  const size_t end = text.find_first_of("\n;", *at);
  const Span span{source, begin, static_cast<uint32_t>(end == std::string_view::npos ? text.size() : end)};
  if (model) {
    diagnostics.Report(kJinja, span, "this model is written in Jinja, which wapc does not run")
        .Help(
            "write the query itself between MODEL and the end; @name(...) of macros/ and @start_ds stand for Jinja's");
  } else {
    diagnostics.Report(kJinja, span, "this is a dbt model in Jinja, which wapc does not run")
        .Help(
            "begin with `MODEL (name schema.model);`, and write schema.model for {{ ref('model') }} and "
            "{{ source('schema', 'table') }}");
  }
  return true;
}

std::optional<Model> StandIn(base::SourceId source, const fs::path& file, const base::SourceMap& sources) {
  static const std::regex kName(R"(\bname\s+(?:[A-Za-z_]\w*\.)?([A-Za-z_]\w*)\.([A-Za-z_]\w*))", std::regex::icase);
  const std::string text(sources.Text(source));
  std::smatch found;
  if (std::regex_search(text, found, kName)) {
    return NamedModel(
        found[1].str(), found[2].str(),
        {source, static_cast<uint32_t>(found.position(1)), static_cast<uint32_t>(found.position(2) + found.length(2))});
  }
  return FromDotted(InferredName(file), {source, 0, 0});
}

void ReadPythonModels(const fs::path& folder, Project& project, base::SourceMap& sources,
                      base::Diagnostics& diagnostics) {
  for (const fs::path& path : base::ListFiles(folder / "models", ".py")) {
    const fs::path relative = "models" / path;
    auto text = base::ReadFile(folder / relative);
    if (!text || text->find("@model(") == std::string::npos) continue;
    const base::SourceId source = sources.Add(relative.generic_string(), std::move(*text));
    ReadPythonFile(relative, source, project, sources, diagnostics);
  }
}

std::string ForeignConfigAdvice(const fs::path& folder) {
  std::error_code ignored;
  for (const std::string_view name : {"config.yaml", "config.yml", "sqlmesh.yaml", "sqlmesh.yml"}) {
    if (!fs::is_regular_file(folder / name, ignored)) continue;
    return fmt::format(
        "there is a SQLMesh project: copy its {} to wapc.yaml and add `name: my_project`; `wapc compile` "
        "then tells what to write instead, key by key",
        name);
  }
  if (fs::is_regular_file(folder / "config.py", ignored)) {
    return "there is a SQLMesh project, whose config.py wapc does not run: write its values to wapc.yaml, where the "
           "keys "
           "have the same names, and add `name: my_project`";
  }
  if (fs::is_regular_file(folder / "dbt_project.yml", ignored)) {
    return "there is a dbt project: `wapc init` writes a wapc.yaml beside it, and `wapc compile` then tells which "
           "models "
           "have to be rewritten";
  }
  return {};
}

}  // namespace wapc::compiler

#ifndef WAPC_TESTS_UNIT_COMPILER_TEST_PROJECT_H_
#define WAPC_TESTS_UNIT_COMPILER_TEST_PROJECT_H_

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/passes/passes.h"
#include "compiler/project/model_file.h"
#include "grammar/parser.h"

namespace wapc::compiler {

/// A project of a few inline models over raw tables, taken through the passes.
class TestProject {
 public:
  TestProject() { project_->config.dialect = &grammar::DuckDbDialect(); }

  /// A raw table with its columns: {{"id", "int64"}, {"name", "text"}}.
  TestProject& Table(const std::string& name, const std::vector<std::pair<std::string, std::string>>& columns) {
    Model model;
    model.name = name;
    model.schema = name.substr(0, name.find('.'));
    model.table = name.substr(name.find('.') + 1);
    model.kind = ModelKind::kExternal;
    model.origin = Origin::kRawTable;
    for (const auto& [column, type] : columns) {
      model.columns.push_back({column, metadata::TypeFromString(type), true, {}, {}, {}});
    }
    model.typed = true;
    project_->models.push_back(std::move(model));
    return *this;
  }

  /// A file of models/: `file` names it in messages.
  TestProject& File(const std::string& file, const std::string& text) {
    auto arena = std::make_shared<grammar::Arena>();
    const base::SourceId source = sources_->Add(file, text);
    const grammar::Document* const document =
        parser_->ParseDocument(*sources_, source, *arena, diagnostics_, *project_->config.dialect);
    if (document == nullptr) return *this;
    if (auto model = ReadModelFile(*document, arena, source, project_->config, diagnostics_)) {
      project_->models.push_back(std::move(*model));
    }
    project_->arenas.push_back(std::move(arena));
    return *this;
  }

  /// The model `name` of kind FULL in file m.sql; the query begins on line 2.
  TestProject& Query(const std::string& name, const std::string& query, const std::string& properties = "") {
    return File("m.sql", fmt::format("MODEL (name {}, kind FULL{});\n{}\n", name, properties, query));
  }

  TestProject& Audit(const std::string& text) {
    auto arena = std::make_shared<grammar::Arena>();
    const base::SourceId source = sources_->Add("audit.sql", text);
    const grammar::Document* const document =
        parser_->ParseDocument(*sources_, source, *arena, diagnostics_, *project_->config.dialect);
    if (document == nullptr) return *this;
    for (AuditDefinition& audit : ReadAuditFile(*document, diagnostics_))
      project_->audits[audit.name] = std::move(audit);
    project_->arenas.push_back(std::move(arena));
    return *this;
  }

  Config& config() { return project_->config; }

  /// Runs the graph, binding and audits, and gives the project.
  Project& Run() {
    std::sort(project_->models.begin(), project_->models.end(),
              [](const Model& a, const Model& b) { return a.name < b.name; });
    for (size_t i = 0; i < project_->models.size(); ++i)
      project_->by_name[project_->models[i].name] = static_cast<int>(i);
    *project_ = ResolveGraph(std::move(*project_), *sources_, diagnostics_);
    *project_ = BindModels(std::move(*project_), *sources_, diagnostics_);
    *project_ = ExpandAudits(std::move(*project_), *sources_, diagnostics_);
    return *project_;
  }

  /// What was reported: "m.sql:2:8 unknown-column: message (help)", one a line.
  std::string Messages() {
    diagnostics_.Sort(*sources_);
    std::string out;
    for (const base::Diagnostic& diagnostic : diagnostics_.all()) {
      out += fmt::format("{} {}: {}", sources_->Place(diagnostic.span), diagnostic.code, diagnostic.message);
      if (!diagnostic.help.empty()) out += fmt::format(" ({})", diagnostic.help);
      for (const base::Note& note : diagnostic.notes)
        out += fmt::format(" [{} {}]", sources_->Place(note.span), note.text);
      out += '\n';
    }
    return out;
  }

  /// "name type, name type?": `?` marks what may be NULL.
  static std::string Columns(const Model& model) {
    std::string out;
    for (const Column& column : model.columns) {
      out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ", column.name, ToString(column.type),
                         column.nullable ? "?" : "");
    }
    return out;
  }

  const base::SourceMap& sources() const { return *sources_; }

 private:
  std::unique_ptr<base::SourceMap> sources_ = std::make_unique<base::SourceMap>();
  base::Diagnostics diagnostics_;
  std::unique_ptr<grammar::Parser> parser_ = std::make_unique<grammar::Parser>();
  std::unique_ptr<Project> project_ = std::make_unique<Project>();
};

}  // namespace wapc::compiler

#endif  // WAPC_TESTS_UNIT_COMPILER_TEST_PROJECT_H_

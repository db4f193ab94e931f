#include "compiler/project/external_models.h"

#include <fmt/format.h>

#include <memory>
#include <vector>

#include "base/files.h"
#include "base/yaml.h"
#include "compiler/project/known_properties.h"
#include "compiler/project/yaml_keys.h"
#include "grammar/fold.h"
#include "grammar/parser.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::YamlNode;

namespace {

constexpr base::DiagnosticCode kExternalModel{"external-model", base::Severity::kError};

class ExternalReader {
 public:
  ExternalReader(Project& project, const base::SourceMap& sources, base::Diagnostics& diagnostics)
      : project_(project), sources_(sources), diagnostics_(diagnostics) {}

  void Read(const YamlNode& root) {
    if (root.is_null()) return;
    if (!root.is_sequence()) {
      ReportWrongType(root, "external_models", "a list of tables", diagnostics_);
      return;
    }
    for (const YamlNode& item : root.items) ReadModel(item);
  }

 private:
  void ReadModel(const YamlNode& item) {
    const YamlNode* const name = item.Find("name");
    if (name == nullptr || !name->is_scalar()) {
      diagnostics_.Report(kExternalModel, item.span, "an external table has to have a 'name'")
          .Help("write `- name: schema.table`, and its columns with their types");
      return;
    }
    CheckPropertyKeys(item);
    Model model;
    if (!TakeName(*name, model)) return;
    const Model* const known = project_.Find(model.name);
    if (known != nullptr && known->raw_table != nullptr) return;
    model.kind = ModelKind::kExternal;
    model.name_span = model.kind_span = name->span;
    model.description = TextAt(item, "description", diagnostics_).value_or("");
    model.owner = TextAt(item, "owner", diagnostics_).value_or("");
    model.tags = TextsAt(item, "tags", diagnostics_);
    model.arena = std::make_shared<grammar::Arena>();
    ReadColumns(item, model);
    project_.models.push_back(std::move(model));
  }

  void CheckPropertyKeys(const YamlNode& item) {
    std::vector<std::string_view> known;
    for (const PropertyRule& rule : ModelProperties()) known.push_back(rule.name);
    CheckKeys(item, known, "an external table", diagnostics_);
  }

  // "db.schema.table", quoted or not: the catalog is the gateway's database.
  bool TakeName(const YamlNode& name, Model& model) {
    std::string text = name.scalar;
    std::erase_if(text, [](char c) { return c == '"' || c == '`'; });
    const size_t dot = text.rfind('.');
    const size_t before = dot == std::string::npos || dot == 0 ? std::string::npos : text.rfind('.', dot - 1);
    if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
      diagnostics_.Report(kExternalModel, name.span, "a table's name has two parts, schema.table")
          .Help("write the schema too");
      return false;
    }
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    model.schema = grammar::LowerCase(text.substr(begin, dot - begin));
    model.table = grammar::LowerCase(text.substr(dot + 1));
    model.name = model.schema + "." + model.table;
    return true;
  }

  void ReadColumns(const YamlNode& item, Model& model) {
    const YamlNode* const columns = MapAt(item, "columns", diagnostics_);
    if (columns == nullptr) {
      diagnostics_
          .Report(kExternalModel, model.name_span, fmt::format("the external table {} has no 'columns'", model.name))
          .Help("list them with their types: `columns: {id: bigint, label: text}`");
      return;
    }
    for (const base::YamlEntry& column : columns->entries) {
      if (!column.value.is_scalar()) {
        ReportWrongType(column.value, column.key, "the name of a type", diagnostics_);
        continue;
      }
      grammar::TypeName* const type =
          parser_.ParseType(column.value.scalar, column.value.span, sources_, *model.arena, diagnostics_);
      model.declared_columns.emplace_back(grammar::LowerCase(column.key), type);
    }
  }

  Project& project_;
  const base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
  grammar::Parser parser_;
};

}  // namespace

void ReadExternalModels(const fs::path& folder, Project& project, base::SourceMap& sources,
                        base::Diagnostics& diagnostics) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const char* const name : {"external_models.yaml", "external_models.yml"}) {
    if (fs::is_regular_file(folder / name, ignored)) files.emplace_back(name);
  }
  for (const fs::path& path : base::ListFiles(folder / "external_models", ".yaml")) {
    files.push_back("external_models" / path);
  }
  if (files.empty()) return;
  for (const fs::path& file : files) {
    auto text = base::ReadFile(folder / file);
    if (!text) continue;
    const base::SourceId source = sources.Add(file.generic_string(), std::move(*text));
    const auto root = base::ParseYaml(sources, source, diagnostics);
    if (root) ExternalReader(project, sources, diagnostics).Read(*root);
  }
}

}  // namespace wapc::compiler

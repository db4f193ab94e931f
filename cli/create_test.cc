#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/files.h"
#include "base/yaml_edit.h"
#include "base/yaml_write.h"
#include "cli/new_test.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/test_verbs.h"
#include "cli/unit_tests.h"
#include "compiler/plan/emit.h"
#include "compiler/unit_tests/prepare.h"
#include "compiler/unit_tests/read.h"
#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;
using base::YamlNode;

struct Flags {
  std::string model, name, path;
  std::vector<std::pair<std::string, std::string>> queries;
  std::vector<std::pair<std::string, std::string>> variables;
  bool overwrite = false;
};

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

// One query and nothing behind it, printed from its tree.
base::Result<std::string> OneQuery(const std::string& text, const grammar::Dialect& dialect) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  grammar::Arena arena;
  grammar::Parser parser;
  const base::SourceId source = sources.Add("--query", text);
  const grammar::Query* const query =
      parser.ParseQuery(text, {source, 0, static_cast<uint32_t>(text.size())}, sources, arena, diagnostics, dialect);
  if (query == nullptr || diagnostics.has_errors()) {
    return base::Error{base::ErrorKind::kProject, base::RenderText(diagnostics, sources, false)};
  }
  grammar::PrintOptions options;
  options.dialect = &dialect;
  return grammar::Print(*query, options);
}

bool IsNested(const metadata::Type& type) {
  return type.kind == metadata::TypeKind::kArray || type.kind == metadata::TypeKind::kStruct ||
         type.kind == metadata::TypeKind::kMap;
}

// Lists and structs as JSON, which is YAML too.
base::Result<runtime::Rows> QueryInput(runtime::Warehouse& warehouse, const std::string& query,
                                       const compiler::Model& of) {
  const auto columns = warehouse.Query(fmt::format("SELECT * FROM ({}\n) AS q LIMIT 0", query));
  if (!columns) return columns.error();
  std::vector<std::string> shown;
  for (const std::string& name : columns->columns) {
    const compiler::Column* const column = of.Find(name);
    const std::string quoted = warehouse.Quote(name);
    const bool nested = column != nullptr && IsNested(column->type);
    shown.push_back(nested ? fmt::format("CAST(to_json({0}) AS text) AS {0}", quoted) : quoted);
  }
  return warehouse.Query(fmt::format("SELECT {} FROM ({}\n) AS q", fmt::join(shown, ", "), query));
}

using InputRows = std::vector<std::pair<std::string, runtime::Rows>>;

base::Status CheckInputs(const Flags& flags, const compiler::Model& model, const compiler::Project& project) {
  const std::vector<std::string> read = compiler::TestInputsOf(model, project);
  std::vector<std::string> missing = read;
  for (const auto& [name, query] : flags.queries) {
    const std::string of = compiler::TestModelName(name);
    if (std::find(read.begin(), read.end(), of) == read.end()) {
      const auto nearest = base::ClosestName(of, read);
      return Usage(fmt::format("--query: {} does not read {}{}", model.name, of,
                               nearest ? fmt::format("; did you mean {}?", *nearest) : ""));
    }
    std::erase(missing, of);
  }
  if (missing.empty()) return {};
  return Usage(fmt::format("{0} reads {1} too; say which rows: --query {2} \"SELECT * FROM {2} LIMIT 5\"", model.name,
                           fmt::join(missing, " and "), missing.front()));
}

base::Result<InputRows> ReadInputs(const Context& context, const Flags& flags, const compiler::Project& project) {
  InputRows out;
  auto warehouse = OpenGateway(context, project.config, "", runtime::Access::kReadOnly);
  if (!warehouse) return warehouse.error();
  for (const auto& [name, text] : flags.queries) {
    const auto query = OneQuery(text, project.config.target());
    if (!query) return query.error();
    const std::string of = compiler::TestModelName(name);
    auto rows = QueryInput(**warehouse, *query, *project.Find(of));
    if (!rows) return rows.error();
    out.emplace_back(of, std::move(*rows));
  }
  return out;
}

YamlNode VariablesOf(const Flags& flags) {
  YamlNode out = MapNode();
  for (const auto& [name, value] : flags.variables) AddEntry(out, name, ScalarNode(value, true));
  return out;
}

YamlNode BodyOf(const Flags& flags, const InputRows& inputs, const compiler::Project& project) {
  YamlNode out = MapNode();
  AddEntry(out, "model", ScalarNode(compiler::TestModelName(flags.model), false));
  YamlNode given = MapNode();
  for (const auto& [name, rows] : inputs) AddEntry(given, name, RowsNode(rows, *project.Find(name)));
  AddEntry(out, "inputs", std::move(given));
  if (!flags.variables.empty()) AddEntry(out, "vars", VariablesOf(flags));
  return out;
}

// What the model gives for these inputs, on DuckDB.
base::Result<YamlNode> Outputs(const compiler::UnitTest& test, const compiler::Model& model) {
  auto engine = runtime::OpenWarehouse({"duckdb", {{"database", ":memory:"}}}, runtime::Access::kReadWrite,
                                       std::chrono::milliseconds(0));
  if (!engine) return engine.error();
  for (const compiler::TestInput& input : test.inputs) {
    for (const std::string& statement : compiler::InputStatements(input)) {
      const auto done = (*engine)->Execute(statement);
      if (!done) return base::Error{base::ErrorKind::kProject, done.error().message};
    }
  }
  const auto rows = QueryInput(**engine, test.outputs.front().sql, model);
  if (!rows) return base::Error{base::ErrorKind::kProject, rows.error().message};
  YamlNode out = MapNode();
  AddEntry(out, "query", RowsNode(*rows, model));
  return out;
}

// Adds the test to what its file holds already.
base::Result<std::string> FileText(const fs::path& path, const std::string& name, const YamlNode& body,
                                   bool overwrite) {
  std::string text;
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    auto read = base::ReadFile(path);
    if (!read) return read.error();
    text = std::move(*read);
  }
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto before = base::ParseYaml(sources, sources.Add(path.filename().string(), text), diagnostics);
  if (!before || !(before->is_null() || before->is_map())) {
    return base::Error{base::ErrorKind::kProject, base::RenderText(diagnostics, sources, false) + "the file " +
                                                      path.string() + " holds no tests; name another with --path"};
  }
  if (before->Find(name) != nullptr && !overwrite) {
    return Usage(fmt::format("there is a test {} in {}; --overwrite writes it anew, --name gives another name", name,
                             path.string()));
  }
  YamlNode after = MapNode();
  after.entries = before->entries;
  const auto old = std::find_if(after.entries.begin(), after.entries.end(),
                                [&name](const base::YamlEntry& entry) { return entry.key == name; });
  if (old != after.entries.end()) {
    old->value = body;
    return base::EditYaml(text, *before, after);
  }
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  if (!text.empty()) text += '\n';
  base::AppendYamlEntry(name, body, 0, text);
  return text;
}

std::string DefaultName(const std::string& model) { return "test_" + model.substr(model.rfind('.') + 1); }

base::Result<std::string> Create(Context& context, const Flags& flags, const fs::path& folder, base::SourceMap& sources,
                                 base::Diagnostics& diagnostics) {
  const std::string name = flags.name.empty() ? DefaultName(compiler::TestModelName(flags.model)) : flags.name;
  const fs::path file = fs::path("tests") / (flags.path.empty() ? name + ".yaml" : flags.path);
  compiler::TestDeclaration test{name, file.generic_string(), {}, MapNode(), {}};
  for (const auto& [variable, value] : flags.variables) {
    if (!compiler::IsTestTime(variable)) test.variables[variable] = ScalarNode(value, true);
  }
  const auto project =
      compiler::CompileForTests(folder, ReadEnvironment(context), test.variables, sources, diagnostics);
  if (!project) return base::Error{base::ErrorKind::kProject, ""};
  const compiler::Model* const model = project->Find(compiler::TestModelName(flags.model));
  if (model == nullptr || model->query == nullptr) {
    std::vector<std::string> names;
    for (const compiler::Model& known : project->models) names.push_back(known.name);
    const auto nearest = base::ClosestName(flags.model, names);
    return Usage(model != nullptr ? fmt::format("{} has no query to test", flags.model)
                 : nearest        ? fmt::format("there is no model {}; did you mean {}?", flags.model, *nearest)
                                  : fmt::format("there is no model {}", flags.model));
  }
  if (auto status = CheckInputs(flags, *model, *project); !status) return status.error();
  const auto inputs = ReadInputs(context, flags, *project);
  if (!inputs) return inputs.error();
  test.body = BodyOf(flags, *inputs, *project);
  const auto prepared = compiler::PrepareNewTest(test, *project, folder, sources, diagnostics);
  if (!prepared) return base::Error{base::ErrorKind::kProject, ""};
  auto outputs = Outputs(*prepared, *model);
  if (!outputs) return outputs.error();
  // `vars` stand behind the rows, as SQLMesh writes them.
  std::vector<base::YamlEntry> vars;
  if (!flags.variables.empty()) {
    vars.push_back(test.body.entries.back());
    test.body.entries.pop_back();
  }
  AddEntry(test.body, "outputs", std::move(*outputs));
  test.body.entries.insert(test.body.entries.end(), vars.begin(), vars.end());
  const auto text = FileText(folder / file, name, test.body, flags.overwrite);
  if (!text) return text.error();
  if (const auto written = base::WriteFileAtomic(folder / file, *text); !written) return written.error();
  return fmt::format("Wrote {} to {}; run it with: wapc test {}::{}\n", name, file.generic_string(),
                     file.generic_string(), name);
}

void Run(Context& context, const Flags& flags) {
  const auto folder = ProjectFolder(context);
  if (!folder) {
    context.exit_code = Fail(folder.error());
    return;
  }
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto done = Create(context, flags, *folder, sources, diagnostics);
  if (diagnostics.has_errors()) PrintDiagnostics(context, diagnostics, sources);
  if (done) return PrintOut(*done);
  context.exit_code = done.error().message.empty() ? static_cast<int>(done.error().kind) : Fail(done.error());
}

}  // namespace

void AddCreateTest(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("create-test", "Write a unit test of a model from rows of the warehouse");
  verb->alias("create_test");
  verb->footer(
      "Runs each query on the warehouse, reading only, and the model over the rows on a DuckDB of wapc's own:\n"
      "  wapc create-test marts.orders --query raw.orders \"SELECT * FROM raw.orders LIMIT 5\"\n"
      "What comes out is written as what is expected: read it before you keep it.");
  const auto flags = std::make_shared<Flags>();
  verb->add_option("MODEL", flags->model, "The model, as schema.name")->required();
  verb->add_option("-q,--query", flags->queries, "A model that it reads, and the query that gives its rows; once each");
  verb->add_option("-v,--var", flags->variables, "A variable and its value; start, end and execution_time are times");
  verb->add_option("-n,--name", flags->name, "The test's name (default: test_ and the model's)");
  verb->add_option("--path", flags->path, "Its file below tests/ (default: the name and .yaml)");
  verb->add_flag("-o,--overwrite", flags->overwrite, "Write a test of that name anew");
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

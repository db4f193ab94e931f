#include "compiler/unit_tests/prepare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/passes/binder.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/unit_tests/query.h"
#include "compiler/unit_tests/read.h"
#include "compiler/unit_tests/rows.h"
#include "compiler/unit_tests/values.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::YamlEntry;
using base::YamlNode;
using metadata::Type;

namespace {

/// A test names a model that is not there, does not name what the model reads, or names what it does not read.
constexpr base::DiagnosticCode kTestModel{"test-model", base::Severity::kError};

std::vector<std::string> AllNames(const Project& project) {
  std::vector<std::string> out;
  for (const Model& model : project.models) out.push_back(model.name);
  return out;
}

std::string QuoteName(std::string_view name) { return grammar::QuoteIdentifier(name, grammar::DuckDbDialect()); }

std::vector<std::string> NamesOf(const std::vector<Column>& columns) {
  std::vector<std::string> out;
  for (const Column& column : columns) out.push_back(column.name);
  return out;
}

class Preparer {
 public:
  Preparer(const TestDeclaration& declaration, const Project& project, const fs::path& folder, base::SourceMap& sources,
           base::Diagnostics& diagnostics)
      : declaration_(declaration), project_(project), diagnostics_(diagnostics) {
    context_.folder = folder;
    context_.sources = &sources;
    context_.diagnostics = &diagnostics;
  }

  std::optional<UnitTest> Prepare(bool with_outputs) {
    out_.name = declaration_.name;
    out_.file = declaration_.file;
    out_.span = declaration_.span;
    CheckKeys(declaration_.body, {"model", "description", "inputs", "outputs", "vars", "gateway", "schema"}, "a test",
              diagnostics_);
    out_.description = TextAt(declaration_.body, "description", diagnostics_).value_or("");
    if (!FindModel()) return std::nullopt;
    ReadInputs();
    const TestTimes times = ReadTimes();
    TestQueries queries(*model_, project_, times, diagnostics_);
    if (!queries.valid()) return std::nullopt;
    if (with_outputs) {
      ReadOutputs(queries);
    } else {
      out_.outputs.push_back({"query", queries.Main(), queries.ordered(), false, {}});
    }
    if (diagnostics_.has_errors()) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool FindModel() {
    const YamlNode* const name = declaration_.body.Find("model");
    if (name == nullptr || !name->is_scalar()) {
      diagnostics_.Report(kTestStructure, declaration_.span, fmt::format("{} tests no model", declaration_.name))
          .Help("write `model: schema.name`");
      return false;
    }
    out_.model = TestModelName(name->scalar);
    model_ = project_.Find(out_.model);
    if (model_ == nullptr) {
      ReportUnknown(*name, AllNames(project_));
      return false;
    }
    if (model_->query != nullptr) return true;
    diagnostics_
        .Report(kTestModel, name->span,
                fmt::format("{} is of kind {} and has no query to test", out_.model, ToString(model_->kind)))
        .Help("test the models that read it");
    return false;
  }

  void ReportUnknown(const YamlNode& name, const std::vector<std::string>& known) {
    ReportUnknown(name.scalar, name.span, known);
  }
  void ReportUnknown(const std::string& name, base::Span span, const std::vector<std::string>& known) {
    const auto nearest = base::ClosestName(name, known);
    diagnostics_.Report(kTestModel, span, fmt::format("there is no model {}", name))
        .Help(nearest ? fmt::format("did you mean {}?", *nearest) : "`wapc dag` lists the models");
  }

  void ReadInputs() {
    const YamlNode* const inputs = MapAt(declaration_.body, "inputs", diagnostics_);
    std::set<std::string> given;
    const std::vector<std::string> read = TestInputsOf(*model_, project_);
    for (const YamlEntry& entry : inputs == nullptr ? std::vector<YamlEntry>() : inputs->entries) {
      const std::string name = TestModelName(entry.key);
      given.insert(name);
      const Model* const input = project_.Find(name);
      if (std::find(read.begin(), read.end(), name) != read.end()) {
        ReadInput(*input, entry);
      } else if (input == nullptr) {
        ReportUnknown(entry.key, entry.key_span, read);
      } else {
        diagnostics_.Report(kTestModel, entry.key_span, fmt::format("{} does not read {}", out_.model, name))
            .Help(read.empty() ? "it reads no model: leave the input out"
                               : fmt::format("leave the input out; it reads {}", fmt::join(read, ", ")));
      }
    }
    for (const std::string& name : read) {
      if (given.contains(name)) continue;
      diagnostics_
          .Report(kTestModel, inputs == nullptr ? declaration_.span : inputs->span,
                  fmt::format("{} reads {}, of which the test has no rows", out_.model, name))
          .Help(fmt::format("add it to inputs; without rows: `{}: {{rows: []}}`", name));
    }
  }

  // Types that the test itself gives come before those of the model.
  std::map<std::string, Type> DeclaredTypes(const YamlNode& node) {
    std::map<std::string, Type> out;
    if (!node.is_map()) return out;
    const YamlNode* const columns = MapAt(node, "columns", diagnostics_);
    if (columns == nullptr) return out;
    grammar::Parser parser;
    grammar::Arena arena;
    for (const YamlEntry& column : columns->entries) {
      if (!column.value.is_scalar()) {
        ReportWrongType(column.value, column.key, "the name of a type", diagnostics_);
        continue;
      }
      const grammar::TypeName* const type =
          parser.ParseType(column.value.scalar, column.value.span, *context_.sources, arena, diagnostics_);
      if (type == nullptr) continue;
      if (auto known = ResolveType(*type, grammar::DuckDbDialect(), diagnostics_)) {
        out[grammar::LowerCase(column.key)] = std::move(*known);
      }
    }
    return out;
  }

  void ReadInput(const Model& input, const YamlEntry& entry) {
    const std::map<std::string, Type> declared = DeclaredTypes(entry.value);
    const auto type_of = [&](std::string_view column) {
      const auto own = declared.find(std::string(column));
      if (own != declared.end()) return own->second;
      const Column* const known = FindColumn(input, column);
      return known == nullptr ? Type() : known->type;
    };
    std::map<std::string, std::string> shown;
    TestInput out;
    out.schema = input.schema;
    out.table = input.table;
    out.data = ReadTestRows(entry.value, type_of, context_, [&](const std::string& column, const YamlNode& value) {
      const auto type = ShownType(value);
      if (type) shown.emplace(column, *type);
    });
    if (!input.columns.empty()) {
      CheckColumns(out.data, input);
      for (const auto& [name, type] : declared) {
        if (FindColumn(input, name) == nullptr) ReportColumn(name, entry.key_span, input.name, NamesOf(input.columns));
      }
    }
    std::vector<std::string> names = NamesOf(input.columns);
    if (names.empty()) {
      for (const auto& [name, type] : declared) names.push_back(name);
      for (const std::string& name : out.data.columns) {
        if (!declared.contains(name)) names.push_back(name);
      }
    }
    for (const std::string& name : names) {
      const Type type = type_of(grammar::LowerCase(name));
      const auto seen = shown.find(grammar::LowerCase(name));
      out.columns.emplace_back(name, !type.is_unknown()    ? TypeInDialect(type, grammar::DuckDbDialect())
                                     : seen != shown.end() ? seen->second
                                                           : "VARCHAR");
    }
    if (input.columns.empty() && !out.data.query.empty()) out.columns.clear();
    out_.inputs.push_back(std::move(out));
  }

  static const Column* FindColumn(const Model& model, std::string_view name) {
    const auto found = std::find_if(model.columns.begin(), model.columns.end(),
                                    [name](const Column& column) { return grammar::LowerCase(column.name) == name; });
    return found == model.columns.end() ? nullptr : &*found;
  }

  void CheckColumns(const TestRows& rows, const Model& of) {
    for (size_t i = 0; i < rows.columns.size(); ++i) {
      if (FindColumn(of, rows.columns[i]) == nullptr) {
        ReportColumn(rows.columns[i], rows.column_spans[i], of.name, NamesOf(of.columns));
      }
    }
  }

  void ReportColumn(const std::string& column, base::Span span, const std::string& of,
                    const std::vector<std::string>& known) {
    const auto nearest = base::ClosestName(column, known);
    diagnostics_.Report(kTestColumn, span, fmt::format("{} has no column {}", of, column))
        .Help(nearest ? fmt::format("did you mean {}?", *nearest)
                      : fmt::format("its columns are {}", fmt::join(known, ", ")));
  }

  TestTimes ReadTimes() {
    TestTimes out;
    const YamlNode* const vars = declaration_.body.Find("vars");
    if (vars == nullptr) return out;
    for (const YamlEntry& entry : vars->entries) {
      const std::string name = grammar::LowerCase(entry.key);
      if (!IsTestTime(name)) continue;
      const bool end = name.starts_with("end");
      const auto moment = ReadMoment(entry.value.scalar, end);
      if (!moment) {
        diagnostics_.Report(kTestStructure, entry.value.span, fmt::format("'{}' is no moment", entry.value.scalar))
            .Help("write 2024-01-31 or '2024-01-31 12:00:00'");
        continue;
      }
      (name.starts_with("start") ? out.start : end ? out.end : out.execution) = *moment;
    }
    return out;
  }

  void ReadOutputs(const TestQueries& queries) {
    const YamlNode* const outputs = declaration_.body.Find("outputs");
    if (outputs == nullptr || !outputs->is_map() || (!outputs->Find("query") && !outputs->Find("ctes"))) {
      diagnostics_
          .Report(kTestStructure, outputs == nullptr ? declaration_.span : outputs->span,
                  fmt::format("{} expects nothing", declaration_.name))
          .Help("write `outputs:` with the rows of `query`, or of some of `ctes`");
      return;
    }
    CheckKeys(*outputs, {"query", "ctes", "partial"}, "outputs", diagnostics_);
    const bool partial = BoolAt(*outputs, "partial", diagnostics_).value_or(false);
    if (const YamlNode* const ctes = MapAt(*outputs, "ctes", diagnostics_)) {
      for (const YamlEntry& entry : ctes->entries) ReadCte(entry, queries, partial);
    }
    const YamlNode* const query = outputs->Find("query");
    if (query == nullptr) return;
    const auto type_of = [this](std::string_view column) {
      const Column* const known = FindColumn(*model_, column);
      return known == nullptr ? Type() : known->type;
    };
    TestOutput out{"query", queries.Main(), queries.ordered(), IsPartial(*query, partial),
                   ReadTestRows(*query, type_of, context_)};
    CheckColumns(out.expected, *model_);
    out_.outputs.push_back(std::move(out));
  }

  bool IsPartial(const YamlNode& node, bool otherwise) {
    return node.is_map() ? BoolAt(node, "partial", diagnostics_).value_or(otherwise) : otherwise;
  }

  void ReadCte(const YamlEntry& entry, const TestQueries& queries, bool partial) {
    const std::string name = grammar::LowerCase(entry.key);
    const auto cte = queries.Cte(name);
    if (!cte) {
      const std::vector<std::string> known = queries.CteNames();
      const auto nearest = base::ClosestName(name, known);
      diagnostics_.Report(kTestModel, entry.key_span, fmt::format("the query of {} has no CTE {}", out_.model, name))
          .Help(nearest         ? fmt::format("did you mean {}?", *nearest)
                : known.empty() ? "it has none: test `query`"
                                : fmt::format("it has {}", fmt::join(known, ", ")));
      return;
    }
    const auto unknown = [](std::string_view) { return Type(); };
    out_.outputs.push_back({"cte " + name, cte->sql, cte->ordered, IsPartial(entry.value, partial),
                            ReadTestRows(entry.value, unknown, context_)});
  }

  const TestDeclaration& declaration_;
  const Project& project_;
  base::Diagnostics& diagnostics_;
  RowsContext context_;
  const Model* model_ = nullptr;
  UnitTest out_;
};

std::optional<UnitTest> Prepare(const TestDeclaration& declaration, const Project& project, const fs::path& folder,
                                base::SourceMap& sources, base::Diagnostics& diagnostics, bool with_outputs) {
  base::Diagnostics found;
  auto out = Preparer(declaration, project, folder, sources, found).Prepare(with_outputs);
  if (found.has_errors()) out.reset();
  diagnostics.Append(std::move(found));
  return out;
}

}  // namespace

std::optional<UnitTest> PrepareUnitTest(const TestDeclaration& declaration, const Project& project,
                                        const fs::path& folder, base::SourceMap& sources,
                                        base::Diagnostics& diagnostics) {
  return Prepare(declaration, project, folder, sources, diagnostics, true);
}

std::optional<UnitTest> PrepareNewTest(const TestDeclaration& declaration, const Project& project,
                                       const fs::path& folder, base::SourceMap& sources,
                                       base::Diagnostics& diagnostics) {
  return Prepare(declaration, project, folder, sources, diagnostics, false);
}

std::string InsertStatement(const std::string& table, const std::string& first_column, const TestRows& rows) {
  if (!rows.query.empty()) return fmt::format("INSERT INTO {} BY NAME\n{}", table, rows.query);
  if (rows.rows.empty()) return {};
  std::vector<std::string> lines;
  // Rows that name no column are NULL in all.
  if (rows.columns.empty()) {
    return fmt::format("INSERT INTO {} ({}) SELECT NULL FROM range({})", table, QuoteName(first_column),
                       rows.rows.size());
  }
  std::vector<std::string> names;
  for (const std::string& name : rows.columns) names.push_back(QuoteName(name));
  for (const auto& row : rows.rows) {
    std::vector<std::string> cells;
    for (const TestCell& cell : row) cells.push_back(cell.sql);
    lines.push_back(fmt::format("({})", fmt::join(cells, ", ")));
  }
  return fmt::format("INSERT INTO {} ({}) VALUES\n{}", table, fmt::join(names, ", "), fmt::join(lines, ",\n"));
}

std::vector<std::string> InputStatements(const TestInput& input) {
  const std::string schema = QuoteName(input.schema);
  const std::string table = schema + "." + QuoteName(input.table);
  std::vector<std::string> out = {fmt::format("CREATE SCHEMA IF NOT EXISTS {}", schema)};
  if (input.columns.empty()) {
    out.push_back(fmt::format("CREATE TABLE {} AS\n{}", table,
                              input.data.query.empty() ? "SELECT NULL AS nothing LIMIT 0" : input.data.query));
    return out;
  }
  std::vector<std::string> columns;
  for (const auto& [name, type] : input.columns) columns.push_back(fmt::format("{} {}", QuoteName(name), type));
  out.push_back(fmt::format("CREATE TABLE {} ({})", table, fmt::join(columns, ", ")));
  if (std::string insert = InsertStatement(table, input.columns[0].first, input.data); !insert.empty())
    out.push_back(std::move(insert));
  return out;
}

std::string TestModelName(const std::string& written) {
  std::string text = written;
  std::erase_if(text, [](char c) { return c == '"' || c == '`'; });
  const size_t dot = text.rfind('.');
  const size_t before = dot == std::string::npos || dot == 0 ? std::string::npos : text.rfind('.', dot - 1);
  return grammar::LowerCase(before == std::string::npos ? text : text.substr(before + 1));
}

std::vector<std::string> TestInputsOf(const Model& model, const Project& project) {
  std::vector<std::string> out;
  for (const int index : model.depends_on) out.push_back(project.models[static_cast<size_t>(index)].name);
  return out;
}

}  // namespace wapc::compiler

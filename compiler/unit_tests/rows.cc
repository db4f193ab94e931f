#include "compiler/unit_tests/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "compiler/project/csv.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/unit_tests/read.h"
#include "compiler/unit_tests/values.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

using base::YamlEntry;
using base::YamlNode;
using Shown = std::function<void(const std::string& column, const YamlNode& value)>;

class RowsReader {
 public:
  RowsReader(const ColumnType& type_of, const RowsContext& context, const Shown& shown)
      : type_of_(type_of), context_(context), shown_(shown), diagnostics_(*context.diagnostics) {}

  TestRows Read(const YamlNode& node) {
    out_.span = node.span;
    if (node.is_sequence()) {
      TakeRows(node);
    } else if (node.is_map()) {
      ReadMapping(node);
    } else if (!node.is_null()) {
      ReportWrongType(node, "rows", "a list of rows", diagnostics_);
    }
    return std::move(out_);
  }

 private:
  void ReadMapping(const YamlNode& node) {
    CheckKeys(node, {"rows", "query", "format", "path", "csv_settings", "columns", "partial"}, "rows of a test",
              diagnostics_);
    const YamlNode* const rows = node.Find("rows");
    const YamlNode* const query = node.Find("query");
    const YamlNode* const path = node.Find("path");
    const int given = (rows != nullptr ? 1 : 0) + (query != nullptr ? 1 : 0) + (path != nullptr ? 1 : 0);
    if (given != 1) {
      diagnostics_
          .Report(kTestStructure, node.span,
                  given == 0 ? "there are no rows" : "rows, query and path cannot stand together")
          .Help(
              "write one of them: `rows`, a list of rows; `query`, SQL of DuckDB; `path`, a file that holds the rows");
      return;
    }
    if (query != nullptr) {
      out_.query = ReadTestQuery(*query, context_);
      return;
    }
    const std::string format = TextAt(node, "format", diagnostics_).value_or("yaml");
    if (format != "csv" && format != "yaml") {
      diagnostics_.Report(kTestStructure, node.Find("format")->span, fmt::format("rows have no format {}", format))
          .Help("it is csv or yaml");
      return;
    }
    if (path != nullptr) return ReadPath(node, *path, format == "csv");
    if (format == "yaml") return TakeList(*rows);
    if (rows->is_scalar()) return TakeCsv(node, rows->scalar, rows->span, base::kNoSource);
    ReportWrongType(*rows, "rows", "text, since the format is csv", diagnostics_);
  }

  void ReadPath(const YamlNode& node, const YamlNode& path, bool csv) {
    const auto text = path.is_scalar() ? base::ReadFile(context_.folder / path.scalar)
                                       : base::Result<std::string>(base::Error{base::ErrorKind::kUsage, ""});
    if (!text) {
      diagnostics_.Report(kTestStructure, path.span, fmt::format("there is no file {}", path.scalar))
          .Help("a path starts at the project folder");
      return;
    }
    const base::SourceId source = context_.sources->Add(path.scalar, *text);
    if (csv) return TakeCsv(node, *text, {source, 0, 0}, source);
    const auto root = base::ParseYaml(*context_.sources, source, diagnostics_);
    if (!root) return;
    const YamlNode* const rows = root->is_map() ? root->Find("rows") : &*root;
    if (rows != nullptr) return TakeList(*rows);
    diagnostics_.Report(kTestStructure, root->span, "the file has no `rows`")
        .Help("write `rows:` and the rows below it");
  }

  void TakeList(const YamlNode& rows) {
    if (rows.is_sequence()) return TakeRows(rows);
    if (!rows.is_null()) ReportWrongType(rows, "rows", "a list of rows", diagnostics_);
  }

  void TakeRows(const YamlNode& rows) {
    for (const YamlNode& row : rows.items) {
      if (!row.is_map()) {
        ReportWrongType(row, "rows", "rows as mappings of column to value", diagnostics_);
        continue;
      }
      std::vector<TestCell> cells(out_.columns.size(), TestCell{"NULL", row.span});
      for (const YamlEntry& entry : row.entries) {
        const size_t at = ColumnAt(entry.key, entry.key_span);
        cells.resize(out_.columns.size(), TestCell{"NULL", row.span});
        if (shown_) shown_(out_.columns[at], entry.value);
        cells[at] = {TestValueSql(entry.value, type_of_(out_.columns[at]), diagnostics_), entry.value.span};
      }
      out_.rows.push_back(std::move(cells));
    }
    // A column that only later rows name is NULL in the first ones.
    for (auto& row : out_.rows) row.resize(out_.columns.size(), TestCell{"NULL", out_.span});
  }

  size_t ColumnAt(const std::string& written, base::Span span) {
    const std::string name = grammar::LowerCase(written);
    const auto found = std::find(out_.columns.begin(), out_.columns.end(), name);
    if (found != out_.columns.end()) return static_cast<size_t>(found - out_.columns.begin());
    out_.columns.push_back(name);
    out_.column_spans.push_back(span);
    return out_.columns.size() - 1;
  }

  char Delimiter(const YamlNode& node) {
    const YamlNode* const settings = MapAt(node, "csv_settings", diagnostics_);
    if (settings == nullptr) return ',';
    CheckKeys(*settings, {"delimiter", "sep"}, "csv_settings", diagnostics_);
    const auto first = TextAt(*settings, "delimiter", diagnostics_);
    const std::string text = first ? *first : TextAt(*settings, "sep", diagnostics_).value_or(",");
    if (text.size() == 1) return text[0];
    diagnostics_.Report(kTestStructure, settings->span, "a delimiter is one character").Help("write `delimiter: ';'`");
    return ',';
  }

  void TakeCsv(const YamlNode& node, std::string_view text, base::Span span, base::SourceId source) {
    base::Diagnostics found;
    const auto csv = ReadCsv(text, Delimiter(node), source, found);
    for (base::Diagnostic diagnostic : found.all()) {
      if (!diagnostic.span.known()) diagnostic.span = span;
      diagnostics_.Add(std::move(diagnostic));
    }
    if (!csv) return;
    for (const std::string& name : csv->header) ColumnAt(name, span);
    for (const auto& row : csv->rows) {
      std::vector<TestCell> cells(out_.columns.size(), TestCell{"NULL", span});
      for (size_t i = 0; i < row.size(); ++i) {
        if (row[i]) cells[i].sql = TestTextSql(*row[i], span, type_of_(out_.columns[i]), diagnostics_);
      }
      out_.rows.push_back(std::move(cells));
    }
  }

  const ColumnType& type_of_;
  const RowsContext& context_;
  const Shown& shown_;
  base::Diagnostics& diagnostics_;
  TestRows out_;
};

}  // namespace

TestRows ReadTestRows(const YamlNode& node, const ColumnType& type_of, const RowsContext& context, const Shown& shown) {
  return RowsReader(type_of, context, shown).Read(node);
}

std::string ReadTestQuery(const YamlNode& node, const RowsContext& context) {
  if (!node.is_scalar()) {
    ReportWrongType(node, "query", "SQL", *context.diagnostics);
    return {};
  }
  grammar::Parser parser;
  grammar::Arena arena;
  const grammar::Query* const query =
      parser.ParseQuery(node.scalar, node.span, *context.sources, arena, *context.diagnostics);
  return query == nullptr ? std::string() : grammar::Print(*query, {});
}

}  // namespace wapc::compiler

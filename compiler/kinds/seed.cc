#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/passes/binder.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/writer.h"
#include "compiler/project/csv.h"
#include "grammar/printer.h"

namespace wapc::compiler {

const KindPlan& SeedKind();

namespace {

std::string SeedRow(const std::vector<std::optional<std::string>>& row, const Project& project) {
  std::vector<std::string> fields;
  for (const auto& field : row) {
    std::string text = field ? grammar::QuoteString(*field, project.config.target()) : "NULL";
    for (size_t at = text.find("@{"); at != std::string::npos; at = text.find("@{", at + 5))
      text.insert(at + 1, "{at}");
    fields.push_back(std::move(text));
  }
  return fmt::format("({})", fmt::join(fields, ", "));
}

std::string SeedQuery(const StepWriter& steps) {
  const Model& model = steps.model();
  base::Diagnostics reported;  // the file was read once already, so there is nothing new to report
  const auto csv = ReadCsv(model.seed_bytes, model.seed_delimiter, base::kNoSource, reported);
  std::vector<std::string> items;
  for (const Column& column : model.columns) {
    items.push_back(fmt::format("CAST(s.{0} AS {1}) AS {0}", steps.Name(column.name),
                                TypeInDialect(column.type, steps.project().config.target())));
  }
  std::vector<std::string> rows;
  for (const auto& row : csv->rows) rows.push_back(SeedRow(row, steps.project()));
  const bool empty = rows.empty();
  if (empty) rows.push_back(SeedRow(std::vector<std::optional<std::string>>(model.columns.size()), steps.project()));
  return fmt::format("SELECT\n    {}\nFROM (VALUES\n    {}\n) AS s ({}){}", fmt::join(items, ",\n    "),
                     fmt::join(rows, ",\n    "), steps.ColumnList(steps.ColumnNames(), ""),
                     empty ? "\nWHERE false" : "");
}

void Create(StepWriter& steps) {
  steps.AddBuild("create",
                 fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(steps.planned().relation), SeedQuery(steps)));
}

}  // namespace

const KindPlan& SeedKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kSeed, .create = Create};
  return kSteps;
}

}  // namespace wapc::compiler

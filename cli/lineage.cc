#include "compiler/lineage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

struct LineageFlags {
  std::string name;
  bool downstream = false;
  int depth = 0;
};

base::Error Unknown(std::string_view what, const std::string& name, const std::vector<std::string>& known) {
  const auto nearest = base::ClosestName(name, known);
  return {base::ErrorKind::kProject,
          fmt::format("there is no {} {}{}", what, name, nearest ? fmt::format("; did you mean {}?", *nearest) : "")};
}

// "schema.model" or "schema.model.column" as the columns that it names.
base::Result<std::vector<compiler::ColumnSource>> Roots(const compiler::Project& project, std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const compiler::Model* model = project.Find(name);
  std::string wanted;
  if (const size_t dot = name.rfind('.');
      model == nullptr && dot != std::string::npos && std::count(name.begin(), name.end(), '.') > 1) {
    wanted = name.substr(dot + 1);
    name.resize(dot);
    model = project.Find(name);
  }
  if (model == nullptr) {
    std::vector<std::string> names;
    for (const compiler::Model& known : project.models) names.push_back(known.name);
    return Unknown("model", name, names);
  }
  const int index = project.by_name.at(name);
  std::vector<compiler::ColumnSource> out;
  std::vector<std::string> columns;
  for (const compiler::Column& column : model->columns) {
    columns.push_back(column.name);
    const bool same =
        std::equal(column.name.begin(), column.name.end(), wanted.begin(), wanted.end(),
                   [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
    if (wanted.empty() || same) out.push_back({index, column.name});
  }
  if (out.empty() && !wanted.empty()) return Unknown("column", fmt::format("{} in {}", wanted, name), columns);
  return out;
}

void Run(Context& context, const LineageFlags& flags) {
  // EMBEDDED models are still models of their own then.
  const auto compiled = CompileOrFail(context, "audits");
  if (!compiled) return;
  const compiler::Project& project = *compiled->project;
  const auto roots = Roots(project, flags.name);
  if (!roots) {
    context.exit_code = Fail(roots.error());
    return;
  }
  const auto direction =
      flags.downstream ? compiler::LineageDirection::kDownstream : compiler::LineageDirection::kUpstream;
  const compiler::Lineage lineage = compiler::TraceLineage(project, *roots, direction, flags.depth);
  if (context.json()) {
    PrintOut(compiler::LineageJson(lineage, project, *compiled->sources));
  } else if (context.format == "mermaid") {
    PrintOut(compiler::LineageMermaid(lineage, project));
  } else {
    PrintOut(compiler::LineageText(lineage, project, *compiled->sources));
  }
}

}  // namespace

void AddLineage(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("lineage", "Show which columns a column's value comes from, down to raw tables");
  verb->footer(
      "Follows values through CTEs, subqueries and set operations; what only filters or joins is not shown.\n"
      "  wapc lineage marts.orders.total                 where it comes from\n"
      "  wapc lineage --downstream shop_raw.orders.paid  what a change of it touches\n"
      "  wapc lineage marts.orders --format mermaid      a diagram of all its columns");
  const auto flags = std::make_shared<LineageFlags>();
  verb->add_option("COLUMN", flags->name, "schema.model.column, or schema.model for all its columns")->required();
  verb->add_flag("--downstream", flags->downstream, "The other way: what is computed from it");
  verb->add_option("--depth", flags->depth, "How many models to go (default: all the way)")
      ->check(CLI::NonNegativeNumber);
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

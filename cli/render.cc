#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/plan/emit.h"
#include "compiler/translate/translate.h"

namespace wapc::cli {
namespace {

struct Options {
  std::string model, start, end, execution, dialect;
};

// A moment of a flag; reports one that is none.
bool ReadFlag(const char* flag, const std::string& text, bool end, std::optional<compiler::Moment>& out,
              Context& context) {
  if (text.empty()) return true;
  out = compiler::ReadMoment(text, end);
  if (out) return true;
  context.exit_code = Fail({base::ErrorKind::kUsage,
                            fmt::format("{} '{}' is no date; write 2024-01-31 or '2024-01-31 12:00:00'", flag, text)});
  return false;
}

void RunTranslated(Context& context, const Compiled& compiled, const compiler::Model& model, const std::string& dialect,
                   const compiler::RenderTimes& times) {
  compiler::translate::Options options;
  options.from = compiled.project->config.dialect;
  options.to = DialectOrFail(context, dialect);
  if (options.to == nullptr) return;
  grammar::Arena arena;
  base::Diagnostics diagnostics;
  const grammar::Query* const query =
      compiler::translate::TranslateModel(model, *compiled.project, options, arena, diagnostics);
  if (!IsMachineFormat(context) || query == nullptr) PrintDiagnostics(context, diagnostics, *compiled.sources);
  if (query == nullptr) {
    context.exit_code = 1;
    return;
  }
  PrintOut(compiler::RenderQuery(*query, *options.to, true, times) + "\n");
}

void Run(Context& context, const Options& options) {
  const std::string& name = options.model;
  compiler::RenderTimes times;
  if (!ReadFlag("--start", options.start, false, times.start, context) ||
      !ReadFlag("--end", options.end, true, times.end, context) ||
      !ReadFlag("--execution-time", options.execution, false, times.execution, context)) {
    return;
  }
  const auto compiled = CompileOrFail(context);
  if (!compiled) return;
  const compiler::Project& project = *compiled->project;
  const compiler::Model* const model = project.Find(name);
  if (model == nullptr) {
    std::vector<std::string> names;
    for (const compiler::Model& known : project.models) names.push_back(known.name);
    const auto nearest = base::ClosestName(name, names);
    context.exit_code =
        Fail({base::ErrorKind::kUsage,
              fmt::format("there is no model {}{}", name, nearest ? fmt::format("; did you mean {}?", *nearest) : "")});
    return;
  }
  if (model->query == nullptr) {
    context.exit_code = Fail({base::ErrorKind::kUsage,
                              fmt::format("{} is of kind {} and has no query", name, compiler::ToString(model->kind))});
    return;
  }
  if (!options.dialect.empty()) return RunTranslated(context, *compiled, *model, options.dialect, times);
  PrintOut(compiler::RenderQuery(*model, project, true, times) + "\n");
}

}  // namespace

void AddRender(CLI::App& app, Context& context) {
  auto* const verb =
      app.add_subcommand("render", "Print the SQL of a model, with rules applied, macros and stars expanded");
  const auto options = std::make_shared<Options>();
  verb->add_option("MODEL", options->model, "The model, as schema.name")->required();
  verb->add_option("-s,--start", options->start,
                   "The value of @start_ds and its kind: a date, or a date and a time in UTC");
  verb->add_option("-e,--end", options->end, "The value of @end_ds and its kind; a date alone is its last moment");
  verb->add_option("--execution-time", options->execution, "The value of @execution_ds and its kind");
  verb->add_option("--dialect", options->dialect,
                   "Write it in another dialect: duckdb, postgres, trino or snowflake; an error where that cannot be");
  verb->callback([&context, options] { Run(context, *options); });
}

}  // namespace wapc::cli

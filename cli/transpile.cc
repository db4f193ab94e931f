#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/files.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/translate/translate_text.h"

namespace wapc::cli {
namespace {

struct Flags {
  std::string from;
  std::string to;
  std::vector<std::string> files;
  bool lenient = false;
};

base::Result<std::string> ReadInput(const std::string& path) {
  if (path != "-") return base::ReadFile(path);
  return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
}

void Run(Context& context, const Flags& flags) {
  compiler::translate::Options options;
  options.from = DialectOrFail(context, flags.from);
  if (options.from == nullptr) return;
  options.to = DialectOrFail(context, flags.to);
  if (options.to == nullptr) return;
  options.lenient = flags.lenient;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  std::string out;
  for (const std::string& path : flags.files) {
    const auto text = ReadInput(path);
    if (!text) {
      context.exit_code = Fail(text.error());
      return;
    }
    const base::SourceId source = sources.Add(path == "-" ? "<stdin>" : path, *text);
    out += compiler::translate::TranslateText(sources, source, options, diagnostics);
  }
  diagnostics.Sort(sources);
  if (!IsMachineFormat(context) || diagnostics.has_errors()) PrintDiagnostics(context, diagnostics, sources);
  if (!IsMachineFormat(context) || !diagnostics.has_errors()) PrintOut(out);
  if (diagnostics.has_errors()) context.exit_code = 1;
}

}  // namespace

void AddTranspile(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("transpile", "Rewrite queries of one SQL dialect in another");
  verb->footer(
      "The result means the same, or there is an error at the place that the other dialect cannot say; statements\n"
      "without an error are printed all the same. Types of columns are known only as far as the text tells them:\n"
      "inside a project, `wapc render MODEL --dialect D` knows them all.\n\n"
      "  echo \"SELECT a // 2 FROM t QUALIFY row_number() OVER (ORDER BY a) = 1\" |\n"
      "    wapc transpile --from duckdb --to postgres -");
  const auto flags = std::make_shared<Flags>();
  verb->add_option("--from,--read", flags->from, "The dialect of the text: duckdb, postgres, trino or snowflake")
      ->required();
  verb->add_option("--to,--write", flags->to, "The dialect to write")->required();
  verb->add_flag("--lenient", flags->lenient, "Warn, and keep what cannot be translated for sure");
  verb->add_option("FILES", flags->files, "Files of queries; - is stdin (default)")->default_val("-");
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

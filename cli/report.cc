#include "cli/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/report.h"
#include "cli/terminal.h"
#include "compiler/explain.h"

namespace wapc::cli {
namespace {

std::optional<base::CodeText> Describe(std::string_view code) {
  const auto text = compiler::ExplainCode(code);
  if (!text) return std::nullopt;
  return base::CodeText{std::string(text->summary), std::string(text->text)};
}

}  // namespace

bool IsMachineFormat(const Context& context) {
  return context.format == "json" || context.format == "sarif" || context.format == "github";
}

void PrintDiagnostics(const Context& context, const base::Diagnostics& diagnostics, const base::SourceMap& sources) {
  if (context.format == "json") {
    PrintOut(base::RenderJson(diagnostics, sources));
  } else if (context.format == "sarif") {
    PrintOut(base::RenderSarif(diagnostics, sources, {"wapc", WAPC_VERSION, Describe}));
  } else if (context.format == "github") {
    PrintOut(base::RenderGithub(diagnostics, sources));
  } else {
    PrintErr(base::RenderText(diagnostics, sources, ColorOn(STDERR_FILENO)));
    const size_t errors = diagnostics.error_count();
    if (errors > 0) PrintErr(fmt::format("{} error{}\n", errors, errors == 1 ? "" : "s"));
  }
}

int ExitCodeOf(const base::Diagnostics& diagnostics, const base::SourceMap& sources) {
  if (!diagnostics.has_errors()) return 0;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity != base::Severity::kError || !diagnostic.span.known()) continue;
    const std::string_view file = sources.Name(diagnostic.span.source);
    if (file == "wapc.yaml" || file == "environment") return static_cast<int>(base::ErrorKind::kUsage);
  }
  return static_cast<int>(base::ErrorKind::kProject);
}

}  // namespace wapc::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "base/files.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct LintFlags {
  std::vector<std::string> models;
  bool fix = false;
};

// A fix may bring the next one within reach: a CTE that only an unused CTE read.
constexpr int kRounds = 20;

// The sources of the models that were asked for, by name or by file; all where none was.
base::Result<std::set<base::SourceId>> Chosen(const Compiled& compiled, const std::vector<std::string>& asked) {
  std::set<base::SourceId> out;
  std::vector<std::string> names;
  for (const compiler::Model& model : compiled.project->models) names.push_back(model.name);
  for (const std::string& name : asked) {
    std::error_code ignored;
    const fs::path path = fs::absolute(name, ignored).lexically_normal();
    const size_t before = out.size();
    for (const compiler::Model& model : compiled.project->models) {
      const base::SourceId source = model.name_span.source;
      if (source == base::kNoSource) continue;
      if (model.name == name || compiled.folder / compiled.sources->Name(source) == path) out.insert(source);
    }
    if (out.size() > before) continue;
    const auto nearest = base::ClosestName(name, names);
    return base::Error{base::ErrorKind::kUsage,
                       fmt::format("there is no model {}{}", name,
                                   nearest ? fmt::format("; did you mean {}?", *nearest) : std::string())};
  }
  return out;
}

base::Diagnostics Only(const base::Diagnostics& all, const std::set<base::SourceId>& sources) {
  base::Diagnostics out;
  for (const base::Diagnostic& diagnostic : all.all()) {
    if (sources.empty() || sources.contains(diagnostic.span.source)) out.Add(diagnostic);
  }
  return out;
}

// The safe fixes of each file, in its order; of two that touch the same text only the first.
std::map<base::SourceId, std::vector<base::Fix>> SafeFixes(const base::Diagnostics& diagnostics) {
  std::map<base::SourceId, std::vector<base::Fix>> out;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.fix && diagnostic.fix->safe && diagnostic.fix->span.known()) {
      out[diagnostic.fix->span.source].push_back(*diagnostic.fix);
    }
  }
  for (auto& [source, fixes] : out) {
    std::stable_sort(fixes.begin(), fixes.end(),
                     [](const base::Fix& a, const base::Fix& b) { return a.span.begin < b.span.begin; });
    std::vector<base::Fix> apart;
    for (base::Fix& fix : fixes) {
      if (apart.empty() || fix.span.begin >= apart.back().span.end) apart.push_back(std::move(fix));
    }
    fixes = std::move(apart);
  }
  return out;
}

base::Result<size_t> ApplyFixes(const Compiled& compiled, const base::Diagnostics& diagnostics) {
  size_t applied = 0;
  for (const auto& [source, fixes] : SafeFixes(diagnostics)) {
    std::string text(compiled.sources->Text(source));
    for (size_t i = fixes.size(); i-- > 0;) {
      text.replace(fixes[i].span.begin, fixes[i].span.end - fixes[i].span.begin, fixes[i].replacement);
    }
    const fs::path path = compiled.folder / compiled.sources->Name(source);
    if (const auto written = base::WriteFileAtomic(path, text); !written) return written.error();
    applied += fixes.size();
  }
  return applied;
}

void Summary(const base::Diagnostics& found, size_t fixed) {
  const auto fixable = std::count_if(found.all().begin(), found.all().end(),
                                     [](const base::Diagnostic& d) { return d.fix && d.fix->safe; });
  std::string text = fmt::format("{} error{}, {} warning{}", found.error_count(), found.error_count() == 1 ? "" : "s",
                                 found.warning_count(), found.warning_count() == 1 ? "" : "s");
  if (fixed > 0) text += fmt::format("; {} fixed", fixed);
  if (fixable > 0) text += fmt::format("; {} can be fixed with --fix", fixable);
  PrintErr(text + "\n");
}

void Run(Context& context, const LintFlags& flags) {
  size_t fixed = 0;
  for (int round = 0;; ++round) {
    const auto compiled = CompileQuietly(context);
    if (!compiled) return;
    std::set<base::SourceId> chosen;
    if (compiled->project) {
      const auto sources = Chosen(*compiled, flags.models);
      if (!sources) {
        context.exit_code = Fail(sources.error());
        return;
      }
      chosen = *sources;
    }
    const base::Diagnostics found = Only(compiled->diagnostics, chosen);
    if (flags.fix && round < kRounds) {
      const auto applied = ApplyFixes(*compiled, found);
      if (!applied) {
        context.exit_code = Fail(applied.error());
        return;
      }
      fixed += *applied;
      if (*applied > 0) continue;
    }
    context.exit_code = ExitCodeOf(found, *compiled->sources);
    if (IsMachineFormat(context)) {
      PrintDiagnostics(context, found, *compiled->sources);
    } else {
      PrintErr(base::RenderText(found, *compiled->sources, ColorOn(2)));
      Summary(found, fixed);
    }
    return;
  }
}

}  // namespace

void AddLint(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("lint", "Say what is doubtful in models that compile, and mend what can be");
  verb->footer(
      "The rules and how much they weigh stand in wapc.yaml under `linter`; `wapc explain CODE` says what one means.\n"
      "A comment `-- wapc: ignore CODE` keeps one line from being reported. Ends with 1 when a finding is an error.");
  const auto flags = std::make_shared<LintFlags>();
  verb->add_option("MODEL", flags->models, "Models by name or file (default: all)");
  verb->add_flag("--fix", flags->fix, "Apply the fixes that cannot change what a model means");
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

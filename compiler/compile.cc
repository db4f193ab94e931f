#include "compiler/compile.h"

#include "compiler/lint/ignore.h"
#include "compiler/macros/macros.h"
#include "compiler/passes/passes.h"
#include "compiler/project/load.h"

namespace wapc::compiler {

std::vector<std::string> StageNames() {
  std::vector<std::string> out = {"metadata", "load", "macros"};
  for (const Pass& pass : Passes()) out.emplace_back(pass.name);
  return out;
}

std::optional<Project> CompileProject(const std::filesystem::path& folder, const Environment& environment,
                                      std::string_view stop_after, base::SourceMap& sources,
                                      base::Diagnostics& diagnostics) {
  std::optional<Project> project = LoadMetadata(folder, environment, sources, diagnostics);
  if (project && stop_after != "metadata") project = LoadModels(folder, std::move(*project), sources, diagnostics);
  if (project && stop_after != "metadata" && stop_after != "load") {
    project = ExpandMacros(folder, std::move(*project), sources, diagnostics);
  }
  if (project && stop_after != "metadata" && stop_after != "load" && stop_after != "macros") {
    for (const Pass& pass : Passes()) {
      project = pass.run(std::move(*project), sources, diagnostics);
      if (pass.name == stop_after) break;
    }
  }
  // Only after all stages is it known which comments ignore nothing.
  diagnostics.Sort(sources);  // what macros gave is reported at their calls, where comments stand
  if (project) ApplyIgnores(project->config, stop_after.empty(), sources, diagnostics);
  diagnostics.Sort(sources);
  return project;
}

}  // namespace wapc::compiler

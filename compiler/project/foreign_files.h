#ifndef WAPC_COMPILER_PROJECT_FOREIGN_FILES_H_
#define WAPC_COMPILER_PROJECT_FOREIGN_FILES_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

/// Files of SQLMesh and dbt projects that wapc does not run. Each is told of once, and a model without columns stands
/// for what it would give, so that its readers are not accused.
namespace wapc::compiler {

/// "marts.late" for models/marts/late.sql; empty for a file right in models/.
std::string InferredName(const std::filesystem::path& file);

/// Reports the first Jinja of a model's file; true when there is any. In a file with a MODEL block `{{` inside of
/// quotes is text; in one without, a dbt model, it is Jinja too.
bool ReportJinja(base::SourceId source, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// The stand-in for a file that cannot be read as a model: by the name in its MODEL block, else by its path. Nothing
/// when neither names a model.
std::optional<Model> StandIn(base::SourceId source, const std::filesystem::path& file, const base::SourceMap& sources);

/// Reports every `@model(...)` of models/**/*.py, and adds a stand-in for each.
void ReadPythonModels(const std::filesystem::path& folder, Project& project, base::SourceMap& sources,
                      base::Diagnostics& diagnostics);

/// What another tool's configuration in a folder without wapc.yaml asks to be done; empty when there is none.
std::string ForeignConfigAdvice(const std::filesystem::path& folder);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_FOREIGN_FILES_H_

#ifndef WAPC_COMPILER_PROJECT_EXTERNAL_MODELS_H_
#define WAPC_COMPILER_PROJECT_EXTERNAL_MODELS_H_

#include <filesystem>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Adds a model of kind EXTERNAL for each table that SQLMesh's external_models.yaml, or a file of external_models/,
/// declares with its columns. A table that dlt's schema file knows is left to that.
void ReadExternalModels(const std::filesystem::path& folder, Project& project, base::SourceMap& sources,
                        base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_EXTERNAL_MODELS_H_

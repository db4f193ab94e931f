#ifndef WAPC_COMPILER_STAGING_STAGING_H_
#define WAPC_COMPILER_STAGING_STAGING_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Adds one staging model for every raw table that a staging.yml covers: the defaults of docs/staging.md first, then
/// its rules in order. Reports rules that match nothing, names that collide, tables whose parent is missing.
Project StageRawTables(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

/// The text of a staging model as `wapc generate` writes it, header included.
std::string StagingModelText(const Model& model, const Config& config);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_STAGING_H_

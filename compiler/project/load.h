#ifndef WAPC_COMPILER_PROJECT_LOAD_H_
#define WAPC_COMPILER_PROJECT_LOAD_H_

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// Reads wapc.yaml and metadata/, and adds a model for every raw table and every staging model that a staging.yml
/// gives. Nothing comes back when there is no wapc.yaml.
std::optional<Project> LoadMetadata(const std::filesystem::path& folder, const Environment& environment,
                                    base::SourceMap& sources, base::Diagnostics& diagnostics);

/// Reads models/, audits/ and seeds/ into a project that has its metadata. Everything wrong is reported; what can be
/// read is. With LoadMetadata the only stage that reads files. `only`: the files of models/ to read, when not all of
/// them, by their paths from the project folder.
Project LoadModels(const std::filesystem::path& folder, Project project, base::SourceMap& sources,
                   base::Diagnostics& diagnostics, const std::set<std::string>* only = nullptr);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_LOAD_H_

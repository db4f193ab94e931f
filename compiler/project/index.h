#ifndef WAPC_COMPILER_PROJECT_INDEX_H_
#define WAPC_COMPILER_PROJECT_INDEX_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Sorts the models by name and fills Project::by_name. Of two models with one name the first found stays, and the
/// other is reported with both places.
void IndexModels(Project& project, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_INDEX_H_

#ifndef WAPC_COMPILER_PASSES_AUDITS_ORDER_H_
#define WAPC_COMPILER_PASSES_AUDITS_ORDER_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Puts each model after the models that its audits read (Model::audited_after), since an audit runs once its model is
/// built. Two models whose audits read each other can't both come first: then the later audit is left out, with a
/// warning, or an error where it is blocking.
void OrderByAudits(Project& project, base::Diagnostics& diagnostics);

/// Each model after what it reads and what its audits read, ties by index; models of a cycle, and those below one, are
/// left out.
std::vector<int> OrderOf(const std::vector<Model>& models);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_ORDER_H_

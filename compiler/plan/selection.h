#ifndef WAPC_COMPILER_PLAN_SELECTION_H_
#define WAPC_COMPILER_PLAN_SELECTION_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "compiler/affected.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// The files that changed since a commit of git.
using ChangedSinceRef = std::function<base::Result<ChangedFiles>(const std::string& ref)>;

/// The models that any of the selectors names, in SQLMesh's words: a name or a glob of names, `tag:x`, `schema:x`,
/// `git:REF` (its file changed since then); `+` in front takes what it reads, behind it what reads it, directly or not;
/// `a & b`, `a | b`, `^a` and parentheses combine. Errors (kUsage): a selector that cannot be read, or names nothing.
base::Result<std::set<std::string>> SelectModels(const Project& project, const base::SourceMap& sources,
                                                 const std::vector<std::string>& selectors,
                                                 const ChangedSinceRef& changed_since);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_SELECTION_H_

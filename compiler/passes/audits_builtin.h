#ifndef WAPC_COMPILER_PASSES_AUDITS_BUILTIN_H_
#define WAPC_COMPILER_PASSES_AUDITS_BUILTIN_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// The audits that wapc brings: one file each in compiler/audits, found by being there.
class BuiltinAudits {
 public:
  explicit BuiltinAudits(base::Diagnostics& diagnostics);

  const AuditDefinition* Find(std::string_view name) const;
  std::vector<std::string> Names() const;
  /// What the audits' trees live in; their texts live as long as this object.
  grammar::Arena& arena() { return arena_; }

 private:
  base::SourceMap sources_;
  grammar::Arena arena_;
  std::map<std::string, AuditDefinition, std::less<>> audits_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_BUILTIN_H_

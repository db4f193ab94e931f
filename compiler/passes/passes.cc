#include "compiler/passes/passes.h"

#include "compiler/lint/lint.h"
#include "compiler/passes/name_lengths.h"

namespace wapc::compiler {

const std::vector<Pass>& Passes() {
  static const std::vector<Pass> kPasses = {
      {"graph", "what every relation name means, and the order of the models", ResolveGraph},
      {"bind", "every column's name, type, nullability and lineage", BindModels},
      {"kinds", "keys and load columns of incremental models", CheckKinds},
      {"names", "names that the gateway's engine keeps whole", CheckNameLengths},
      {"audits", "audits and grains as queries over the model", ExpandAudits},
      {"lint", "what the rules of wapc.yaml's linter say of each model", LintModels},
      {"embed", "EMBEDDED models put into what reads them", EmbedModels},
      {"fingerprint", "the digests that tell changes apart", Fingerprint},
      {"translate", "queries and audits in the gateway's dialect, where that is not the project's", TranslateProject},
  };
  return kPasses;
}

}  // namespace wapc::compiler

#ifndef WAPC_CLI_VERBS_H_
#define WAPC_CLI_VERBS_H_

#include "cli/context.h"

/// One function a verb, each in a file of its name.
namespace wapc::cli {

void AddInit(CLI::App& app, Context& context);
void AddPull(CLI::App& app, Context& context);
void AddGenerate(CLI::App& app, Context& context);
void AddCompile(CLI::App& app, Context& context);
void AddCompletion(CLI::App& app, Context& context);
void AddFormat(CLI::App& app, Context& context);
void AddLint(CLI::App& app, Context& context);
void AddExplain(CLI::App& app, Context& context);
void AddRender(CLI::App& app, Context& context);
void AddLineage(CLI::App& app, Context& context);
void AddDag(CLI::App& app, Context& context);
void AddPlan(CLI::App& app, Context& context);
void AddApply(CLI::App& app, Context& context);
void AddTranspile(CLI::App& app, Context& context);
void AddAudit(CLI::App& app, Context& context);
void AddQuery(CLI::App& app, Context& context);
void AddEnv(CLI::App& app, Context& context);
void AddState(CLI::App& app, Context& context);
void AddConfig(CLI::App& app, Context& context);
void AddFlags(CLI::App& app, Context& context);

}  // namespace wapc::cli

#endif  // WAPC_CLI_VERBS_H_

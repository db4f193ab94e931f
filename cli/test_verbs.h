#ifndef WAPC_CLI_TEST_VERBS_H_
#define WAPC_CLI_TEST_VERBS_H_

#include "cli/context.h"

/// The verbs of unit tests, as in cli/verbs.h.
namespace wapc::cli {

void AddTest(CLI::App& app, Context& context);
void AddCreateTest(CLI::App& app, Context& context);

}  // namespace wapc::cli

#endif  // WAPC_CLI_TEST_VERBS_H_

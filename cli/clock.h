#ifndef WAPC_CLI_CLOCK_H_
#define WAPC_CLI_CLOCK_H_

#include "base/result.h"
#include "cli/context.h"
#include "compiler/macros/moment.h"

namespace wapc::cli {

/// What is over by now: by --now, else by the clock. A --now that is no moment is an Error (kUsage).
base::Result<compiler::Moment> MomentOf(const Context& context);

}  // namespace wapc::cli

#endif  // WAPC_CLI_CLOCK_H_

#ifndef WAPC_CLI_REPORT_H_
#define WAPC_CLI_REPORT_H_

#include "base/diagnostics.h"
#include "base/source.h"
#include "cli/context.h"

namespace wapc::cli {

/// Whether `--format` asks for diagnostics as data on stdout (json, sarif, github) instead of text on stderr.
bool IsMachineFormat(const Context& context);

/// Prints diagnostics as `--format` says: text to stderr with a count of errors; json, sarif and github to stdout, json
/// and sarif also when there are none.
void PrintDiagnostics(const Context& context, const base::Diagnostics& diagnostics, const base::SourceMap& sources);

/// The exit code of diagnostics that hold errors: 2 when one is in the configuration, else 1; 0 without errors.
int ExitCodeOf(const base::Diagnostics& diagnostics, const base::SourceMap& sources);

}  // namespace wapc::cli

#endif  // WAPC_CLI_REPORT_H_

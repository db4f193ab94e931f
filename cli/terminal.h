#ifndef WAPC_CLI_TERMINAL_H_
#define WAPC_CLI_TERMINAL_H_

#include <string>
#include <string_view>

#include "runtime/warehouse.h"

namespace wapc::cli {

/// Results go to stdout, all else to stderr.
void PrintOut(std::string_view text);
void PrintErr(std::string_view text);

/// Whether a stream is a terminal that takes colour (NO_COLOR and TERM=dumb are honoured).
bool ColorOn(int descriptor);
bool IsTerminal(int descriptor);

/// Rows as an aligned table, as CSV (RFC 4180; NULL is an empty field, empty text is ""), or as a JSON array of
/// objects.
std::string TableText(const runtime::Rows& rows);
std::string CsvText(const runtime::Rows& rows);
std::string JsonText(const runtime::Rows& rows);

}  // namespace wapc::cli

#endif  // WAPC_CLI_TERMINAL_H_

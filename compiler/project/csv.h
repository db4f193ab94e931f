#ifndef WAPC_COMPILER_PROJECT_CSV_H_
#define WAPC_COMPILER_PROJECT_CSV_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace wapc::compiler {

/// A seed file: names and rows of text. An empty field without quotes is NULL.
struct Csv {
  std::vector<std::string> header;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

/// Reads CSV as RFC 4180 has it (quotes doubled inside quotes, line breaks allowed there; CRLF or LF; a byte order mark
/// is skipped). Reports the line of a row with too many or too few fields, and of a quote that never closes.
std::optional<Csv> ReadCsv(std::string_view text, char delimiter, base::SourceId source,
                           base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_CSV_H_

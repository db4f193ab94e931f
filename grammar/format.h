#ifndef WAPC_GRAMMAR_FORMAT_H_
#define WAPC_GRAMMAR_FORMAT_H_

#include <cstddef>
#include <string>

#include "base/diagnostics.h"
#include "base/source.h"
#include "grammar/dialect.h"
#include "grammar/parser.h"

namespace wapc::grammar {

/// How formatted text looks. `width` is a wish: a name, a text or a comment that is longer is not broken.
struct FormatOptions {
  size_t width = 100;  ///< characters a line
  size_t indent = 2;   ///< blanks a level
};

enum class FormatOutcome {
  kFormatted,  ///< `text` is the source, formatted; as it was where a MODEL says `formatting false`
  kBroken,     ///< the source does not parse; its diagnostics were reported
  kRefused,    ///< the formatted text did not mean the same, which is a fault of the formatter: keep the source
};

struct Formatted {
  FormatOutcome outcome = FormatOutcome::kBroken;
  std::string text;
};

/// Lays a file of SQL and wapc's blocks out anew. Only blanks, line ends and the letter case of keywords change: every
/// name, literal, operator and comment stays as it was written and in its order, statements that are not queries stay
/// byte for byte. A comment stays behind what it stood behind on its line, or on a line of its own before what it stood
/// before. Formatting the outcome again gives the same bytes. Before a changed text is given back it is read again:
/// its tokens, comments and trees must be those of the source. `dialect` is as for Parser::ParseDocument; what it does
/// not have is reported and formatted all the same.
Formatted FormatText(Parser& parser, const base::SourceMap& sources, base::SourceId source,
                     const FormatOptions& options, base::Diagnostics& diagnostics,
                     const Dialect& dialect = DuckDbDialect());

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FORMAT_H_

#ifndef WAPC_COMPILER_TRANSLATE_TRANSLATE_TEXT_H_
#define WAPC_COMPILER_TRANSLATE_TRANSLATE_TEXT_H_

#include <string>

#include "base/source.h"
#include "compiler/translate/translate.h"

namespace wapc::compiler::translate {

/// The queries of a text, each translated, laid out and ended with a semicolon. A statement with an error is reported
/// and left out; the others are given all the same. Comments stand before the statement that they were in.
std::string TranslateText(const base::SourceMap& sources, base::SourceId source, const Options& options,
                          base::Diagnostics& diagnostics);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_TRANSLATE_TEXT_H_

#ifndef WAPC_GRAMMAR_SYNTAX_ERRORS_H_
#define WAPC_GRAMMAR_SYNTAX_ERRORS_H_

#include <span>

#include "base/diagnostics.h"
#include "grammar/antlr_parser.h"
#include "grammar/builder.h"
#include "grammar/lexer.h"

namespace wapc::grammar {

/// Reports a statement that does not fit the grammar: what was found, what was expected in a few words, and help for
/// the mistakes that people make.
void ReportSyntaxFault(const SyntaxFault& fault, std::span<const Token> tokens, const TextPlace& place,
                       base::Diagnostics& diagnostics);

/// Reports a text that can't be cut into tokens.
void ReportLexFault(const LexFault& fault, const TextPlace& place, base::Diagnostics& diagnostics);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_SYNTAX_ERRORS_H_

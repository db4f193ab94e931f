#ifndef WAPC_TESTS_UNIT_GRAMMAR_ENGINES_H_
#define WAPC_TESTS_UNIT_GRAMMAR_ENGINES_H_

#include <string>

#include "grammar/dialect.h"

namespace wapc::grammar {

/// Whether an engine's own parser can be asked: DuckDB's and PostgreSQL's.
bool HasEngine(const Dialect& dialect);

/// Empty where the engine's own parser takes the text as one statement, else what it says.
std::string EngineSays(const std::string& sql, const Dialect& dialect);

/// Everything in tests/corpus/<dialect>.
std::string CorpusOf(const Dialect& dialect);

}  // namespace wapc::grammar

#endif  // WAPC_TESTS_UNIT_GRAMMAR_ENGINES_H_

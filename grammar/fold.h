#ifndef WAPC_GRAMMAR_FOLD_H_
#define WAPC_GRAMMAR_FOLD_H_

#include <string>
#include <string_view>

#include "grammar/ast.h"

namespace wapc::grammar {

/// ASCII letters in lower case.
std::string LowerCase(std::string_view text);

/// The name to compare by. DuckDB takes no account of letter case, quoted or not.
std::string FoldName(const Identifier& name);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FOLD_H_

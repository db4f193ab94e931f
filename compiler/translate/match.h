#ifndef WAPC_COMPILER_TRANSLATE_MATCH_H_
#define WAPC_COMPILER_TRANSLATE_MATCH_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/ast.h"

namespace wapc::compiler::translate {

/// The placeholder that stands for any number of arguments.
inline constexpr std::string_view kRest = "more";

/// What the placeholders of a form stand for.
struct Bindings {
  std::map<std::string, grammar::Expr*, std::less<>> values;
  std::vector<grammar::Expr*> rest;  ///< of `$more`
};

/// Whether an expression has the shape of a form with placeholders ($x); those are bound. Literals compare without
/// letter case, units of time by what they mean ('days' is 'day'). What a call carries beside its arguments (DISTINCT,
/// FILTER, OVER) does not count.
bool Match(const grammar::Expr& form, grammar::Expr& expr, Bindings& bindings);

/// The form with its placeholders filled in. A placeholder that stands more than once gets copies from `copy`.
/// An argument that holds `$more` is repeated for each of its values.
grammar::Expr* Fill(const grammar::Expr& form, const Bindings& bindings, grammar::Arena& arena,
                    const std::function<grammar::Expr*(const grammar::Expr&)>& copy);

/// The name of a placeholder, without its `$`; empty for anything else.
std::string_view PlaceholderOf(const grammar::Expr& expr);

/// A unit of time in its one spelling ("days", "D", "dayofmonth" are "day"); the word itself, in lower case, when it is
/// none.
std::string UnitOf(std::string_view word);

/// The word that an argument names a unit with: a string literal or a bare word.
std::optional<std::string> UnitWord(const grammar::Expr& expr);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_MATCH_H_

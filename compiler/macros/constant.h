#ifndef WAPC_COMPILER_MACROS_CONSTANT_H_
#define WAPC_COMPILER_MACROS_CONSTANT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "grammar/ast.h"

namespace wapc::compiler {

/// A value that is known while compiling. std::monostate is NULL.
using Constant = std::variant<std::monostate, bool, int64_t, double, std::string>;

/// What an expression of literals gives: arithmetic, comparisons, AND, OR, NOT, BETWEEN, IN, LIKE, IS, CASE, casts to
/// plain types, and the common functions of text and numbers, with SQL's treatment of NULL. Division is of real
/// numbers. Nothing when it holds anything else, a number does not fit, or a division is by zero.
std::optional<Constant> EvaluateConstant(const grammar::Expr& expr);

/// Whether a value counts as true: TRUE, a number but 0, a text but ''.
bool IsTrue(const Constant& value);

/// The value as a literal.
grammar::Expr* LiteralOf(const Constant& value, base::Span span, grammar::Arena& arena);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_CONSTANT_H_

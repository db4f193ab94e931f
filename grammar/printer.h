#ifndef WAPC_GRAMMAR_PRINTER_H_
#define WAPC_GRAMMAR_PRINTER_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/ast.h"
#include "grammar/dialect.h"

namespace wapc::grammar {

struct PrintOptions {
  const Dialect* dialect = &DuckDbDialect();
  /// Broken into lines and indented for people (4 spaces, keywords in upper case, one projection a line), or on one
  /// line.
  bool pretty = false;
  /// What to print in place of a relation's name (already quoted, or a template token); nothing keeps the name. When
  /// the name had no alias, the printer adds its last part as one, so that qualified columns still resolve. Never
  /// called for the name of a CTE in scope.
  std::function<std::optional<std::string>(const TableName&)> relation;
  /// What to print in place of `@name`; nothing keeps it.
  std::function<std::optional<std::string>(const MacroVariable&)> variable;
  /// What to print in place of a call (now(), say); nothing keeps it.
  std::function<std::optional<std::string>(const FunctionCall&)> call;
};

/// The text of a tree: what parses back to the same tree. Adds the parentheses that precedence needs, none that it does
/// not. Identifiers are quoted where the dialect needs it.
std::string Print(const Query& query, const PrintOptions& options);
std::string Print(const Expr& expr, const PrintOptions& options);
std::string Print(const TypeName& type, const PrintOptions& options);

/// The text that a digest is taken of: one line, no comments, every unquoted name folded to lower case and quoted only
/// where needed, so that formatting and letter case change nothing.
std::string PrintCanonical(const Query& query, const Dialect& dialect = DuckDbDialect());
std::string PrintCanonical(const Expr& expr, const Dialect& dialect = DuckDbDialect());

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PRINTER_H_

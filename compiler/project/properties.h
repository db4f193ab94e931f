#ifndef WAPC_COMPILER_PROJECT_PROPERTIES_H_
#define WAPC_COMPILER_PROJECT_PROPERTIES_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "compiler/project/known_properties.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Reads the properties of one block (MODEL, AUDIT, a kind) against its rules, and reports those that are unknown,
/// repeated, not supported or of the wrong type. What is reported has no value for the readers below.
class PropertyReader {
 public:
  /// `where` names the block in messages ("MODEL"). Properties that are read and have no effect go to
  /// `without_effect`; without it they are reported at once.
  PropertyReader(grammar::List<grammar::Property> properties, std::string_view where,
                 std::span<const PropertyRule> rules, base::Diagnostics& diagnostics,
                 std::vector<NoEffect>* without_effect = nullptr);

  const grammar::Property* Find(std::string_view name) const;
  /// A name, dotted or not, or text in quotes; names are folded to lower case.
  std::optional<std::string> Text(std::string_view name) const;
  std::optional<bool> Flag(std::string_view name) const;
  /// A whole number from 1; 0 when the property is absent.
  int Count(std::string_view name) const;
  /// A word of PropertyRule::choices, or nothing.
  std::optional<std::string> Choice(std::string_view name) const;
  /// A name, or a list of names in parentheses or brackets, folded.
  std::vector<std::string> Names(std::string_view name) const;
  /// `(name = value, ...)`, names folded.
  std::vector<std::pair<std::string, grammar::Expr*>> Pairs(std::string_view name) const;

  /// Reports that a property's value is not what it takes.
  void ReportWrong(const grammar::Property& property, std::string_view expected);

 private:
  void Check(const grammar::Property& property, std::span<const PropertyRule> rules,
             std::vector<NoEffect>* without_effect);

  grammar::List<grammar::Property> properties_;
  std::string_view where_;
  base::Diagnostics& diagnostics_;
};

/// A name as it is compared: parts folded, joined with dots. Nothing when the expression is no name.
std::optional<std::string> NameOf(const grammar::Expr* expr);
/// A name as NameOf has it, or the text of a string.
std::optional<std::string> TextOf(const grammar::Expr* expr);
/// `a = b` and `a := b` as their two sides; null when the expression is neither.
const grammar::Binary* PairOf(const grammar::Expr* expr);
/// Reports a property that has no effect, once for a whole project: `models` is how many have it.
void ReportNoEffect(const NoEffect& property, size_t models, base::Diagnostics& diagnostics);
/// The items of a Tuple or Array, else the expression alone.
std::vector<grammar::Expr*> ItemsOf(grammar::Expr* expr);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_PROPERTIES_H_

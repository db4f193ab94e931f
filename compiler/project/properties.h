#ifndef WAPC_COMPILER_PROJECT_PROPERTIES_H_
#define WAPC_COMPILER_PROJECT_PROPERTIES_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Reads the properties of one block (MODEL, AUDIT, a kind), and reports those that are unknown, repeated or of the
/// wrong type.
class PropertyReader {
 public:
  /// `where` names the block in messages ("MODEL"); `known` are its properties.
  PropertyReader(grammar::List<grammar::Property> properties, std::string_view where,
                 std::vector<std::string_view> known, base::Diagnostics& diagnostics);

  const grammar::Property* Find(std::string_view name) const;
  /// A name, dotted or not, or text in quotes; names are folded to lower case.
  std::optional<std::string> Text(std::string_view name);
  std::optional<bool> Flag(std::string_view name);
  /// A name, or a list of names in parentheses or brackets, folded.
  std::vector<std::string> Names(std::string_view name);

  /// Reports that a property's value is not what it takes.
  void ReportWrong(const grammar::Property& property, std::string_view expected);

 private:
  grammar::List<grammar::Property> properties_;
  std::string_view where_;
  base::Diagnostics& diagnostics_;
};

/// A name as it is compared: parts folded, joined with dots. Nothing when the expression is no name.
std::optional<std::string> NameOf(const grammar::Expr* expr);
/// The items of a Tuple or Array, else the expression alone.
std::vector<grammar::Expr*> ItemsOf(grammar::Expr* expr);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_PROPERTIES_H_

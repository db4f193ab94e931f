#ifndef WAPC_COMPILER_MACROS_LIBRARY_H_
#define WAPC_COMPILER_MACROS_LIBRARY_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "grammar/ast.h"
#include "grammar/dialect.h"

namespace wapc::compiler {

struct BuiltinMacro;

/// One `MACRO name(a, b type, c := default) AS ...`. Exactly one of expr and query is set.
struct MacroDefinition {
  std::string name;  ///< folded
  base::Span span;   ///< of the name
  std::vector<grammar::MacroParameter> parameters;
  const grammar::Expr* expr = nullptr;
  const grammar::Query* query = nullptr;
  bool builtin = false;   ///< of compiler/macros/sql: errors inside are the call's
  bool variadic = false;  ///< the first parameter takes all values without a name
};

/// Values that hold for one tree: the project's variables and what is known of the model, by folded names.
using MacroVariables = std::map<std::string, const grammar::Expr*, std::less<>>;

/// Every macro that a project can call: those of macros/*.sql and the built-in ones. Read once, then only looked up.
class MacroLibrary {
 public:
  /// The built-in macros alone.
  explicit MacroLibrary(base::Diagnostics& diagnostics);

  /// Reads macros/*.sql of a project, in its dialect. Reports broken files, names that stand twice or are built in, and
  /// Python and Jinja macros, which wapc does not run.
  void Load(const std::filesystem::path& folder, const grammar::Dialect& dialect, base::SourceMap& sources,
            base::Diagnostics& diagnostics);

  /// The macro of a folded name; the user's, then those written in SQL.
  const MacroDefinition* Find(std::string_view name) const;
  const BuiltinMacro* FindBuiltin(std::string_view name) const;
  /// Where a Python macro of that name is defined; an unknown span when there is none.
  base::Span FindPython(std::string_view name) const;
  std::vector<std::string> Names() const;
  /// The project's variables: of wapc.yaml, the gateway's before the project's.
  const MacroVariables& variables() const { return variables_; }
  void SetVariable(const std::string& name, const grammar::Expr* value) { variables_[name] = value; }
  /// What the trees live in: expanded trees are views into its texts.
  grammar::Arena& arena() { return arena_; }

 private:
  void Define(const grammar::Statement& statement, base::Diagnostics& diagnostics);
  void LoadPython(const std::filesystem::path& folder, base::SourceMap& sources, base::Diagnostics& diagnostics);

  base::SourceMap builtin_sources_;  // trees are views into its texts
  grammar::Arena arena_;
  std::map<std::string, MacroDefinition, std::less<>> macros_;
  std::map<std::string, base::Span, std::less<>> python_;
  MacroVariables variables_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_LIBRARY_H_

#ifndef WAPC_COMPILER_MACROS_EXPANDER_H_
#define WAPC_COMPILER_MACROS_EXPANDER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/macros/library.h"
#include "grammar/edit.h"

namespace wapc::compiler {

inline constexpr base::DiagnosticCode kMacroArgument{"macro-argument", base::Severity::kError};
inline constexpr base::DiagnosticCode kMacroResult{"macro-result", base::Severity::kError};
inline constexpr base::DiagnosticCode kNotConstant{"not-constant", base::Severity::kError};
inline constexpr base::DiagnosticCode kMacroRefused{"macro-refused", base::Severity::kError};

/// Expands the macros and variables of one tree in place. Values of arguments are expanded before they are put in, and
/// not looked at again, so that a name in an argument never means something inside of the macro. Not thread safe.
class MacroExpander : public grammar::TreeEditor {
 public:
  MacroExpander(const MacroLibrary& library, const MacroVariables& variables, grammar::Arena& arena,
                const base::SourceMap& sources, base::Diagnostics& diagnostics);

  /// Takes `@DEF(name, value)` and `@DEF(name, x -> expression)` for what is expanded after it.
  void Define(grammar::MacroCall& call);
  /// Variables that are left as they are (an audit's `@this_model`).
  void Leave(std::string_view name) { left_.emplace_back(name); }
  /// False when something was reported; the tree is then not to be used.
  bool Run(grammar::Query*& query);

  // For built-in macros.

  /// What an argument stands for, expanded.
  std::vector<grammar::Expr*> Results(grammar::Expr* argument);
  /// The same as one expression; several are a list.
  grammar::Expr* Result(grammar::Expr* argument);
  /// The items of a list argument; a single value is a list of one.
  std::vector<grammar::Expr*> Items(grammar::Expr* argument);
  /// What a lambda gives for values.
  std::vector<grammar::Expr*> Apply(const grammar::Lambda& lambda, const std::vector<grammar::Expr*>& values);
  /// What a text of wapc's SQL gives, with `@name` bound to values; its places are the call's.
  grammar::Expr* FromText(const std::string& text, const std::vector<std::pair<std::string, grammar::Expr*>>& values,
                          base::Span call);
  grammar::Query* QueryFromText(const std::string& text,
                                const std::vector<std::pair<std::string, grammar::Expr*>>& values, base::Span call);
  /// A condition that is known while compiling; reports one that is not.
  bool Holds(grammar::Expr& condition) override;
  /// The text of a value: a string's, a name's, else its SQL.
  std::string TextOf(const grammar::Expr& value) const;
  /// The value of a variable; null when there is none.
  const grammar::Expr* Variable(std::string_view name) const;
  /// A text with `@{name}` and `@name` filled in.
  std::string Fill(std::string_view text, base::Span span);

  base::DiagnosticBuilder Report(const base::DiagnosticCode& code, base::Span span, std::string message);
  grammar::Arena& arena() { return arena_; }
  grammar::Expr* Copy(const grammar::Expr& expr);
  grammar::Expr* Text(std::string_view text, base::Span span);
  grammar::Expr* Null(base::Span span);

  // Of TreeEditor.
  bool Replaces(const grammar::Expr& expr) override;
  std::vector<grammar::Expr*> Expand(grammar::Expr& expr, bool list) override;
  grammar::Expr* NotOne(grammar::Expr& expr, size_t count) override;
  grammar::TableRef* Expand(grammar::TableRef& table) override;
  grammar::Query* Expand(grammar::MacroQuery& body) override;
  void Name(grammar::Identifier& name) override;
  void EnterLambda(const grammar::Lambda& lambda) override;
  void LeaveLambda() override;

 private:
  enum class FrameKind : uint8_t { kMacro, kDef, kLambda };
  /// Names that hold within a macro's body or a lambda; a null value hides an outer one.
  struct Frame {
    FrameKind kind = FrameKind::kLambda;
    std::vector<std::pair<std::string, const grammar::Expr*>> values;
  };
  struct Active {
    const MacroDefinition* macro;
    base::Span call;
  };

  const grammar::Expr* Parameter(std::string_view name) const;
  const grammar::Lambda* Function(std::string_view name) const;
  bool IsLeft(std::string_view name) const;
  std::vector<grammar::Expr*> Call(grammar::MacroCall& call);
  std::vector<grammar::Expr*> CallNamed(const std::string& name, grammar::MacroCall& call);
  std::vector<grammar::Expr*> CallFunction(const grammar::Lambda& function, grammar::MacroCall& call);
  std::vector<grammar::Expr*> CallDefinition(const MacroDefinition& macro, grammar::MacroCall& call);
  bool Bind(const MacroDefinition& macro, grammar::MacroCall& call, Frame& frame);
  bool BindDefaults(const MacroDefinition& macro, const grammar::MacroCall& call, base::Span place, Frame& frame);
  bool Recursive(const MacroDefinition& macro, const grammar::MacroCall& call);
  base::Span PlaceOf(const MacroDefinition& macro, const grammar::MacroCall& call);
  std::vector<grammar::Expr*> Instantiate(const MacroDefinition& macro, base::Span place, Frame frame);
  std::vector<grammar::Expr*> Unknown(const grammar::MacroCall& call);
  std::vector<grammar::Expr*> UnknownVariable(std::string_view name, base::Span span);
  std::vector<grammar::Expr*> Checked(std::vector<grammar::Expr*> results, base::Span call);
  grammar::Query* QueryOf(const std::vector<grammar::Expr*>& results, const grammar::MacroCall& call);
  grammar::TableRef* TableOf(const grammar::Expr& value, const grammar::TableRef& table, std::string_view name);
  std::optional<std::string> HoleText(std::string_view name, base::Span span);

  const MacroLibrary& library_;
  const MacroVariables& variables_;
  grammar::Arena& arena_;
  const base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::vector<Active> active_;
  std::map<std::string, const grammar::Expr*, std::less<>> locals_;
  std::vector<std::string> left_;
  size_t nodes_ = 0;
  int depth_ = 0;
  size_t errors_ = 0;
  bool call_failed_ = false;  // something was reported within the last call, so that what it gave is no news
  bool exhausted_ = false;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_EXPANDER_H_

#ifndef WAPC_COMPILER_PASSES_FUNCTIONS_H_
#define WAPC_COMPILER_PASSES_FUNCTIONS_H_

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/passes/types.h"
#include "grammar/ast.h"
#include "grammar/dialect.h"

/// The functions that a dialect has, read from compiler/functions/*: one signature a line.
namespace wapc::compiler {

struct Typing;

enum class FunctionKind : uint8_t { kScalar, kAggregate, kWindow, kTable };

/// When a call gives NULL.
enum class NullRule : uint8_t { kMaybe, kNever, kStrict, kAll };

/// A call whose arguments are bound.
struct CallTypes {
  std::span<const Value> values;
  std::span<const grammar::Argument> arguments;  ///< parallel to the values; empty for an operator
  const Typing* typing = nullptr;                ///< of the dialect
};

/// Settles a result type that depends on the arguments in its own way (functions_rules.cc); nothing: they do not fit.
using ResultRule = std::optional<metadata::Type> (*)(const CallTypes& call);

/// The rule of that name in a file of overrides, or null.
ResultRule FindRule(std::string_view name);

/// One parameter, as a signature writes it: a type, or a stand-in for any.
struct Parameter {
  metadata::Type type;     ///< a decimal without precision, a struct or map without children: any of that kind
  char variable = '\0';    ///< 'A' for any, 'T', 'K', 'V'; 'N' is a T that is no list
  uint8_t dimensions = 0;  ///< how many [] follow a stand-in
  bool lambda = false;
  bool keyed = false;  ///< map(K,V)
};

struct Signature {
  FunctionKind kind = FunctionKind::kScalar;
  NullRule nulls = NullRule::kMaybe;
  bool variadic = false;             ///< the last parameter may come any number of times, none included
  std::vector<uint16_t> parameters;  ///< into FunctionCatalog::parameters
  uint16_t result = 0;               ///< likewise, unless there is a rule
  ResultRule rule = nullptr;
  std::string_view rule_name;
  std::string_view text;                                             ///< "abs(int8) -> int8", for messages
  std::vector<std::pair<std::string_view, metadata::Type>> columns;  ///< of a table function
};

/// All signatures of one name.
struct FunctionSet {
  std::string_view name;
  std::span<const Signature> signatures;

  bool has(FunctionKind kind) const;
  bool takes_lambda = false;
};

/// The text of a file in compiler/functions/; empty when there is none.
std::string_view CatalogText(std::string_view file);
/// A type in the words of those files: "text", "timestamptz", "engine(json)"; any other word is an engine's type.
metadata::Type CatalogType(std::string_view word);

class FunctionCatalog {
 public:
  /// Read from files in compiler/functions/; a name of an earlier file wins over those of the later ones.
  FunctionCatalog(std::initializer_list<std::string_view> files);

  /// The catalogue of a dialect; read once, on first use.
  static const FunctionCatalog& Of(const grammar::Dialect& dialect);

  /// Functions by a name in any letter case; null when there is none. Table functions have names of their own.
  const FunctionSet* Find(std::string_view name) const;
  const FunctionSet* FindTable(std::string_view name) const;
  std::vector<std::string> Names(bool tables) const;
  const Parameter& parameter(uint16_t index) const { return parameters_[index]; }

 private:
  using Sets = std::unordered_map<std::string_view, FunctionSet>;

  void Read(std::string_view text);
  void ReadLine(std::string_view line);
  void ReadResult(std::string_view text, Signature& signature);
  uint16_t Intern(std::string_view word);
  void Group();

  std::vector<Signature> signatures_;    ///< those of one name side by side
  std::vector<std::string_view> names_;  ///< parallel to signatures_
  std::vector<Parameter> parameters_;
  std::unordered_map<std::string_view, uint16_t> interned_;
  Sets values_;
  Sets tables_;
};

/// The signature that a call means, and what it gives.
struct Resolution {
  const Signature* signature = nullptr;
  metadata::Type type;
  bool nullable = true;
};

/// Chooses among overloads as the dialect does (Typing::choose): without a way of its own the lowest sum of implicit
/// cast costs. Nothing when none fits.
std::optional<Resolution> ResolveCall(const FunctionCatalog& catalog, const FunctionSet& set, const CallTypes& call);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_FUNCTIONS_H_

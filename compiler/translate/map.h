#ifndef WAPC_COMPILER_TRANSLATE_MAP_H_
#define WAPC_COMPILER_TRANSLATE_MAP_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/ast.h"
#include "grammar/dialect.h"

/// How each dialect writes what all of them can mean: compiler/translate/maps/<dialect>.map, one operation a line. A
/// call is read as an operation by the map of its own dialect, and written by the map of the other.
namespace wapc::compiler::translate {

/// One parameter of an operation: `x`, `x:integer`, `x:array?`. The guard says which arguments the line is for
/// (guards.h); `soft`: where the type is not known, the argument is taken not to be of it, because the engine refuses
/// the other form for one that is.
struct MapParameter {
  std::string name;
  std::string guard;
  bool soft = false;
};

/// One line of a map.
struct MapRule {
  std::string op;
  std::vector<MapParameter> parameters;
  bool read = true;
  bool write = true;
  bool table = false;             ///< a relation in FROM; others are values
  bool aggregate = false;         ///< takes DISTINCT, ORDER BY, FILTER, OVER and the like
  grammar::Expr* form = nullptr;  ///< null: cannot be written; `help` says what to do instead
  std::string help;
};

class DialectMap {
 public:
  /// The map of a dialect; read once, on first use.
  static const DialectMap& Of(const grammar::Dialect& dialect);

  /// The lines that an expression of this shape may be, in the order of the file.
  const std::vector<const MapRule*>& Readers(const grammar::Expr& expr) const;
  /// The lines that write an operation.
  const std::vector<const MapRule*>& Writers(std::string_view op) const;
  /// Whether that is an aggregate or window function of the dialect, as far as the map knows.
  bool IsAggregate(std::string_view function) const { return aggregates_.contains(function); }
  /// Whether a line `can WORD` stands in the map: what the engine can do beyond its grammar.
  bool Can(std::string_view word) const { return abilities_.contains(word); }
  /// Every function that can be read.
  std::vector<std::string> FunctionNames() const;
  const std::vector<std::unique_ptr<MapRule>>& rules() const { return rules_; }
  /// Lines whose form the dialect's own grammar does not take: none, which a test checks.
  const std::vector<std::string>& broken() const { return broken_; }

  explicit DialectMap(const grammar::Dialect& dialect);

 private:
  using Index = std::map<std::string, std::vector<const MapRule*>, std::less<>>;

  void Read(std::string_view text, const grammar::Dialect& dialect);
  void Add(MapRule added);

  grammar::Arena arena_;
  std::vector<std::unique_ptr<MapRule>> rules_;
  std::vector<std::string> broken_;
  Index readers_;
  Index writers_;
  std::set<std::string, std::less<>> aggregates_;
  std::set<std::string, std::less<>> abilities_;
};

/// What kind of expression it is, as the key that lines are found by ("f:lower", "extract:year").
std::string ShapeOf(const grammar::Expr& expr);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_MAP_H_

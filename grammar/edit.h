#ifndef WAPC_GRAMMAR_EDIT_H_
#define WAPC_GRAMMAR_EDIT_H_

#include <cstddef>
#include <vector>

#include "grammar/ast.h"

namespace wapc::grammar {

/// Says what to put in the place of nodes while EditTree goes over a tree. What a hook gave is not looked at again.
class TreeEditor {
 public:
  virtual ~TreeEditor() = default;

  /// Whether Expand has something to put in the place of an expression.
  virtual bool Replaces(const Expr& expr) = 0;
  /// What stands for it: any number of expressions in a list (of columns, arguments, keys), one elsewhere. An Aliased
  /// one names a column.
  virtual std::vector<Expr*> Expand(Expr& expr, bool list) = 0;
  /// What to put where one expression has to stand and Expand gave another number; reports it.
  virtual Expr* NotOne(Expr& expr, size_t count) = 0;
  /// What stands for a relation; itself to keep it.
  virtual TableRef* Expand(TableRef& table) = 0;
  /// The query that a macro gives.
  virtual Query* Expand(MacroQuery& body) = 0;
  /// Whether the clause of `@WHERE(condition)` and its kind stands.
  virtual bool Holds(Expr& condition) = 0;
  /// Every name and alias: may change it.
  virtual void Name(Identifier& name) = 0;
  /// Called before and after a lambda's body.
  virtual void EnterLambda(const Lambda& lambda) = 0;
  virtual void LeaveLambda() = 0;
};

/// Changes a tree in place. A clause whose expression went (WHERE, HAVING, QUALIFY, LIMIT, OFFSET, a side of AND or OR)
/// goes as well; a list that stands for the one item of IN (...) gives its items.
void EditTree(Query*& query, TreeEditor& editor, Arena& arena);
void EditTree(Expr*& expr, TreeEditor& editor, Arena& arena);

/// Lets every span of a tree be `place`; or only moves it to the same bytes of another source.
void PlaceAll(Expr& expr, Span place);
void PlaceIn(Expr& expr, base::SourceId source);

/// How large a tree is. Stops counting once it is higher than `limit`.
struct TreeSize {
  size_t nodes = 0;
  int height = 0;
};
TreeSize SizeOf(const Expr& expr, int limit);
TreeSize SizeOf(const Query& query, int limit);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_EDIT_H_

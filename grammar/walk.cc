#include "grammar/walk.h"

#include <type_traits>

#include "grammar/fields.h"

namespace wapc::grammar {
namespace {

/// Calls a Visitor's hooks on the way down.
class Walker {
 public:
  explicit Walker(const Visitor& visitor) : visitor_(visitor) {}

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Name(const Identifier& /*name*/) {}
  template <class T>
  void Own(List<T>& /*list*/) {}
  void Type(TypeName* /*type*/) {}

  void Child(Expr* expr) {
    if (expr != nullptr && (!visitor_.expr || visitor_.expr(*expr))) AllFields(*this, *expr);
  }
  void Child(FunctionCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(MacroCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(TableRef* table) {
    if (table != nullptr && (!visitor_.table || visitor_.table(*table))) AllFields(*this, *table);
  }
  void Child(QueryBody* body) {
    if (body != nullptr) AllFields(*this, *body);
  }
  void Child(Query* query) {
    if (query != nullptr && (!visitor_.query || visitor_.query(*query))) Fields(*this, *query);
  }
  void Child(Sample* sample) {
    if (sample != nullptr) Fields(*this, *sample);
  }
  void Child(Like* like) {
    if (like != nullptr) Fields(*this, *like);
  }
  void Child(WindowSpec* window) {
    if (window != nullptr) Fields(*this, *window);
  }
  void Child(Frame* frame) {
    if (frame != nullptr) Fields(*this, *frame);
  }

 private:
  const Visitor& visitor_;
};

/// Calls RewriteHooks on the way up.
class Rewriter {
 public:
  explicit Rewriter(const RewriteHooks& hooks) : hooks_(hooks) {}

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Name(Identifier& name) {
    if (hooks_.name && !name.text.empty()) hooks_.name(name);
  }
  template <class T>
  void Own(List<T>& /*list*/) {}
  void Type(TypeName* /*type*/) {}

  void Child(Expr*& expr) {
    if (expr == nullptr) return;
    AllFields(*this, *expr);
    if (hooks_.expr) expr = hooks_.expr(*expr);
  }
  void Child(TableRef*& table) {
    if (table == nullptr) return;
    AllFields(*this, *table);
    if (hooks_.table) table = hooks_.table(*table);
  }
  void Child(QueryBody*& body) {
    if (body != nullptr) AllFields(*this, *body);
  }
  void Child(Query*& query) {
    if (query == nullptr) return;
    Fields(*this, *query);
    if (hooks_.query) hooks_.query(*query);
  }
  /// A node of one type only: a window, a frame, the call of a relation.
  template <class T>
  void Child(T*& node) {
    if (node != nullptr) Fields(*this, *node);
  }

 private:
  const RewriteHooks& hooks_;
};

/// Copies a node shallowly, then replaces what it points to by copies.
class Cloner {
 public:
  Cloner(Arena& arena, const CloneHooks& hooks) : arena_(arena), hooks_(hooks) {}

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Name(const Identifier& /*name*/) {}
  template <class T>
  void Own(List<T>& list) {
    list = arena_.Copy(std::vector<T>(list.begin(), list.end()));
  }
  void Type(TypeName*& type) {
    if (type == nullptr) return;
    type = arena_.New<TypeName>(*type);
    Own(type->arguments);
    Own(type->sizes);
    Own(type->values);
    Own(type->field_names);
    Own(type->nested);
    for (TypeName*& nested : type->nested) Type(nested);
  }

  void Child(Expr*& expr) {
    if (expr == nullptr) return;
    if (hooks_.replace_expr) {
      if (Expr* const other = hooks_.replace_expr(*expr)) {
        expr = other;
        return;
      }
    }
    expr = Visit(*expr, [this](auto& node) -> Expr* { return Copy(node); });
    AllFields(*this, *expr);
  }
  void Child(TableRef*& table) {
    if (table == nullptr) return;
    if (hooks_.replace_table) {
      if (TableRef* const other = hooks_.replace_table(*table)) {
        table = other;
        return;
      }
    }
    table = Visit(*table, [this](auto& node) -> TableRef* { return Copy(node); });
    AllFields(*this, *table);
  }
  void Child(QueryBody*& body) {
    if (body == nullptr) return;
    body = Visit(*body, [this](auto& node) -> QueryBody* { return Copy(node); });
    AllFields(*this, *body);
  }
  /// A node of one type only: a query, a window, a frame, the call of a relation.
  template <class T>
  void Child(T*& node) {
    if (node == nullptr) return;
    node = Copy(*node);
    Fields(*this, *node);
  }

 private:
  template <class T>
  T* Copy(const T& node) {
    return arena_.New<T>(node);
  }

  Arena& arena_;
  const CloneHooks& hooks_;
};

}  // namespace

void Walk(Query& query, const Visitor& visitor) { Walker(visitor).Child(&query); }
void Walk(Expr& expr, const Visitor& visitor) { Walker(visitor).Child(&expr); }

void Rewrite(Query& query, const RewriteHooks& hooks) {
  Query* root = &query;
  Rewriter(hooks).Child(root);
}

Expr* Rewrite(Expr& expr, const RewriteHooks& hooks) {
  Expr* root = &expr;
  Rewriter(hooks).Child(root);
  return root;
}

Query* Clone(const Query& query, Arena& arena, const CloneHooks& hooks) {
  // The original is only read: Child replaces the pointer that it is given.
  auto* copy = const_cast<Query*>(&query);
  Cloner(arena, hooks).Child(copy);
  return copy;
}

Expr* Clone(const Expr& expr, Arena& arena, const CloneHooks& hooks) {
  auto* copy = const_cast<Expr*>(&expr);
  Cloner(arena, hooks).Child(copy);
  return copy;
}

}  // namespace wapc::grammar

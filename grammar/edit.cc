#include "grammar/edit.h"

#include <algorithm>
#include <unordered_set>

#include "grammar/fields.h"

namespace wapc::grammar {
namespace {

bool IsPlain(const Query& query) {
  return query.ctes.empty() && query.order_by.empty() && !query.order_by_all && query.limit == nullptr &&
         query.offset == nullptr;
}

/// Goes over a tree and asks a TreeEditor.
class Editing {
 public:
  Editing(TreeEditor& editor, Arena& arena) : editor_(editor), arena_(arena) {}

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Type(TypeName* /*type*/) {}
  void Name(Identifier& name) {
    if (!name.text.empty()) editor_.Name(name);
  }

  template <class T>
  void Own(List<T>& /*list*/) {}
  void Own(List<Expr*>& list) {
    Splice(
        list, [](Expr*& item) -> Expr*& { return item; }, [](Expr* const& /*old*/, Expr* made) { return Plain(made); });
  }
  void Own(List<SelectItem>& list) {
    Splice(
        list, [](SelectItem& item) -> Expr*& { return item.expr; },
        [](const SelectItem& old, Expr* made) {
          const auto* const aliased = As<Aliased>(made);
          if (aliased == nullptr) return SelectItem{made, old.alias, old.span};
          return SelectItem{aliased->value, old.alias.text.empty() ? aliased->alias : old.alias, made->span};
        });
  }
  void Own(List<Argument>& list) {
    Splice(
        list, [](Argument& item) -> Expr*& { return item.value; },
        [](const Argument& old, Expr* made) {
          return Argument{old.name, Plain(made)};
        });
  }
  void Own(List<OrderItem>& list) {
    Splice(
        list, [](OrderItem& item) -> Expr*& { return item.expr; },
        [](const OrderItem& old, Expr* made) {
          OrderItem item = old;
          item.expr = Plain(made);
          return item;
        });
  }
  void Own(List<GroupElement>& list) {
    Splice(
        list, [](GroupElement& item) -> Expr*& { return item.expr; },
        [](const GroupElement& old, Expr* made) {
          GroupElement item = old;
          item.expr = Plain(made);
          return item;
        });
  }
  void Own(List<PivotValue>& list) {
    Splice(
        list, [](PivotValue& item) -> Expr*& { return item.value; },
        [](const PivotValue& old, Expr* made) {
          const auto* const aliased = As<Aliased>(made);
          return aliased == nullptr ? PivotValue{made, old.alias} : PivotValue{aliased->value, aliased->alias};
        });
  }

  void Child(Expr*& expr) {
    if (expr == nullptr || done_.contains(expr)) return;
    if (editor_.Replaces(*expr)) {
      expr = One(*expr);
    } else if (auto* const in = As<InList>(expr); in != nullptr && in->items.size() == 1) {
      InItems(expr, *in);
    } else if (auto* const both = As<Binary>(expr); both != nullptr && IsJunction(both->op)) {
      Optional(expr);
      if (expr == nullptr) expr = editor_.NotOne(*both, 0);
    } else if (auto* const lambda = As<Lambda>(expr)) {
      editor_.EnterLambda(*lambda);
      AllFields(*this, *expr);
      editor_.LeaveLambda();
    } else if (auto* const call = As<FunctionCall>(expr); call == nullptr || !ListTest(expr, *call)) {
      AllFields(*this, *expr);
      if (auto* const access = As<FieldAccess>(expr)) JoinPath(expr, *access);
    }
  }
  void Child(FunctionCall* call) { AllFields(*this, *call); }
  void Child(MacroCall* /*call*/) {}
  void Child(Like* like) {
    if (like != nullptr) Fields(*this, *like);
  }
  void Child(Sample* sample) {
    if (sample != nullptr) Fields(*this, *sample);
  }

  void Child(TableRef*& table) {
    while (auto* const join = As<Join>(table)) {
      if (join->only_if == nullptr) break;
      if (editor_.Holds(*join->only_if)) {
        join->only_if = nullptr;
      } else {
        table = join->left;
      }
    }
    if (table == nullptr) return;
    TableRef* const made = editor_.Expand(*table);
    if (made != table) {
      table = made;
      AliasFields(*this, *table);
      return;
    }
    if (auto* const join = As<Join>(table)) Optional(join->on);
    AllFields(*this, *table);
  }

  void Child(QueryBody*& body) {
    if (body == nullptr) return;
    if (auto* const macro = As<MacroQuery>(body)) {
      Query* const made = editor_.Expand(*macro);
      if (made == nullptr) return;
      const bool plain = IsPlain(*made) && As<SetOperation>(made->body) == nullptr;
      body = plain ? made->body : arena_.New<NestedQuery>(QueryBody{BodyKind::kNested, made->span}, made);
      return;
    }
    if (auto* const select = As<Select>(body)) Conditions(*select);
    AllFields(*this, *body);
  }

  void Child(Query*& query) {
    if (query == nullptr) return;
    Conditions(*query);
    if (auto* const macro = As<MacroQuery>(query->body); macro != nullptr && IsPlain(*query)) {
      if (Query* const made = editor_.Expand(*macro)) query = made;
      return;
    }
    Fields(*this, *query);
  }
  void Child(WindowSpec*& window) {
    if (window != nullptr) Fields(*this, *window);
  }
  void Child(Frame*& frame) {
    if (frame != nullptr) Fields(*this, *frame);
  }

 private:
  static bool IsJunction(BinaryOp op) { return op == BinaryOp::kAnd || op == BinaryOp::kOr; }

  /// Without the name that only a column can have.
  static Expr* Plain(Expr* made) {
    auto* const aliased = As<Aliased>(made);
    return aliased == nullptr ? made : aliased->value;
  }

  Expr* One(Expr& expr) {
    const std::vector<Expr*> made = editor_.Expand(expr, false);
    Expr* const out = made.size() == 1 ? Plain(made.front()) : editor_.NotOne(expr, made.size());
    done_.insert(out);
    return out;
  }

  /// Goes over one list: what replaces an item takes its place with what else stood there.
  template <class T, class Get, class Put>
  void Splice(List<T>& list, Get get, Put put) {
    const auto replaced = [&](T& item) { return get(item) != nullptr && editor_.Replaces(*get(item)); };
    if (std::none_of(list.begin(), list.end(), replaced)) return;
    std::vector<T> out;
    for (T& item : list) {
      if (!replaced(item)) {
        out.push_back(item);
        continue;
      }
      for (Expr* const made : editor_.Expand(*get(item), true)) {
        done_.insert(made);
        out.push_back(put(item, made));
        done_.insert(get(out.back()));
      }
    }
    list = arena_.Copy(out);
  }

  /// An expression that may go: a side of AND or OR goes without the other.
  void Optional(Expr*& expr) {
    if (expr == nullptr || done_.contains(expr)) return;
    auto* const both = As<Binary>(expr);
    if (both != nullptr && IsJunction(both->op)) {
      Optional(both->left);
      Optional(both->right);
      if (both->left == nullptr || both->right == nullptr) expr = both->left == nullptr ? both->right : both->left;
    } else if (!editor_.Replaces(*expr)) {
      Child(expr);
    } else {
      const std::vector<Expr*> made = editor_.Expand(*expr, false);
      expr = made.empty() ? nullptr : made.size() == 1 ? made.front() : editor_.NotOne(*expr, made.size());
    }
    if (expr != nullptr) done_.insert(expr);
  }

  void Conditions(Select& select) {
    if (Drops(select.where_if)) select.where = nullptr;
    if (Drops(select.group_by_if)) select.group_by = {};
    if (Drops(select.having_if)) select.having = nullptr;
    Optional(select.where);
    Optional(select.having);
    Optional(select.qualify);
  }
  void Conditions(Query& query) {
    if (Drops(query.ctes_if)) query.ctes = {};
    if (Drops(query.order_by_if)) query.order_by = {};
    if (Drops(query.limit_if)) query.limit = nullptr;
    Optional(query.limit);
    Optional(query.offset);
  }
  bool Drops(Expr*& only_if) {
    Expr* const condition = only_if;
    only_if = nullptr;
    return condition != nullptr && !editor_.Holds(*condition);
  }

  /// `x IN (@rows())` of a query, `x IN (@list)` of a list.
  void InItems(Expr*& expr, InList& in) {
    Child(in.operand);
    Expr* const item = in.items.front();
    if (!editor_.Replaces(*item)) return Child(in.items.front());
    std::vector<Expr*> made = editor_.Expand(*item, false);
    if (made.size() == 1) {
      if (const auto* const subquery = As<ScalarSubquery>(made.front())) {
        expr = arena_.New<InSubquery>(Expr{ExprKind::kInSubquery, in.span}, in.operand, subquery->query, in.negated);
        return;
      }
      made = ListOf(made.front());
    }
    if (made.empty()) made.push_back(editor_.NotOne(*item, 0));
    in.items = arena_.Copy(made);
  }
  static std::vector<Expr*> ListOf(Expr* expr) {
    if (const auto* const tuple = As<Tuple>(expr)) return {tuple->items.begin(), tuple->items.end()};
    if (const auto* const array = As<Array>(expr)) return {array->items.begin(), array->items.end()};
    return {expr};
  }

  /// `@table.column` once the name is known.
  void JoinPath(Expr*& expr, const FieldAccess& access) {
    const auto* const base = As<ColumnRef>(access.base);
    if (base == nullptr || !done_.contains(base)) return;
    std::vector<Identifier> parts(base->parts.begin(), base->parts.end());
    parts.push_back(access.field);
    expr = arena_.New<ColumnRef>(Expr{ExprKind::kColumnRef, access.span}, arena_.Copy(parts));
  }
  /// `x IN @list` was read as a question to a list value; a list that a variable gives is IN (...).
  bool ListTest(Expr*& expr, FunctionCall& call) {
    if (call.name.size() != 1 || call.name[0].text != "contains" || call.arguments.size() != 2) return false;
    Expr* const list = call.arguments[0].value;
    if (As<MacroVariable>(list) == nullptr || !editor_.Replaces(*list)) return false;
    call.arguments[0].value = One(*list);
    Child(call.arguments[1].value);
    if (As<Tuple>(call.arguments[0].value) == nullptr) return true;
    expr = arena_.New<InList>(Expr{ExprKind::kInList, call.span}, call.arguments[1].value,
                              arena_.Copy(ListOf(call.arguments[0].value)), false);
    return true;
  }

  TreeEditor& editor_;
  Arena& arena_;
  std::unordered_set<const Expr*> done_;
};

/// Sets the span of everything that has one.
class Moving {
 public:
  Moving(Span span, bool all) : span_(span), all_(all) {}

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Type(TypeName* type) {
    if (type == nullptr) return;
    Move(type->span);
    for (TypeName* const nested : type->nested) Type(nested);
  }
  void Name(Identifier& name) { Move(name.span); }
  template <class T>
  void Own(List<T>& list) {
    if constexpr (std::is_same_v<T, SelectItem> || std::is_same_v<T, Cte>) {
      for (T& item : list) Move(item.span);
    }
  }
  void Child(Expr* expr) {
    if (expr == nullptr) return;
    Move(expr->span);
    if (auto* const binary = As<Binary>(expr)) Move(binary->op_span);
    AllFields(*this, *expr);
  }
  void Child(FunctionCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(MacroCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(Like* like) { Child(static_cast<Expr*>(like)); }
  void Child(Sample* sample) {
    if (sample != nullptr) Fields(*this, *sample);
  }
  void Child(TableRef* table) {
    if (table == nullptr) return;
    Move(table->span);
    AllFields(*this, *table);
  }
  void Child(QueryBody* body) {
    if (body == nullptr) return;
    Move(body->span);
    AllFields(*this, *body);
  }
  void Child(Query* query) {
    if (query == nullptr) return;
    Move(query->span);
    Fields(*this, *query);
  }
  void Child(WindowSpec* window) {
    if (window == nullptr) return;
    Move(window->span);
    Fields(*this, *window);
  }
  void Child(Frame* frame) {
    if (frame != nullptr) Fields(*this, *frame);
  }

 private:
  void Move(Span& span) const {
    if (all_) {
      span = span_;
    } else if (span.known()) {
      span.source = span_.source;
    }
  }
  Span span_;
  bool all_;
};

/// Counts nodes and levels.
class Measuring {
 public:
  explicit Measuring(int limit) : limit_(limit) {}
  TreeSize size() const { return size_; }

  template <class T>
  void Scalar(T /*value*/) {}
  void Text(std::string_view /*text*/) {}
  void Type(TypeName* /*type*/) {}
  void Name(const Identifier& /*name*/) {}
  template <class T>
  void Own(List<T>& /*list*/) {}
  template <class T>
  void Child(T* node) {
    if (node == nullptr || size_.height > limit_) return;
    ++size_.nodes;
    size_.height = std::max(size_.height, ++level_);
    if constexpr (std::is_same_v<T, Expr> || std::is_same_v<T, TableRef> || std::is_same_v<T, QueryBody>) {
      AllFields(*this, *node);
    } else {
      Fields(*this, *node);
    }
    --level_;
  }

 private:
  int limit_;
  int level_ = 0;
  TreeSize size_;
};

}  // namespace

void EditTree(Query*& query, TreeEditor& editor, Arena& arena) { Editing(editor, arena).Child(query); }
void EditTree(Expr*& expr, TreeEditor& editor, Arena& arena) { Editing(editor, arena).Child(expr); }

void PlaceAll(Expr& expr, Span place) { Moving(place, true).Child(&expr); }
void PlaceIn(Expr& expr, base::SourceId source) { Moving({source, 0, 0}, false).Child(&expr); }

// Counting changes nothing, though the visitors of fields.h are handed nodes that could be.
TreeSize SizeOf(const Expr& expr, int limit) {
  Measuring measuring(limit);
  measuring.Child(const_cast<Expr*>(&expr));
  return measuring.size();
}
TreeSize SizeOf(const Query& query, int limit) {
  Measuring measuring(limit);
  measuring.Child(const_cast<Query*>(&query));
  return measuring.size();
}

}  // namespace wapc::grammar

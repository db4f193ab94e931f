#include <fmt/format.h>

#include "compiler/translate/shape.h"
#include "grammar/walk.h"

/// Aliases used where the target does not see them: the expression stands there instead.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Select;

namespace {

class AliasInliner {
 public:
  explicit AliasInliner(Context& context) : context_(context) {
    hooks_.expr = [this](Expr& expr) { return Replace(expr); };
  }

  Expr* Inline(Expr* expr) { return expr == nullptr ? nullptr : grammar::Rewrite(*expr, hooks_); }

  /// What an item was before is what it stands for now.
  void Became(const Expr* before, Expr* now) { now_[before] = now; }

 private:
  Expr* Replace(Expr& expr) {
    const auto found = context_.aliases.find(&expr);
    if (found == context_.aliases.end()) return &expr;
    const AliasUse use = found->second;
    if (!use.certain) {
      context_.NeedType(expr.span,
                        fmt::format("whether this is a column or the alias of this SELECT is not known here, and {} "
                                    "does not see the alias",
                                    context_.to.title),
                        "qualify it with its table (t.x), or give the alias another name");
    }
    const auto later = now_.find(use.item);
    const Expr* const stands = later == now_.end() ? use.item : later->second;
    Expr* const copy = context_.Copy(*stands);
    copy->parenthesized = false;
    return copy;
  }

  Context& context_;
  grammar::RewriteHooks hooks_;
  std::map<const Expr*, Expr*> now_;
};

void InlineGroup(Context& context, AliasInliner& inliner, grammar::List<grammar::GroupElement> elements) {
  for (grammar::GroupElement& element : elements) {
    InlineGroup(context, inliner, element.elements);
    const bool direct = element.expr != nullptr && context.aliases.contains(element.expr);
    if (direct && context.writes.Can("group-by-alias")) continue;
    element.expr = inliner.Inline(element.expr);
  }
}

}  // namespace

void InlineAliases(Context& context, Select& select, grammar::Query* owner) {
  if (context.Has(grammar::Feature::kLateralAlias)) return;
  AliasInliner inliner(context);
  std::vector<grammar::SelectItem> items(select.items.begin(), select.items.end());
  for (grammar::SelectItem& item : items) {
    const Expr* const before = item.expr;
    item.expr = inliner.Inline(item.expr);
    inliner.Became(before, item.expr);
  }
  select.items = context.arena.Copy(items);
  select.where = inliner.Inline(select.where);
  select.having = inliner.Inline(select.having);
  select.qualify = inliner.Inline(select.qualify);
  for (Expr*& expr : select.distinct_on) expr = inliner.Inline(expr);
  InlineGroup(context, inliner, select.group_by);
  if (owner == nullptr) return;
  for (grammar::OrderItem& item : owner->order_by) {
    if (!context.aliases.contains(item.expr)) item.expr = inliner.Inline(item.expr);
  }
}

}  // namespace wapc::compiler::translate

#include "compiler/translate/context.h"

#include <fmt/format.h>

#include "grammar/parser.h"
#include "grammar/walk.h"

namespace wapc::compiler::translate {

using grammar::Expr;

namespace {

// What was made for a place of the source points there.
void Place(Expr& expr, base::Span span) {
  grammar::Visitor visitor;
  visitor.expr = [span](Expr& each) {
    if (!each.span.known()) each.span = span;
    return true;
  };
  grammar::Walk(expr, visitor);
}

}  // namespace

metadata::Type Context::TypeOf(const Expr& expr) const {
  const auto found = types.find(&expr);
  return found == types.end() ? metadata::Type{} : found->second.type;
}

Expr* Context::Stands(Expr* now, const Expr& before) {
  if (now == &before) return now;
  if (const auto found = types.find(&before); found != types.end()) types.insert_or_assign(now, found->second);
  return now;
}

// The parts of a tree in the order of a walk, which is the same for a copy.
struct Context::Parts {
  template <class T>
  explicit Parts(const T& tree) {
    grammar::Visitor visitor;
    visitor.expr = [this](Expr& each) {
      exprs.push_back(&each);
      return true;
    };
    visitor.table = [this](grammar::TableRef& each) {
      tables.push_back(&each);
      return true;
    };
    grammar::Walk(const_cast<T&>(tree), visitor);  // Walk changes nothing by itself
  }

  std::vector<const Expr*> exprs;
  std::vector<const grammar::TableRef*> tables;
};

void Context::Inherit(const Parts& before, const Parts& after, const ExprTypes& known) {
  for (size_t i = 0; i < before.exprs.size() && i < after.exprs.size(); ++i) {
    if (const auto found = known.find(before.exprs[i]); found != known.end()) {
      types.insert_or_assign(after.exprs[i], ExprType(found->second));
    }
  }
  if (relations_ == nullptr) return;
  for (size_t i = 0; i < before.tables.size() && i < after.tables.size(); ++i) {
    const auto* const name = grammar::As<grammar::TableName>(before.tables[i]);
    const auto* const copy = grammar::As<grammar::TableName>(after.tables[i]);
    const auto found = name == nullptr || copy == nullptr ? relations_->end() : relations_->find(name);
    if (found != relations_->end()) relations_->emplace(copy, int{found->second});
  }
}

Expr* Context::Copy(const Expr& expr) {
  Expr* const copy = grammar::Clone(expr, arena);
  Inherit(Parts(expr), Parts(*copy), types);
  return copy;
}

grammar::Query* Context::CopyQuery(const grammar::Query& query, const ExprTypes& known, const AliasUses& uses,
                                   const PivotOutputs& outputs) {
  grammar::Query* const copy = grammar::Clone(query, arena);
  const Parts before(query);
  const Parts after(*copy);
  Inherit(before, after, known);
  std::unordered_map<const Expr*, const Expr*> copies;
  for (size_t i = 0; i < before.exprs.size() && i < after.exprs.size(); ++i) {
    copies.emplace(before.exprs[i], after.exprs[i]);
  }
  for (const auto& [ref, use] : uses) {
    const auto at = copies.find(ref);
    const auto item = copies.find(use.item);
    if (at != copies.end() && item != copies.end()) aliases.emplace(at->second, AliasUse{item->second, use.certain});
  }
  for (size_t i = 0; i < before.tables.size() && i < after.tables.size(); ++i) {
    if (const auto found = outputs.find(before.tables[i]); found != outputs.end()) {
      pivots.emplace(after.tables[i], found->second);
    }
  }
  return copy;
}

void Context::Refuse(base::Span span, const std::string& what, const std::string& help) {
  // The first rule that finds fault with a place knows it best.
  if (span.known() && !refused_.emplace(span.begin, span.end).second) return;
  diagnostics_.Report(lenient_ ? kDoubtful : kNotExpressible, span, what).Help(help);
}

Expr* Context::Refuse(Expr& expr, const std::string& what, const std::string& help) {
  Refuse(expr.span, what, help);
  return &expr;
}

void Context::NeedType(base::Span span, const std::string& what, const std::string& help) {
  diagnostics_.Report(lenient_ ? kDoubtful : kTypeNeeded, span, what).Help(help);
}

Expr* Context::Make(std::string_view text, const Bindings& bindings, base::Span span) {
  grammar::Parser parser;
  const base::SourceMap sources;
  base::Diagnostics faults;
  const Expr* const form = parser.ParseExpression(arena.Copy(text), {}, sources, arena, faults, to);
  if (form == nullptr) return nullptr;
  Expr* const made = Fill(*form, bindings, arena, [this](const Expr& expr) { return Copy(expr); });
  Place(*made, span);
  return made;
}

grammar::Identifier Context::NewAlias(base::Span span) {
  return {arena.Copy(fmt::format("wapc_{}", ++aliases_made_)), false, span};
}

Expr* Context::FillForm(const Expr& form, const Bindings& bindings, base::Span span) {
  Expr* const made = Fill(form, bindings, arena, [this](const Expr& expr) { return Copy(expr); });
  Place(*made, span);
  return made;
}

}  // namespace wapc::compiler::translate

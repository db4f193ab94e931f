#include <fmt/format.h>

#include <map>
#include <set>

#include "compiler/translate/shape.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

/// `t.k` where k is a column of USING: some engines know only the merged column, without a table.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Join;
using grammar::JoinKind;
using grammar::TableRef;

namespace {

// The names of the relations in a FROM, and for each column of USING those whose column is the merged one.
class UsingColumns {
 public:
  void Collect(const TableRef& ref) { Names(ref); }

  bool IsMerged(const grammar::ColumnRef& ref) const {
    if (ref.parts.size() != 2) return false;
    const auto found = merged_.find(grammar::LowerCase(ref.parts[1].text));
    return found != merged_.end() && found->second.contains(grammar::LowerCase(ref.parts[0].text));
  }
  bool empty() const { return merged_.empty(); }

 private:
  std::set<std::string> Names(const TableRef& ref) {
    if (const auto* const join = As<Join>(&ref)) return NamesOfJoin(*join);
    if (!ref.alias.text.empty()) return {grammar::LowerCase(ref.alias.text)};
    const auto* const name = As<grammar::TableName>(&ref);
    return name == nullptr ? std::set<std::string>{} : std::set{grammar::LowerCase(name->parts.back().text)};
  }

  std::set<std::string> NamesOfJoin(const Join& join) {
    std::set<std::string> left = Names(*join.left);
    const std::set<std::string> right = Names(*join.right);
    for (const grammar::Identifier& column : join.using_columns) {
      std::set<std::string>& out = merged_[grammar::LowerCase(column.text)];
      if (join.join == JoinKind::kInner || join.join == JoinKind::kLeft) out.insert(left.begin(), left.end());
      if (join.join == JoinKind::kInner || join.join == JoinKind::kRight) out.insert(right.begin(), right.end());
    }
    left.insert(right.begin(), right.end());
    return left;
  }

  std::map<std::string, std::set<std::string>> merged_;
};

}  // namespace

void UnqualifyUsing(Context& context, grammar::Select& select, grammar::Query* owner) {
  if (context.writes.Can("using-qualified") || select.from == nullptr) return;
  UsingColumns columns;
  columns.Collect(*select.from);
  if (columns.empty()) return;
  grammar::Visitor visitor;
  // A name inside a subquery may mean another relation; left as it is, the engine refuses it.
  visitor.query = [](grammar::Query&) { return false; };
  visitor.expr = [&columns](Expr& each) {
    auto* const ref = As<grammar::ColumnRef>(&each);
    if (ref != nullptr && columns.IsMerged(*ref)) ref->parts = ref->parts.subspan(1);
    return true;
  };
  const auto visit = [&visitor](Expr* expr) {
    if (expr != nullptr) grammar::Walk(*expr, visitor);
  };
  for (const grammar::SelectItem& item : select.items) visit(item.expr);
  visit(select.where);
  visit(select.having);
  visit(select.qualify);
  const auto groups = [&](const auto& self, grammar::List<grammar::GroupElement> elements) -> void {
    for (const grammar::GroupElement& element : elements) {
      visit(element.expr);
      self(self, element.elements);
    }
  };
  groups(groups, select.group_by);
  if (owner == nullptr) return;
  for (const grammar::OrderItem& item : owner->order_by) visit(item.expr);
}

}  // namespace wapc::compiler::translate

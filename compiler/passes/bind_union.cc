#include <algorithm>

#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;

namespace {

// The SELECTs of a chain of @UNION, from the left.
void Sides(grammar::QueryBody* body, std::vector<grammar::Select*>& out) {
  if (auto* const both = As<grammar::SetOperation>(body)) {
    Sides(both->left, out);
    Sides(both->right, out);
  } else if (auto* const select = As<grammar::Select>(body)) {
    out.push_back(select);
  }
}

void MarkPlain(grammar::QueryBody* body) {
  auto* const both = As<grammar::SetOperation>(body);
  if (both == nullptr) return;
  both->common = false;
  MarkPlain(both->left);
}

std::optional<size_t> IndexOf(const Relation& relation, const RelationColumn& wanted) {
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const RelationColumn& column = relation.columns[i];
    if (SameName(column.name, wanted.name) && column.type == wanted.type) return i;
  }
  return std::nullopt;
}

}  // namespace

// Each side is `SELECT * FROM relation`, which binding turns into its columns: those that some side lacks, or has with
// another type, go, and the rest stands in the order of the first. Then it is an ordinary UNION.
const Relation& Binder::BindCommonUnion(grammar::SetOperation& body, grammar::Query* owner, Scope* outer) {
  std::vector<grammar::Select*> sides;
  Sides(&body, sides);
  std::vector<const Relation*> relations;
  for (grammar::Select* const side : sides) relations.push_back(&BindBody(*side, nullptr, outer));
  MarkPlain(&body);
  const auto whole = [](const Relation* relation) { return relation->complete; };
  if (!std::all_of(relations.begin(), relations.end(), whole)) return BindSetOperation(body, owner, outer);
  for (size_t side = 0; side < sides.size(); ++side) {
    std::vector<grammar::SelectItem> kept;
    for (const RelationColumn& column : relations.front()->columns) {
      const auto has = [&](const Relation* relation) { return IndexOf(*relation, column).has_value(); };
      if (!std::all_of(relations.begin(), relations.end(), has)) continue;
      kept.push_back(sides[side]->items[*IndexOf(*relations[side], column)]);
    }
    if (kept.empty()) {
      Report(kColumnCount, body.span, "these relations have no column with one name and one type in common")
          .Help("write the UNION out, with casts where types differ");
      return Keep(Relation{});
    }
    sides[side]->items = arena_->Copy(kept);
  }
  return BindSetOperation(body, owner, outer);
}

}  // namespace wapc::compiler

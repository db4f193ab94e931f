#include "compiler/macros/hygiene.h"

#include <map>
#include <set>

#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::Expr;

// The names by which an argument may mean a relation: qualifiers of columns, and tables without a schema.
std::set<std::string> RelationNames(const Expr& value) {
  std::set<std::string> out;
  grammar::Visitor visitor;
  visitor.expr = [&out](Expr& expr) {
    if (const auto* const ref = As<grammar::ColumnRef>(&expr)) out.insert(grammar::FoldName(ref->parts[0]));
    const auto* const star = As<grammar::Star>(&expr);
    if (star != nullptr && !star->qualifier.empty()) out.insert(grammar::FoldName(star->qualifier[0]));
    return true;
  };
  visitor.table = [&out](grammar::TableRef& table) {
    const auto* const name = As<grammar::TableName>(&table);
    if (name != nullptr && name->parts.size() == 1) out.insert(grammar::FoldName(name->parts[0]));
    return true;
  };
  // Walking changes nothing, though its hooks could.
  grammar::Walk(const_cast<Expr&>(value), visitor);
  return out;
}

// The names that a body gives to relations.
std::set<std::string> OwnNames(Expr& body) {
  std::set<std::string> out;
  grammar::Visitor visitor;
  visitor.table = [&out](grammar::TableRef& table) {
    if (!table.alias.text.empty()) out.insert(grammar::FoldName(table.alias));
    return true;
  };
  visitor.query = [&out](grammar::Query& query) {
    for (const grammar::Cte& cte : query.ctes) out.insert(grammar::FoldName(cte.name));
    return true;
  };
  grammar::Walk(body, visitor);
  return out;
}

class Renamer {
 public:
  Renamer(const std::map<std::string, std::string_view>& names) : names_(names) {
    visitor_.expr = [this](Expr& expr) {
      if (auto* const ref = As<grammar::ColumnRef>(&expr); ref != nullptr && ref->parts.size() > 1)
        Rename(ref->parts[0]);
      auto* const star = As<grammar::Star>(&expr);
      if (star != nullptr && !star->qualifier.empty()) Rename(star->qualifier[0]);
      return true;
    };
    visitor_.table = [this](grammar::TableRef& table) {
      Rename(table.alias);
      auto* const name = As<grammar::TableName>(&table);
      if (name != nullptr && name->parts.size() == 1) Rename(name->parts[0]);
      return true;
    };
    visitor_.query = [this](grammar::Query& query) {
      for (grammar::Cte& cte : query.ctes) Rename(cte.name);
      return true;
    };
  }
  void Run(Expr& body) { grammar::Walk(body, visitor_); }

 private:
  void Rename(grammar::Identifier& name) {
    const auto found = names_.find(grammar::FoldName(name));
    if (found != names_.end()) name.text = found->second;
  }
  const std::map<std::string, std::string_view>& names_;
  grammar::Visitor visitor_;
};

}  // namespace

void KeepNamesApart(Expr& body, const std::vector<std::pair<std::string, const Expr*>>& values, grammar::Arena& arena) {
  const std::set<std::string> own = OwnNames(body);
  if (own.empty()) return;
  std::set<std::string> theirs;
  for (const auto& [name, value] : values) theirs.merge(RelationNames(*value));
  std::map<std::string, std::string_view> renamed;
  for (const std::string& name : own) {
    if (!theirs.contains(name)) continue;
    int number = 1;
    std::string fresh = name + "_1";
    while (theirs.contains(fresh) || own.contains(fresh)) fresh = name + "_" + std::to_string(++number);
    renamed.emplace(name, arena.Copy(fresh));
  }
  if (!renamed.empty()) Renamer(renamed).Run(body);
}

}  // namespace wapc::compiler

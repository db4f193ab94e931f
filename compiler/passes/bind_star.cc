#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <regex>

#include "compiler/passes/binder_impl.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using grammar::As;
using metadata::TypeKind;

namespace {

struct StarColumn {
  size_t table = 0;
  std::string_view name;
  bool merged = false;
};

// What `*` stands for, in order: the columns of every table, merged ones once.
std::vector<StarColumn> StarColumns(const Scope& scope, const ScopeTable* only) {
  std::vector<StarColumn> out;
  for (size_t t = 0; t < scope.tables.size(); ++t) {
    const ScopeTable& table = scope.tables[t];
    if (!table.visible || (only != nullptr && &table != only)) continue;
    for (size_t c = 0; c < table.relation->columns.size(); ++c) {
      const bool merged = only == nullptr && !table.merged.empty() && table.merged[c];
      const auto shown_here = [&](const MergedColumn& m) { return m.table == t && m.column == c; };
      if (merged && std::none_of(scope.merged.begin(), scope.merged.end(), shown_here)) continue;
      out.push_back({t, table.relation->columns[c].name, merged});
    }
  }
  return out;
}

bool Complete(const Scope& scope, const ScopeTable* only) {
  return std::all_of(scope.tables.begin(), scope.tables.end(), [&](const ScopeTable& table) {
    return !table.visible || (only != nullptr && &table != only) || table.relation->complete;
  });
}

// The name as a tree holds it: quoted where letter case is all that would be lost.
grammar::Identifier Named(std::string_view name, grammar::Arena& arena, base::Span span) {
  const bool plain =
      std::none_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '@' || c == '$'; });
  return {arena.Copy(name), !plain, span};
}

class StarExpander {
 public:
  StarExpander(const Scope& scope, const grammar::Star& star, grammar::Arena& arena)
      : scope_(scope), star_(star), arena_(arena) {
    size_t visible = 0;
    for (const ScopeTable& table : scope.tables) visible += table.visible ? 1 : 0;
    qualify_ = visible > 1;
  }

  std::optional<grammar::SelectItem> Item(const StarColumn& column) const {
    const auto is = [&](const grammar::Identifier& id) {
      return scope_.names.Same(scope_.names.Key(id, arena_), column.name);
    };
    if (std::any_of(star_.exclude.begin(), star_.exclude.end(), is)) return std::nullopt;
    for (const grammar::SelectItem& replaced : star_.replace) {
      if (is(replaced.alias)) return replaced;
    }
    grammar::SelectItem item{Ref(column), {}, star_.span};
    for (const auto& [from, to] : star_.rename) {
      if (is(from)) item.alias = to;
    }
    if (!star_.prefix.empty() || !star_.suffix.empty()) {
      const std::string name = fmt::format("{}{}{}", star_.prefix, column.name, star_.suffix);
      item.alias = Named(name, arena_, star_.span);
    }
    return item;
  }

 private:
  grammar::Expr* Ref(const StarColumn& column) const {
    std::vector<grammar::Identifier> parts;
    const ScopeTable& table = scope_.tables[column.table];
    if (qualify_ && !column.merged && !table.alias.empty()) {
      parts.push_back(Named(table.alias, arena_, star_.span));
    }
    parts.push_back(Named(column.name, arena_, star_.span));
    return arena_.New<grammar::ColumnRef>(
        grammar::ColumnRef{{grammar::ExprKind::kColumnRef, star_.span, false}, arena_.Copy(parts)});
  }

  const Scope& scope_;
  const grammar::Star& star_;
  grammar::Arena& arena_;
  bool qualify_ = false;
};

}  // namespace

namespace {

bool IsColumnsCall(const grammar::Expr& expr) {
  const auto* const call = As<grammar::FunctionCall>(&expr);
  return call != nullptr && call->name.size() == 1 && SameName(call->name[0].text, "columns") &&
         call->arguments.size() == 1;
}

// The COLUMNS(...) inside an item, or null; those of subqueries are theirs.
const grammar::FunctionCall* FindColumnsCall(grammar::Expr& expr) {
  const grammar::FunctionCall* found = nullptr;
  grammar::Visitor visitor;
  visitor.expr = [&](grammar::Expr& node) {
    if (found == nullptr && IsColumnsCall(node)) found = static_cast<const grammar::FunctionCall*>(&node);
    return found == nullptr;
  };
  visitor.query = [](grammar::Query&) { return false; };
  grammar::Walk(expr, visitor);
  return found;
}

// A pattern of LIKE or GLOB as a regular expression.
std::string RegexOf(std::string_view pattern, bool glob) {
  std::string out;
  for (const char c : pattern) {
    if (c == (glob ? '*' : '%')) {
      out += ".*";
    } else if (c == (glob ? '?' : '_')) {
      out += '.';
    } else {
      if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos && !(glob && (c == '[' || c == ']'))) {
        out += '\\';
      }
      out += c;
    }
  }
  return out;
}

// Which names `* LIKE 'a%'` takes; nothing for a pattern that is none.
std::optional<std::function<bool(std::string_view)>> NameLike(const grammar::Like& like) {
  const std::string_view text = As<grammar::Literal>(like.pattern)->text;
  const bool regex = like.op == grammar::LikeOp::kSimilar || like.op == grammar::LikeOp::kRegexp;
  const auto icase = like.op == grammar::LikeOp::kILike ? std::regex::icase : std::regex::flag_type{};
  try {
    const std::regex pattern(regex ? std::string(text) : RegexOf(text, like.op == grammar::LikeOp::kGlob),
                             std::regex::ECMAScript | icase);
    return [pattern, negated = like.negated](std::string_view name) {
      return std::regex_match(name.begin(), name.end(), pattern) != negated;
    };
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

// Which names COLUMNS('pattern') and COLUMNS(['a', 'b']) take; nothing for what is neither.
std::optional<std::function<bool(std::string_view)>> NamePattern(const grammar::Expr& argument) {
  if (const auto* const text = As<grammar::Literal>(&argument);
      text != nullptr && text->type == grammar::LiteralKind::kString) {
    try {
      const std::regex pattern{std::string(text->text)};
      return [pattern](std::string_view name) { return std::regex_search(name.begin(), name.end(), pattern); };
    } catch (const std::regex_error&) {
      return std::nullopt;
    }
  }
  const auto* const list = As<grammar::Array>(&argument);
  if (list == nullptr) return std::nullopt;
  std::vector<std::string_view> names;
  for (const grammar::Expr* const item : list->items) {
    const auto* const text = As<grammar::Literal>(item);
    if (text == nullptr || text->type != grammar::LiteralKind::kString) return std::nullopt;
    names.push_back(text->text);
  }
  return [names](std::string_view name) {
    return std::any_of(names.begin(), names.end(), [name](std::string_view one) { return SameName(one, name); });
  };
}

}  // namespace

void Binder::ExpandStars(grammar::Select& select, Scope& scope) {
  const auto expands = [&](const grammar::SelectItem& item) {
    return As<grammar::Star>(item.expr) != nullptr || (typing_.has_columns && FindColumnsCall(*item.expr) != nullptr);
  };
  if (std::none_of(select.items.begin(), select.items.end(), expands)) return;
  std::vector<grammar::SelectItem> out;
  for (const grammar::SelectItem& item : select.items) {
    const auto* const star = As<grammar::Star>(item.expr);
    const bool expanded =
        star != nullptr ? ExpandStar(item, *star, scope, out) : typing_.has_columns && ExpandColumns(item, scope, out);
    if (!expanded) out.push_back(item);
  }
  select.items = arena_->Copy(out);
}

// `max(COLUMNS(...))`: the item once for each column that is meant, under its name.
bool Binder::ExpandColumns(const grammar::SelectItem& item, Scope& scope, std::vector<grammar::SelectItem>& out) {
  const grammar::FunctionCall* const call = FindColumnsCall(*item.expr);
  if (call == nullptr) return false;
  const grammar::Star all{{grammar::ExprKind::kStar, call->span, false}, {}, {}, {}, {}};
  const auto* star = As<grammar::Star>(call->arguments[0].value);
  const auto pattern = star == nullptr ? NamePattern(*call->arguments[0].value) : std::nullopt;
  if (star == nullptr && !pattern) return false;
  if (star == nullptr) star = &all;
  std::vector<grammar::SelectItem> columns;
  if (!ExpandStar({item.expr, {}, call->span}, *star, scope, columns)) return false;
  const size_t before = out.size();
  for (const grammar::SelectItem& column : columns) {
    const auto* const ref = As<grammar::ColumnRef>(column.expr);
    const grammar::Identifier name = column.alias.text.empty() && ref != nullptr ? ref->parts.back() : column.alias;
    if (pattern && !(*pattern)(name.text)) continue;
    const auto replace = [&](const Expr& node) -> Expr* {
      return IsColumnsCall(node) ? grammar::Clone(*column.expr, *arena_) : nullptr;
    };
    out.push_back({grammar::Clone(*item.expr, *arena_, {replace, nullptr}), item.alias.text.empty() ? name : item.alias,
                   item.span});
  }
  if (out.size() > before) return true;
  Report(kUnknownColumn, call->arguments[0].value->span, "no column has such a name").Help("check the pattern");
  return false;
}

// False when it has to stay: what it stands for is not known.
bool Binder::ExpandStar(const grammar::SelectItem& item, const grammar::Star& star, Scope& scope,
                        std::vector<grammar::SelectItem>& out) {
  const ScopeTable* only = nullptr;
  if (!star.qualifier.empty()) {
    Scope* holder = nullptr;
    size_t index = 0;
    const std::string_view schema = star.qualifier.size() > 1 ? Key(star.qualifier[star.qualifier.size() - 2]) : "";
    only = FindTable(schema, Key(star.qualifier.back()), scope, &holder, &index);
    if (only == nullptr || holder != &scope) return ExpandStruct(item, star, scope, out);
  }
  if (!Complete(scope, only)) {
    complete_ = false;
    return false;
  }
  const std::vector<StarColumn> columns = StarColumns(scope, only);
  const auto check = [&](const grammar::Identifier& name) {
    const auto is = [&](const StarColumn& column) { return names_.Same(column.name, Key(name)); };
    if (std::any_of(columns.begin(), columns.end(), is)) return;
    if (only != nullptr) {
      UnknownIn(name, *only, scope);
    } else {
      UnknownName(name, scope);
    }
  };
  for (const grammar::Identifier& name : star.exclude) check(name);
  for (const grammar::SelectItem& replaced : star.replace) check(replaced.alias);
  for (const auto& [from, to] : star.rename) check(from);
  const StarExpander expander(scope, star, *arena_);
  const auto taken = star.like == nullptr ? std::nullopt : NameLike(*star.like);
  const size_t before = out.size();
  for (const StarColumn& column : columns) {
    if (star.like != nullptr && (!taken || !(*taken)(column.name))) continue;
    if (auto expanded = expander.Item(column)) out.push_back(*expanded);
  }
  if (star.like == nullptr || out.size() > before) return true;
  Report(kUnknownColumn, star.like->pattern->span, "no column has such a name").Help("check the pattern");
  complete_ = false;
  return false;
}

// `s.*` of a struct column: a column for each field.
bool Binder::ExpandStruct(const grammar::SelectItem& item, const grammar::Star& star, Scope& scope,
                          std::vector<grammar::SelectItem>& out) {
  auto* const ref = arena_->New<grammar::ColumnRef>(
      grammar::ColumnRef{{grammar::ExprKind::kColumnRef, item.expr->span, false}, star.qualifier});
  const Lookup found = FindName(Key(star.qualifier.front()), scope);
  if (found.found == Found::kNothing) {
    UnknownQualifier(star.qualifier.front(), scope);
    complete_ = false;
    return false;
  }
  const Value value = BindExpr(*ref, scope);
  if (value.type.kind != TypeKind::kStruct) {
    if (!value.type.is_unknown()) UnknownQualifier(star.qualifier.back(), scope);
    complete_ = false;
    return false;
  }
  const auto taken = star.like == nullptr ? std::nullopt : NameLike(*star.like);
  for (const std::string& field : value.type.fields) {
    if (star.like != nullptr && (!taken || !(*taken)(field))) continue;
    std::vector<grammar::Identifier> parts(star.qualifier.begin(), star.qualifier.end());
    parts.push_back(Named(field, *arena_, star.span));
    auto* const column = arena_->New<grammar::ColumnRef>(
        grammar::ColumnRef{{grammar::ExprKind::kColumnRef, star.span, false}, arena_->Copy(parts)});
    out.push_back({column, {}, star.span});
  }
  return true;
}

}  // namespace wapc::compiler

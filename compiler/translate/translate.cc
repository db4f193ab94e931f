#include "compiler/translate/translate.h"

#include <fmt/format.h>

#include "compiler/translate/context.h"
#include "grammar/walk.h"

namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::ExprKind;

namespace {

bool IsComparison(grammar::BinaryOp op) { return op >= grammar::BinaryOp::kEq && op <= grammar::BinaryOp::kGe; }

Expr* TranslateBinary(Context& context, grammar::Binary& binary) {
  if (IsComparison(binary.op)) return TranslateComparison(context, binary);
  if (binary.op == grammar::BinaryOp::kConcat) return TranslateConcat(context, binary);
  return TranslateByMap(context, binary);
}

Expr* TranslateExpr(Context& context, Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kCast: return TranslateCast(context, static_cast<grammar::Cast&>(expr));
    case ExprKind::kTypedLiteral: return TranslateTypedLiteral(context, static_cast<grammar::TypedLiteral&>(expr));
    case ExprKind::kInterval: return TranslateInterval(context, static_cast<grammar::Interval&>(expr));
    case ExprKind::kLike: return TranslateLike(context, static_cast<grammar::Like&>(expr));
    case ExprKind::kIsBool: return TranslateIsBool(context, static_cast<grammar::IsBool&>(expr));
    case ExprKind::kBetween: return TranslateBetween(context, static_cast<grammar::Between&>(expr));
    case ExprKind::kInList: return TranslateInList(context, static_cast<grammar::InList&>(expr));
    case ExprKind::kBinary: return TranslateBinary(context, static_cast<grammar::Binary&>(expr));
    case ExprKind::kFunctionCall:
    case ExprKind::kExtract:
    case ExprKind::kIndex:
    case ExprKind::kSlice:
    case ExprKind::kQuantified:
    case ExprKind::kAtTimeZone: return TranslateByMap(context, expr);
    default: return &expr;
  }
}

// Each engine has its own words for the way in which rows are drawn; those that all have need no seed.
void SettleSample(Context& context, grammar::TableRef& table) {
  grammar::Sample& sample = *table.sample;
  if (sample.method.empty()) sample.method = context.from.name == "duckdb" ? "system" : "bernoulli";
  if (sample.method == "row") sample.method = "bernoulli";
  if (sample.method == "block") sample.method = "system";
  const bool known = sample.method == "bernoulli" || sample.method == "system";
  if (known && !sample.rows && sample.seed.empty() && context.Has(grammar::Feature::kSample)) return;
  context.Refuse(table.span,
                 fmt::format("{} has no such sample: only a share of rows by bernoulli or system, without a seed, is "
                             "the same in all",
                             context.to.title),
                 "write TABLESAMPLE BERNOULLI (10), or filter on random()");
}

// A relation made by a function: what the map gives for it has to be a call again.
grammar::TableRef* TranslateTable(Context& context, grammar::TableRef& table) {
  const bool subquery = table.kind == grammar::TableRefKind::kSubquery;
  // Some engines want a name for each.
  if (subquery && table.alias.text.empty()) table.alias = context.NewAlias(table.span);
  if (table.sample != nullptr) SettleSample(context, table);
  auto* const function = As<grammar::TableFunction>(&table);
  if (function == nullptr) return &table;
  // TABLE(...) around a call is Snowflake's; Trino has it around some calls only, none of which another dialect has.
  function->table_word = context.to.name == "snowflake";
  Expr* const written = TranslateByMap(context, *function->call, true);
  if (auto* const call = As<grammar::FunctionCall>(written)) {
    function->call = call;
    return &table;
  }
  context.Refuse(table.span, fmt::format("{} has no such relation", context.to.title), "select from a table");
  return &table;
}

void TranslateExprs(Context& context, grammar::Query& query) {
  grammar::RewriteHooks hooks;
  hooks.expr = [&context](Expr& expr) { return context.Stands(TranslateExpr(context, expr), expr); };
  hooks.table = [&context](grammar::TableRef& table) { return TranslateTable(context, table); };
  hooks.query = [&context](grammar::Query& each) {
    SettleNulls(context, each.order_by);
    if (const auto* const select = As<grammar::Select>(each.body)) {
      for (const grammar::NamedWindow& window : select->windows) SettleNulls(context, window.spec->order_by);
    }
    for (grammar::Cte& cte : each.ctes) {
      if (!context.Has(grammar::Feature::kMaterialized)) cte.materialized = grammar::Materialization::kDefault;
    }
  };
  grammar::Rewrite(query, hooks);
}

void Run(Context& context, grammar::Query& query) {
  if (&context.from == &context.to) return;
  TranslateNames(context, query);
  TranslateQueryShape(context, query);
  TranslateExprs(context, query);
  CheckFeatures(context, query);
}

// Whether a star has to be written out for some rule to work.
bool NeedsStars(grammar::Query& query) {
  bool needs = false;
  const auto of_body = [&](const auto& self, const grammar::QueryBody* body) -> void {
    if (const auto* const operation = As<grammar::SetOperation>(body)) {
      needs |= operation->by_name;
      self(self, operation->left);
      self(self, operation->right);
    }
    const auto* const select = As<grammar::Select>(body);
    if (select != nullptr) needs |= select->group_by_all || select->qualify != nullptr || !select->distinct_on.empty();
  };
  grammar::Visitor visitor;
  visitor.query = [&](grammar::Query& each) {
    of_body(of_body, each.body);
    needs |= each.order_by_all;
    return true;
  };
  visitor.expr = [&](Expr& expr) {
    const auto* const star = As<grammar::Star>(&expr);
    needs |= star != nullptr && star->like != nullptr;
    needs |= star != nullptr && !(star->exclude.empty() && star->replace.empty() && star->rename.empty());
    return true;
  };
  grammar::Walk(query, visitor);
  return needs;
}

// The models that the query reads, by "schema.table".
std::map<const grammar::TableName*, int> RelationsOf(grammar::Query& query, const Project& project) {
  std::map<const grammar::TableName*, int> relations;
  grammar::Visitor visitor;
  visitor.table = [&](grammar::TableRef& table) {
    const auto* const name = As<grammar::TableName>(&table);
    if (name == nullptr || name->parts.size() != 2) return true;
    const auto found = project.by_name.find(fmt::format("{}.{}", name->parts[0].text, name->parts[1].text));
    if (found != project.by_name.end()) relations.emplace(name, found->second);
    return true;
  };
  grammar::Walk(query, visitor);
  return relations;
}

}  // namespace

void Translate(grammar::Query& query, const Options& options, grammar::Arena& arena, base::Diagnostics& diagnostics) {
  Context context(options, arena, diagnostics);
  if (&context.from == &context.to) return;
  base::Diagnostics unheard;
  BindContext binding;
  binding.arena = &arena;
  binding.keep_stars = !NeedsStars(query);
  binding.types = &context.types;
  binding.aliases = &context.aliases;
  binding.pivots = &context.pivots;
  binding.dialect = options.from;
  std::map<const grammar::TableName*, int> relations;
  if (options.tables != nullptr) {
    relations = RelationsOf(query, *options.tables);
    binding.project = options.tables;
    binding.relations = &relations;
  }
  BindQuery(query, binding, unheard);
  Run(context, query);
}

grammar::Query* TranslateBound(const grammar::Query& query, const Bound& bound, const Options& options,
                               grammar::Arena& arena, base::Diagnostics& diagnostics) {
  Context context(options, arena, diagnostics);
  context.KnowRelations(bound.relations);
  const size_t before = diagnostics.error_count();
  grammar::Query* const copy = context.CopyQuery(query, bound.types, bound.aliases, bound.pivots);
  Run(context, *copy);
  return diagnostics.error_count() > before ? nullptr : copy;
}

grammar::Query* TranslateModel(const Model& model, const Project& project, const Options& options,
                               grammar::Arena& arena, base::Diagnostics& diagnostics) {
  Bound bound;
  bound.types = TypesOf(project, model, &bound.aliases, &bound.pivots);
  return TranslateBound(*model.query, bound, options, arena, diagnostics);
}

}  // namespace wapc::compiler::translate

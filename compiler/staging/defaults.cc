#include "compiler/staging/defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "compiler/passes/binder.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using grammar::BinaryOp;
using grammar::Expr;
using grammar::TableRef;

namespace {

constexpr DiagnosticCode kNoParent{"staging-no-parent", Severity::kWarning};
constexpr DiagnosticCode kNoKeys{"staging-no-keys", Severity::kError};

constexpr std::string_view kSource = "src";
constexpr std::string_view kRoot = "root";
constexpr std::string_view kLoads = "loads";

template <class Test>
std::string ColumnWhere(const metadata::Table& table, Test test) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(), test);
  return found == table.columns.end() ? std::string() : found->name;
}

std::string RowKey(const metadata::Table& table) {
  return ColumnWhere(table, [](const metadata::Column& c) { return c.row_key || c.name == "_dlt_id"; });
}
std::string ParentKey(const metadata::Table& table) {
  return ColumnWhere(table, [](const metadata::Column& c) { return c.parent_key || c.name == "_dlt_parent_id"; });
}
std::string RootKey(const metadata::Table& table) {
  return ColumnWhere(table, [](const metadata::Column& c) { return c.root_key || c.name == "_dlt_root_id"; });
}

// The raw tables from a nested one up to its root, the table itself first.
std::vector<const metadata::Table*> Lineage(const metadata::Schema& schema, const metadata::Table& table) {
  std::vector<const metadata::Table*> out = {&table};
  while (!out.back()->parent.empty()) out.push_back(schema.Find(out.back()->parent));
  return out;
}

class DefaultsMaker {
 public:
  DefaultsMaker(const metadata::Schema& schema, const metadata::Table& table, grammar::Arena& arena,
                const grammar::Dialect& dialect, RuleTools& tools)
      : schema_(schema),
        table_(table),
        dialect_(dialect),
        tools_(tools),
        diagnostics_(tools.diagnostics()),
        build_(arena, table.span) {}

  std::optional<StagingDefaults> Make() {
    const metadata::Table* const root = schema_.Root(table_);
    if (root == nullptr) {
      diagnostics_
          .Report(kNoParent, table_.span,
                  fmt::format("the parent '{}' of {} is not in this schema, so its load is unknown: it gets no model",
                              table_.parent, table_.name))
          .Help("bring the whole export here, or exclude the table in staging.yml");
      return std::nullopt;
    }
    StagingDefaults out;
    out.draft.schema = &schema_;
    out.draft.table = &table_;
    out.draft.root = root;
    out.draft.arena = &build_.arena();
    out.row_key = RowKey(table_);
    out.parent_key = ParentKey(table_);
    if (!CheckKeys(*root)) return std::nullopt;
    out.from = WithLoads(WithRoot(*root));
    AddColumns(*root, out.draft);
    return out;
  }

 private:
  bool CheckKeys(const metadata::Table& root) {
    const auto missing = [this](const metadata::Table& table, std::string_view column) {
      diagnostics_
          .Report(kNoKeys, table.span,
                  fmt::format("{} has no column {}, which ties its rows to their load", table.name, column))
          .Help("load the table with dlt's relational normalizer, or exclude it in staging.yml");
      return false;
    };
    if (root.Find(kLoadIdColumn) == nullptr) return missing(root, kLoadIdColumn);
    if (&root == &table_) return true;
    if (RowKey(root).empty()) return missing(root, "_dlt_id");
    if (!RootKey(table_).empty()) return true;
    for (const metadata::Table* const level : Lineage(schema_, table_)) {
      if (level == &root) break;
      if (RowKey(*level).empty()) return missing(*level, "_dlt_id");
      if (ParentKey(*level).empty()) return missing(*level, "_dlt_parent_id");
    }
    return true;
  }

  Expr* Equal(std::string_view left, std::string_view left_column, std::string_view right,
              std::string_view right_column) const {
    return build_.Binary(BinaryOp::kEq, build_.Column({left, left_column}), build_.Column({right, right_column}));
  }

  // Where the root keeps versions, one row may stand in it twice: its nested rows came with the first of them.
  TableRef* RootTable(const metadata::Table& root) {
    const bool versions =
        root.disposition == metadata::WriteDisposition::kMerge && root.merge_strategy == metadata::MergeStrategy::kScd2;
    if (!versions) return build_.Table(schema_.dataset, root.name, kRoot);
    const auto quoted = [this](std::string_view name) { return grammar::QuoteIfNeeded(name, dialect_); };
    grammar::Query* const query =
        tools_.Query(fmt::format("SELECT {0}, min({1}) AS {1} FROM {2}.{3} GROUP BY {0}", quoted(RowKey(root)),
                                 quoted(kLoadIdColumn), quoted(schema_.dataset), quoted(root.name)),
                     table_.span);
    return query == nullptr ? build_.Table(schema_.dataset, root.name, kRoot) : build_.Subquery(query, kRoot);
  }

  // The table itself, and its root beside it: by the root key where dlt keeps one, else parent by parent.
  TableRef* WithRoot(const metadata::Table& root) {
    TableRef* from = build_.Table(schema_.dataset, table_.name, kSource);
    load_alias_ = kSource;
    if (&root == &table_) return from;
    load_alias_ = kRoot;
    if (const std::string key = RootKey(table_); !key.empty()) {
      return build_.InnerJoin(from, RootTable(root), Equal(kRoot, RowKey(root), kSource, key));
    }
    std::string below(kSource);
    const auto lineage = Lineage(schema_, table_);
    for (size_t i = 1; i < lineage.size(); ++i) {
      const bool top = lineage[i] == &root;
      const std::string alias = top ? std::string(kRoot) : fmt::format("parent{}", i);
      from = build_.InnerJoin(from, top ? RootTable(root) : build_.Table(schema_.dataset, lineage[i]->name, alias),
                              Equal(alias, RowKey(*lineage[i]), below, ParentKey(*lineage[i - 1])));
      below = alias;
    }
    return from;
  }

  // Only rows of loads that are complete: status 0, of this dlt schema (a dataset may hold several).
  TableRef* WithLoads(TableRef* from) {
    Expr* const complete =
        build_.All({Equal(kLoads, "load_id", load_alias_, kLoadIdColumn),
                    build_.Binary(BinaryOp::kEq, build_.Column({kLoads, "schema_name"}), build_.Text(schema_.name)),
                    build_.Binary(BinaryOp::kEq, build_.Column({kLoads, "status"}), build_.Number("0"))});
    return build_.InnerJoin(from, build_.Table(schema_.dataset, "_dlt_loads", kLoads), complete);
  }

  // Types are written in the dialect's words, and parsed from them, so that a generated file reads like one by hand.
  Expr* CastTo(Expr* operand, const metadata::Column& column) {
    if (column.type.is_unknown()) return operand;
    grammar::TypeName* const type = tools_.Type(TypeInDialect(column.type, dialect_), column.type_span);
    return type == nullptr ? operand : build_.Cast(operand, type);
  }

  void AddColumns(const metadata::Table& root, Draft& draft) {
    for (const metadata::Column& raw : table_.columns) {
      if (!raw.incomplete && !raw.name.starts_with("_dlt_")) {
        draft.columns.push_back({raw.name, raw.span, CastTo(build_.Column({kSource, raw.name}), raw), &raw, false});
      }
    }
    for (const metadata::Column& raw : table_.columns) {
      if (raw.incomplete || !raw.name.starts_with("_dlt_") || raw.name == kLoadIdColumn) continue;
      draft.columns.push_back({raw.name, raw.span, build_.Column({kSource, raw.name}), &raw, true});
    }
    const auto add = [&draft, &root](std::string_view name, Expr* expr) {
      draft.columns.push_back({std::string(name), root.span, expr, nullptr, true});
    };
    if (&root != &table_ && RootKey(table_).empty()) add("_dlt_root_id", build_.Column({kRoot, RowKey(root)}));
    add(kLoadIdColumn, build_.Column({load_alias_, kLoadIdColumn}));
    add(kLoadedAtColumn, build_.Column({kLoads, "inserted_at"}));
  }

  const metadata::Schema& schema_;
  const metadata::Table& table_;
  const grammar::Dialect& dialect_;
  RuleTools& tools_;
  Diagnostics& diagnostics_;
  AstBuilder build_;
  std::string_view load_alias_ = kSource;
};

}  // namespace

std::optional<StagingDefaults> DefaultsFor(const metadata::Schema& schema, const metadata::Table& table,
                                           grammar::Arena& arena, const grammar::Dialect& dialect, RuleTools& tools) {
  return DefaultsMaker(schema, table, arena, dialect, tools).Make();
}

}  // namespace wapc::compiler

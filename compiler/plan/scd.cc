#include "compiler/plan/scd.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"

namespace wapc::compiler {

using runtime::RelationName;

namespace {

RuntimeVariable::Form FormOf(const metadata::Type& type) {
  using Form = RuntimeVariable::Form;
  switch (type.kind) {
    case metadata::TypeKind::kDate: return Form::kDate;
    case metadata::TypeKind::kTimestampTz: return Form::kDt;
    default: return Form::kDtntz;
  }
}

// The columns that the query gives: all but the two of the kind, which are the last.
std::vector<std::string> QueryColumns(const Model& model) {
  std::vector<std::string> out;
  for (size_t i = 0; i + 2 < model.columns.size(); ++i) out.push_back(model.columns[i].name);
  return out;
}

// The query's rows, one a key: the newest, or else the first by what they hold, so that the choice is always the same.
std::string SourceQuery(const StepWriter& steps) {
  const Model& model = steps.model();
  const std::vector<std::string> columns = QueryColumns(model);
  std::vector<std::string> order;
  if (!model.properties.updated_at.empty()) {
    order.push_back(fmt::format("q.{0} IS NULL, q.{0} DESC", steps.Name(model.properties.updated_at)));
  }
  for (const std::string& column : columns) {
    const std::string text = steps.Comparable("q." + steps.Name(column), column);
    order.push_back(fmt::format("{0} IS NULL, {0}", text));
  }
  return fmt::format(
      "SELECT {}\nFROM (SELECT {}, row_number() OVER (PARTITION BY {} ORDER BY {}) AS wapc__row FROM (\n{}\n) AS q) AS "
      "u\nWHERE u.wapc__row = 1",
      steps.ColumnList(columns, "u"), steps.ColumnList(columns, "q"), steps.ColumnList(model.unique_key, "q"),
      fmt::join(order, ", "), steps.Query());
}

struct Parts {
  std::string table, source, from, to;
};

// Keys for which something changes.
std::string ReplacedQuery(const StepWriter& steps, const ScdRules& rules, const Parts& parts) {
  const std::string same = steps.SameKey(steps.model().unique_key, "s", "t");
  std::string out = fmt::format(
      "SELECT {}\nFROM {} AS s\nWHERE NOT EXISTS (SELECT 1 FROM {} AS t WHERE t.{} IS NULL AND {} AND NOT ({}))",
      steps.ColumnList(steps.model().unique_key, "s"), parts.source, parts.table, parts.to, same, rules.changed);
  if (!steps.model().properties.invalidate_hard_deletes) return out;
  return out + fmt::format(
                   "\nUNION ALL\nSELECT {}\nFROM {} AS t\nWHERE t.{} IS NULL AND NOT EXISTS (SELECT 1 FROM {} AS s "
                   "WHERE {})",
                   steps.ColumnList(steps.model().unique_key, "t"), parts.table, parts.to, parts.source, same);
}

// All rows of these keys, as they are to be.
std::string DeltaQuery(const StepWriter& steps, const ScdRules& rules, const Parts& parts,
                       const std::string& replaced) {
  const std::vector<std::string>& key = steps.model().unique_key;
  const std::vector<std::string> columns = QueryColumns(steps.model());
  const std::string history = fmt::format(
      "SELECT {}, t.{}, CASE WHEN t.{} IS NULL THEN {} ELSE t.{} END AS {}\nFROM {} AS t\nJOIN {} AS r ON {}\nLEFT "
      "JOIN {} AS s ON {}",
      steps.ColumnList(columns, "t"), parts.from, parts.to, rules.ends, parts.to, parts.to, parts.table, replaced,
      steps.SameKey(key, "r", "t"), parts.source, steps.SameKey(key, "s", "t"));
  const std::string open = fmt::format(
      "SELECT {0}, CASE WHEN o.wapc__open > 0 THEN {1} WHEN o.wapc__closed IS NOT NULL THEN {2} ELSE {3} END AS {4}, "
      "{5} AS {6}\nFROM {7} AS s\nJOIN {8} AS r ON {9}\nLEFT JOIN (SELECT {10}, count(*) - count(t.{6}) AS wapc__open, "
      "max(t.{6}) AS wapc__closed FROM {11} AS t GROUP BY {10}) AS o ON {12}",
      steps.ColumnList(columns, "s"), rules.restarts, rules.returns, rules.begins, parts.from, ScdMoment(steps, "NULL"),
      parts.to, parts.source, replaced, steps.SameKey(key, "r", "s"), steps.ColumnList(key, "t"), parts.table,
      steps.SameKey(key, "o", "s"));
  return history + "\nUNION ALL\n" + open;
}

}  // namespace

std::string ScdMoment(const StepWriter& steps, const std::string& expr) {
  return fmt::format("CAST({} AS {})", expr,
                     TypeInDialect(steps.model().properties.time_type, steps.project().config.target()));
}

std::string ScdNow(const StepWriter& steps) {
  const RuntimeVariable now{RuntimeVariable::Moment::kExecution, FormOf(steps.model().properties.time_type)};
  return ScdMoment(steps, RuntimeTemplate(now, "@{execution_ts}"));
}

std::string ScdEpoch(const StepWriter& steps) {
  const RuntimeVariable start{RuntimeVariable::Moment::kStart, FormOf(steps.model().properties.time_type)};
  return ScdMoment(steps, RuntimeLiteral(start, 0));
}

void CreateScd(StepWriter& steps, const ScdRules& rules) {
  const KindProperties& properties = steps.model().properties;
  steps.AddBuild("create", fmt::format("CREATE TABLE {} AS\nSELECT {}, {} AS {}, {} AS {}\nFROM (\n{}\n) AS s",
                                       steps.Relation(steps.planned().relation),
                                       steps.ColumnList(QueryColumns(steps.model()), "s"), rules.first,
                                       steps.Name(properties.valid_from), ScdMoment(steps, "NULL"),
                                       steps.Name(properties.valid_to), SourceQuery(steps)));
}

void MoveScd(StepWriter& steps, const ScdRules& rules) {
  const RelationName delta = steps.Delta();
  const RelationName replaced = steps.Aside("replaced");
  const RelationName source = steps.Aside("source");
  const KindProperties& properties = steps.model().properties;
  const Parts parts{steps.Relation(steps.planned().relation), steps.Relation(source), steps.Name(properties.valid_from),
                    steps.Name(properties.valid_to)};
  steps.AddBuild("source", fmt::format("CREATE TABLE {} AS\n{}", parts.source, SourceQuery(steps)));
  steps.AddBuild("replaced",
                 fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(replaced), ReplacedQuery(steps, rules, parts)));
  steps.AddBuild("delta", fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(delta),
                                      DeltaQuery(steps, rules, parts, steps.Relation(replaced))));
  steps.planned().temporary = {steps.planned().candidate, source, replaced, delta};
  steps.MoveByKeys(delta, replaced, steps.model().unique_key);
}

}  // namespace wapc::compiler

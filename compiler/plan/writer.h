#ifndef WAPC_COMPILER_PLAN_WRITER_H_
#define WAPC_COMPILER_PLAN_WRITER_H_

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/changes.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// Writes the statements of one model into its entry of the plan; what the kinds share. Texts are templates
/// (runtime/plan.h). In statements over the model's own table the alias is "t".
class StepWriter {
 public:
  /// `parent_delta` is the delta of the model's parent in this plan (empty name: none).
  StepWriter(const Project& project, const Model& model, const ModelChange& change,
             const runtime::RelationName& parent_delta, runtime::PlanModel& planned)
      : project_(project), model_(model), change_(change), parent_delta_(parent_delta), planned_(planned) {}

  const Project& project() const { return project_; }
  const Model& model() const { return model_; }
  const ModelChange& change() const { return change_; }
  const runtime::RelationName& parent_delta() const { return parent_delta_; }
  runtime::PlanModel& planned() { return planned_; }
  const runtime::PlanModel& planned() const { return planned_; }

  /// Statements in the order in which they run; `name` ends their id in the journal.
  void AddBuild(std::string_view name, std::string sql, std::vector<runtime::Batch> batches = {runtime::Batch{}});
  void AddPublish(std::string_view name, std::string sql);
  void AddUndo(std::string_view name, std::string sql);

  /// Runs user statements as part of the build; `@this_model` is the physical relation.
  void AddHooks(const std::vector<HookStatement>& hooks);
  /// The same in the publish, for statements that follow the new rows.
  void PublishHooks(const std::vector<HookStatement>& hooks);

  /// A relation that exists only until the publish, named after the candidate and its role.
  runtime::RelationName Aside(std::string_view role) const;
  /// The relation that holds the new rows of this plan.
  runtime::RelationName Delta() const { return Aside("delta"); }

  /// What is to happen with the rows of the table once `delta` is there.
  /// Rows that meet `goes` (empty: none do) are replaced by those of the delta. `added` tells after the publish which
  /// rows the delta brought.
  void Move(const runtime::RelationName& delta, const std::string& goes, const std::string& added);
  /// Rows whose `key` is in the relation `keys` are replaced. A copy of the keys is kept for undoing it.
  void MoveByKeys(const runtime::RelationName& delta, const runtime::RelationName& keys,
                  const std::vector<std::string>& key);

  /// Keeps the rows of a query, from the publish on, until the move can no longer be undone.
  runtime::RelationName Keep(std::string_view role, const std::string& query);
  /// Whether the key of a row of the table is in a relation.
  std::string InKeys(const runtime::RelationName& keys, const std::vector<std::string>& key) const;

  /// An empty table with the model's columns.
  void CreateEmpty(std::string_view name, const runtime::RelationName& relation);
  /// "\nINSERT INTO relation ... rows".
  std::string InsertRows(const runtime::RelationName& relation, const std::string& rows) const;
  /// Delta() of all rows that the query gives, of new loads where the model has a load column; or another relation.
  void MakeDelta() { MakeRows("delta", Delta()); }
  void MakeRows(std::string_view name, const runtime::RelationName& relation);

  /// The model's query, and the same with its columns in their order, open for a condition on "q".
  std::string Query() const;
  std::string Rows() const;

  std::string Name(std::string_view name) const;
  std::string Relation(const runtime::RelationName& name) const;
  std::vector<std::string> ColumnNames() const;
  /// "t.a, t.b"; without an alias "a, b".
  std::string ColumnList(const std::vector<std::string>& names, std::string_view alias) const;
  /// Whether two rows have one key; NULL equals NULL.
  std::string SameKey(const std::vector<std::string>& key, std::string_view left, std::string_view right) const;
  /// Whether two values are the same; NULL is the same as NULL. In a form that the engine can hash.
  std::string SameValue(const std::string& left, const std::string& right) const;
  /// A value of a column in a form that can be compared and ordered: json, which cannot everywhere, as text.
  std::string Comparable(const std::string& expr, std::string_view column) const;
  /// The columns in that form under their names, and columns of that form as they were.
  std::string ComparableList(std::string_view alias) const;
  std::string RestoredList(std::string_view alias) const;
  /// "\nWHERE q.load IN (...)": rows of complete loads that the table does not hold yet; empty for a model without
  /// them.
  std::string NewLoadsFilter() const;

 private:
  std::string StepId(std::string_view phase, std::string_view name) const;

  const Project& project_;
  const Model& model_;
  const ModelChange& change_;
  const runtime::RelationName& parent_delta_;
  runtime::PlanModel& planned_;
  int statements_ = 0;
};

/// What most kinds do at first: a table of all rows that the query gives. One that reads itself begins empty.
void CreateTable(StepWriter& steps);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_WRITER_H_

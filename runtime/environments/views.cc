#include "runtime/environments/views.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace wapc::runtime {
namespace {

bool SameColumns(const EnvironmentModel& a, const EnvironmentModel& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const PlanColumn& x, const PlanColumn& y) { return x.name == y.name; });
}

std::string CommentText(const Warehouse& warehouse, const std::string& text) {
  return text.empty() ? "NULL" : warehouse.Literal(text);
}

base::Status Comment(Warehouse& warehouse, const EnvironmentModel& model) {
  const std::string view = warehouse.Quote(model.view);
  std::string sql =
      "COMMENT ON VIEW " + view + " IS " + CommentText(warehouse, MetadataField(model.metadata, "description")) + ";\n";
  for (const PlanColumn& column : model.columns) {
    sql += "COMMENT ON COLUMN " + view + "." + warehouse.Quote(column.name) + " IS " +
           CommentText(warehouse, column.description) + ";\n";
  }
  return warehouse.Execute(sql);
}

std::vector<std::string> Readers(const EnvironmentModel& model) {
  std::vector<std::string> roles;
  std::istringstream lines(MetadataField(model.metadata, "grants"));
  for (std::string role; std::getline(lines, role);) roles.push_back(role);
  return roles;
}

/// Readers' rights, where they differ or the view is made anew; plans give them only to engines with roles.
base::Status Grant(Warehouse& warehouse, const EnvironmentModel* before, const EnvironmentModel& after) {
  if (warehouse.dialect() != "postgres") return {};
  std::string sql;
  const std::string view = warehouse.Quote(after.view);
  const std::vector<std::string> readers = Readers(after);
  for (const std::string& role : readers) {
    sql += "GRANT USAGE ON SCHEMA " + warehouse.Quote(after.view.schema) + " TO " + warehouse.Quote(role) +
           ";\nGRANT SELECT ON " + view + " TO " + warehouse.Quote(role) + ";\n";
  }
  for (const std::string& role : before == nullptr ? std::vector<std::string>() : Readers(*before)) {
    if (std::find(readers.begin(), readers.end(), role) != readers.end()) continue;
    sql += "REVOKE SELECT ON " + view + " FROM " + warehouse.Quote(role) + ";\n";
  }
  return sql.empty() ? base::Status() : warehouse.Execute(sql);
}

Warehouse::ViewSwap SwapOf(const EnvironmentModel& model) {
  Warehouse::ViewSwap swap{.view = model.view, .relation = model.build.relation};
  for (const PlanColumn& column : model.columns) {
    swap.columns.push_back(column.name);
    swap.types.push_back(column.engine_type);
  }
  return swap;
}

}  // namespace

base::Result<int64_t> SwitchViews(Warehouse& warehouse, const EnvironmentRecord& before,
                                  const EnvironmentRecord& after) {
  Warehouse::ViewChange change;
  std::vector<const EnvironmentModel*> changed;
  for (const auto& [name, model] : before.models) {
    change.own.push_back(model.view);
    const auto now = after.models.find(name);
    if (now == after.models.end() || now->second.view != model.view) change.drops.push_back(model.view);
  }
  for (const auto& [name, model] : after.models) {
    const auto was = before.models.find(name);
    const bool same = was != before.models.end() && was->second.view == model.view &&
                      was->second.build.relation == model.build.relation && SameColumns(was->second, model);
    if (!same) change.swaps.push_back(SwapOf(model));
    if (!same || was->second.metadata != model.metadata) changed.push_back(&model);
  }
  if (auto status = warehouse.ChangeViews(change); !status) return status.error();
  for (const EnvironmentModel* model : changed) {
    const auto was = before.models.find(model->model);
    const EnvironmentModel* const old = was == before.models.end() ? nullptr : &was->second;
    if (auto status = Grant(warehouse, old, *model); !status) return status.error();
    if (!warehouse.capabilities().comments) continue;
    if (auto status = Comment(warehouse, *model); !status) return status.error();
  }
  return static_cast<int64_t>(change.swaps.size() + change.drops.size());
}

}  // namespace wapc::runtime

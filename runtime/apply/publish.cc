#include "runtime/apply/publish.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/apply/attempt.h"
#include "runtime/apply/extend.h"
#include "runtime/apply/guard.h"
#include "runtime/apply/prepare.h"
#include "runtime/apply/record.h"
#include "runtime/apply/steps.h"
#include "runtime/apply/views.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

/// What a CREATE VIEW says after its first words, which differ between build and publish.
std::string_view ViewBody(std::string_view sql) {
  for (const std::string_view prefix : {"CREATE OR REPLACE VIEW ", "CREATE VIEW "}) {
    if (sql.starts_with(prefix)) return sql.substr(prefix.size());
  }
  return sql;
}

/// Whether a VIEW was built over the very relations that it is published over.
base::Result<bool> IsFinal(const Run& run, const PlanModel& model) {
  if (model.build.size() != model.publish.size()) return false;
  for (size_t i = 0; i < model.build.size(); ++i) {
    const auto built = Resolve(run, model.build[i].sql);
    if (!built) return built.error();
    const auto published = Resolve(run, model.publish[i].sql);
    if (!published) return published.error();
    if (ViewBody(*built) != ViewBody(*published)) return false;
  }
  return true;
}

/// First rows that move in place, then the physical views over them.
base::Status MoveRows(Run& run) {
  for (const bool views : {false, true}) {
    for (const ModelRun& entry : run.models) {
      const PlanModel& model = *entry.model;
      if (entry.fate != Fate::kDone || model.publish.empty() || (model.action == Action::kView) != views) continue;
      if (views) {
        const auto is_final = IsFinal(run, model);
        if (!is_final) return Because("publishing model " + model.model, is_final.error());
        if (*is_final) continue;
      }
      if (auto status = RunSteps(run, run.warehouse, model.publish, "publishing model " + model.model); !status)
        return status;
    }
  }
  return {};
}

base::Status MoveViews(Run& run) {
  const Warehouse::ViewChange change = ViewChangeOf(run, false);
  if (auto status = run.warehouse.ChangeViews(change); !status) return Because("publishing the views", status.error());
  run.report.views = static_cast<int64_t>(change.swaps.size());
  return {};
}

std::string CommentText(const Run& run, const std::string& text) {
  return text.empty() ? "NULL" : run.warehouse.Literal(text);
}

/// Whether the environment's view may carry a comment on a column already.
bool HadComment(const ModelRun& entry, const std::string& column) {
  return entry.served != nullptr &&
         std::any_of(entry.served->columns.begin(), entry.served->columns.end(),
                     [&](const PlanColumn& served) { return served.name == column && !served.description.empty(); });
}

/// What readers' tools show beside a view and its columns. A comment that is gone is taken away.
base::Status Comment(Run& run) {
  if (!run.warehouse.capabilities().comments) return {};
  for (const ModelRun& entry : run.models) {
    const PlanModel& model = *entry.model;
    const bool touched = NeedsSwap(entry) || model.action == Action::kMetadata;
    if (entry.fate != Fate::kDone || model.action == Action::kRemove || !touched) continue;
    const std::string view = run.warehouse.Quote(model.view);
    std::string sql;
    if (!model.description.empty() || entry.served != nullptr) {
      sql += "COMMENT ON VIEW " + view + " IS " + CommentText(run, model.description) + ";\n";
    }
    for (const PlanColumn& column : model.columns) {
      if (column.description.empty() && !HadComment(entry, column.name)) continue;
      sql += "COMMENT ON COLUMN " + view + "." + run.warehouse.Quote(column.name) + " IS " +
             CommentText(run, column.description) + ";\n";
    }
    if (sql.empty()) continue;
    if (auto status = run.warehouse.Execute(sql); !status) return Because("commenting " + model.model, status.error());
  }
  return {};
}

/// The user's statements for readers' views, as grants are; they run whenever a view is pointed elsewhere.
base::Status RunAfterViews(Run& run) {
  for (const ModelRun& entry : run.models) {
    const PlanModel& model = *entry.model;
    const bool touched = NeedsSwap(entry) || model.action == Action::kMetadata;
    if (entry.fate != Fate::kDone || model.action == Action::kRemove || !touched) continue;
    if (auto status = RunSteps(run, run.warehouse, model.after_views, "model " + model.model); !status) return status;
  }
  return {};
}

base::Status CheckFence(Run& run) {
  if (auto status = CheckLease(run); !status) return status;
  const auto structure = StructureVersion(run);
  if (!structure) return structure.error();
  return CheckStructure(run, *structure);
}

}  // namespace

base::Status Publish(Run& run) {
  if (auto status = AwaitOldReaders(run); !status) return status;
  return InTransaction(run.warehouse, [&]() -> base::Status {
    for (base::Status (*step)(Run&) : {CheckFence, CheckNothingIsTakenAway, CheckGuards, MoveRows, MoveViews, Comment,
                                       RunAfterViews, RecordPublish}) {
      if (auto status = step(run); !status) return status;
    }
    return {};
  });
}

}  // namespace wapc::runtime

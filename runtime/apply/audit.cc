#include "runtime/apply/audit.h"

#include <string>
#include <utility>

#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

/// Counts first: a query that only counts reads the columns that the audit looks at and no other, and most find
/// nothing.
base::Status RunAudit(Run& run, const PlanAudit& audit, AuditFailure& result) {
  const auto sql = ResolveTemplate(audit.sql, run.values);
  if (!sql) return sql.error();
  // The newline ends a comment that the audit's text may close with.
  const std::string from = " FROM (" + *sql + "\n) AS audit";
  auto count = run.warehouse.Query("SELECT count(*)" + from);
  if (!count) return count.error();
  result.failing_rows = CellNumber(count->rows.at(0).at(0));
  if (result.failing_rows == 0 || run.options.sample_rows <= 0) return {};
  auto sample = run.warehouse.Query("SELECT *" + from + " LIMIT " + std::to_string(run.options.sample_rows));
  if (!sample) return sample.error();
  result.sample = std::move(*sample);
  return {};
}

std::string ResultRow(const Run& run, const ModelRun& entry, const PlanAudit& audit, int64_t failing_rows) {
  SqlRow row(run.warehouse);
  row.Text(run.options.sha256).Number(run.attempt.number).Text(entry.model->model).Text(entry.build_id);
  row.Text(audit.name).Text(audit.digest).Truth(audit.blocking).Number(failing_rows).Raw("now()");
  return row.text();
}

base::Status AuditModel(Run& run, ModelRun& entry, std::vector<std::string>& results) {
  const PlanModel& model = *entry.model;
  for (const PlanAudit& audit : model.audits) {
    AuditFailure result{.model = model.model, .audit = audit.name, .blocking = audit.blocking};
    if (auto status = RunAudit(run, audit, result); !status) {
      return Because("model " + model.model + ", audit " + audit.name, status.error());
    }
    ++run.report.audits;
    results.push_back(ResultRow(run, entry, audit, result.failing_rows));
    if (result.failing_rows == 0) continue;
    if (audit.blocking) entry.fate = Fate::kFailed;
    run.report.failures.push_back(std::move(result));
  }
  return {};
}

}  // namespace

base::Status AuditModels(Run& run, const std::vector<ModelRun*>& entries) {
  std::vector<std::string> results;
  for (ModelRun* entry : entries) {
    if (auto status = AuditModel(run, *entry, results); !status) return status;
    ++run.done;
    Tell(run, Progress::Kind::kAudited, entry->model->model);
  }
  return InsertRows(run.warehouse, "wapc.audit_results", results);
}

}  // namespace wapc::runtime

#include "runtime/apply/audit.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/audits.h"
#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

/// So many failing rows of one audit are kept for `wapc audit --failures`.
constexpr int kKeptRows = 100;

std::string ResultRow(const Run& run, const ModelRun& entry, const PlanAudit& audit, int64_t failing_rows) {
  SqlRow row(run.warehouse);
  row.Text(run.options.sha256).Number(run.attempt.number).Text(entry.model->model).Text(entry.build_id);
  row.Text(audit.name).Text(audit.digest).Truth(audit.blocking).Number(failing_rows).Raw("now()");
  return row.text();
}

/// The rows of one run of the audits, as they go into state.
struct Kept {
  std::vector<std::string> results;
  std::vector<std::string> failures;
  std::vector<std::string> models;
};

void KeepRows(const Run& run, const AuditFailure& failure, Kept& kept) {
  for (size_t i = 0; i < failure.sample.rows.size(); ++i) {
    SqlRow row(run.warehouse);
    row.Text(run.plan.environment).Text(failure.model).Text(failure.audit).Truth(failure.blocking);
    row.Number(failure.failing_rows).Number(static_cast<int64_t>(i) + 1).Text(RowToJson(failure.sample, i));
    row.Text(run.options.sha256).Raw("now()");
    kept.failures.push_back(row.text());
  }
}

base::Status AuditModel(Run& run, ModelRun& entry, Kept& kept) {
  const PlanModel& model = *entry.model;
  if (model.audits.empty()) return {};
  auto counts = CountFailing(run.warehouse, model, run.values);
  if (!counts) return counts.error();
  kept.models.push_back(model.model);
  for (size_t i = 0; i < model.audits.size(); ++i) {
    const PlanAudit& audit = model.audits[i];
    const int64_t failing = counts->failing[i];
    ++run.report.audits;
    kept.results.push_back(ResultRow(run, entry, audit, failing));
    if (IsPassed(audit, failing, counts->rows)) continue;
    AuditFailure failure{
        .model = model.model, .audit = audit.name, .blocking = audit.blocking, .failing_rows = failing};
    auto sample = FailingRows(run.warehouse, model, audit, run.values, std::max(kKeptRows, run.options.sample_rows));
    if (!sample) return sample.error();
    failure.sample = std::move(*sample);
    KeepRows(run, failure, kept);
    const auto shown = static_cast<size_t>(std::max(0, run.options.sample_rows));
    if (failure.sample.rows.size() > shown) failure.sample.rows.resize(shown);
    if (audit.blocking) entry.fate = Fate::kFailed;
    run.report.failures.push_back(std::move(failure));
  }
  return {};
}

/// Only the failures of a model's last audits are kept. The table is made by the first that finds something.
base::Status KeepFailures(Run& run, const Kept& kept) {
  const auto found = run.warehouse.Find(kFailuresTable);
  if (!found) return found.error();
  if (!found->has_value() && kept.failures.empty()) return {};
  if (!found->has_value()) {
    auto made = run.warehouse.Execute(
        "CREATE TABLE wapc.audit_failures (environment text NOT NULL, model text NOT NULL, audit text NOT NULL, "
        "blocking boolean NOT NULL, failing_rows bigint NOT NULL, row_number bigint NOT NULL, failing_row text NOT "
        "NULL, "
        "plan_sha256 text NOT NULL, checked_at timestamptz NOT NULL)");
    if (!made) return made;
  }
  auto cleared = run.warehouse.Execute(
      "DELETE FROM wapc.audit_failures WHERE environment = " + run.warehouse.Literal(run.plan.environment) +
      " AND model IN " + InList(run.warehouse, kept.models));
  if (!cleared) return cleared;
  return InsertRows(run.warehouse, "wapc.audit_failures", kept.failures);
}

}  // namespace

base::Status AuditModels(Run& run, const std::vector<ModelRun*>& entries) {
  Kept kept;
  for (ModelRun* entry : entries) {
    if (auto status = AuditModel(run, *entry, kept); !status) return status;
    ++run.done;
    Tell(run, Progress::Kind::kAudited, entry->model->model);
  }
  if (kept.models.empty()) return {};
  if (auto status = KeepFailures(run, kept); !status) return Because("keeping failing rows", status.error());
  return InsertRows(run.warehouse, "wapc.audit_results", kept.results);
}

}  // namespace wapc::runtime

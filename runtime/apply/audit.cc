#include "runtime/apply/audit.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/apply/retry.h"
#include "runtime/apply/steps.h"
#include "runtime/audits.h"
#include "runtime/sql_text.h"
#include "runtime/transaction.h"

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

/// What templates stand for, with the bounds of what the model's steps fill.
std::shared_ptr<const TemplateValues> AuditValues(const Run& run, const PlanModel& model) {
  Batch all;
  for (const Step& step : model.build) {
    for (const Batch& batch : step.batches) {
      if (batch.start == batch.end) continue;
      if (all.start.empty() || batch.start < all.start) all.start = batch.start;
      if (batch.end > all.end) all = {all.start, batch.end, batch.last};
    }
  }
  if (all.start.empty()) return Values(run);
  auto values = std::make_shared<TemplateValues>(*Values(run));
  for (auto& [key, value] : BatchValues(run.warehouse, all)) values->insert_or_assign(key, value);
  return values;
}

/// The audits of one model. What it found goes to `kept` and `out` only when all of them could be run.
base::Status AuditModel(Run& run, Warehouse& warehouse, const ModelRun& entry, Kept& kept, AuditOutcome& out) {
  const PlanModel& model = *entry.model;
  if (model.audits.empty()) return {};
  const auto values = AuditValues(run, model);
  auto counts = run.watch.Watched(warehouse, [&] { return CountFailing(warehouse, model, *values); });
  if (!counts) return counts.error();
  std::vector<AuditFailure> failures;
  for (size_t i = 0; i < model.audits.size(); ++i) {
    const PlanAudit& audit = model.audits[i];
    if (IsPassed(audit, counts->failing[i], counts->rows)) continue;
    AuditFailure failure{
        .model = model.model, .audit = audit.name, .blocking = audit.blocking, .failing_rows = counts->failing[i]};
    const int limit = std::max(kKeptRows, run.options.sample_rows);
    auto sample = run.watch.Watched(warehouse, [&] { return FailingRows(warehouse, model, audit, *values, limit); });
    if (!sample) return sample.error();
    failure.sample = std::move(*sample);
    failures.push_back(std::move(failure));
  }
  kept.models.push_back(model.model);
  for (size_t i = 0; i < model.audits.size(); ++i) {
    ++out.audits;
    kept.results.push_back(ResultRow(run, entry, model.audits[i], counts->failing[i]));
  }
  for (AuditFailure& failure : failures) {
    KeepRows(run, failure, kept);
    const auto shown = static_cast<size_t>(std::max(0, run.options.sample_rows));
    if (failure.sample.rows.size() > shown) failure.sample.rows.resize(shown);
    out.failures.push_back(std::move(failure));
  }
  return {};
}

/// Only the failures of a model's last audits are kept. The table is made by the first that finds something.
base::Status KeepFailures(const Run& run, Warehouse& warehouse, const Kept& kept) {
  const auto found = warehouse.Find(kFailuresTable);
  if (!found) return found.error();
  if (!found->has_value() && kept.failures.empty()) return {};
  if (!found->has_value()) {
    auto made = warehouse.Execute(
        "CREATE TABLE wapc.audit_failures (environment text NOT NULL, model text NOT NULL, audit text NOT NULL, "
        "blocking boolean NOT NULL, failing_rows bigint NOT NULL, row_number bigint NOT NULL, failing_row text NOT "
        "NULL, "
        "plan_sha256 text NOT NULL, checked_at timestamptz NOT NULL)");
    if (!made) return made;
  }
  auto cleared = warehouse.Execute(
      "DELETE FROM wapc.audit_failures WHERE environment = " + warehouse.Literal(run.plan.environment) +
      " AND model IN " + InList(warehouse, kept.models));
  if (!cleared) return cleared;
  return InsertRows(warehouse, "wapc.audit_failures", kept.failures);
}

}  // namespace

base::Result<AuditOutcome> AuditModels(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries) {
  AuditOutcome out;
  Kept kept;
  for (const ModelRun* const entry : entries) {
    if (auto status = AuditModel(run, warehouse, *entry, kept, out); !status) {
      out.errors.emplace(entry->model->model, status.error());
    }
  }
  if (kept.models.empty()) return out;
  auto status = Retried(warehouse, [&] {
    return InTransaction(warehouse, [&]() -> base::Status {
      if (auto rows = KeepFailures(run, warehouse, kept); !rows) return Because("keeping failing rows", rows.error());
      return InsertRows(warehouse, "wapc.audit_results", kept.results);
    });
  });
  if (!status) return status.error();
  return out;
}

}  // namespace wapc::runtime

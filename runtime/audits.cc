#include "runtime/audits.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

base::Error Named(const PlanModel& model, const PlanAudit& audit, const base::Error& error) {
  return {error.kind, "model " + model.model + ", audit " + audit.name + ": " + error.message};
}

/// The audit's query as a relation. The newline ends a comment that its text may close with.
base::Result<std::string> AuditRelation(const PlanModel& model, const PlanAudit& audit, const TemplateValues& values) {
  auto sql = ResolveTemplate(audit.sql, values);
  if (!sql) return Named(model, audit, sql.error());
  return " FROM (" + *sql + "\n) AS audit";
}

base::Result<int64_t> CountOne(Warehouse& warehouse, const PlanModel& model, const PlanAudit& audit,
                               const TemplateValues& values) {
  const auto from = AuditRelation(model, audit, values);
  if (!from) return from.error();
  auto count = warehouse.Query("SELECT count(*)" + *from);
  if (!count) return Named(model, audit, count.error());
  return CellNumber(count->rows.at(0).at(0));
}

/// The audits that are counted together, as one SELECT list. A single one reads no more than its query does.
base::Result<Rows> CountTogether(Warehouse& warehouse, const PlanModel& model, const std::vector<size_t>& together,
                                 bool with_rows, const TemplateValues& values) {
  std::string sql = with_rows ? "SELECT count(*)" : "";
  for (const size_t i : together) {
    sql += sql.empty() ? "SELECT " : ",\n  ";
    sql += model.audits[i].count;
  }
  const auto resolved = ResolveTemplate(sql + "\nFROM @{rel:" + model.model + "} AS this_model", values);
  if (!resolved) return resolved.error();
  return warehouse.Query(*resolved);
}

std::vector<size_t> Together(const PlanModel& model) {
  std::vector<size_t> out;
  for (size_t i = 0; i < model.audits.size(); ++i) {
    if (!model.audits[i].count.empty()) out.push_back(i);
  }
  return out;
}

}  // namespace

base::Result<AuditCounts> CountFailing(Warehouse& warehouse, const PlanModel& model, const TemplateValues& values) {
  AuditCounts out;
  out.failing.resize(model.audits.size(), -1);
  const std::vector<size_t> together = Together(model);
  const bool with_rows =
      std::any_of(model.audits.begin(), model.audits.end(), [](const PlanAudit& audit) { return audit.max_share > 0; });
  if (!together.empty() || with_rows) {
    const auto rows = CountTogether(warehouse, model, together, with_rows, values);
    if (!rows && with_rows) {
      return base::Error{rows.error().kind,
                         "model " + model.model + ", counting for its audits: " + rows.error().message};
    }
    for (size_t i = 0; rows && i < together.size(); ++i) {
      out.failing[together[i]] = CellNumber(rows->rows.at(0).at(i + (with_rows ? 1 : 0)));
    }
    if (rows && with_rows) out.rows = CellNumber(rows->rows.at(0).at(0));
  }
  for (size_t i = 0; i < model.audits.size(); ++i) {
    if (out.failing[i] >= 0) continue;
    const auto count = CountOne(warehouse, model, model.audits[i], values);
    if (!count) return count.error();
    out.failing[i] = *count;
  }
  return out;
}

bool IsPassed(const PlanAudit& audit, int64_t failing, int64_t rows) {
  if (failing <= audit.max_rows) return true;
  return static_cast<double>(failing) <= audit.max_share * static_cast<double>(rows);
}

base::Result<Rows> FailingRows(Warehouse& warehouse, const PlanModel& model, const PlanAudit& audit,
                               const TemplateValues& values, int limit) {
  const auto from = AuditRelation(model, audit, values);
  if (!from) return from.error();
  auto rows = warehouse.Query("SELECT *" + *from + " LIMIT " + std::to_string(limit));
  if (!rows) return Named(model, audit, rows.error());
  return rows;
}

std::string RowToJson(const Rows& rows, size_t row) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    const auto& cell = rows.rows.at(row).at(i);
    out[rows.columns[i]] = cell ? nlohmann::ordered_json(*cell) : nlohmann::ordered_json();
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

base::Result<AuditReport> AuditServed(Warehouse& warehouse, const EnvironmentRecord& environment,
                                      const std::vector<PlanModel>& models, const std::string& execution_ts,
                                      int sample_rows) {
  TemplateValues values{{"at", "@"}};
  PutMoment(values, warehouse, "execution_ts", execution_ts);
  for (const auto& [name, served] : environment.models) {
    const std::string relation = warehouse.Quote(served.build.relation);
    for (const char* const word : {"rel:", "served:", "table:"}) values[word + name] = relation;
  }
  AuditReport out;
  for (const PlanModel& model : models) {
    for (const std::string& dataset : model.datasets) {
      values["loads:" + dataset] =
          "(SELECT * FROM " + warehouse.Quote(RelationName{dataset, "_dlt_loads"}) + " WHERE status = 0)";
    }
    const auto counts = CountFailing(warehouse, model, values);
    if (!counts) return counts.error();
    ++out.models;
    for (size_t i = 0; i < model.audits.size(); ++i) {
      const PlanAudit& audit = model.audits[i];
      ++out.audits;
      if (IsPassed(audit, counts->failing[i], counts->rows)) {
        out.passed.emplace_back(model.model, audit.name);
        continue;
      }
      auto sample = FailingRows(warehouse, model, audit, values, sample_rows);
      if (!sample) return sample.error();
      out.failures.push_back({model.model, audit.name, audit.blocking, counts->failing[i], std::move(*sample)});
    }
  }
  std::stable_partition(out.failures.begin(), out.failures.end(),
                        [](const AuditFailure& failure) { return failure.blocking; });
  return out;
}

}  // namespace wapc::runtime

#include "runtime/apply/dry_run.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "runtime/apply/prepare.h"
#include "runtime/apply/steps.h"

namespace wapc::runtime {
namespace {

bool StartsWithAny(std::string_view sql, const auto& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return sql.starts_with(word); });
}

bool IsCreateTableAs(std::string_view sql) {
  if (!sql.starts_with("CREATE TABLE ")) return false;
  return sql.find(" AS\n") != std::string_view::npos || sql.find(" AS SELECT ") != std::string_view::npos;
}

class Rehearsal {
 public:
  explicit Rehearsal(Run& run) : run_(run) {}

  base::Status Play() {
    for (const std::string& schema : run_.plan.schemas) {
      auto made = run_.warehouse.Execute("CREATE SCHEMA IF NOT EXISTS " + run_.warehouse.Quote(schema));
      if (!made) return Because("schema " + schema, made.error());
    }
    for (const PlanLoads& loads : run_.plan.loads) {
      if (auto status = Check(loads.freeze, "freezing the loads of " + loads.dataset); !status) return status;
    }
    for (const ModelRun& entry : run_.models) {
      if (auto status = CheckModel(entry); !status) return status;
    }
    // Only now, as in an apply: rows move once everything is built.
    for (const ModelRun& entry : run_.models) {
      for (const Step& step : entry.model->publish) {
        if (auto status = Check(step, "publishing model " + entry.model->model); !status) return status;
      }
    }
    return {};
  }

 private:
  base::Status CheckModel(const ModelRun& entry) {
    const PlanModel& model = *entry.model;
    if (!entry.standing) {
      for (const Step& step : model.build) {
        if (auto status = Check(step, "model " + model.model); !status) return status;
      }
    }
    for (const PlanAudit& audit : model.audits) {
      const std::string what = "model " + model.model + ", audit " + audit.name;
      const auto sql = Resolve(run_, audit.sql);
      if (!sql) return Because(what, sql.error());
      if (auto status = Explain("SELECT count(*) FROM (" + *sql + "\n) AS audit"); !status) {
        return Because(what, status.error());
      }
    }
    return {};
  }

  base::Status Check(const Step& step, const std::string& model) {
    constexpr std::array<std::string_view, 2> kViews{"CREATE VIEW ", "CREATE OR REPLACE VIEW "};
    constexpr std::array<std::string_view, 6> kRows{"INSERT ", "DELETE ", "UPDATE ", "MERGE ", "SELECT ", "WITH "};
    const std::string what = model + ", step " + step.id;
    const Batch batch = step.batches.empty() ? Batch{} : step.batches.front();
    const auto sql = Resolve(run_, step.sql, BatchValues(run_.warehouse, batch));
    if (!sql) return Because(what, sql.error());
    base::Status status;
    if (IsCreateTableAs(*sql)) {
      status = Do(*sql + "\nWITH NO DATA");
    } else if (StartsWithAny(*sql, kViews)) {
      status = Do(*sql);
    } else if (StartsWithAny(*sql, kRows)) {
      status = Explain(*sql);
    } else {
      ++run_.report.unchecked;
    }
    return status ? status : Because(what, status.error());
  }

  base::Status Do(const std::string& sql) {
    ++run_.report.checked;
    return run_.warehouse.Execute(sql);
  }

  base::Status Explain(const std::string& sql) {
    ++run_.report.checked;
    auto rows = run_.warehouse.Query("EXPLAIN " + sql);
    return rows ? base::Status() : rows.error();
  }

  Run& run_;
};

/// Without state there is no table of recorded loads to name.
void NothingRecorded(Run& run) {
  TemplateValues values = *run.values;
  for (auto& [key, value] : values) {
    if (!key.starts_with("recorded:")) continue;
    value = "(SELECT CAST(NULL AS text) AS schema_name, CAST(NULL AS text) AS load_id WHERE false)";
  }
  run.values = std::make_shared<const TemplateValues>(std::move(values));
}

}  // namespace

base::Status DryRun(Run& run, bool has_state) {
  run.attempt.execution_ts = "2000-01-01 00:00:00.000000+00";
  PrepareValues(run);
  if (!has_state) NothingRecorded(run);
  if (auto status = run.warehouse.Begin(); !status) return status;
  auto status = Rehearsal(run).Play();
  run.warehouse.Rollback();
  return status;
}

}  // namespace wapc::runtime

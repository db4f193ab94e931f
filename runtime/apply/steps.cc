#include "runtime/apply/steps.h"

#include <algorithm>
#include <utility>

#include "runtime/apply/attempt.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

base::Status ReadFrozen(Run& run, const PlanLoads& loads) {
  auto rows = run.warehouse.Query("SELECT DISTINCT COALESCE(schema_name, ''), load_id FROM " +
                                  run.warehouse.Quote(loads.snapshot) + " WHERE status = 0");
  if (!rows) return Because("reading the frozen loads of " + loads.dataset, rows.error());
  std::vector<LoadId>& frozen = run.frozen[loads.dataset];
  frozen.clear();
  for (auto& row : rows->rows) frozen.push_back({row[0].value_or(""), row[1].value_or("")});
  std::sort(frozen.begin(), frozen.end());
  return {};
}

base::Status FreezeDataset(Run& run, const PlanLoads& loads) {
  const std::string what = "freezing the loads of " + loads.dataset;
  return InTransaction(run.warehouse, [&]() -> base::Status {
    if (auto status = DropRelations(run.warehouse, {loads.snapshot}); !status) return status;
    if (auto status = RunSteps(run, run.warehouse, {loads.freeze}, what); !status) return status;
    return AddJournal(run.warehouse, {JournalRow(run, "loads:" + loads.dataset, {loads.snapshot})});
  });
}

}  // namespace

TemplateValues BatchValues(const Warehouse& warehouse, const Batch& batch) {
  TemplateValues values;
  if (batch.start.empty()) return values;
  PutMoment(values, warehouse, "batch_start", batch.start);
  PutMoment(values, warehouse, "batch_end", batch.end);
  PutMoment(values, warehouse, "batch_last", batch.last);
  return values;
}

base::Result<std::string> Resolve(const Run& run, std::string_view sql, const TemplateValues& first) {
  return ResolveTemplate(sql, first, *Values(run));
}

base::Status RunSteps(Run& run, Warehouse& warehouse, const std::vector<Step>& steps, const std::string& what) {
  for (const Step& step : steps) {
    for (const Batch& batch : step.batches) {
      const auto sql = Resolve(run, step.sql, BatchValues(warehouse, batch));
      if (!sql) return Because(what + ", step " + step.id, sql.error());
      auto status = run.watch.Watched(warehouse, [&] { return warehouse.Execute(*sql); });
      if (!status) return Because(what + ", step " + step.id, status.error());
    }
  }
  return {};
}

base::Status FreezeLoads(Run& run) {
  for (const PlanLoads& loads : run.plan.loads) {
    if (!run.frozen.contains(loads.dataset)) {
      if (auto frozen = FreezeDataset(run, loads); !frozen) return frozen;
    }
    if (auto read = ReadFrozen(run, loads); !read) return read;
  }
  return {};
}

base::Status MakeSchemas(Run& run) {
  return InTransaction(run.warehouse, [&]() -> base::Status {
    for (const std::string& schema : run.plan.schemas) {
      auto made = run.warehouse.Execute("CREATE SCHEMA IF NOT EXISTS " + run.warehouse.Quote(schema));
      if (!made) return Because("schema " + schema, made.error());
    }
    return {};
  });
}

}  // namespace wapc::runtime

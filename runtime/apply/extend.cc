#include "runtime/apply/extend.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "runtime/sql_text.h"
#include "runtime/state/schema.h"

namespace wapc::runtime {
namespace {

constexpr int64_t kSecond = 1'000'000;

// As plans write moments.
std::string MomentText(int64_t microseconds) {
  const int64_t rest = ((microseconds % kSecond) + kSecond) % kSecond;
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:06}+00",
                     fmt::gmtime(static_cast<std::time_t>((microseconds - rest) / kSecond)), rest);
}

// How far the table is filled that the environment serves of a model; the moment as plans write it compares as text.
base::Result<std::optional<int64_t>> ServedEnd(Warehouse& warehouse, const std::string& environment,
                                               const std::string& model) {
  auto rows = warehouse.Query(
      "SELECT CAST(round(EXTRACT(EPOCH FROM max(i.end_ts)) * 1000000) AS bigint) FROM wapc.intervals AS i "
      "JOIN wapc.environment_models AS m ON m.build_id = i.build_id WHERE m.environment = " +
      warehouse.Literal(environment) + " AND m.model = " + warehouse.Literal(model));
  if (!rows) return rows.error();
  if (rows->rows.empty() || !rows->rows[0][0]) return std::optional<int64_t>();
  return std::optional(CellNumber(rows->rows[0][0]));
}

bool IsRange(const Batch& batch) { return !batch.start.empty() && batch.start != batch.end; }

// The end of the last range that a model's steps fill; empty: none.
std::string LastEnd(const PlanModel& model) {
  std::string out;
  for (const Step& step : model.build) {
    for (const Batch& batch : step.batches) {
      if (IsRange(batch)) out = std::max(out, batch.end);
    }
  }
  return out;
}

bool BringsRanges(const PlanModel& model) {
  return model.action == Action::kBuild && !model.served_until.empty() && LastEnd(model) >= model.served_until;
}

void Extend(PlanModel& model, int64_t until) {
  const std::string start = LastEnd(model);
  const std::string end = MomentText(until);
  if (end <= start) return;
  for (Step& step : model.build) {
    if (std::any_of(step.batches.begin(), step.batches.end(), IsRange)) {
      step.batches.push_back({start, end, MomentText(until - 1)});
    }
  }
}

base::Error TakenAway(const Run& run, const PlanModel& model, const std::string& what) {
  return {base::ErrorKind::kRace, "since this plan was made, " + what + " of " + model.model + " came to " +
                                      run.plan.environment + " which its new table does not hold; run wapc plan again"};
}

// Loads that the table which is served holds, and the new one does not.
base::Result<int64_t> LostLoads(Run& run, const ModelRun& entry) {
  auto rows = run.warehouse.Query(fmt::format(
      "SELECT count(*) FROM (SELECT dataset, schema_name, load_id FROM wapc.table_loads WHERE build_id = {} "
      "EXCEPT SELECT dataset, schema_name, load_id FROM wapc.table_loads WHERE build_id = {}) AS lost",
      run.warehouse.Literal(entry.served->build.build_id), run.warehouse.Literal(entry.build_id)));
  if (!rows) return rows.error();
  return CellNumber(rows->rows.at(0).at(0));
}

base::Status CheckModel(Run& run, const ModelRun& entry) {
  const PlanModel& model = *entry.model;
  if (!model.served_until.empty()) {
    const auto served = ServedEnd(run.warehouse, run.plan.environment, model.model);
    if (!served) return served.error();
    const bool later = *served && MomentText(**served) > model.served_until;
    auto held = run.warehouse.Query(
        "SELECT CAST(round(EXTRACT(EPOCH FROM max(end_ts)) * 1000000) AS bigint) FROM wapc.intervals "
        "WHERE build_id = " +
        run.warehouse.Literal(entry.build_id));
    if (!held) return held.error();
    const std::string until = MomentText(CellNumber(held->rows.at(0).at(0)));
    if (later && std::max(until, LastEnd(model)) < MomentText(**served)) return TakenAway(run, model, "intervals");
  }
  if (model.action != Action::kReuse || model.datasets.empty()) return {};
  const auto lost = LostLoads(run, entry);
  if (!lost) return lost.error();
  return *lost == 0 ? base::Status() : base::Status(TakenAway(run, model, "loads"));
}

}  // namespace

base::Result<Plan> WithLaterIntervals(const Plan& plan, Warehouse& warehouse) {
  Plan out = plan;
  if (std::none_of(out.models.begin(), out.models.end(), BringsRanges)) return out;
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format == 0) return out;
  for (PlanModel& model : out.models) {
    if (!BringsRanges(model)) continue;
    const auto served = ServedEnd(warehouse, plan.environment, model.model);
    if (!served) return served.error();
    if (*served && MomentText(**served) > model.served_until) Extend(model, **served);
  }
  return out;
}

base::Status CheckNothingIsTakenAway(Run& run) {
  for (const ModelRun& entry : run.models) {
    const bool swaps = entry.fate == Fate::kDone && entry.served != nullptr &&
                       entry.served->build.build_id != entry.build_id && entry.model->action != Action::kRemove;
    if (!swaps) continue;
    if (auto status = CheckModel(run, entry); !status) return status;
  }
  return {};
}

}  // namespace wapc::runtime

#include "compiler/plan/copy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/digest.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"
#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"

namespace wapc::compiler {

using runtime::PlanModel;
using runtime::Step;

namespace {

std::string CopiedColumns(const Project& project, const Model& model, const runtime::EnvironmentModel& from) {
  std::vector<std::string> out;
  for (const Column& column : model.columns) {
    const std::string name = Quoted(column.name, project);
    const std::string type = TypeInDialect(column.type, project.config.target());
    const auto old = std::find_if(from.columns.begin(), from.columns.end(),
                                  [&](const runtime::PlanColumn& other) { return other.name == column.name; });
    if (old == from.columns.end()) {
      out.push_back(fmt::format("CAST(NULL AS {}) AS {}", type, name));
    } else if (old->type != ToString(column.type)) {
      out.push_back(fmt::format("CAST(t.{0} AS {1}) AS {0}", name, type));
    } else {
      out.push_back(fmt::format("t.{}", name));
    }
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

// Rows outside of what is filled anew.
std::string OutsideOf(const Project& project, const Model& model, const std::vector<runtime::Batch>& batches) {
  if (batches.empty()) return {};
  const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(model)};
  const std::string column = "t." + Quoted(model.properties.time_column, project);
  std::vector<std::string> ranges;
  for (const runtime::Batch& batch : batches) {
    ranges.push_back(fmt::format("({} >= {} AND {} < {})", column,
                                 RuntimeLiteral(time, *ReadMoment(batch.start, false)), column,
                                 RuntimeLiteral(time, *ReadMoment(batch.end, false))));
  }
  return fmt::format("\nWHERE NOT ({})", fmt::join(ranges, " OR "));
}

bool IsCreate(const Step& step) { return step.id.ends_with("/build/create"); }

}  // namespace

void StartFromCopy(const Project& project, const Model& model, const ModelChange& change, PlanModel& planned) {
  planned.copy_of = change.copy_of->build.build_id;
  planned.hold_sql.clear();
  const std::string relation = Quoted(planned.relation, project);
  const std::string rows = fmt::format("SELECT {}\nFROM {} AS t", CopiedColumns(project, model, *change.copy_of),
                                       Quoted(change.copy_of->build.relation, project));
  const auto create = std::find_if(planned.build.begin(), planned.build.end(), IsCreate);
  if (create == planned.build.end()) return;
  if (!HasIntervals(model.kind)) {
    create->sql = fmt::format("CREATE TABLE {} AS\n{}", relation, rows);
    return;
  }
  std::vector<std::string> names;
  for (const Column& column : model.columns) names.push_back(Quoted(column.name, project));
  planned.build.insert(create + 1, {fmt::format("{}/build/copy", model.name),
                                    fmt::format("INSERT INTO {} ({})\n{}{}", relation, fmt::join(names, ", "), rows,
                                                OutsideOf(project, model, change.batches)),
                                    {runtime::Batch{}}});
}

void GuardAgainstLoss(const Project& project, const Model& model, PlanModel& planned) {
  std::vector<std::string> key = model.unique_key.empty() ? model.grain : model.unique_key;
  if (key.empty() && !model.load_column.empty()) key = {model.load_column};
  const std::string served = Token("served", model.name);
  const std::string made = Token("rel", model.name);
  runtime::PlanAudit audit;
  if (key.empty()) {
    audit.name = "no_row_is_lost";
    audit.sql = fmt::format(
        "SELECT s.n AS rows_before, m.n AS rows_now\nFROM (SELECT count(*) AS n FROM {} AS t) AS s\n"
        "CROSS JOIN (SELECT count(*) AS n FROM {} AS t) AS m\nWHERE m.n < s.n",
        served, made);
  } else {
    std::vector<std::string> columns;
    for (const std::string& column : key) columns.push_back("t." + Quoted(column, project));
    const std::string list = fmt::format("{}", fmt::join(columns, ", "));
    audit.name = fmt::format("no_key_is_lost({})", fmt::join(key, ", "));
    audit.sql = fmt::format("SELECT {0} FROM {1} AS t\nEXCEPT\nSELECT {0} FROM {2} AS t", list, served, made);
  }
  audit.digest = base::Sha256Hex(audit.sql);
  planned.audits.push_back(std::move(audit));
}

}  // namespace wapc::compiler

#include "compiler/plan/quarantine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"
#include "compiler/plan/intervals.h"
#include "compiler/project/quarantine.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

using runtime::Action;
using runtime::RelationName;
using runtime::Step;

std::string TextLiteral(const std::string& text, const Project& project) {
  return EscapeTemplate(grammar::QuoteString(text, project.config.target()));
}

class AsideWriter {
 public:
  explicit AsideWriter(StepWriter& steps) : steps_(steps), model_(steps.model()) {
    const bool delta = steps.planned().action == Action::kDelta;
    filled_ = delta ? steps.Delta() : steps.planned().relation;
    out_.rows = steps.Aside("aside");
    for (const AuditCall& call : model_.audits) {
      if (IsQuarantine(call))
        failing_.emplace_back(&call, EmitFailing(model_, call, steps.change().batches, steps.project()));
    }
  }

  PutAside Write() {
    std::vector<Step>& build = steps_.planned().build;
    const size_t before = build.size();
    AddSteps();
    // They belong behind what fills the relation, before anything that follows from its rows.
    const auto first_new = build.begin() + static_cast<std::ptrdiff_t>(before);
    std::rotate(build.begin() + static_cast<std::ptrdiff_t>(FilledAt(before)), first_new, build.end());
    std::vector<RelationName>& temporary = steps_.planned().temporary;
    temporary.insert(temporary.begin() + (temporary.empty() ? 0 : 1), out_.rows);
    out_.replaced = Replaced();
    out_.hold_sql = steps_.planned().hold_sql;
    return std::move(out_);
  }

 private:
  bool by_time() const { return model_.kind == ModelKind::kIncrementalByTimeRange; }

  size_t FilledAt(size_t count) const {
    const std::vector<Step>& build = steps_.planned().build;
    for (size_t i = count; i-- > 0;) {
      for (const std::string_view name : {"/build/fill", "/build/delta", "/build/create"}) {
        if (build[i].id.ends_with(name)) return i + 1;
      }
    }
    return count;
  }

  void AddSteps() {
    const std::string rows = Selected();
    if (by_time()) {
      const std::string epoch = MomentText(0);
      steps_.AddBuild("aside", fmt::format("CREATE TABLE {} AS\n{}\nLIMIT 0", Aside(), Union("")),
                      {runtime::Batch{epoch, epoch, epoch}});
      steps_.AddBuild("aside-fill", fmt::format("INSERT INTO {}\n{}", Aside(), Union(InBatch())),
                      steps_.change().batches);
    } else {
      steps_.AddBuild("aside", fmt::format("CREATE TABLE {} AS\n{}", Aside(), Union("")));
    }
    steps_.AddBuild("aside-remove",
                    fmt::format("DELETE FROM {} AS this_model\nWHERE {}", steps_.Relation(filled_), rows));
  }

  std::string Aside() const { return steps_.Relation(out_.rows); }

  std::string Selected() const {
    std::vector<std::string> out;
    for (const auto& [call, failing] : failing_) out.push_back(fmt::format("({})", failing));
    return fmt::format("{}", fmt::join(out, " OR "));
  }

  std::string InBatch() const {
    const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(model_)};
    const std::string column = "this_model." + steps_.Name(model_.properties.time_column);
    return fmt::format(" AND {0} >= {1} AND {0} < {2}", column, RuntimeTemplate(time, "@{batch_start}"),
                       RuntimeTemplate(time, "@{batch_end}"));
  }

  // One entry for each audit that a row fails.
  std::string Union(const std::string& more) const {
    const std::string load = model_.load_column.empty()
                                 ? "CAST(NULL AS text)"
                                 : fmt::format("CAST(this_model.{} AS text)", steps_.Name(model_.load_column));
    const std::string interval = by_time() ? "@{batch_start}" : "NULL";
    std::vector<std::string> out;
    for (const auto& [call, failing] : failing_) {
      out.push_back(fmt::format(
          "SELECT {}, CAST({} AS text) AS {}, {} AS {}, CAST({} AS timestamp with time zone) AS {}, "
          "CAST(@{{execution_ts}} AS timestamp with time zone) AS {}\nFROM {} AS this_model\nWHERE ({}){}",
          steps_.ColumnList(steps_.ColumnNames(), "this_model"), TextLiteral(call->title, steps_.project()),
          steps_.Name(kQuarantineAudit), load, steps_.Name(kQuarantineLoad), interval, steps_.Name(kQuarantineInterval),
          steps_.Name(kQuarantineTime), steps_.Relation(filled_), failing, more));
    }
    return fmt::format("{}", fmt::join(out, "\nUNION ALL\n"));
  }

  // The entries of the keys, intervals or loads that this plan fills.
  std::string Replaced() const {
    if (steps_.planned().action != Action::kDelta) return {};
    if (by_time()) return InBatches(model_, steps_.change().batches, "q", steps_.project());
    const bool by_key = model_.kind == ModelKind::kIncrementalByUniqueKey;
    const std::vector<std::string> key = by_key ? model_.unique_key : std::vector<std::string>{model_.load_column};
    const RelationName now = by_key ? steps_.Aside("replaced") : filled_;
    const std::string same = steps_.SameKey(key, "r", "q");
    return fmt::format("EXISTS (SELECT 1 FROM {} AS r WHERE {}) OR EXISTS (SELECT 1 FROM {} AS r WHERE {})",
                       steps_.Relation(now), same, Aside(), same);
  }

  StepWriter& steps_;
  const Model& model_;
  RelationName filled_;
  std::vector<std::pair<const AuditCall*, std::string>> failing_;
  PutAside out_;
};

}  // namespace

PutAside AddPutAside(StepWriter& steps) { return AsideWriter(steps).Write(); }

void AddQuarantineSteps(StepWriter& steps, const PutAside* aside, const std::string& earlier) {
  const std::string columns = steps.ColumnList(steps.ColumnNames(), "q");
  const auto entries = [&](const std::string& from) { return fmt::format("SELECT {}\nFROM {} AS q", columns, from); };
  std::string query = earlier.empty() ? steps.Query() : entries(earlier);
  if (aside != nullptr) {
    steps.planned().hold_sql = aside->hold_sql;
    const bool keeps = !earlier.empty() && !aside->replaced.empty();
    const std::string kept = keeps ? fmt::format("{}\nWHERE NOT ({})\nUNION ALL\n", query, aside->replaced) : "";
    query = kept + entries(steps.Relation(aside->rows));
  }
  steps.AddBuild("create", fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(steps.planned().relation), query));
}

std::vector<runtime::PlanAudit> QuarantineAudits(const Project& project, const Model& quarantine) {
  std::vector<runtime::PlanAudit> out;
  for (const AuditCall& call : QuarantinedBy(project, quarantine)->audits) {
    if (!IsQuarantine(call)) continue;
    const std::string mine =
        fmt::format("{} = {}", Quoted(kQuarantineAudit, project), TextLiteral(call.title, project));
    runtime::PlanAudit audit{
        call.title, call.digest, call.blocking && call.max_rows > 0,
        fmt::format("SELECT * FROM {} AS this_model WHERE {}", Token("rel", quarantine.name), mine)};
    audit.count = fmt::format("count(CASE WHEN {} THEN 1 END)", mine);
    audit.max_rows = call.max_rows;
    out.push_back(std::move(audit));
  }
  return out;
}

}  // namespace wapc::compiler

#include "cli/explain_plan.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace wapc::cli {

using runtime::Action;
using runtime::PlanModel;

namespace {

std::string Quote(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string Quote(const runtime::RelationName& name) { return Quote(name.schema) + "." + Quote(name.name); }

class Explainer {
 public:
  Explainer(const runtime::Plan& plan, const runtime::State& state) : plan_(plan) {
    values_["at"] = "@";
    const auto environment = state.environments.find(plan.environment);
    if (environment != state.environments.end()) {
      for (const auto& [name, model] : environment->second.models)
        Put(name, model.build.relation, model.build.relation);
    }
    for (const PlanModel& model : plan.models) {
      if (model.action != Action::kRemove) Put(model.model, model.candidate, model.relation);
    }
    for (const runtime::PlanLoads& loads : plan.loads) values_["loads:" + loads.dataset] = Quote(loads.snapshot);
  }

  void Explain() {
    for (const std::string& schema : plan_.schemas) Add("schemas", "CREATE SCHEMA IF NOT EXISTS " + Quote(schema));
    for (const runtime::PlanLoads& loads : plan_.loads) AddStep(loads.freeze);
    for (const PlanModel& model : plan_.models) {
      for (const runtime::Step& step : model.build) AddStep(step);
      for (const runtime::PlanAudit& audit : model.audits) {
        Add(fmt::format("{}/audit/{}", model.model, audit.name), Resolved(audit.sql, {}));
      }
    }
    // From here on it is one transaction.
    for (const PlanModel& model : plan_.models) {
      for (const runtime::Step& step : model.publish) AddStep(step);
    }
    for (const PlanModel& model : plan_.models) AddView(model);
  }

  const std::vector<std::pair<std::string, std::string>>& statements() const { return statements_; }

 private:
  void Put(const std::string& model, const runtime::RelationName& rel, const runtime::RelationName& table) {
    values_["rel:" + model] = Quote(rel);
    values_.try_emplace("served:" + model, Quote(rel));
    values_["table:" + model] = Quote(table);
  }

  void Add(std::string step, std::string sql) { statements_.emplace_back(std::move(step), std::move(sql)); }

  void AddStep(const runtime::Step& step) {
    for (const runtime::Batch& batch : step.batches) Add(step.id, Resolved(step.sql, batch));
  }

  void AddView(const PlanModel& model) {
    const std::string step = model.model + "/publish/view";
    if (model.action == Action::kRemove) {
      Add(step, "DROP VIEW " + Quote(model.view));
    } else if (model.action != Action::kAudit && model.action != Action::kMetadata) {
      std::string columns;
      for (const runtime::PlanColumn& column : model.columns) {
        columns += (columns.empty() ? "" : ", ") + Quote(column.name);
      }
      Add(step, fmt::format("CREATE OR REPLACE VIEW {} AS SELECT {} FROM {}", Quote(model.view), columns,
                            Quote(model.relation)));
    }
  }

  std::string Resolved(const std::string& sql, const runtime::Batch& batch) const {
    std::string out;
    for (size_t at = 0; at < sql.size();) {
      const size_t open = sql.find("@{", at);
      const size_t close = open == std::string::npos ? open : sql.find('}', open);
      if (close == std::string::npos) return out + sql.substr(at);
      out += sql.substr(at, open - at);
      const std::string token = sql.substr(open + 2, close - open - 2);
      const auto known = values_.find(token);
      if (known != values_.end()) {
        out += known->second;
      } else if (token == "batch_start" || token == "batch_end" || token == "batch_last") {
        out += "'" + (token == "batch_start" ? batch.start : token == "batch_end" ? batch.end : batch.last) + "'";
      } else {
        out += sql.substr(open, close - open + 1);
      }
      at = close + 1;
    }
    return out;
  }

  const runtime::Plan& plan_;
  std::map<std::string, std::string> values_;
  std::vector<std::pair<std::string, std::string>> statements_;
};

}  // namespace

std::string ExplainPlan(const runtime::Plan& plan, const runtime::State& state, bool json) {
  Explainer explainer(plan, state);
  explainer.Explain();
  if (json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& [step, sql] : explainer.statements()) list.push_back({{"step", step}, {"sql", sql}});
    return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  std::string out;
  for (const auto& [step, sql] : explainer.statements()) out += fmt::format("-- {}\n{};\n", step, sql);
  return out;
}

}  // namespace wapc::cli

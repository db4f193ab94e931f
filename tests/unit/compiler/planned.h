#ifndef WAPC_TESTS_UNIT_COMPILER_PLANNED_H_
#define WAPC_TESTS_UNIT_COMPILER_PLANNED_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "compiler/compile.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/intervals.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// A project in a folder of its own, and the state of a warehouse that its plans are entered into as an apply would.
class Planned {
 public:
  explicit Planned(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() /
                ("wapc_planned_" + name + "_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()))) {
    std::filesystem::remove_all(folder_);
    Write("wapc.yaml", "name: demo\ngateways: {local: {connection: {type: duckdb, database: w.duckdb}}}\n");
  }
  ~Planned() { std::filesystem::remove_all(folder_); }
  Planned(const Planned&) = delete;
  Planned& operator=(const Planned&) = delete;

  void Write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }

  const Project& Compile() {
    sources_ = std::make_unique<base::SourceMap>();
    base::Diagnostics diagnostics;
    project_ = CompileProject(folder_, {}, "", *sources_, diagnostics);
    EXPECT_TRUE(project_ && !diagnostics.has_errors()) << base::RenderText(diagnostics, *sources_, false);
    return *project_;
  }

  runtime::Plan Plan(const PlanOptions& options = {}) {
    base::Diagnostics diagnostics;
    runtime::Plan plan = BuildPlan(Compile(), state_, options, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << base::RenderText(diagnostics, *sources_, false);
    return plan;
  }

  /// What an apply of the plan records, without rows and loads.
  void Enter(const runtime::Plan& plan) {
    runtime::EnvironmentRecord& environment = state_.environments[plan.environment];
    environment.name = plan.environment;
    if (plan.changes_structure) ++environment.structure_version;
    ++environment.data_version;
    for (const runtime::PlanModel& model : plan.models) {
      if (model.action == runtime::Action::kRemove) {
        environment.models.erase(model.model);
        continue;
      }
      runtime::BuildRecord& build = state_.builds[model.build_id];
      build = {model.build_id, model.model, model.digests.table_version, model.owner, model.kind, model.relation};
      environment.models[model.model] = {model.model, model.kind, model.digests, model.canonical, model.metadata,
                                         model.view,  build,      model.columns, model.depends_on};
      EnterIntervals(model);
    }
    for (auto& [name, other] : state_.environments) {
      for (auto& [model, served] : other.models) served.build = state_.builds[served.build.build_id];
    }
  }

  runtime::State& state() { return state_; }

 private:
  void EnterIntervals(const runtime::PlanModel& model) {
    if (!model.copy_of.empty()) state_.intervals[model.build_id] = state_.intervals[model.copy_of];
    for (const runtime::Step& step : model.build) {
      for (const runtime::Batch& batch : step.batches) {
        if (step.id.find("/fill") == std::string::npos || batch.start.empty()) continue;
        state_.intervals[model.build_id].push_back({*ReadMoment(batch.start, false), *ReadMoment(batch.end, false)});
      }
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<base::SourceMap> sources_;
  std::optional<Project> project_;
  runtime::State state_;
};

/// "marts.days build intervals; marts.totals build intervals"
inline std::string Actions(const runtime::Plan& plan) {
  std::string out;
  for (const runtime::PlanModel& model : plan.models) {
    out += (out.empty() ? "" : "; ") + model.model + " " + std::string(ToString(model.action)) + " " +
           std::string(ToString(model.category));
    if (model.impact != runtime::Impact::kNone) out += " (" + std::string(ToString(model.impact)) + ")";
  }
  return out;
}

}  // namespace wapc::compiler

#endif  // WAPC_TESTS_UNIT_COMPILER_PLANNED_H_

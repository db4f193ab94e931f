#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "tests/unit/compiler/planned.h"

namespace wapc::compiler {
namespace {

using runtime::Action;
using runtime::PlanModel;

// A root and 999 models that read it or each other, tables and views by turns.
void WriteThousand(const Planned& planned, const std::string& root_columns) {
  planned.Write("models/external.sql", "MODEL (name raw.t, kind EXTERNAL, columns (id int, a int, b int, c int));\n");
  planned.Write("models/root.sql", "MODEL (name m.root, kind FULL);\nSELECT " + root_columns + " FROM raw.t\n");
  for (int i = 1; i < 1000; ++i) {
    const std::string upstream = i <= 20 ? "m.root" : fmt::format("m.n{}", i - 20);
    const char* const kind = i % 2 == 0 ? "VIEW" : "FULL";
    planned.Write(fmt::format("models/n{}.sql", i),
                  fmt::format("MODEL (name m.n{}, kind {});\nSELECT id, a + {} AS a FROM {} WHERE id > {}\n", i, kind,
                              i, upstream, i % 7));
  }
}

TEST(Plan, AColumnAddedAtTheRootOfAThousandModelsRebuildsOneTable) {
  Planned planned("thousand");
  WriteThousand(planned, "id, a, b");
  const runtime::Plan first = planned.Plan();
  EXPECT_EQ(first.models.size(), 1000U);
  planned.Enter(first);
  EXPECT_TRUE(planned.Plan().empty());
  WriteThousand(planned, "id, a, b, c AS added");
  const runtime::Plan plan = planned.Plan();
  const auto built = std::count_if(plan.models.begin(), plan.models.end(),
                                   [](const PlanModel& model) { return model.action == Action::kBuild; });
  EXPECT_EQ(built, 1);
  EXPECT_EQ(plan.models[0].model, "m.root");
  EXPECT_EQ(ToString(plan.models[0].impact), "non-breaking");
  EXPECT_EQ(plan.kept.size(), 10U);
  planned.Enter(plan);
  EXPECT_TRUE(planned.Plan().empty());
  WriteThousand(planned, "id + 1 AS id, a, b, c AS added");
  EXPECT_EQ(planned.Plan().models.size(), 1000U);
}

TEST(Plan, AnEnvironmentSharesWhatIsTheSame) {
  Planned planned("shares");
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT 1 AS id, 2 AS x\n");
  planned.Write("models/b.sql", "MODEL (name m.b, kind VIEW);\nSELECT id FROM m.a\n");
  planned.Write("models/c.sql", "MODEL (name m.c, kind FULL);\nSELECT id FROM m.b\n");
  planned.Enter(planned.Plan());
  PlanOptions dev;
  dev.environment = "dev";
  EXPECT_EQ(Actions(planned.Plan(dev)), "m.a reuse added; m.b reuse added; m.c reuse added");
  planned.Enter(planned.Plan(dev));
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT 1 AS id, 2 AS x, 3 AS y\n");
  // The view of prod reads prod's table, so that dev makes one of its own.
  EXPECT_EQ(Actions(planned.Plan(dev)), "m.a build direct (non-breaking); m.b view indirect (indirect non-breaking)");
  planned.Enter(planned.Plan(dev));
  EXPECT_EQ(Actions(planned.Plan()), "m.a reuse direct (non-breaking); m.b view indirect (indirect non-breaking)");
  PlanOptions other;
  other.environment = "other";
  EXPECT_EQ(Actions(planned.Plan(other)),
            "m.a reuse direct (non-breaking); m.b reuse added (indirect non-breaking); m.c reuse added");
}

TEST(Plan, RestatingASharedTableMakesACopyAndLeavesProdAlone) {
  Planned planned("restates");
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT 1 AS id\n");
  planned.Write("models/b.sql", "MODEL (name m.b, kind VIEW);\nSELECT id FROM m.a\n");
  planned.Write("models/c.sql", "MODEL (name m.c, kind FULL);\nSELECT id FROM m.b\n");
  planned.Enter(planned.Plan());
  PlanOptions dev;
  dev.environment = "dev";
  planned.Enter(planned.Plan(dev));
  dev.restate = {"m.a"};
  const runtime::Plan plan = planned.Plan(dev);
  EXPECT_EQ(Actions(plan), "m.a build restated; m.b view restated; m.c build restated");
  for (const PlanModel& model : plan.models) {
    EXPECT_EQ(model.owner, "dev");
    EXPECT_NE(model.relation, planned.state().environments["prod"].models[model.model].build.relation);
  }
  planned.Enter(plan);
  EXPECT_TRUE(planned.Plan().empty());
}

constexpr std::string_view kEvents = "MODEL (name raw.events, kind EXTERNAL, columns (id int, at timestamp, n int));\n";

std::string Days(const std::string& columns, const std::string& properties = "") {
  return fmt::format(
      "MODEL (name m.days, kind INCREMENTAL_BY_TIME_RANGE (time_column at{}), start '2024-01-01', grain (id));\n"
      "SELECT {} FROM raw.events WHERE at BETWEEN @start_dtntz AND @end_dtntz\n",
      properties, columns);
}

PlanOptions On(const std::string& day, const std::string& environment = "prod") {
  PlanOptions out;
  out.environment = environment;
  out.moment = *ReadMoment(day, false);
  return out;
}

// What is filled: "01-03" of 2024-01, and "copy" for a table that starts from another's rows.
std::string Filled(const runtime::Plan& plan, const std::string& model) {
  std::string out;
  for (const PlanModel& planned : plan.models) {
    if (planned.model != model) continue;
    for (const runtime::Step& step : planned.build) {
      if (step.id.ends_with("/copy")) out += "copy ";
      if (!step.id.ends_with("/fill")) continue;
      for (const runtime::Batch& batch : step.batches) out += batch.start.substr(8, 2) + "-" + batch.end.substr(8, 2);
    }
  }
  return out;
}

TEST(Plan, AForwardOnlyChangeKeepsItsTable) {
  Planned planned("forward");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/days.sql", Days("id, at, n", ", forward_only true"));
  planned.Write("models/sums.sql", "MODEL (name m.sums, kind FULL);\nSELECT sum(n) AS n FROM m.days\n");
  planned.Enter(planned.Plan(On("2024-01-03")));
  const auto before = planned.state().environments["prod"].models["m.days"];
  // Nothing is due: only the records change.
  planned.Write("models/days.sql", Days("id, at, n + 1 AS n", ", forward_only true"));
  EXPECT_EQ(Actions(planned.Plan(On("2024-01-03"))), "m.days metadata direct (forward-only)");
  const runtime::Plan later = planned.Plan(On("2024-01-04"));
  EXPECT_EQ(Actions(later), "m.days delta direct (forward-only); m.sums build intervals");
  EXPECT_EQ(later.models[0].digests.table_version, before.digests.table_version);
  EXPECT_EQ(Filled(later, "m.days"), "03-04");
  // A column more makes a copy of the table; the new intervals are filled with the new query.
  planned.Write("models/days.sql", Days("id, at, n, n * 2 AS twice", ", forward_only true"));
  const runtime::Plan wider = planned.Plan(On("2024-01-04"));
  EXPECT_EQ(Filled(wider, "m.days"), "copy 03-04");
  EXPECT_EQ(wider.models[0].copy_of, before.build.build_id);
  planned.Enter(wider);
  EXPECT_TRUE(planned.Plan(On("2024-01-04")).empty());
  // An environment that shares the table changes a copy of its own.
  planned.Enter(planned.Plan(On("2024-01-04", "dev")));
  planned.Write("models/days.sql", Days("id, at, n, n * 3 AS twice", ", forward_only true"));
  const runtime::Plan dev = planned.Plan(On("2024-01-05", "dev"));
  EXPECT_EQ(Filled(dev, "m.days"), "copy 04-05");
  EXPECT_NE(dev.models[0].digests.table_version, before.digests.table_version);
  EXPECT_EQ(dev.models[0].owner, "dev");
  // What it must not do in silence.
  PlanOptions rebuild = On("2024-01-05");
  rebuild.rebuild = {"m.days"};
  const runtime::Plan rebuilt = planned.Plan(rebuild);
  EXPECT_EQ(Filled(rebuilt, "m.days"), "01-05");
  EXPECT_EQ(rebuilt.models[0].audits.back().name, "no_key_is_lost(id)");
  rebuild.allow_loss = true;
  EXPECT_NE(planned.Plan(rebuild).models[0].audits.back().name, "no_key_is_lost(id)");
}

TEST(Plan, EffectiveFromFillsAgainWithTheNewQuery) {
  Planned planned("effective");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/days.sql", Days("id, at, n"));
  planned.Enter(planned.Plan(On("2024-01-10")));
  planned.Write("models/days.sql", Days("id, at, n + 1 AS n"));
  PlanOptions options = On("2024-01-10");
  options.forward_only = true;
  options.effective_from = ReadMoment("2024-01-08", false);
  EXPECT_EQ(Filled(planned.Plan(options), "m.days"), "08-10");
}

TEST(Plan, APartIsRestatedInPlaceOrInACopy) {
  Planned planned("ranges");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/days.sql", Days("id, at, n"));
  planned.Write("models/sums.sql", "MODEL (name m.sums, kind FULL);\nSELECT sum(n) AS n FROM m.days\n");
  planned.Enter(planned.Plan(On("2024-01-10")));
  PlanOptions options = On("2024-01-10");
  options.restate = {"m.days"};
  options.start = ReadMoment("2024-01-03", false);
  options.end = *ReadMoment("2024-01-04", true) + 1;
  const runtime::Plan prod = planned.Plan(options);
  EXPECT_EQ(Actions(prod), "m.days delta restated; m.sums build restated");
  EXPECT_EQ(Filled(prod, "m.days"), "03-05");
  planned.Enter(planned.Plan(On("2024-01-10", "dev")));
  options.environment = "dev";
  const runtime::Plan dev = planned.Plan(options);
  EXPECT_EQ(Actions(dev), "m.days build restated; m.sums build restated");
  EXPECT_EQ(Filled(dev, "m.days"), "copy 03-05");
  EXPECT_EQ(dev.models[0].owner, "dev");
}

TEST(Plan, AnEnvironmentMayBeginLaterAndProdFillsTheRest) {
  Planned planned("begins");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/days.sql", Days("id, at, n"));
  planned.Enter(planned.Plan(On("2024-01-10")));
  planned.Write("models/days.sql", Days("id, at, n + 1 AS n"));
  PlanOptions options = On("2024-01-10", "dev");
  options.start = ReadMoment("2024-01-08", false);
  const runtime::Plan dev = planned.Plan(options);
  EXPECT_EQ(Filled(dev, "m.days"), "08-10");
  planned.Enter(dev);
  EXPECT_TRUE(planned.Plan(On("2024-01-10", "dev")).empty());
  EXPECT_EQ(Filled(planned.Plan(On("2024-01-11", "dev")), "m.days"), "10-11");
  const runtime::Plan prod = planned.Plan(On("2024-01-10"));
  EXPECT_EQ(Actions(prod), "m.days delta direct (breaking)");
  EXPECT_EQ(Filled(prod, "m.days"), "01-08");
}

TEST(Plan, WhatIsNotSelectedStaysAsItIs) {
  Planned planned("selects");
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT 1 AS id, 2 AS x\n");
  planned.Write("models/b.sql", "MODEL (name m.b, kind FULL);\nSELECT id FROM m.a\n");
  planned.Write("models/c.sql", "MODEL (name m.c, kind FULL);\nSELECT id FROM m.b\n");
  planned.Enter(planned.Plan());
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT 1 AS id, 3 AS x\n");
  planned.Write("models/b.sql", "MODEL (name m.b, kind FULL);\nSELECT id + 1 AS id FROM m.a\n");
  PlanOptions options;
  options.select = {"m.b"};
  const runtime::Plan plan = planned.Plan(options);
  EXPECT_EQ(Actions(plan), "m.b build direct (breaking); m.c build indirect (indirect breaking)");
  ASSERT_EQ(plan.kept.size(), 1U);
  EXPECT_EQ(plan.kept[0].model, "m.a");
  planned.Enter(plan);
  EXPECT_EQ(Actions(planned.Plan()), "m.a build direct (breaking)");
}

PlanOptions RunOn(const std::string& moment) {
  PlanOptions out = On(moment);
  out.run = true;
  return out;
}

TEST(Run, FillsWhatCronSaysIsDue) {
  Planned planned("due");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/days.sql", Days("id, at, n"));
  planned.Write("models/sums.sql", "MODEL (name m.sums, kind FULL);\nSELECT sum(n) AS n FROM m.days\n");
  planned.Write("models/view.sql", "MODEL (name m.seen, kind VIEW);\nSELECT n FROM m.sums\n");
  planned.Write("models/week.sql", "MODEL (name m.week, kind FULL, cron '@weekly');\nSELECT sum(n) AS n FROM m.days\n");
  planned.Write("models/copy.sql", "MODEL (name m.copied, kind FULL);\nSELECT id FROM raw.events\n");
  const auto evaluate = [&planned](const runtime::Plan& plan, const std::string& moment) {
    planned.Enter(plan);
    for (const PlanModel& model : plan.models) planned.state().evaluations[model.build_id] = *ReadMoment(moment, false);
  };
  evaluate(planned.Plan(On("2024-01-03 05:00:00")), "2024-01-03 05:00:00");  // a Wednesday
  EXPECT_TRUE(planned.Plan(RunOn("2024-01-03 23:00:00")).empty());
  const runtime::Plan next = planned.Plan(RunOn("2024-01-04 00:10:00"));
  EXPECT_EQ(Actions(next), "m.copied build due; m.days delta intervals; m.sums build intervals; m.seen view intervals");
  EXPECT_FALSE(next.changes_structure);
  evaluate(next, "2024-01-04 00:10:00");
  EXPECT_TRUE(planned.Plan(RunOn("2024-01-04 01:00:00")).empty());
  // After an outage of days, everything that was missed is filled; what waits for its own cron is due too.
  const runtime::Plan late = planned.Plan(RunOn("2024-01-08 00:10:00"));
  EXPECT_EQ(Filled(late, "m.days"), "04-08");
  EXPECT_NE(Actions(late).find("m.week build due"), std::string::npos);
  PlanOptions everything = RunOn("2024-01-04 01:00:00");
  everything.ignore_cron = true;
  EXPECT_NE(Actions(planned.Plan(everything)).find("m.week build due"), std::string::npos);
}

TEST(Run, TakesUpNoChangeOfTheProject) {
  Planned planned("keeps");
  planned.Write("models/events.sql", std::string(kEvents));
  planned.Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT id FROM raw.events\n");
  planned.Write("models/b.sql", "MODEL (name m.b, kind FULL);\nSELECT id FROM m.a\n");
  planned.Enter(planned.Plan(On("2024-01-03")));
  planned.Write("models/b.sql", "MODEL (name m.b, kind FULL);\nSELECT id + 1 AS id FROM m.a\n");
  planned.Write("models/c.sql", "MODEL (name m.c, kind FULL);\nSELECT id FROM m.a\n");
  EXPECT_EQ(Actions(planned.Plan(RunOn("2024-01-05"))), "m.a build due");
  EXPECT_EQ(LeftOutOfRun(planned.Compile(), planned.state().environments["prod"]),
            (std::vector<std::string>{"m.b", "m.c"}));
}

}  // namespace
}  // namespace wapc::compiler

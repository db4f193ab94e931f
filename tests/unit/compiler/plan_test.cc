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

}  // namespace
}  // namespace wapc::compiler

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/compiler/test_project.h"

namespace wapc::compiler {
namespace {

using ::testing::ElementsAre;

TestProject Raw() {
  TestProject project;
  project.Table("raw.flights", {{"id", "int64"}});
  return project;
}

std::vector<std::string> OrderOf(const Project& project) {
  std::vector<std::string> names;
  for (const int index : project.order) names.push_back(project.models[static_cast<size_t>(index)].name);
  return names;
}

TEST(Graph, OrdersModelsAfterWhatTheyRead) {
  TestProject project = Raw();
  project.File("a.sql", "MODEL (name z.a, kind FULL);\nwith raw as (select id from Z.B) select id from raw")
      .File("b.sql", "MODEL (name z.b, kind FULL);\nselect id from raw.flights where id in (select id from z.c)")
      .File("c.sql", "MODEL (name z.c, kind FULL);\nselect 1::bigint as id");
  const Project& done = project.Run();
  EXPECT_EQ(project.Messages(), "");
  EXPECT_THAT(OrderOf(done), ElementsAre("raw.flights", "z.c", "z.b", "z.a"));
  EXPECT_EQ(done.Find("z.b")->depends_on.size(), 2U);
  EXPECT_EQ(done.Find("z.a")->relations.size(), 1U);
}

TEST(Graph, UnknownModels) {
  TestProject project = Raw();
  project.File("a.sql",
               "MODEL (name z.a, kind FULL);\nselect id from raw.flight join flights on true join other.thing on true");
  project.Run();
  EXPECT_EQ(
      project.Messages(),
      "a.sql:2:16 unknown-model: there is no model or raw table \"raw.flight\" (did you mean raw.flights?)\n"
      "a.sql:2:32 unknown-model: \"flights\" is no CTE of this query, and a model's name needs its schema (did you "
      "mean "
      "raw.flights?)\n"
      "a.sql:2:53 unknown-model: there is no model or raw table \"other.thing\" (if the table exists, declare it: "
      "metadata/other/schema.yml for what dlt loads, else a model of kind EXTERNAL)\n");
}

TEST(Graph, ACteIsSeenOnlyByWhatFollowsIt) {
  TestProject project = Raw();
  project.File("a.sql",
               "MODEL (name z.a, kind FULL);\nwith x as (select * from y), y as (select 1 as id) select id from x");
  project.Run();
  EXPECT_EQ(project.Messages(),
            "a.sql:2:26 unknown-relation-alias: \"y\" is defined by a WITH that this query cannot see (a CTE can be "
            "read by what "
            "follows it in its own query, and by itself under WITH RECURSIVE)\n");
}

TEST(Graph, Cycles) {
  TestProject project = Raw();
  project.File("a.sql", "MODEL (name z.a, kind FULL);\nselect id from z.b")
      .File("b.sql", "MODEL (name z.b, kind FULL);\nselect id from z.c")
      .File("c.sql", "MODEL (name z.c, kind FULL);\nselect id from z.a")
      .File("d.sql", "MODEL (name z.d, kind FULL);\nselect id from z.d")
      .File("e.sql", "MODEL (name z.e, kind FULL);\nselect id from z.a");
  project.Run();
  EXPECT_EQ(project.Messages(),
            "a.sql:2:16 model-cycle: z.a reads itself through z.b (take one of these references out, or move what both "
            "need to a "
            "model of its own) [b.sql:2:16 z.b reads z.c] [c.sql:2:16 z.c reads z.a]\n"
            "d.sql:2:16 model-cycle: z.d reads itself (an incremental model may read itself: what it held before; this "
            "kind cannot)\n");
}

TEST(Graph, LiveViews) {
  const auto messages = [](const std::string& more, bool forbid) {
    TestProject project = Raw();
    project.config().forbid_live_views = forbid;
    project.File("a.sql", "MODEL (name z.a, kind VIEW" + more + ");\nselect id from raw.flights")
        .File("b.sql", "MODEL (name z.b, kind VIEW);\nselect id from z.a");
    const Project& done = project.Run();
    EXPECT_TRUE(done.Find("z.b")->unaudited);
    return project.Messages();
  };
  EXPECT_EQ(messages("", false),
            "a.sql:1:18 live-view: the VIEW z.a shows rows of raw.flights that no audit saw (make it FULL, or add "
            "`live true`) "
            "[a.sql:2:16 read here]\n");
  EXPECT_EQ(messages(", live true", false), "");
}

}  // namespace
}  // namespace wapc::compiler

#include <gtest/gtest.h>

#include "grammar/printer.h"
#include "tests/unit/compiler/test_project.h"

namespace wapc::compiler {
namespace {

TestProject Flights() {
  TestProject project;
  project.Table("raw.flights", {{"id", "int64"}, {"carrier", "text"}, {"distance", "int32"}})
      .Table("raw.carriers", {{"carrier", "text"}});
  return project;
}

// Title and query of every audit of one model, or what was wrong.
std::string Audits(TestProject project, const std::string& properties) {
  project.Query("a.q", "select id, carrier, distance from raw.flights", ", " + properties);
  const Project& done = project.Run();
  std::string out = project.Messages();
  if (!out.empty()) return out;
  for (const AuditCall& call : done.Find("a.q")->audits) {
    EXPECT_EQ(call.digest.size(), 16U);
    out += call.title + (call.blocking ? "" : " (not blocking)") + ": " + grammar::Print(*call.query, {}) + "\n";
  }
  return out;
}

TEST(Audits, BuiltIn) {
  EXPECT_EQ(Audits(Flights(), "audits (not_null(columns := (id, carrier)))"),
            "not_null(id, carrier): SELECT * FROM @this_model WHERE id IS NULL OR carrier IS NULL\n");
  EXPECT_EQ(
      Audits(Flights(), "audits (not_null(columns := id, condition := carrier = 'AA'))"),
      "not_null(id, condition := carrier = 'AA'): SELECT * FROM @this_model WHERE id IS NULL AND carrier = 'AA'\n");
  EXPECT_EQ(
      Audits(Flights(), "audits (unique_values(columns := (id, carrier)))"),
      "unique_values(id): SELECT id, count(*) AS row_count FROM @this_model WHERE id IS NOT NULL GROUP BY id HAVING "
      "count(*) > 1\n"
      "unique_values(carrier): SELECT carrier, count(*) AS row_count FROM @this_model WHERE carrier IS NOT NULL GROUP "
      "BY "
      "carrier HAVING count(*) > 1\n");
  EXPECT_EQ(Audits(Flights(), "audits (unique_combination_of_columns(columns := (id, carrier)))"),
            "unique_combination_of_columns(id, carrier): SELECT id, carrier, count(*) AS row_count FROM @this_model "
            "GROUP BY id, "
            "carrier HAVING count(*) > 1\n");
  EXPECT_EQ(
      Audits(Flights(), "audits (accepted_values(column := carrier, is_in := ('AA', 'UA')))"),
      "accepted_values(carrier, is_in := ('AA', 'UA')): SELECT * FROM @this_model WHERE carrier NOT IN ('AA', 'UA')\n");
  EXPECT_EQ(Audits(Flights(), "audits (accepted_range(column := distance, min_v := 1))"),
            "accepted_range(distance, min_v := 1): SELECT * FROM @this_model WHERE distance < 1\n");
  EXPECT_EQ(
      Audits(Flights(), "audits (accepted_range(column := distance, min_v := 1, max_v := 9, inclusive := false))"),
      "accepted_range(distance, min_v := 1, max_v := 9, inclusive := FALSE): SELECT * FROM @this_model WHERE distance "
      "< 1 OR "
      "distance > 9 OR distance = 1 OR distance = 9\n");
  EXPECT_EQ(Audits(Flights(), "audits (number_of_rows(threshold := 10))"),
            "number_of_rows(threshold := 10): SELECT count(*) AS row_count FROM @this_model HAVING count(*) <= 10\n");
  EXPECT_EQ(Audits(Flights(), "audits (forall(criteria := (distance > 0, carrier <> ''), blocking := false))"),
            "forall(distance > 0, carrier <> '') (not blocking): SELECT * FROM @this_model WHERE NOT distance > 0 OR "
            "NOT carrier <> "
            "''\n");
}

TEST(Audits, Grain) {
  const std::string both =
      "not_null(id): SELECT * FROM @this_model WHERE id IS NULL\n"
      "unique_combination_of_columns(id): SELECT id, count(*) AS row_count FROM @this_model GROUP BY id HAVING "
      "count(*) > 1\n";
  EXPECT_EQ(Audits(Flights(), "grain (id)"), both);
  EXPECT_EQ(Audits(Flights(), "grain (id), audits (not_null(columns := (id)), unique_values(columns := (id)))"),
            "not_null(id): SELECT * FROM @this_model WHERE id IS NULL\n"
            "unique_values(id): SELECT id, count(*) AS row_count FROM @this_model WHERE id IS NOT NULL GROUP BY id "
            "HAVING count(*) "
            "> 1\n");
}

TEST(Audits, TheUsersOwn) {
  TestProject project = Flights();
  project.Audit(
      "AUDIT (name known, defaults (least = 1));\n"
      "SELECT * FROM @this_model t WHERE @column > @least AND t.carrier NOT IN (SELECT carrier FROM raw.carriers);");
  project.Query("a.q", "select id, carrier from raw.flights", ", audits (known(column := id))");
  const Project& done = project.Run();
  ASSERT_EQ(project.Messages(), "");
  const AuditCall& call = done.Find("a.q")->audits[0];
  EXPECT_EQ(call.title, "known(id)");
  EXPECT_EQ(grammar::Print(*call.query, {}),
            "SELECT * FROM @this_model AS t WHERE id > 1 AND t.carrier NOT IN (SELECT carrier FROM raw.carriers)");
  ASSERT_EQ(call.depends_on.size(), 1U);
  EXPECT_EQ(done.models[static_cast<size_t>(call.depends_on[0])].name, "raw.carriers");
}

TEST(Audits, Faults) {
  EXPECT_EQ(Audits(Flights(), "audits (not_nul(columns := (id)))"),
            "m.sql:1:36 unknown-audit: there is no audit not_nul (did you mean not_null?)\n");
  EXPECT_EQ(Audits(Flights(), "audits (not_null(column := (id)))"),
            "m.sql:1:56 audit-argument: not_null takes no argument column (did you mean columns?)\n");
  EXPECT_EQ(Audits(Flights(), "audits (not_null(columns := (id, carier)))"),
            "m.sql:1:62 unknown-column: a.q has no column \"carier\" (did you mean carrier?)\n");
  EXPECT_EQ(Audits(Flights(), "audits (accepted_range(column := carrier, min_v := 5))"),
            "m.sql:1:80 audit-argument: min_v of accepted_range is int32, and the column is text (values are compared "
            "with the "
            "column: give one of its type)\n");
  TestProject project = Flights();
  project.Audit("AUDIT (name mine);\nSELECT * FROM @this_model WHERE distence > 1;");
  EXPECT_EQ(Audits(std::move(project), "audits (mine)"),
            "audit.sql:2:33 unknown-column: there is no column \"distence\" in \"this_model\" (did you mean distance?) "
            "[m.sql:1:36 as an audit of a.q]\n");
}

TEST(Audits, Threshold) {
  EXPECT_EQ(Audits(Flights(), "audits (not_null(columns := id, threshold := 10))"),
            "not_null(id, threshold := 10): SELECT * FROM @this_model WHERE id IS NULL\n");
  EXPECT_EQ(Audits(Flights(), "audits (not_null(columns := id, threshold := 0.01))"),
            "not_null(id, threshold := 0.01): SELECT * FROM @this_model WHERE id IS NULL\n");
  EXPECT_EQ(Audits(Flights(), "audits (not_null(columns := id, threshold := 1.5))"),
            "m.sql:1:74 audit-argument: threshold is a number of rows, or a share of them between 0 and 1 (write "
            "threshold := 10, or threshold := 0.01 for one of a hundred)\n");
  EXPECT_EQ(
      Audits(Flights(), "audits (not_constant(column := id, threshold := 1))"),
      "m.sql:1:77 audit-argument: not_constant looks at the table as a whole (a threshold is for audits that select "
      "rows: it would switch this one off)\n");
}

TEST(Audits, Standalone) {
  TestProject project = Flights();
  project.Audit("AUDIT (name in_both, standalone true);\nSELECT * FROM a.q JOIN a.r USING (id) WHERE id < 0;");
  project.Query("a.q", "select id from raw.flights").Query("a.r", "select id from raw.flights");
  const Project& done = project.Run();
  ASSERT_EQ(project.Messages(), "");
  for (const char* const name : {"a.q", "a.r"}) {
    ASSERT_EQ(done.Find(name)->audits.size(), 1U) << name;
    EXPECT_TRUE(done.Find(name)->audits[0].standalone);
  }
}

TEST(Audits, TheDigestFollowsTheText) {
  const auto digest = [](const std::string& properties) {
    TestProject project = Flights();
    project.Query("a.q", "select id, carrier, distance from raw.flights", ", " + properties);
    return project.Run().Find("a.q")->audits[0].digest;
  };
  const std::string base = digest("audits (accepted_range(column := distance, min_v := 1))");
  EXPECT_EQ(base, digest("audits (ACCEPTED_RANGE( column :=  DISTANCE, min_v := 1 ))"));
  EXPECT_NE(base, digest("audits (accepted_range(column := distance, min_v := 2))"));
  EXPECT_NE(base, digest("audits (accepted_range(column := distance, min_v := 1, blocking := false))"));
}

}  // namespace
}  // namespace wapc::compiler

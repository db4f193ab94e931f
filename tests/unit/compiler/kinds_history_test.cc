#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "compiler/compile.h"
#include "compiler/plan/build_plan.h"
#include "runtime/apply.h"
#include "runtime/state/store.h"
#include "tests/unit/compiler/history_engines.h"

// Every kind that moves in place, driven through random histories of its source and compared with the same thing
// computed here from the source's states, row by row. Each move is then undone (and that rolled back), which has to
// give the table as it was.
namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;
using runtime::Warehouse;

struct Source {
  int id = 0;  // 0 stands for NULL
  int part = 0;
  std::string v;
  int at = 0;  // days of 2024
  int load = 0;
};

// Rows as they are shown: cells joined by '|', sorted.
using Shown = std::multiset<std::string>;

std::string Day(int day) { return fmt::format("2024-{:02}-{:02} 00:00:00", day / 28 + 1, day % 28 + 1); }
std::string IdText(int id) { return id == 0 ? "~" : std::to_string(id); }
constexpr std::string_view kEpoch = "1970-01-01 00:00:00";

// ------------------------------------------------------------------------------------------------ the same, from
// scratch

struct Version {
  Source row;
  std::string from, to;  // an open version has an empty `to`
};

struct ScdOptions {
  bool by_time = true;
  bool hard_deletes = false;
  bool says_valid_from = false;  // updated_at_as_valid_from, execution_time_as_valid_from
};

class Scd {
 public:
  explicit Scd(ScdOptions options) : options_(options) {}

  void Take(const std::vector<Source>& rows, const std::string& now) {
    std::map<std::pair<int, int>, Source> source;
    for (const Source& row : rows) source[{row.id, row.part}] = row;
    for (auto& [key, versions] : versions_) {
      const auto found = source.find(key);
      End(versions, found == source.end() ? nullptr : &found->second, now);
    }
    for (const auto& [key, row] : source) {
      if (!versions_.contains(key)) versions_[key].push_back({row, Begin(row, now), ""});
    }
    first_ = false;
  }

  Shown Rows() const {
    Shown out;
    for (const auto& [key, versions] : versions_) {
      for (const Version& version : versions) {
        out.insert(fmt::format("{}|{}|{}|{}|{}|{}", IdText(version.row.id), version.row.part, version.row.v,
                               Day(version.row.at), version.from, version.to.empty() ? "~" : version.to));
      }
    }
    return out;
  }

 private:
  std::string Begin(const Source& row, const std::string& now) const {
    if (options_.by_time) return options_.says_valid_from ? Day(row.at) : std::string(kEpoch);
    return first_ && !options_.says_valid_from ? std::string(kEpoch) : now;
  }

  void End(std::vector<Version>& versions, const Source* row, const std::string& now) const {
    Version& last = versions.back();
    if (!last.to.empty()) {
      if (row == nullptr) return;
      std::string gone;
      for (const Version& version : versions) gone = std::max(gone, version.to);
      versions.push_back({*row, options_.by_time ? std::max(gone, Day(row->at)) : now, ""});
    } else if (row == nullptr) {
      if (options_.hard_deletes) last.to = now;
    } else if (options_.by_time ? row->at > last.row.at : row->v != last.row.v) {
      const std::string moment = options_.by_time ? Day(row->at) : now;
      last.to = moment;
      versions.push_back({*row, moment, ""});
    }
  }

  ScdOptions options_;
  bool first_ = true;
  std::map<std::pair<int, int>, std::vector<Version>> versions_;
};

std::string RowText(const Source& row) {
  return fmt::format("{}|{}|{}|{}", IdText(row.id), row.part, row.v, Day(row.at));
}

// ------------------------------------------------------------------------------------------------ one history

class History {
 public:
  History(HistoryEngine& engine, unsigned seed)
      : engine_(engine), random_(seed), options_{true, seed % 2 == 1, seed % 4 > 1} {
    fs::remove_all(folder_);
    WriteProject();
    scd_time_ = std::make_unique<Scd>(options_);
    ScdOptions by_column = options_;
    by_column.by_time = false;
    scd_column_ = std::make_unique<Scd>(by_column);
    engine_.Reset();
    Exec("CREATE SCHEMA raw");
    Exec(
        "CREATE TABLE raw._dlt_loads (load_id varchar, schema_name varchar, status bigint, inserted_at timestamp with "
        "time zone, schema_version_hash varchar)");
    Exec(
        "CREATE TABLE raw.items (id bigint, part bigint, v varchar, ts timestamp, _dlt_load_id varchar, _dlt_id "
        "varchar)");
  }
  ~History() { fs::remove_all(folder_); }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  void Run(int steps) {
    for (step_ = 1; step_ <= steps && !::testing::Test::HasFailure(); ++step_) {
      Change();
      Load();
      Apply();
      Expect();
    }
  }

 private:
  void Write(const std::string& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }

  void Model(const std::string& name, const std::string& kind, const std::string& query) const {
    Write("models/" + name + ".sql", fmt::format("MODEL (name marts.{}, kind {});\n{}\n", name, kind, query));
  }

  void WriteProject() const {
    Write("wapc.yaml", engine_.Config());
    Write("metadata/raw/schema.yml", R"(version: 2
version_hash: x
engine_version: 11
name: raw
tables:
  items:
    columns:
      id: {data_type: bigint}
      part: {data_type: bigint}
      v: {data_type: text}
      ts: {data_type: timestamp, timezone: false}
      _dlt_load_id: {data_type: text, nullable: false}
      _dlt_id: {data_type: text, nullable: false}
    write_disposition: append
    x-normalizer: {seen-data: true}
  _dlt_loads:
    columns:
      load_id: {data_type: text, nullable: false}
      schema_name: {data_type: text}
      status: {data_type: bigint, nullable: false}
      inserted_ts: {data_type: timestamp, nullable: false}
      schema_version_hash: {data_type: text}
settings: {}
)");
    const std::string items =
        "SELECT id, part, v, ts FROM raw.items WHERE _dlt_load_id IN (SELECT load_id FROM raw._dlt_loads)";
    const std::string newest =
        "SELECT id, part, v, ts FROM raw.items WHERE _dlt_load_id = (SELECT max(load_id) FROM raw._dlt_loads)";
    const std::string flags = fmt::format(", invalidate_hard_deletes {}", options_.hard_deletes);
    Model("by_time",
          fmt::format("SCD_TYPE_2_BY_TIME (unique_key (id, part), updated_at_name ts, updated_at_as_valid_from {}{})",
                      options_.says_valid_from, flags),
          items);
    Model("by_column",
          fmt::format("SCD_TYPE_2_BY_COLUMN (unique_key (id, part), columns (v), execution_time_as_valid_from {}{})",
                      options_.says_valid_from, flags),
          items);
    Model("by_part", "INCREMENTAL_BY_PARTITION, partitioned_by (part % 2, id)", newest);
    Model("appended", "INCREMENTAL_UNMANAGED", newest);
    Model("replaced", "INCREMENTAL_UNMANAGED (insert_overwrite true)", newest);
    Model("by_key", "INCREMENTAL_BY_UNIQUE_KEY (unique_key (id, part))", newest);
    Model("clock", "FULL", "SELECT CAST(now() AS timestamp) AS ts, max(load_id) AS load FROM raw._dlt_loads");
  }

  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

  // Some rows are gone, some change or get another time, some come; a key may return.
  void Change() {
    std::vector<Source> next;
    for (Source row : rows_) {
      const int fate = Below(6);
      if (fate == 0) continue;
      if (fate < 3) row.v = std::string(1, static_cast<char>('a' + Below(3)));
      if (fate == 2 || fate == 3) row.at = std::min(row.at + Below(20), 300);
      if (fate < 4) row.load = step_;
      next.push_back(row);
    }
    const int more = Below(4) + 1;
    for (int i = 0; i < more; ++i) {
      const Source row{Below(5), Below(3), std::string(1, static_cast<char>('a' + Below(3))), Below(300), step_};
      const bool known = std::any_of(next.begin(), next.end(),
                                     [&](const Source& other) { return other.id == row.id && other.part == row.part; });
      if (!known) next.push_back(row);
    }
    rows_ = std::move(next);
  }

  void Exec(const std::string& sql) {
    const auto status = engine_.Open().Execute(sql);
    ASSERT_TRUE(status) << sql << "\n" << status.error().message;
  }

  void Load() {
    std::string sql = "DELETE FROM raw.items";
    std::string values;
    for (const Source& row : rows_) {
      values += fmt::format("{}({}, {}, '{}', timestamp '{}', '{:03}', '{}.{}')", values.empty() ? "" : ", ",
                            row.id == 0 ? "NULL" : std::to_string(row.id), row.part, row.v, Day(row.at), row.load,
                            row.id, row.part);
    }
    Exec(sql);
    if (!values.empty()) Exec("INSERT INTO raw.items VALUES " + values);
    Exec(fmt::format("INSERT INTO raw._dlt_loads VALUES ('{:03}', 'raw', 0, now(), 'x')", step_));
  }

  void Apply() {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    const auto project = CompileProject(folder_, {}, "", sources, diagnostics);
    ASSERT_TRUE(project && !diagnostics.has_errors()) << base::RenderText(diagnostics, sources, false);
    const auto state = runtime::ReadState(engine_.Open(), LoadedDatasets(*project));
    ASSERT_TRUE(state) << state.error().message;
    PlanOptions options;
    options.gateway = "local";
    const std::string text = runtime::WritePlan(BuildPlan(*project, *state, options, diagnostics));
    auto plan = runtime::ReadPlan(text);
    ASSERT_TRUE(plan) << plan.error().message;
    plan_ = std::move(plan->plan);
    const auto report = runtime::Apply(plan_, engine_.Open(), {.sha256 = plan->sha256});
    ASSERT_TRUE(report) << report.error().message << "\n" << text;
    ASSERT_EQ(report->outcome, runtime::Outcome::kPublished);
  }

  Shown Rows(const std::string& relation, const std::string& columns) {
    const auto rows = engine_.Open().Query(fmt::format("SELECT {} FROM {}", columns, relation));
    EXPECT_TRUE(rows) << rows.error().message;
    Shown out;
    if (!rows) return out;
    for (const auto& row : rows->rows) {
      std::string text;
      for (const auto& cell : row) text += (&cell == &row.front() ? "" : "|") + cell.value_or("~");
      out.insert(text);
    }
    return out;
  }

  static std::string Columns(const std::string& model) {
    const std::string own = "id, part, v, CAST(ts AS text)";
    const bool scd = model == "by_time" || model == "by_column";
    return scd ? own + ", CAST(valid_from AS text), CAST(valid_to AS text)" : own;
  }

  void Expect() {
    if (::testing::Test::HasFailure()) return;
    const Shown clock = Rows("marts.clock", "CAST(ts AS text)");
    ASSERT_EQ(clock.size(), 1U);
    scd_time_->Take(rows_, *clock.begin());
    scd_column_->Take(rows_, *clock.begin());
    TakeNewest();
    const std::map<std::string, Shown> expected = {{"by_time", scd_time_->Rows()}, {"by_column", scd_column_->Rows()},
                                                   {"by_part", Texts(by_part_)},   {"appended", Texts(appended_)},
                                                   {"replaced", Texts(replaced_)}, {"by_key", Texts(by_key_)}};
    for (const auto& [model, rows] : expected) {
      ASSERT_EQ(Rows("marts." + model, Columns(model)), rows) << model << " after step " << step_;
    }
    ExpectUndone();
    before_ = expected;
  }

  void TakeNewest() {
    std::vector<Source> newest;
    for (const Source& row : rows_) {
      if (row.load == step_) newest.push_back(row);
    }
    const auto goes = [&](const auto& same) {
      return [&newest, same](const Source& old) {
        return std::any_of(newest.begin(), newest.end(), [&](const Source& row) { return same(old, row); });
      };
    };
    std::erase_if(by_part_,
                  goes([](const Source& a, const Source& b) { return a.part % 2 == b.part % 2 && a.id == b.id; }));
    std::erase_if(by_key_, goes([](const Source& a, const Source& b) { return a.part == b.part && a.id == b.id; }));
    replaced_.clear();
    for (std::vector<Source>* const table : {&by_part_, &by_key_, &replaced_, &appended_}) {
      table->insert(table->end(), newest.begin(), newest.end());
    }
  }

  static Shown Texts(const std::vector<Source>& rows) {
    Shown out;
    for (const Source& row : rows) out.insert(RowText(row));
    return out;
  }

  // Newest first, as a rollback does.
  void ExpectUndone() {
    if (before_.empty()) return;
    Warehouse& warehouse = engine_.Open();
    ASSERT_TRUE(warehouse.Begin());
    int undone = 0;
    for (auto model = plan_.models.rbegin(); model != plan_.models.rend(); ++model) {
      if (model->action != runtime::Action::kDelta) continue;
      for (const runtime::Step& step : model->undo) Exec(step.sql);
      const std::string name = model->model.substr(6);
      ASSERT_EQ(Rows(fmt::format("\"{}\".\"{}\"", model->relation.schema, model->relation.name), Columns(name)),
                before_.at(name))
          << name << " undone after step " << step_;
      ++undone;
    }
    warehouse.Rollback();
    ASSERT_EQ(undone, 6);
  }

  HistoryEngine& engine_;
  std::mt19937 random_;
  ScdOptions options_;
  fs::path folder_ =
      fs::temp_directory_path() / fmt::format("wapc_history_{}", ::testing::UnitTest::GetInstance()->random_seed());
  int step_ = 0;
  runtime::Plan plan_;
  std::vector<Source> rows_;
  std::vector<Source> by_part_, appended_, replaced_, by_key_;
  std::unique_ptr<Scd> scd_time_, scd_column_;
  std::map<std::string, Shown> before_;
};

TEST(KindsHistory, OnDuckDb) {
  const auto engine = DuckDbEngine();
  for (unsigned seed = 1; seed <= 4 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    History(*engine, seed).Run(6);
  }
}

TEST(KindsHistory, OnPostgres) {
  PostgresHistoryEngine engine;
  ASSERT_EQ(engine.problem(), "");
  for (unsigned seed = 1; seed <= 4 && !HasFailure(); seed += 2) {
    SCOPED_TRACE(seed);
    History(engine, seed).Run(4);
  }
}

}  // namespace
}  // namespace wapc::compiler

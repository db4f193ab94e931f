#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "base/bytes.h"
#include "base/files.h"
#include "compiler/cache/cache_file.h"
#include "compiler/cache/compile_cached.h"
#include "compiler/cache/recompile.h"
#include "compiler/compile.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A project of a chain a -> b -> c beside a model d, with a warning in c, in a folder of its own.
class CacheTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("wapc_cache_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
               std::to_string(::getpid()));
    fs::remove_all(folder_);
    Write("wapc.yaml", "name: cache\n");
    Write("models/raw.sql", "MODEL (name raw.t, kind EXTERNAL, columns (id int, name text));\n");
    Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT id, name FROM raw.t\n");
    Write("models/b.sql", "MODEL (name m.b, kind FULL, grain id);\nSELECT id, upper(name) AS name FROM m.a\n");
    Write("models/c.sql",
          "MODEL (name m.c, kind VIEW);\nSELECT b.id, t.name FROM m.b JOIN raw.t AS t ON b.id = t.id\n");
    Write("models/d.sql", "MODEL (name m.d, kind FULL);\nSELECT 1 AS one\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }

  static std::string TextOf(const ModelGraph& graph) {
    std::string out;
    for (const GraphModel& model : graph) {
      out += fmt::format("{} {} {} {} {}\n", model.name, model.file, model.dataset, model.own,
                         fmt::join(model.depends_on, ","));
    }
    return out;
  }

  // What a user sees of a compile: the diagnostics and the manifest.
  std::string Seen(const base::Diagnostics& diagnostics, const base::SourceMap& sources) const {
    const auto manifest = base::ReadFile(ManifestPath(folder_));
    return RenderText(diagnostics, sources, false) + (diagnostics.has_errors() || !manifest ? "" : *manifest);
  }

  std::string CompileWarm() {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    const auto outcome = CompileCached(folder_, {}, WantsGraph::kYes, sources, diagnostics);
    EXPECT_TRUE(outcome);
    return Seen(diagnostics, sources) + (outcome->graph ? TextOf(*outcome->graph) : "");
  }

  std::string CompileCold() {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    const auto project = CompileProject(folder_, {}, "", sources, diagnostics);
    const std::string graph = project ? TextOf(GraphOf(*project, sources)) : "";
    if (!project || diagnostics.has_errors()) return RenderText(diagnostics, sources, false) + graph;
    return RenderText(diagnostics, sources, false) + WriteManifest(*project, sources) + graph;
  }

  // The files that a change leads to, as far as they are compiled one by one; "whole" when the project is.
  std::string Reread(const std::vector<std::string>& changed) {
    base::SourceMap sources;
    base::Diagnostics diagnostics;
    const auto cache = ReadCompileCache(folder_, {});
    if (!cache) return "no cache";
    SourceTable table(folder_, sources);
    table.Load(cache->paths);
    const auto recompiled = Recompile(folder_, {}, *cache, changed, table, sources, diagnostics);
    if (!recompiled) return "whole";
    std::string out;
    for (const std::string& file : recompiled->files) out += (out.empty() ? "" : " ") + file;
    return out;
  }

  fs::path folder_;
};

TEST_F(CacheTest, GivesWhatAWholeCompileGives) {
  EXPECT_EQ(CompileWarm(), CompileCold());
  EXPECT_EQ(CompileWarm(), CompileCold()) << "nothing changed";
  EXPECT_THAT(CompileWarm(), HasSubstr("live-view"));
}

TEST_F(CacheTest, ReadsOnlyTheFileWhoseInterfaceStayed) {
  CompileWarm();
  Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT id, name FROM raw.t LIMIT 7\n");
  EXPECT_EQ(Reread({"models/a.sql"}), "models/a.sql");
  EXPECT_EQ(CompileWarm(), CompileCold());
}

TEST_F(CacheTest, ReadsReadersOfAChangedInterface) {
  CompileWarm();
  Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT id, id AS name FROM raw.t\n");
  EXPECT_EQ(Reread({"models/a.sql"}), "whole") << "upper(int) is an error of b";
  Write("models/a.sql", "MODEL (name m.a, kind FULL);\nSELECT id + 5000000000 AS id, name FROM raw.t\n");
  EXPECT_EQ(Reread({"models/a.sql"}), "models/a.sql models/b.sql models/c.sql");
  EXPECT_EQ(CompileWarm(), CompileCold());
}

TEST_F(CacheTest, CompilesWholeWhateverElseChanged) {
  CompileWarm();
  Write("models/e.sql", "MODEL (name m.e, kind FULL);\nSELECT id FROM m.d\n");
  EXPECT_EQ(CompileWarm(), CompileCold()) << "an error: d has no id";
  fs::remove(folder_ / "models/e.sql");
  fs::remove(folder_ / "models/c.sql");
  EXPECT_EQ(CompileWarm(), CompileCold());
  Write("wapc.yaml", "name: cache\nmodel_defaults: {owner: someone}\n");
  EXPECT_EQ(CompileWarm(), CompileCold());
  Write("models/d.sql", "MODEL (name m.other, kind FULL);\nSELECT 1 AS one\n");
  EXPECT_EQ(CompileWarm(), CompileCold());
}

TEST_F(CacheTest, DoesNotTrustWhatOthersWrote) {
  CompileWarm();
  Write(".wapc/manifest.json", "{}");
  EXPECT_EQ(CompileWarm(), CompileCold());
  const auto bytes = base::ReadFile(folder_ / ".wapc/compile.cache");
  ASSERT_TRUE(bytes);
  for (size_t length = 0; length < bytes->size(); length += 37) {
    Write(".wapc/compile.cache", bytes->substr(0, length));
    EXPECT_FALSE(ReadCompileCache(folder_, {}));
  }
  EXPECT_EQ(CompileWarm(), CompileCold());
}

TEST_F(CacheTest, StaysTheSameOverRandomEdits) {
  const std::vector<std::string> projections = {"id, name", "id, name, 1 AS more", "id, 'x' AS name", "id, nam",
                                                "id, id / 2 AS half, name"};
  std::mt19937 random(7);
  const auto pick = [&random](size_t count) { return random() % count; };
  const std::vector<std::string> upstream = {"raw.t", "m.a", "m.b"};
  for (int i = 0; i < 60; ++i) {
    const size_t at = pick(3);
    const std::string name(1, static_cast<char>('a' + at));
    const std::string comment = pick(2) == 0 ? "" : "-- a line that shifts all others\n";
    Write("models/" + name + ".sql", comment + "MODEL (name m." + name + ", kind " + (pick(3) == 0 ? "VIEW" : "FULL") +
                                         (pick(2) == 0 ? ", grain id" : "") + ");\nSELECT " + projections[pick(5)] +
                                         " FROM " + upstream[at] + "\n");
    ASSERT_EQ(CompileWarm(), CompileCold()) << "after edit " << i;
  }
}

TEST(BytesTest, ReadsBackAndNoticesTheEnd) {
  base::ByteWriter out;
  for (const uint64_t number : {uint64_t{0}, uint64_t{127}, uint64_t{128}, ~uint64_t{0}}) out.Number(number);
  out.Text("");
  out.Text("text");
  base::ByteReader in(out.bytes());
  for (const uint64_t number : {uint64_t{0}, uint64_t{127}, uint64_t{128}, ~uint64_t{0}})
    EXPECT_EQ(in.Number(), number);
  EXPECT_EQ(in.Text(), "");
  EXPECT_EQ(in.Text(), "text");
  EXPECT_TRUE(in.ok() && in.at_end());
  EXPECT_EQ(in.Text(), "");
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace wapc::compiler

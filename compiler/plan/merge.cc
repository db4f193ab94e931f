#include "compiler/plan/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/plan/emit.h"

namespace wapc::compiler {
namespace {

class Merge {
 public:
  Merge(const StepWriter& steps, const runtime::RelationName& source)
      : steps_(steps),
        texts_(EmitMerge(steps.model(), steps.project())),
        table_(steps.Relation(steps.planned().relation)),
        source_(steps.Relation(source)) {}

  // Rows that match, as the first clause that holds leaves them; those that do not; and new ones.
  std::string Query() const {
    const std::string stays = Removes();
    return fmt::format(
        "SELECT {}\nFROM {} AS target\nJOIN {} AS source ON {}{}\nUNION ALL\nSELECT {}\nFROM {} AS target\nWHERE "
        "EXISTS "
        "(SELECT 1 FROM {} AS source WHERE {}) AND NOT EXISTS (SELECT 1 FROM {} AS source WHERE {})\nUNION "
        "ALL\nSELECT {}\nFROM {} AS source\nWHERE NOT EXISTS (SELECT 1 FROM {} AS target WHERE {})",
        Values(), table_, source_, Matches(), stays, Own("target"), table_, source_, SameKey(), source_, Matches(),
        Own("source"), source_, table_, Matches());
  }

 private:
  std::string SameKey() const { return steps_.SameKey(steps_.model().unique_key, "source", "target"); }
  std::string Matches() const {
    return texts_.filter.empty() ? SameKey() : fmt::format("{} AND {}", SameKey(), texts_.filter);
  }
  std::string Own(std::string_view alias) const { return steps_.ColumnList(steps_.ColumnNames(), alias); }
  static std::string When(const MergeTexts::Clause& clause) {
    return clause.condition.empty() ? "TRUE" : clause.condition;
  }

  // Without clauses the new row replaces the old one.
  std::string Values() const {
    if (texts_.clauses.empty()) return Own("source");
    std::vector<std::string> out;
    for (const std::string& column : steps_.ColumnNames()) {
      const std::string name = steps_.Name(column);
      std::string cases;
      for (const MergeTexts::Clause& clause : texts_.clauses) {
        const auto set = std::find_if(clause.sets.begin(), clause.sets.end(),
                                      [&column](const auto& entry) { return entry.first == column; });
        cases +=
            fmt::format(" WHEN {} THEN {}", When(clause), set == clause.sets.end() ? "target." + name : set->second);
      }
      out.push_back(fmt::format("CASE{} ELSE target.{} END AS {}", cases, name, name));
    }
    return fmt::format("{}", fmt::join(out, ", "));
  }

  std::string Removes() const {
    std::string cases;
    bool any = false;
    for (const MergeTexts::Clause& clause : texts_.clauses) {
      cases += fmt::format(" WHEN {} THEN {}", When(clause), clause.removes ? 0 : 1);
      any = any || clause.removes;
    }
    return any ? fmt::format("\nWHERE CASE{} ELSE 1 END = 1", cases) : "";
  }

  const StepWriter& steps_;
  MergeTexts texts_;
  std::string table_, source_;
};

}  // namespace

void MakeMergedDelta(StepWriter& steps, const runtime::RelationName& source) {
  steps.AddBuild("delta",
                 fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(steps.Delta()), Merge(steps, source).Query()));
}

}  // namespace wapc::compiler

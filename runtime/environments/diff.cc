#include "runtime/environments/diff.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

/// A column that both relations have, as its two sides are compared.
struct Common {
  std::string name;
  std::string a;
  std::string b;
};

std::string Join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

/// One comparison: the SQL that its queries share.
class Differ {
 public:
  Differ(Warehouse& warehouse, const DiffPair& pair, int samples)
      : warehouse_(warehouse), samples_(samples), out_{.pair = pair} {}

  base::Result<RelationDifference> Run() {
    if (auto status = ReadColumns(); !status) return status.error();
    if (auto status = Count(); !status) return status.error();
    const auto status = out_.pair.on.empty() ? CompareWhole() : CompareByKey();
    if (!status) return status.error();
    return std::move(out_);
  }

 private:
  base::Result<Rows> Head(const RelationName& name) {
    return warehouse_.Query("SELECT * FROM " + warehouse_.Quote(name) + " WHERE false");
  }

  base::Status ReadColumns() {
    const auto a = Head(out_.pair.a);
    if (!a) return a.error();
    const auto b = Head(out_.pair.b);
    if (!b) return b.error();
    for (size_t i = 0; i < a->columns.size(); ++i) {
      const auto other = std::find(b->columns.begin(), b->columns.end(), a->columns[i]);
      if (other == b->columns.end()) {
        out_.columns.push_back({a->columns[i], a->types[i], ""});
        continue;
      }
      const std::string& type_b = b->types[static_cast<size_t>(other - b->columns.begin())];
      if (a->types[i] != type_b) out_.columns.push_back({a->columns[i], a->types[i], type_b});
      AddCommon(a->columns[i], a->types[i] == type_b, a->types[i]);
    }
    for (size_t i = 0; i < b->columns.size(); ++i) {
      if (std::find(a->columns.begin(), a->columns.end(), b->columns[i]) == a->columns.end()) {
        out_.columns.push_back({b->columns[i], "", b->types[i]});
      }
    }
    for (const std::string& key : out_.pair.on) {
      const bool common = std::any_of(common_.begin(), common_.end(), [&](const Common& c) { return c.name == key; });
      if (!common) {
        return base::Error{base::ErrorKind::kUsage,
                           fmt::format("{}: the key column {} is not on both sides", out_.pair.name, key)};
      }
    }
    return {};
  }

  // Values of two types, and of those that have no equality, are compared as text.
  void AddCommon(const std::string& column, bool same_type, const std::string& type) {
    const std::string name = warehouse_.Quote(column);
    const bool plain = same_type && type != "json" && type != "xml";
    const auto side = [&](std::string_view alias) {
      return plain ? fmt::format("{}.{}", alias, name) : fmt::format("CAST({}.{} AS text)", alias, name);
    };
    common_.push_back({column, side("a"), side("b")});
  }

  base::Status Count() {
    const auto counts = CountRows(warehouse_, {out_.pair.a, out_.pair.b});
    if (!counts) return counts.error();
    out_.rows_a = counts->at(0);
    out_.rows_b = counts->at(1);
    return {};
  }

  std::string Selected(bool side_a) const {
    std::vector<std::string> columns;
    for (const Common& column : common_) columns.push_back(side_a ? column.a : column.b);
    return fmt::format("SELECT {} FROM {} AS {}", Join(columns, ", "),
                       warehouse_.Quote(side_a ? out_.pair.a : out_.pair.b), side_a ? "a" : "b");
  }

  base::Status CompareWhole() {
    if (common_.empty()) return {};
    for (const bool side_a : {true, false}) {
      const std::string only = Selected(side_a) + " EXCEPT ALL " + Selected(!side_a);
      const auto count = warehouse_.Query("SELECT count(*) FROM (" + only + ") AS d");
      if (!count) return count.error();
      (side_a ? out_.only_a : out_.only_b) = CellNumber(count->rows.at(0).at(0));
      auto sample =
          warehouse_.Query(fmt::format("SELECT * FROM ({}) AS d ORDER BY {} LIMIT {}", only, Positions(), samples_));
      if (!sample) return sample.error();
      sample->columns.clear();
      for (const Common& column : common_) sample->columns.push_back(column.name);
      (side_a ? out_.sample_a : out_.sample_b) = std::move(*sample);
    }
    return {};
  }

  std::string Positions() const {
    std::vector<std::string> out;
    for (size_t i = 1; i <= common_.size(); ++i) out.push_back(std::to_string(i));
    return Join(out, ", ");
  }

  bool IsKey(const std::string& column) const {
    return std::find(out_.pair.on.begin(), out_.pair.on.end(), column) != out_.pair.on.end();
  }

  std::string KeyOf(std::string_view alias) const {
    std::vector<std::string> out;
    for (const std::string& key : out_.pair.on) out.push_back(fmt::format("{}.{}", alias, warehouse_.Quote(key)));
    return Join(out, ", ");
  }

  std::string Joined() const {
    std::vector<std::string> same;
    for (const Common& column : common_) {
      if (IsKey(column.name)) same.push_back(column.a + " = " + column.b);
    }
    return fmt::format(
        " FROM (SELECT *, 1 AS wapc_is_there FROM {}) AS a FULL JOIN (SELECT *, 1 AS wapc_is_there FROM {}) AS b ON {}",
        warehouse_.Quote(out_.pair.a), warehouse_.Quote(out_.pair.b), Join(same, " AND "));
  }

  static constexpr std::string_view kBoth = "a.wapc_is_there = 1 AND b.wapc_is_there = 1";

  std::string Differs() const {
    std::vector<std::string> parts;
    for (const Common& column : common_) {
      if (!IsKey(column.name)) parts.push_back(column.a + " IS DISTINCT FROM " + column.b);
    }
    return parts.empty() ? "false" : "(" + Join(parts, " OR ") + ")";
  }

  base::Status CompareByKey() {
    if (auto status = CountUnsure(); !status) return status;
    std::string sql = fmt::format(
        "SELECT count(CASE WHEN b.wapc_is_there IS NULL THEN 1 END), count(CASE WHEN a.wapc_is_there IS NULL THEN 1 "
        "END), count(CASE WHEN {} AND {} THEN 1 END)",
        kBoth, Differs());
    for (const Common& column : common_) {
      sql += fmt::format(", count(CASE WHEN {} AND {} IS DISTINCT FROM {} THEN 1 END)", kBoth, column.a, column.b);
    }
    const auto counts = warehouse_.Query(sql + Joined());
    if (!counts) return counts.error();
    const auto& row = counts->rows.at(0);
    out_.only_a = CellNumber(row.at(0));
    out_.only_b = CellNumber(row.at(1));
    out_.changed = CellNumber(row.at(2));
    for (size_t i = 0; i < common_.size(); ++i) {
      const int64_t changed = CellNumber(row.at(i + 3));
      if (changed > 0) out_.values.push_back({common_[i].name, changed});
    }
    return Sample();
  }

  /// Rows that a key cannot tell apart: those without one, and all but the first of one.
  base::Status CountUnsure() {
    for (const bool side_a : {true, false}) {
      const auto rows = warehouse_.Query(
          fmt::format("SELECT count(*) FROM (SELECT DISTINCT {} FROM {} AS t WHERE {} IS NOT NULL) AS k", KeyOf("t"),
                      warehouse_.Quote(side_a ? out_.pair.a : out_.pair.b), JoinedNotNull()));
      if (!rows) return rows.error();
      const int64_t keys = CellNumber(rows->rows.at(0).at(0));
      (side_a ? out_.unsure_a : out_.unsure_b) = (side_a ? out_.rows_a : out_.rows_b) - keys;
    }
    return {};
  }

  std::string JoinedNotNull() const {
    std::vector<std::string> parts;
    for (const std::string& key : out_.pair.on) parts.push_back("t." + warehouse_.Quote(key));
    return Join(parts, " IS NOT NULL AND ");
  }

  base::Status Sample() {
    for (const bool side_a : {true, false}) {
      const std::string_view here = side_a ? "a" : "b";
      std::vector<std::string> columns;
      for (const Common& column : common_) columns.push_back(fmt::format("{}.{}", here, warehouse_.Quote(column.name)));
      auto rows =
          warehouse_.Query(fmt::format("SELECT {}{} WHERE {}.wapc_is_there IS NULL ORDER BY {} LIMIT {}",
                                       Join(columns, ", "), Joined(), side_a ? "b" : "a", KeyOf(here), samples_));
      if (!rows) return rows.error();
      (side_a ? out_.sample_a : out_.sample_b) = std::move(*rows);
    }
    std::vector<std::string> columns;
    for (const std::string& key : out_.pair.on) columns.push_back("a." + warehouse_.Quote(key));
    for (const ChangedColumn& column : out_.values) {
      for (const char* side : {"a", "b"}) {
        columns.push_back(fmt::format("{}.{} AS {}", side, warehouse_.Quote(column.name),
                                      warehouse_.Quote(column.name + " (" + side + ")")));
      }
    }
    auto rows = warehouse_.Query(fmt::format("SELECT {}{} WHERE {} AND {} ORDER BY {} LIMIT {}", Join(columns, ", "),
                                             Joined(), kBoth, Differs(), KeyOf("a"), samples_));
    if (!rows) return rows.error();
    out_.sample_changed = std::move(*rows);
    return {};
  }

  Warehouse& warehouse_;
  int samples_;
  RelationDifference out_;
  std::vector<Common> common_;
};

}  // namespace

base::Result<RelationDifference> DiffRelations(Warehouse& warehouse, const DiffPair& pair, int samples) {
  return Differ(warehouse, pair, samples).Run();
}

}  // namespace wapc::runtime

#include "tests/translate/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "compiler/passes/binder.h"
#include "grammar/parser.h"

namespace wapc::translate_cases {
namespace {

/// The same numbers at every run.
class Numbers {
 public:
  int Below(int limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state_ >> 33U) % static_cast<uint64_t>(limit));
  }
  std::string Cents(int limit, int lowest) {
    const int value = Below(limit) + lowest;
    return fmt::format("{}{}.{:02}", value < 0 ? "-" : "", std::abs(value) / 100, std::abs(value) % 100);
  }
  std::string Day() { return fmt::format("DATE '{}-{:02}-{:02}'", 1992 + Below(7), 1 + Below(12), 1 + Below(28)); }
  template <class T>
  T Of(const std::vector<T>& values) {
    return values[static_cast<size_t>(Below(static_cast<int>(values.size())))];
  }

 private:
  uint64_t state_ = 42;
};

// "id integer, name varchar"
TableSpec TableOf(const std::string& name, std::string_view columns) {
  TableSpec table{name, {}, {}};
  while (!columns.empty()) {
    const size_t end = std::min(columns.find(", "), columns.size());
    const std::string_view column = columns.substr(0, end);
    const size_t space = column.find(' ');
    table.columns.push_back({std::string(column.substr(0, space)), std::string(column.substr(space + 1))});
    columns.remove_prefix(std::min(end + 2, columns.size()));
  }
  return table;
}

TableSpec Nation() {
  TableSpec out = TableOf("nation", "n_key integer, n_name varchar, region varchar");
  for (int i = 0; i < 6; ++i) out.rows.push_back(fmt::format("{}, 'NATION {}', 'REGION {}'", i, i, i % 3));
  return out;
}

TableSpec Customer(Numbers& next) {
  static const std::vector<std::string> kSegments = {"BUILDING", "MACHINERY", "HOUSEHOLD"};
  TableSpec out =
      TableOf("customer", "c_key integer, name varchar, nation integer, acctbal decimal(15,2), segment varchar");
  for (int i = 1; i <= 30; ++i) {
    out.rows.push_back(fmt::format("{}, 'Customer#{:05}', {}, {}, '{}'", i, i, next.Below(6),
                                   next.Cents(900000, -90000), next.Of(kSegments)));
  }
  return out;
}

TableSpec Part(Numbers& next) {
  TableSpec out = TableOf("part", "p_key integer, pname varchar, brand varchar, price decimal(15,2)");
  for (int i = 1; i <= 20; ++i) {
    out.rows.push_back(fmt::format("{}, 'part {}', 'Brand#{}', {}.{:02}", i, i, 10 + next.Below(20), i * 100, i));
  }
  return out;
}

TableSpec Orders(Numbers& next) {
  static const std::vector<std::string> kStatuses = {"O", "F", "P"};
  static const std::vector<std::string> kPriorities = {"1-URGENT", "2-HIGH", "3-MEDIUM"};
  TableSpec out = TableOf("orders",
                          "o_key integer, cust integer, status varchar, total decimal(15,2), odate date, "
                          "priority varchar, otime timestamp");
  for (int i = 1; i <= 90; ++i) {
    const int year = 2 + next.Below(7);
    out.rows.push_back(fmt::format("{}, {}, '{}', {}, {}, '{}', TIMESTAMP '199{}-{:02}-{:02} {:02}:{:02}:{:02}.5'", i,
                                   1 + next.Below(25), next.Of(kStatuses), next.Cents(300000, 100), next.Day(),
                                   next.Of(kPriorities), year, 1 + next.Below(12), 1 + next.Below(28), next.Below(24),
                                   next.Below(60), next.Below(60)));
  }
  return out;
}

TableSpec LineItem(Numbers& next) {
  static const std::vector<std::string> kFlags = {"'A'", "'N'", "'R'", "NULL"};
  TableSpec out = TableOf("lineitem",
                          "o_key integer, line integer, part integer, qty integer, price decimal(15,2), "
                          "discount decimal(15,2), tax decimal(15,2), flag varchar, shipdate date, commitdate date");
  for (int i = 1; i <= 90; ++i) {
    for (int line = 1; line <= 1 + i % 4; ++line) {
      out.rows.push_back(fmt::format("{}, {}, {}, {}, {}, 0.0{}, 0.0{}, {}, {}, {}", i, line, 1 + next.Below(20),
                                     1 + next.Below(50), next.Cents(100000, 100), next.Below(10), next.Below(9),
                                     next.Of(kFlags), next.Day(), next.Day()));
    }
  }
  return out;
}

TableSpec Store() {
  TableSpec out = TableOf("store", "s_key integer, s_name varchar, state varchar, opened date");
  for (int i = 1; i <= 5; ++i) {
    out.rows.push_back(fmt::format("{}, 'store {}', 'S{}', DATE '199{}-0{}-15'", i, i, i % 3, i, i));
  }
  return out;
}

TableSpec Sales(Numbers& next) {
  TableSpec out = TableOf("sales",
                          "sale integer, day date, cust integer, item integer, store integer, qty integer, "
                          "price decimal(12,2), cost decimal(12,2), coupon decimal(12,2)");
  for (int i = 1; i <= 160; ++i) {
    const std::string day =
        fmt::format("DATE '200{}-{:02}-{:02}'", next.Below(3), 1 + next.Below(12), 1 + next.Below(28));
    out.rows.push_back(fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}", i, day, 1 + next.Below(20), 1 + next.Below(20),
                                   1 + next.Below(4), 1 + next.Below(12), next.Cents(20000, 100), next.Cents(9000, 50),
                                   next.Below(3) == 0 ? "NULL" : next.Cents(500, 1)));
  }
  return out;
}

TableSpec Refunds(Numbers& next) {
  TableSpec out = TableOf("refunds", "sale integer, day date, qty integer, amount decimal(12,2)");
  for (int i = 1; i <= 40; ++i) {
    out.rows.push_back(fmt::format("{}, DATE '200{}-{:02}-{:02}', {}, {}", 1 + next.Below(170), 1 + next.Below(3),
                                   1 + next.Below(12), 1 + next.Below(28), 1 + next.Below(3), next.Cents(9000, 100)));
  }
  return out;
}

// One column of each type, NULL in the last row.
TableSpec Values() {
  TableSpec out = TableOf("v",
                          "id integer, i integer, j integer, b bigint, d decimal(10,2), f double precision, s varchar, "
                          "t varchar, dt date, ts timestamp, bo boolean, n integer, tz timestamp with time zone, "
                          "a integer[]");
  out.rows = {
      "1, 7, 2, 7000000000, 2.50, 2.5, 'abc', 'one-two', DATE '2020-02-29', TIMESTAMP '2020-02-29 12:34:56.5', true, "
      "NULL, CAST('2020-02-29 23:30:00 UTC' AS timestamp with time zone), ARRAY[3, 1, NULL]",
      "2, -7, 2, -7000000001, -2.50, -2.5, 'b', 'x-y-z', DATE '2024-01-07', TIMESTAMP '2024-01-07 00:00:00', false, 5, "
      "CAST('2024-07-01 00:15:00 Europe/Paris' AS timestamp with time zone), ARRAY[7]",
      "3, 2, -3, 10, 1234.56, 3.5, 'a%c', 'plain', DATE '2021-01-01', TIMESTAMP '1999-12-31 23:59:59.999', NULL, 3, "
      "CAST('1999-12-31 23:59:59 UTC' AS timestamp with time zone), ARRAY[4, 4]",
      "4, 3, 4, 1, 0.05, -0.25, '', 'a-', DATE '1969-07-20', TIMESTAMP '1969-07-20 20:17:40', true, NULL, "
      "CAST('1969-07-20 20:17:40 UTC' AS timestamp with time zone), ARRAY[2, 2, 5]",
      "5, NULL, 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"};
  return out;
}

metadata::Type TypeNamed(const std::string& name) {
  base::Diagnostics faults;
  grammar::Parser parser;
  grammar::Arena arena;
  const base::SourceMap sources;
  return *compiler::ResolveType(*parser.ParseType(name, {}, sources, arena, faults), grammar::DuckDbDialect(), faults);
}

}  // namespace

std::vector<TableSpec> Tables() {
  Numbers next;
  std::vector<TableSpec> out;
  out.push_back(Nation());
  out.push_back(Customer(next));
  out.push_back(Part(next));
  out.push_back(Orders(next));
  out.push_back(LineItem(next));
  out.push_back(Store());
  out.push_back(Sales(next));
  out.push_back(Refunds(next));
  out.push_back(Values());
  return out;
}

std::string CreateText(const TableSpec& table, const grammar::Dialect& dialect) {
  std::string columns;
  for (const ColumnSpec& column : table.columns) {
    columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", column.name,
                           compiler::TypeInDialect(TypeNamed(column.type), dialect));
  }
  return fmt::format("CREATE TABLE shop.{} ({})", table.name, columns);
}

std::string InsertText(const TableSpec& table) {
  std::string rows;
  for (const std::string& row : table.rows) rows += fmt::format("{}({})", rows.empty() ? "" : ", ", row);
  return fmt::format("INSERT INTO shop.{} VALUES {}", table.name, rows);
}

compiler::Project ProjectOf(const std::vector<TableSpec>& tables) {
  compiler::Project project;
  project.config.dialect = &grammar::DuckDbDialect();
  for (const TableSpec& table : tables) {
    compiler::Model model;
    model.name = "shop." + table.name;
    model.schema = "shop";
    model.table = table.name;
    model.kind = compiler::ModelKind::kExternal;
    model.typed = true;
    for (const ColumnSpec& spec : table.columns) {
      compiler::Column column;
      column.name = spec.name;
      column.type = TypeNamed(spec.type);
      model.columns.push_back(column);
    }
    project.by_name.emplace(model.name, static_cast<int>(project.models.size()));
    project.models.push_back(std::move(model));
  }
  return project;
}

}  // namespace wapc::translate_cases

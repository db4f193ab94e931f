#ifndef WAPC_CLI_UNIT_TEST_COMPARE_H_
#define WAPC_CLI_UNIT_TEST_COMPARE_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "runtime/warehouse.h"

namespace wapc::cli {

using TestRow = std::vector<std::optional<std::string>>;

/// How the rows that a query gave differ from those expected.
struct RowsDifference {
  std::vector<std::string> columns;
  std::vector<std::pair<TestRow, TestRow>> changed;  ///< expected and actual rows that go together
  std::vector<TestRow> missing;                      ///< expected, not there
  std::vector<TestRow> unexpected;                   ///< there, not expected
  bool reordered = false;                            ///< the same rows, in another order than the query promises

  bool empty() const { return changed.empty() && missing.empty() && unexpected.empty() && !reordered; }
};

/// Compares rows of the same columns. Their order counts only when `ordered`. Values are the same as text; those of
/// FLOAT and DOUBLE columns also within SQLMesh's tolerance (relative 1e-5, absolute 1e-8).
RowsDifference CompareRows(const runtime::Rows& expected, const runtime::Rows& actual, bool ordered);

/// Whether two values of a column of that type count as the same.
bool SameValue(const std::optional<std::string>& a, const std::optional<std::string>& b, const std::string& type);

}  // namespace wapc::cli

#endif  // WAPC_CLI_UNIT_TEST_COMPARE_H_

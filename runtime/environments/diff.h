#ifndef WAPC_RUNTIME_ENVIRONMENTS_DIFF_H_
#define WAPC_RUNTIME_ENVIRONMENTS_DIFF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/plan.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Two relations to compare.
struct DiffPair {
  std::string name;  ///< for people: the model
  RelationName a;
  RelationName b;
  std::vector<std::string> on;  ///< the key that tells rows apart; empty: whole rows are compared
};

/// A column that is not the same on both sides; an empty type: it is not there.
struct ColumnDifference {
  std::string name;
  std::string type_a;
  std::string type_b;
};

struct ChangedColumn {
  std::string name;
  int64_t rows = 0;
};

struct RelationDifference {
  DiffPair pair;
  std::vector<ColumnDifference> columns;
  int64_t rows_a = 0;
  int64_t rows_b = 0;
  int64_t only_a = 0;
  int64_t only_b = 0;
  int64_t changed = 0;   ///< rows of one key that differ in a column; by key only
  int64_t unsure_a = 0;  ///< rows without a key, or of a key that is there twice: not told apart well
  int64_t unsure_b = 0;
  std::vector<ChangedColumn> values;  ///< columns in which rows of one key differ
  Rows sample_a;                      ///< the first rows that are only there
  Rows sample_b;
  Rows sample_changed;  ///< the key, then each of `values` on both sides

  bool same() const { return columns.empty() && only_a == 0 && only_b == 0 && changed == 0 && rows_a == rows_b; }
};

/// Compares two relations: columns, counts, rows. Reads only. `samples` rows of each kind are shown. kUsage for a key
/// column that one of them has not; kWarehouse for a relation that is not there.
base::Result<RelationDifference> DiffRelations(Warehouse& warehouse, const DiffPair& pair, int samples);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_DIFF_H_

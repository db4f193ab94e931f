#ifndef WAPC_COMPILER_UNIT_TESTS_QUERY_H_
#define WAPC_COMPILER_UNIT_TESTS_QUERY_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "compiler/macros/moment.h"

namespace wapc::compiler {

/// The times of a test. Those that it does not set are 1970-01-01, as in SQLMesh; now() is only changed by a set
/// execution time.
struct TestTimes {
  std::optional<Moment> start, end, execution;
};

/// The query of a model and its CTEs in DuckDB's dialect, over inputs that stand under the names of the models.
class TestQueries {
 public:
  /// Reports what DuckDB cannot say of the model's dialect; then it is not valid().
  TestQueries(const Model& model, const Project& project, const TestTimes& times, base::Diagnostics& diagnostics);

  struct OneCte {
    std::string sql;
    bool ordered = false;
  };

  bool valid() const { return query_ != nullptr; }
  std::string Main() const;
  bool ordered() const;
  /// A CTE of the outermost WITH, by its folded name.
  std::optional<OneCte> Cte(const std::string& name) const;
  std::vector<std::string> CteNames() const;

 private:
  std::string Print(const grammar::Query& query) const;

  const Model& model_;
  const Project& project_;
  TestTimes times_;
  grammar::Arena arena_;
  const grammar::Query* query_ = nullptr;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_QUERY_H_

#ifndef WAPC_COMPILER_PLAN_SCD_H_
#define WAPC_COMPILER_PLAN_SCD_H_

#include <string>

#include "compiler/plan/writer.h"

namespace wapc::compiler {

/// How one kind of SCD type 2 tells and dates changes, as SQL over "s", the row that the query gives for a key now (all
/// NULL when it gives none), and "t", the key's open row in the table. Moments have the type of the kind's two columns.
struct ScdRules {
  std::string changed;   ///< of s and t: whether a new version begins; never NULL
  std::string ends;      ///< of s: when the open row ended
  std::string restarts;  ///< of s: when the version begins that follows the row which ended
  std::string returns;   ///< of s and "o.wapc__closed", the end of the key's last row: when a key that was gone is back
  std::string begins;    ///< of s: when the first version of a new key begins
  std::string first;     ///< the same of the keys that are there when the table is made
};

/// The table from the rows that the query gives now: one open row a key.
void CreateScd(StepWriter& steps, const ScdRules& rules);

/// Keys whose open row ends, and new ones: all rows of such a key are written anew, so that its history is whole in the
/// delta.
void MoveScd(StepWriter& steps, const ScdRules& rules);

/// The apply's moment, and the beginning of 1970, as values of the kind's two columns.
std::string ScdNow(const StepWriter& steps);
std::string ScdEpoch(const StepWriter& steps);
/// An expression as a value of that type.
std::string ScdMoment(const StepWriter& steps, const std::string& expr);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_SCD_H_

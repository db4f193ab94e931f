#ifndef WAPC_TESTS_TRANSLATE_CASES_H_
#define WAPC_TESTS_TRANSLATE_CASES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir.h"

namespace wapc::translate_cases {

/// One query of the files in tests/translate/.
struct Case {
  std::string from;  ///< the dialect that it is written in
  std::string sql;
  bool refused = false;  ///< translating it has to be an error
};

/// Every case of the folder whose file is of that dialect: expressions.<dialect>.txt holds expressions over shop.v, one
/// a line; <name>.<dialect>.sql queries, each ended by a semicolon at the end of a line. "! " before a case: it is
/// refused.
std::vector<Case> ReadCases(const std::string& folder, std::string_view dialect);

/// A case printed from one tree, in its own dialect and in another.
struct Printed {
  std::string own;
  std::string other;
  std::string fault;     ///< why there is nothing; empty when there is
  bool refused = false;  ///< the fault is that the other dialect cannot say it, or that a type is missing
};
Printed Print(const Case& each, std::string_view to, const compiler::Project& tables);

using Row = std::vector<std::optional<std::string>>;

/// What an engine says of a query.
struct Answer {
  std::string error;
  std::vector<Row> rows;
};

/// What differs between two answers; empty: nothing. Numbers are equal to nine digits, texts to the letter; arrays and
/// booleans are written in the engines' own ways.
std::string Difference(const Answer& a, const Answer& b);

}  // namespace wapc::translate_cases

#endif  // WAPC_TESTS_TRANSLATE_CASES_H_

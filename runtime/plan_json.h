#ifndef WAPC_RUNTIME_PLAN_JSON_H_
#define WAPC_RUNTIME_PLAN_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan.h"

namespace wapc::runtime {

/// Columns as compact JSON text, the form in which state keeps them.
std::string ColumnsToJson(const std::vector<PlanColumn>& columns);

/// The reverse; text that is not such JSON gives no columns.
std::vector<PlanColumn> ColumnsFromJson(std::string_view text);

/// Names as a compact JSON array.
std::string NamesToJson(const std::vector<std::string>& names);

/// The reverse; text that is not such JSON gives no names.
std::vector<std::string> NamesFromJson(std::string_view text);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_PLAN_JSON_H_

#ifndef WAPC_COMPILER_PLAN_NAMES_H_
#define WAPC_COMPILER_PLAN_NAMES_H_

#include <string>
#include <string_view>

#include "runtime/plan.h"

namespace wapc::compiler {

/// The longest name that every engine keeps whole: PostgreSQL's 63 bytes.
inline constexpr size_t kLongestName = 63;

/// `wapc__<schema>.<table>__<id>`, the table cut so that the id stays whole.
runtime::RelationName PhysicalName(std::string_view schema, std::string_view table, std::string_view id);

/// The schema that readers see: `<schema>` in prod, `<schema>__<environment>` elsewhere.
std::string ReaderSchema(std::string_view schema, std::string_view environment);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_NAMES_H_

#ifndef WAPC_COMPILER_UNIT_TESTS_VALUES_H_
#define WAPC_COMPILER_UNIT_TESTS_VALUES_H_

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "metadata/type.h"

namespace wapc::compiler {

/// A value of a test that its column cannot hold as it is written.
inline constexpr base::DiagnosticCode kTestValue{"test-value", base::Severity::kError};

/// A value of a test as DuckDB's SQL, ready to be cast to `type`; an unknown type takes the value as it is written.
/// Reports what the type cannot hold without loss, as far as that can be told without the engine.
std::string TestValueSql(const base::YamlNode& value, const metadata::Type& type, base::Diagnostics& diagnostics);

/// Text of a CSV file likewise.
std::string TestTextSql(std::string_view text, base::Span span, const metadata::Type& type,
                        base::Diagnostics& diagnostics);

/// The type of DuckDB that a value shows by how it is written: 1 BIGINT, 1.5 DOUBLE, 2024-01-31 DATE, '1' VARCHAR;
/// nothing for null.
std::optional<std::string> ShownType(const base::YamlNode& value);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_VALUES_H_

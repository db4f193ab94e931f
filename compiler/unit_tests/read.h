#ifndef WAPC_COMPILER_UNIT_TESTS_READ_H_
#define WAPC_COMPILER_UNIT_TESTS_READ_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/project/config.h"
#include "compiler/unit_tests/unit_test.h"

namespace wapc::compiler {

/// Something in a test is not as it has to be: what is missing, or what cannot stand together.
inline constexpr base::DiagnosticCode kTestStructure{"test-structure", base::Severity::kError};

/// The tests of tests/**/*.yaml and *.yml, by file and place. A file that another one takes its rows from holds none.
/// Reports what is no test.
std::vector<TestDeclaration> ReadUnitTests(const std::filesystem::path& folder, base::SourceMap& sources,
                                           base::Diagnostics& diagnostics);

/// Whether a key of `vars` is a time (start, end, execution_time, start_ds, ...) and no variable of the project.
bool IsTestTime(const std::string& name);

/// The project as its tests see it: read with these values of its variables, and bound; EMBEDDED models still stand by
/// themselves. Nothing when it is not whole (reported).
std::optional<Project> CompileForTests(const std::filesystem::path& folder, const Environment& environment,
                                       const std::map<std::string, base::YamlNode>& variables, base::SourceMap& sources,
                                       base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_UNIT_TESTS_READ_H_

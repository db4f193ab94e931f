#include "compiler/passes/name_lengths.h"

#include <fmt/format.h>

#include <string_view>

#include "grammar/dialect.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kNameTooLong{"name-too-long", base::Severity::kError};

// What an engine keeps of a name, in bytes; 0: all of it. Trino and Snowflake keep more than anybody writes.
size_t LongestName(const grammar::Dialect& dialect) { return dialect.name == "postgres" ? 63 : 0; }

class LengthChecker {
 public:
  LengthChecker(const grammar::Dialect& dialect, base::Diagnostics& diagnostics)
      : dialect_(dialect), longest_(LongestName(dialect)), diagnostics_(diagnostics) {}

  void Check(const Model& model) {
    if (longest_ == 0 || !model.has_build()) return;
    CheckName(model.schema, "schema", model.name_span);
    CheckName(model.table, "model", model.name_span);
    for (const Column& column : model.columns) CheckName(column.name, "column", column.span);
  }

 private:
  void CheckName(std::string_view name, std::string_view what, base::Span span) {
    if (name.size() <= longest_) return;
    diagnostics_
        .Report(kNameTooLong, span,
                fmt::format("the {} '{}' has {} bytes; {} keeps {} of a name", what, name, name.size(), dialect_.title,
                            longest_))
        .Help("give it a shorter name");
  }

  const grammar::Dialect& dialect_;
  size_t longest_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

Project CheckNameLengths(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& diagnostics) {
  LengthChecker checker(project.config.target(), diagnostics);
  for (const Model& model : project.models) checker.Check(model);
  return project;
}

}  // namespace wapc::compiler

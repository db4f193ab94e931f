#include "cli/audit_text.h"

#include <fmt/format.h>

#include "cli/terminal.h"

namespace wapc::cli {

std::string FailureText(const runtime::AuditFailure& failure) {
  const bool one = failure.failing_rows == 1;
  std::string out =
      fmt::format("{}: {} on {}: {} row{} fail{}\n", failure.blocking ? "audit failed" : "warning: audit failed",
                  failure.audit, failure.model, failure.failing_rows, one ? "" : "s", one ? "s" : "");
  out += TableText(failure.sample);
  const auto shown = static_cast<int64_t>(failure.sample.rows.size());
  if (shown < failure.failing_rows) out += fmt::format("... and {} more\n", failure.failing_rows - shown);
  return out;
}

}  // namespace wapc::cli

#ifndef WAPC_BASE_REPORT_H_
#define WAPC_BASE_REPORT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/source.h"

/// Diagnostics in the formats of other tools.
namespace wapc::base {

/// What a code means, for reports that carry it.
struct CodeText {
  std::string summary;   ///< one line
  std::string markdown;  ///< the whole text
};

/// Who reports: goes into SARIF's tool.driver.
struct ReportTool {
  std::string name;
  std::string version;
  /// What is known of a code; may give nothing.
  std::function<std::optional<CodeText>(std::string_view code)> describe;
};

/// Diagnostics as one SARIF 2.1.0 log: a rule for each code that occurs, results with regions (columns count UTF-16
/// units, which is SARIF's default), notes as related locations, and fixes. Files are URIs relative to %SRCROOT%.
std::string RenderSarif(const Diagnostics& diagnostics, const SourceMap& sources, const ReportTool& tool);

/// Diagnostics as workflow commands of GitHub Actions, a line each: `::error file=a.sql,line=1,...,title=code::text`.
std::string RenderGithub(const Diagnostics& diagnostics, const SourceMap& sources);

}  // namespace wapc::base

#endif  // WAPC_BASE_REPORT_H_

#ifndef WAPC_CLI_PULL_REPORT_H_
#define WAPC_CLI_PULL_REPORT_H_

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/impact.h"
#include "metadata/pull.h"

namespace wapc::cli {

/// One change with the models that it touches.
struct PullChange {
  metadata::SchemaChange change;
  std::vector<compiler::TouchedModel> models;
};

/// One schema file of a pull.
struct PullEntry {
  metadata::PulledFile file;
  std::vector<PullChange> changes;
};

/// What a pull comes to.
struct PullReport {
  std::vector<PullEntry> entries;
  std::vector<std::string> unchanged;  ///< paths of files that were up to date without fetching
  bool prune = false;
  bool check = false;
  bool refused = false;         ///< a contract forbids a change, so nothing was written
  bool models_unknown = false;  ///< the project does not compile, so what is touched cannot be told
};

/// The list to review: a line a change, the models under it, then what was kept and what was done.
std::string PullText(const PullReport& report);
/// {"files": [{"path", "schema", "changes": [...], "kept": [...], ...}], "messages": [...], ...}; `messages` is a JSON
/// array of diagnostics.
std::string PullJson(const PullReport& report, const std::string& messages);
/// Each change as a diagnostic at its place in the project's file: contract-broken, breaking-change, schema-change.
/// `forced`: a broken contract is only a warning.
void AddPullDiagnostics(const PullReport& report, bool forced, base::Diagnostics& diagnostics);

/// For people, who have the list: an error for each contract that is broken, with what breaks it.
void AddContractErrors(const PullReport& report, base::Diagnostics& diagnostics);

}  // namespace wapc::cli

#endif  // WAPC_CLI_PULL_REPORT_H_

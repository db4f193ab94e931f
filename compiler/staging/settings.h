#ifndef WAPC_COMPILER_STAGING_SETTINGS_H_
#define WAPC_COMPILER_STAGING_SETTINGS_H_

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "compiler/ir.h"
#include "compiler/staging/renaming.h"
#include "compiler/staging/rule.h"

namespace wapc::compiler {

/// One rule of a list, with its implementation.
struct BoundRule {
  const StagingRule* rule = nullptr;
  RuleCall call;
  base::Span span;
  bool matched = false;  ///< in any table of any schema
};

/// What one staging.yml says, with what it includes laid under it.
struct StagingSettings {
  const StagingFile* file = nullptr;
  std::string target, name;
  Renaming table_names;
  std::vector<std::string> include, exclude;  ///< patterns of raw tables; no `include` is all of them
  std::vector<BoundRule*> rules;              ///< those of included files first
  std::vector<const base::YamlEntry*> tables;

  /// Whether a raw table gets a model.
  bool Covers(const metadata::Table& table) const;
  /// The entries under `tables:` that are for a raw table: patterns before its own name, so that the last one wins.
  std::vector<const base::YamlNode*> EntriesFor(const metadata::Table& table) const;
};

/// Reads staging.yml files; a file that several include is read, and reported on, once.
class SettingsReader {
 public:
  SettingsReader(const Project& project, RuleTools& tools) : project_(project), tools_(tools) {}

  StagingSettings Read(const StagingFile& file);
  /// Once every table was staged: rules that matched nothing, and entries of rules that named nothing.
  void ReportIdle();

 private:
  void Merge(const StagingFile& file, std::set<std::string>& open, StagingSettings& out);
  void MergeIncludes(const StagingFile& file, std::set<std::string>& open, StagingSettings& out);
  void MergeName(const base::YamlNode& name, StagingSettings& out);
  void CheckTables(const StagingSettings& settings);
  const std::vector<BoundRule*>& RulesOf(const StagingFile& file);
  BoundRule* ReadRule(const base::YamlNode& item);
  const StagingRule* FindRule(const base::YamlEntry& entry);

  const Project& project_;
  RuleTools& tools_;
  std::deque<BoundRule> rules_;
  std::map<const StagingFile*, std::vector<BoundRule*>> rules_of_;
};

/// The files that a staging.yml includes, as paths below the project folder; each with its place.
std::vector<std::pair<std::string, base::Span>> IncludedFiles(const StagingFile& file);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_SETTINGS_H_

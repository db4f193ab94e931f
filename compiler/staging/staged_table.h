#ifndef WAPC_COMPILER_STAGING_STAGED_TABLE_H_
#define WAPC_COMPILER_STAGING_STAGED_TABLE_H_

#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/staging/defaults.h"
#include "compiler/staging/settings.h"

namespace wapc::compiler {

/// One raw table on its way to a model: the draft that the rules left, and what staging.yml says of it.
struct StagedTable {
  const StagingSettings* settings = nullptr;
  StagingDefaults defaults;
  std::vector<const base::YamlNode*> entries;  ///< under `tables:`, the last wins
  Model model;

  const Draft& draft() const { return defaults.draft; }
};

/// The full name of the model of a raw table, by the templates of staging.yml and its entries.
std::string StagedName(const StagingSettings& settings, const metadata::Schema& schema, const metadata::Table& table);

/// What `tables:` says of a table's columns: names, casts, expressions. After the rules.
void ApplyColumnEntries(StagedTable& staged, RuleTools& tools);

/// The kind, from the write disposition of the root and what rules chose (dlt's docs on loading): replace is rebuilt,
/// append grows by load, merge keeps one row a key. Reports keys that rules left out.
void SetKind(StagedTable& staged, RuleTools& tools);
/// Once every table has its kind: a nested table follows its parent's rows only where the parent is updated in place
/// and keeps every row; elsewhere it is rebuilt. Reports parents that are not staged.
void SettleNested(std::vector<StagedTable>& staged, const Project& project, RuleTools& tools);

/// Description, owner, tags, cron, column descriptions.
void AddFacts(StagedTable& staged, const Config& config, RuleTools& tools);
/// staging.yml first, then x-wapc, then the keys that dlt merges by, then the row key.
void AddGrain(StagedTable& staged, RuleTools& tools);
/// What dlt's hints claim, as audits: it enforces none of them everywhere. Then those of x-wapc and of staging.yml.
void AddClaims(StagedTable& staged, RuleTools& tools);
/// Once every table has its names: an audit for every reference to another staged table.
void AddReferences(std::vector<StagedTable>& staged);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_STAGED_TABLE_H_

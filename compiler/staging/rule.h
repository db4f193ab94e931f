#ifndef WAPC_COMPILER_STAGING_RULE_H_
#define WAPC_COMPILER_STAGING_RULE_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "base/yaml.h"
#include "compiler/staging/draft.h"
#include "grammar/parser.h"

namespace wapc::compiler {

/// What a rule works with: where to report, and the expressions of staging.yml, each parsed once.
class RuleTools {
 public:
  /// The arena keeps what was parsed, and has to live as long as what was made of it.
  RuleTools(const base::SourceMap& sources, grammar::Arena& arena, base::Diagnostics& diagnostics,
            const grammar::Dialect& dialect)
      : sources_(sources), arena_(arena), diagnostics_(diagnostics), dialect_(dialect) {}

  base::Diagnostics& diagnostics() { return diagnostics_; }
  const grammar::Dialect& dialect() const { return dialect_; }
  /// The expression of a scalar; null when it is none or does not parse (reported once).
  const grammar::Expr* Expression(const base::YamlNode& node, std::string_view key);
  /// An expression that a rule writes for the text at `span`; null when it does not parse (reported once).
  const grammar::Expr* Template(const std::string& text, base::Span span);
  /// A query that wapc writes for the text at `span`; null when it does not parse (reported).
  grammar::Query* Query(const std::string& text, base::Span span);
  /// A copy of an expression with a column in place of @col.
  grammar::Expr* ForColumn(const grammar::Expr& expr, const grammar::Expr& column, grammar::Arena& arena) const;
  /// A copy of an expression over staged columns, with each column replaced by what it stands for in the draft. Reports
  /// a name that the draft has not; null then.
  grammar::Expr* OverDraft(const grammar::Expr& expr, const Draft& draft);
  /// A type in the dialect's words, for an error at `span`; null when it is none.
  grammar::TypeName* Type(std::string_view text, base::Span span);
  /// Reports something wrong at a place of staging.yml, once, though the rule is applied to many tables. Gives whether
  /// it was new.
  bool Once(const base::DiagnosticCode& code, base::Span span, const std::string& message, std::string help);
  /// One entry of a rule that names what it is for (`columns: {old: new}`), and whether it was of use in a table. Those
  /// that never were are reported at the end.
  void Entry(const base::YamlEntry& entry, bool used);
  /// The entries that were of no use in any table.
  std::vector<const base::YamlEntry*> IdleEntries() const;

 private:
  const base::SourceMap& sources_;
  grammar::Arena& arena_;
  base::Diagnostics& diagnostics_;
  const grammar::Dialect& dialect_;
  grammar::Parser parser_;
  std::map<const base::YamlNode*, grammar::Expr*> parsed_;
  std::map<std::pair<std::string, std::pair<base::SourceId, uint32_t>>, grammar::Expr*> templates_;
  std::set<std::tuple<base::SourceId, uint32_t, std::string>> reported_;
  std::map<const base::YamlEntry*, bool> entries_;
};

/// One entry of `rules:` in staging.yml: `- match: {...}` with one rule's key beside it.
struct RuleCall {
  const base::YamlNode* match = nullptr;  ///< or null: everything
  const base::YamlNode* value = nullptr;
};

/// A kind of rule: one file in compiler/rules/. foo.cc defines `const StagingRule& FooRule();` and is found by its
/// name.
struct StagingRule {
  std::string_view key;   ///< in staging.yml
  std::string_view what;  ///< one line of documentation
  /// Changes the draft; returns whether anything in it matched.
  bool (*apply)(const RuleCall& call, Draft& draft, RuleTools& tools);
};

/// Every rule, by name of its file.
std::vector<const StagingRule*> AllStagingRules();

/// Whether a `match` covers a table, or one column of it. Keys: table, column (patterns with * and ?), type (dlt's
/// word), any hint of dlt by its name, tags, any x- key. A null match covers everything that comes from a raw column;
/// one that names columns covers those that rules added, too.
bool MatchesTable(const base::YamlNode* match, const Draft& draft);
bool MatchesColumn(const base::YamlNode* match, const Draft& draft, const DraftColumn& column);
/// Whether a pattern, or any of a list, fits a column by its name now or its raw name. dlt's own columns fit none.
bool NamesColumn(const base::YamlNode& patterns, const DraftColumn& column);
/// Reports unknown keys and wrong types of a `match`.
void CheckMatch(const base::YamlNode& match, base::Diagnostics& diagnostics);
/// Whether a name fits a pattern with * and ?.
bool MatchesPattern(std::string_view pattern, std::string_view name);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_RULE_H_

#ifndef WAPC_COMPILER_PLAN_EMIT_H_
#define WAPC_COMPILER_PLAN_EMIT_H_

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/macros/moment.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// Which relations a template reads: what audits and downstream models see during the apply, or what stands after it.
enum class Reads : uint8_t { kCandidates, kPublished };

/// The query of a model as a template of the plan (runtime/plan.h lists the tokens). Tables read dlt's frozen loads and
/// the apply's one moment; a VIEW keeps reading dlt's own table and now().
std::string EmitQuery(const Model& model, const Project& project, Reads reads);

/// The keys that still stand in the raw table of RemovedKeys::source, as a template.
std::string EmitKeysQuery(const Model& model, const Project& project);

/// The expressions of `partitioned_by`, over columns without a qualifier.
std::vector<std::string> EmitPartitions(const Model& model, const Project& project);

/// The filter, conditions and values of a merge over "target" and "source".
struct MergeTexts {
  struct Clause {
    std::string condition;  ///< empty: always
    bool removes = false;
    std::vector<std::pair<std::string, std::string>> sets;
  };
  std::string filter;  ///< empty: none
  std::vector<Clause> clauses;
};
MergeTexts EmitMerge(const Model& model, const Project& project);

/// The query of one audit of a model, over its candidate. Of a time-range model, interval variables in it are the
/// bounds of what this plan fills (nothing: from its start on).
std::string EmitAudit(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                      const Project& project);

/// How many rows of that audit fail, as one expression over the candidate with the alias this_model, so that several
/// audits can be counted in one scan. Empty for an audit that looks at more than each row by itself, or the table as a
/// whole.
std::string EmitAuditCount(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                           const Project& project);

/// Which rows such an audit selects, as a condition over the model's rows with the alias this_model. For an audit of
/// the form SELECT * FROM @this_model WHERE ... (compiler/passes/audits_quarantine.h).
std::string EmitFailing(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                        const Project& project);

/// Text of the user's as it stands in a template: nothing in it is taken for a token.
std::string EscapeTemplate(std::string text);

/// A statement around a query as a template: `@this_model` is the relation, written as it is to stand there.
std::string EmitHook(std::string_view text, std::string_view relation);

/// What stands in place of a call of now(), current_date and their like: `moment`, a quoted text with its zone, cast to
/// what the call gives. Nothing for other calls.
std::optional<std::string> MomentCall(const grammar::FunctionCall& call, std::string_view moment);

/// Values for run-time variables; those without one stay as they are written.
struct RenderTimes {
  std::optional<Moment> start, end, execution;
};

/// A query as a reader of the project understands it: logical names, no tokens.
std::string RenderQuery(const Model& model, const Project& project, bool pretty, const RenderTimes& times = {});

/// The same of any query, in a dialect that it was translated to.
std::string RenderQuery(const grammar::Query& query, const grammar::Dialect& dialect, bool pretty,
                        const RenderTimes& times = {});

/// "@{word:argument}" as it stands in a template, and text that must not be taken for a token.
std::string Token(std::string_view word, std::string_view argument);

/// A name quoted for the gateway's dialect, as its engine stores it, as it stands in a template; and a relation's two
/// parts.
std::string Quoted(std::string_view name, const Project& project);
std::string Quoted(const runtime::RelationName& name, const Project& project);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_EMIT_H_

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/lint/rule.h"
#include "compiler/passes/scope.h"
#include "grammar/walk.h"

/// unstable-function: an incremental model calls a function that gives another value at every run.
/// Why: rows depend on when they were written, so that a backfill gives other rows than the runs gave, and what was
/// tested is not what a rebuild serves.
/// Bad: `SELECT id, uuid() AS key`, `WHERE placed_at > now() - INTERVAL 1 day`. Good: a key made of the row's own
/// columns; the time that the row itself carries.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kUnstableFunction{"unstable-function", base::Severity::kWarning};

constexpr std::array<std::string_view, 34> kUnstable = {"clock_timestamp",
                                                        "curdate",
                                                        "current_date",
                                                        "current_localtime",
                                                        "current_localtimestamp",
                                                        "current_time",
                                                        "current_timestamp",
                                                        "get_current_time",
                                                        "get_current_timestamp",
                                                        "getdate",
                                                        "localtime",
                                                        "localtimestamp",
                                                        "now",
                                                        "statement_timestamp",
                                                        "sysdate",
                                                        "systimestamp",
                                                        "timeofday",
                                                        "today",
                                                        "transaction_timestamp",
                                                        "gen_random_uuid",
                                                        "nextval",
                                                        "rand",
                                                        "random",
                                                        "random_normal",
                                                        "randstr",
                                                        "seq4",
                                                        "seq8",
                                                        "uniform",
                                                        "uuid",
                                                        "uuid_string",
                                                        "uuid_generate_v4",
                                                        "uuidv4",
                                                        "uuidv7",
                                                        "gen_random_bytes"};

bool IsIncremental(const Model& model) {
  const std::string_view kind = ToString(model.kind);
  return kind.starts_with("INCREMENTAL") || kind.starts_with("SCD_TYPE_2");
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (context.model.query == nullptr || !IsIncremental(context.model)) return;
  grammar::Visitor visitor;
  visitor.expr = [&](grammar::Expr& expr) {
    const auto* const call = grammar::As<grammar::FunctionCall>(&expr);
    if (call == nullptr) return true;
    const std::string name = FoldName(call->name.back().text);
    if (std::find(kUnstable.begin(), kUnstable.end(), name) == kUnstable.end()) return true;
    diagnostics
        .Report(kUnstableFunction, call->span,
                fmt::format("{} gives another value at every run, and this model keeps the rows of earlier runs",
                            call->bare ? name : name + "()"))
        .Help("compute it from the row's own columns, so that a backfill gives the same rows; or make the model FULL");
    return true;
  };
  grammar::Walk(*context.model.query, visitor);
}

}  // namespace

const LintRule& UnstableFunctionLint() {
  static const LintRule kRule{kUnstableFunction, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include "compiler/translate/context.h"

/// Timestamps with a zone: an instant that the session's zone shows, or one that keeps a zone of its own.
namespace wapc::compiler::translate {

using grammar::Expr;

bool InSession(Context& context, Expr*& expr) {
  const bool keeps = context.writes.Can("zoned-values");
  if (keeps == context.reads.Can("zoned-values")) return true;
  if (!keeps || context.to.name != "trino") {
    context.Refuse(
        expr->span,
        fmt::format("a timestamp with time zone has a zone of its own in {}, and is shown in the session's in "
                    "{}",
                    (keeps ? context.to : context.from).title, (keeps ? context.from : context.to).title),
        "say which zone is meant: x AT TIME ZONE 'UTC'");
    return false;
  }
  Bindings bindings;
  bindings.values["x"] = expr;
  Expr* const turned = context.Make("at_timezone($x, current_timezone())", bindings, expr->span);
  expr = context.Stands(turned, *expr);
  return true;
}

}  // namespace wapc::compiler::translate

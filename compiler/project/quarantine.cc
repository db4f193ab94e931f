#include "compiler/project/quarantine.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

std::string QueryText(const Model& of, const grammar::Dialect& dialect) {
  return fmt::format(
      "SELECT t.*, CAST(NULL AS VARCHAR) AS {}, CAST(NULL AS VARCHAR) AS {}, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS "
      "{}, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS {} FROM {}.{} AS t WHERE false",
      kQuarantineAudit, kQuarantineLoad, kQuarantineInterval, kQuarantineTime,
      grammar::QuoteIdentifier(of.schema, dialect), grammar::QuoteIdentifier(of.table, dialect));
}

}  // namespace

bool IsQuarantine(const AuditCall& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) {
    const auto* const literal = grammar::As<grammar::Literal>(argument.second);
    return argument.first == "quarantine" && literal != nullptr && literal->type == grammar::LiteralKind::kTrue;
  });
}

bool HasQuarantine(const Model& model) { return std::any_of(model.audits.begin(), model.audits.end(), IsQuarantine); }

const Model* QuarantinedBy(const Project& project, const Model& model) {
  if (!model.name.ends_with(kQuarantineSuffix)) return nullptr;
  const Model* const of = project.Find(model.name.substr(0, model.name.size() - kQuarantineSuffix.size()));
  return of != nullptr && HasQuarantine(*of) ? of : nullptr;
}

void AddQuarantineModels(Project& project, const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  std::vector<Model> added;
  grammar::Parser parser;
  for (const Model& of : project.models) {
    if (of.known_before || !of.has_build() || !HasQuarantine(of)) continue;
    Model model;
    model.schema = of.schema;
    model.table = of.table + std::string(kQuarantineSuffix);
    model.name = of.name + std::string(kQuarantineSuffix);
    model.kind = ModelKind::kFull;
    model.name_span = of.name_span;
    model.kind_span = of.kind_span;
    model.owner = of.owner;
    model.cron = of.cron;
    model.cron_tz = of.cron_tz;
    model.start = of.start;
    model.description = fmt::format("Rows that the audits of {} put aside", of.name);
    model.arena = std::make_shared<grammar::Arena>();
    const grammar::Dialect& dialect = *project.config.dialect;
    model.query = parser.ParseQuery(QueryText(of, dialect), of.name_span, sources, *model.arena, diagnostics, dialect);
    added.push_back(std::move(model));
  }
  for (Model& model : added) project.models.push_back(std::move(model));
}

}  // namespace wapc::compiler

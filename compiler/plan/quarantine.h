#ifndef WAPC_COMPILER_PLAN_QUARANTINE_H_
#define WAPC_COMPILER_PLAN_QUARANTINE_H_

#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/writer.h"
#include "runtime/plan.h"

/// Rows that audits put aside. A model with such audits is filled, loses the rows that they select, and keeps them in a
/// table that lasts until the publish; the model `<name>__quarantine`, which is built after it, takes them over.
namespace wapc::compiler {

/// What a model put aside in this plan.
struct PutAside {
  runtime::RelationName rows;
  /// Which entries of the quarantine go, as a condition over it with the alias "q"; empty: all of them.
  std::string replaced;
  std::string hold_sql;
};

/// Adds the statements that put rows aside, behind those that fill the model. `steps` has written the latter.
PutAside AddPutAside(StepWriter& steps);

/// Writes the statements of a quarantine model. `aside` is null when this plan does not fill the model it belongs to;
/// `earlier` is the relation with what was put aside before, as it stands in a template (empty: none).
void AddQuarantineSteps(StepWriter& steps, const PutAside* aside, const std::string& earlier);

/// One audit of a quarantine model for each audit that puts rows aside: what is in it is shown, and stops the publish
/// only above a threshold.
std::vector<runtime::PlanAudit> QuarantineAudits(const Project& project, const Model& quarantine);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_QUARANTINE_H_

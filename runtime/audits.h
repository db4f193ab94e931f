#ifndef WAPC_RUNTIME_AUDITS_H_
#define WAPC_RUNTIME_AUDITS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/apply.h"
#include "runtime/apply/template.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Where apply keeps the failing rows of each model's last audits.
inline const RelationName kFailuresTable{"wapc", "audit_failures"};

/// What the audits of one model found.
struct AuditCounts {
  std::vector<int64_t> failing;  ///< in the order of PlanModel::audits
  int64_t rows = 0;              ///< of the candidate; counted only where a threshold is a share
};

/// Counts the failing rows of a model's audits. Those that can be are counted in one scan of the candidate; when that
/// fails, each runs by itself, so that the error names its audit.
base::Result<AuditCounts> CountFailing(Warehouse& warehouse, const PlanModel& model, const TemplateValues& values);

/// Whether so many failing rows, of so many in all, are within the audit's threshold.
bool IsPassed(const PlanAudit& audit, int64_t failing, int64_t rows);

/// The first rows that an audit finds.
base::Result<Rows> FailingRows(Warehouse& warehouse, const PlanModel& model, const PlanAudit& audit,
                               const TemplateValues& values, int limit);

/// One row as a JSON object of texts and nulls, in the order of the columns.
std::string RowToJson(const Rows& rows, size_t row);

/// What audits of the served relations gave.
struct AuditReport {
  int64_t audits = 0;
  int64_t models = 0;
  std::vector<std::pair<std::string, std::string>> passed;  ///< model and audit
  std::vector<AuditFailure> failures;                       ///< blocking ones first
};

/// Runs the audits of `models` over what the environment serves, as of `execution_ts`; reads only.
base::Result<AuditReport> AuditServed(Warehouse& warehouse, const EnvironmentRecord& environment,
                                      const std::vector<PlanModel>& models, const std::string& execution_ts,
                                      int sample_rows);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_AUDITS_H_

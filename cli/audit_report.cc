#include "cli/audit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/audit_text.h"
#include "cli/terminal.h"
#include "cli/unit_test_report.h"

namespace wapc::cli {
namespace {

/// Rows that a blocking audit selects; of another one it is a warning.
constexpr base::DiagnosticCode kAuditFailed{"audit-failed", base::Severity::kError};
constexpr base::DiagnosticCode kAuditWarned{"audit-failed", base::Severity::kWarning};

/// A model has other rows than the environment serves, so that its audits say nothing of those.
constexpr base::DiagnosticCode kNotAudited{"not-audited", base::Severity::kError};

std::string Failing(const runtime::AuditFailure& failure) {
  return fmt::format("{} {} the audit {} of {}", failure.failing_rows,
                     failure.failing_rows == 1 ? "row fails" : "rows fail", failure.audit, failure.model);
}

base::Span SpanOf(const compiler::Model& model, const std::string& audit) {
  const auto call = std::find_if(model.audits.begin(), model.audits.end(),
                                 [&audit](const compiler::AuditCall& one) { return one.title == audit; });
  return call == model.audits.end() ? model.name_span : call->span;
}

std::string JunitCase(const std::string& audit, const runtime::AuditFailure* failure) {
  const std::string head = fmt::format("    <testcase name=\"{}\"", XmlText(audit));
  if (failure == nullptr) return head + "/>\n";
  return fmt::format("{}>\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n", head,
                     XmlText(Failing(*failure)), failure->blocking ? "blocking" : "not blocking",
                     XmlText(FailureText(*failure)));
}

}  // namespace

std::string AuditJson(const runtime::AuditReport& report, const std::vector<std::string>& changed) {
  nlohmann::ordered_json out;
  out["models"] = report.models;
  out["audits"] = report.audits;
  out["failures"] = nlohmann::ordered_json::array();
  for (const runtime::AuditFailure& failure : report.failures) {
    nlohmann::ordered_json entry{{"model", failure.model},
                                 {"audit", failure.audit},
                                 {"blocking", failure.blocking},
                                 {"failing_rows", failure.failing_rows}};
    entry["rows"] = nlohmann::ordered_json::parse(JsonText(failure.sample));
    out["failures"].push_back(std::move(entry));
  }
  out["not_audited"] = changed;
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string AuditJunit(const runtime::AuditReport& report, const std::vector<std::string>& changed) {
  std::map<std::string, std::vector<std::string>> suites;
  std::map<std::string, size_t> failed;
  for (const auto& [model, audit] : report.passed) suites[model].push_back(JunitCase(audit, nullptr));
  for (const runtime::AuditFailure& failure : report.failures) {
    suites[failure.model].push_back(JunitCase(failure.audit, &failure));
    ++failed[failure.model];
  }
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
      report.audits, report.failures.size(), changed.size());
  for (const auto& [model, cases] : suites) {
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n", XmlText(model),
                       cases.size(), failed[model]);
    for (const std::string& one : cases) out += one;
    out += "  </testsuite>\n";
  }
  for (const std::string& model : changed) {
    out += fmt::format(
        "  <testsuite name=\"{0}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    <testcase name=\"{0}\">\n"
        "      <error message=\"not audited: plan and apply it first\"/>\n    </testcase>\n  </testsuite>\n",
        XmlText(model));
  }
  return out + "</testsuites>\n";
}

base::Diagnostics AuditDiagnostics(const runtime::AuditReport& report, const std::vector<std::string>& changed,
                                   const compiler::Project& project) {
  base::Diagnostics out;
  for (const runtime::AuditFailure& failure : report.failures) {
    const compiler::Model* const model = project.Find(failure.model);
    const base::Span span = model == nullptr ? base::Span() : SpanOf(*model, failure.audit);
    out.Report(failure.blocking ? kAuditFailed : kAuditWarned, span, Failing(failure))
        .Help(fmt::format("`wapc audit {}` shows the rows", failure.model));
  }
  for (const std::string& name : changed) {
    const compiler::Model* const model = project.Find(name);
    out.Report(kNotAudited, model == nullptr ? base::Span() : model->name_span,
               fmt::format("{} is not what is served, and was not audited", name))
        .Help("plan and apply it first");
  }
  return out;
}

}  // namespace wapc::cli

#include "compiler/passes/audits_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <set>

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kAuditCycle{"audit-cycle", base::Severity::kWarning};
constexpr base::DiagnosticCode kBlockingAuditCycle{"audit-cycle", base::Severity::kError};

size_t At(int index) { return static_cast<size_t>(index); }

std::vector<int> Before(const Model& model) {
  std::vector<int> out = model.depends_on;
  out.insert(out.end(), model.audited_after.begin(), model.audited_after.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Whether `from` comes after `to`, directly or through others.
bool ComesAfter(const Project& project, int from, int to) {
  std::set<int> seen{from};
  std::vector<int> open{from};
  while (!open.empty()) {
    const Model& model = project.models[At(open.back())];
    open.pop_back();
    for (const std::vector<int>* const list : {&model.depends_on, &model.audited_after}) {
      for (const int next : *list) {
        if (next == to) return true;
        if (seen.insert(next).second) open.push_back(next);
      }
    }
  }
  return false;
}

void Report(const Model& model, const AuditCall& audit, const Model& read, base::Diagnostics& diagnostics) {
  diagnostics
      .Report(audit.blocking ? kBlockingAuditCycle : kAuditCycle, audit.span,
              fmt::format("{} of {} reads {}, which is built after {}: the audit is left out", audit.title, model.name,
                          read.name, model.name))
      .Help(fmt::format("audit it from {}, or from a model that reads both", read.name));
}

// Gives whether the audit can run where its model stands.
bool Place(Project& project, int index, const AuditCall& audit, base::Diagnostics& diagnostics) {
  if (audit.standalone) return true;  // it runs with whichever of its models comes last
  std::vector<int>& after = project.models[At(index)].audited_after;
  for (const int read : audit.depends_on) {
    const std::vector<int>& direct = project.models[At(index)].depends_on;
    const bool known = std::find(after.begin(), after.end(), read) != after.end() ||
                       std::find(direct.begin(), direct.end(), read) != direct.end();
    if (known || read == index || !project.models[At(read)].has_build()) continue;
    if (ComesAfter(project, read, index)) {
      Report(project.models[At(index)], audit, project.models[At(read)], diagnostics);
      return false;
    }
    after.push_back(read);
  }
  return true;
}

}  // namespace

std::vector<int> OrderOf(const std::vector<Model>& models) {
  std::vector<size_t> open(models.size(), 0);
  std::vector<std::vector<int>> readers(models.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (size_t i = 0; i < models.size(); ++i) {
    const std::vector<int> before = Before(models[i]);
    open[i] = before.size();
    for (const int upstream : before) readers[At(upstream)].push_back(static_cast<int>(i));
    if (open[i] == 0) ready.push(static_cast<int>(i));
  }
  std::vector<int> order;
  order.reserve(models.size());
  while (!ready.empty()) {
    const int next = ready.top();
    ready.pop();
    order.push_back(next);
    for (const int reader : readers[At(next)]) {
      if (--open[At(reader)] == 0) ready.push(reader);
    }
  }
  return order;
}

void OrderByAudits(Project& project, base::Diagnostics& diagnostics) {
  bool moved = false;
  for (size_t i = 0; i < project.models.size(); ++i) {
    std::vector<AuditCall>& audits = project.models[i].audits;
    const auto fits = [&](const AuditCall& audit) {
      return audit.depends_on.empty() || Place(project, static_cast<int>(i), audit, diagnostics);
    };
    audits.erase(std::stable_partition(audits.begin(), audits.end(), fits), audits.end());
    moved |= !project.models[i].audited_after.empty();
  }
  if (moved) project.order = OrderOf(project.models);
}

}  // namespace wapc::compiler

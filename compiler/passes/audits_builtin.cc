#include "compiler/passes/audits_builtin.h"

#include "compiler/project/model_file.h"
#include "grammar/parser.h"
#include "grammar/walk.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler {
namespace {

// Defaults stand in no file of the user, so that nothing may point at them.
void ForgetPlaces(grammar::Expr& expr) {
  grammar::Visitor visitor;
  visitor.expr = [](grammar::Expr& node) {
    node.span = {};
    return true;
  };
  grammar::Walk(expr, visitor);
}

std::string_view QueryText(std::string_view file) {
  const size_t begin = file.find(");") + 2;
  const size_t end = file.rfind(';');
  return file.substr(begin, end - begin);
}

}  // namespace

BuiltinAudits::BuiltinAudits(base::Diagnostics& diagnostics) {
  grammar::Parser parser;
  for (const auto& file : embedded::wapc_compiler::Files()) {
    if (!file.path.starts_with("compiler/audits/")) continue;
    const base::SourceId source = sources_.Add(std::string(file.path), std::string(file.text));
    const grammar::Document* const document = parser.ParseDocument(sources_, source, arena_, diagnostics);
    if (document == nullptr) continue;
    for (AuditDefinition& audit : ReadAuditFile(*document, diagnostics)) {
      for (const auto& [name, value] : audit.defaults) ForgetPlaces(*value);
      audit.query = parser.ParseQuery(QueryText(file.text), {}, sources_, arena_, diagnostics);
      audit.span = {};
      const std::string name = audit.name;
      if (audit.query != nullptr) audits_.emplace(name, std::move(audit));
    }
  }
}

const AuditDefinition* BuiltinAudits::Find(std::string_view name) const {
  const auto found = audits_.find(name);
  return found == audits_.end() ? nullptr : &found->second;
}

std::vector<std::string> BuiltinAudits::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, audit] : audits_) names.push_back(name);
  return names;
}

}  // namespace wapc::compiler

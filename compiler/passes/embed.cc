#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "compiler/passes/passes.h"
#include "compiler/project/properties.h"
#include "grammar/fold.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;

size_t At(int index) { return static_cast<size_t>(index); }

bool IsEmbedded(const Project& project, int index) { return project.models[At(index)].kind == ModelKind::kEmbedded; }

// Puts the queries of EMBEDDED models into those of one reader.
class Embedder {
 public:
  Embedder(const Project& project, Model& model) : project_(project), model_(model) {}

  // The relations of the copy are collected beside the old ones, which the pass drops at its end.
  grammar::Query* Expand(const grammar::Query& query, const std::map<const grammar::TableName*, int>& relations) {
    grammar::CloneHooks hooks;
    std::set<std::pair<std::string, std::string>> qualifiers;
    hooks.replace_table = [&](const grammar::TableRef& ref) -> grammar::TableRef* {
      if (const auto* const name = As<grammar::TableName>(&ref)) return Replace(*name, relations, qualifiers);
      const auto* const macro = As<grammar::MacroTable>(&ref);
      return macro == nullptr || audited_ == nullptr ? nullptr : Audited(*macro);
    };
    grammar::Query* const out = grammar::Clone(query, *model_.arena, hooks);
    if (!qualifiers.empty()) Unqualify(*out, qualifiers);
    return out;
  }

  // `@this_model` becomes the query of that EMBEDDED model.
  void Audit(const Model& embedded) { audited_ = &embedded; }

  std::map<const grammar::TableName*, int>& relations() { return fresh_; }

 private:
  using Names = std::set<std::pair<std::string, std::string>>;

  grammar::TableRef* Replace(const grammar::TableName& name, const std::map<const grammar::TableName*, int>& relations,
                             Names& qualifiers) {
    const auto known = relations.find(&name);
    if (known == relations.end() || !IsEmbedded(project_, known->second)) {
      auto* const copy = model_.arena->New<grammar::TableName>(name);
      if (known != relations.end()) fresh_[copy] = known->second;
      return copy;
    }
    const Model& embedded = project_.models[At(known->second)];
    auto* const out = model_.arena->New<grammar::SubqueryRef>();
    out->kind = grammar::TableRefKind::kSubquery;
    out->span = name.span;
    out->column_aliases = name.column_aliases;
    out->alias = name.alias;
    if (name.alias.text.empty()) {
      out->alias = name.parts.back();
      qualifiers.emplace(embedded.schema, embedded.table);
    }
    // In the order of the graph the embedded query is free of others already; only its relations are taken over.
    out->query = Expand(*embedded.query, embedded.relations);
    return out;
  }

  grammar::TableRef* Audited(const grammar::MacroTable& macro) {
    const Model& embedded = *std::exchange(audited_, nullptr);  // its own query names no @this_model
    auto* const out = model_.arena->New<grammar::SubqueryRef>();
    out->kind = grammar::TableRefKind::kSubquery;
    out->span = macro.span;
    out->alias = macro.alias.text.empty() ? macro.call->name : macro.alias;
    out->query = Expand(*embedded.query, embedded.relations);
    audited_ = &embedded;
    return out;
  }

  // `schema.table.column` named a relation that has only an alias now.
  void Unqualify(grammar::Query& query, const Names& qualifiers) {
    grammar::Visitor visitor;
    visitor.expr = [&](grammar::Expr& expr) {
      if (auto* const ref = As<grammar::ColumnRef>(&expr); ref != nullptr && ref->parts.size() > 2) {
        const std::pair<std::string, std::string> written{grammar::FoldName(ref->parts[0]),
                                                          grammar::FoldName(ref->parts[1])};
        if (qualifiers.contains(written)) ref->parts = ref->parts.subspan(1);
      }
      return true;
    };
    grammar::Walk(query, visitor);
  }

  const Project& project_;
  Model& model_;
  const Model* audited_ = nullptr;
  std::map<const grammar::TableName*, int> fresh_;
};

bool ReadsEmbedded(const Project& project, const Model& model) {
  return std::any_of(model.relations.begin(), model.relations.end(),
                     [&](const auto& entry) { return IsEmbedded(project, entry.second); });
}

void EmbedInto(const Project& project, Model& model) {
  Embedder embedder(project, model);
  if (model.query != nullptr) model.query = embedder.Expand(*model.query, model.relations);
  if (model.removed.keys_query != nullptr) {
    model.removed.keys_query = embedder.Expand(*model.removed.keys_query, model.relations);
  }
  for (AuditCall& audit : model.audits) {
    if (audit.query != nullptr) audit.query = embedder.Expand(*audit.query, model.relations);
  }
  model.relations = std::move(embedder.relations());
}

// What an EMBEDDED model reads is read by whoever reads it.
std::vector<int> Through(const Project& project, const std::vector<int>& models) {
  std::set<int> out;
  for (const int index : models) {
    if (!IsEmbedded(project, index)) {
      out.insert(index);
      continue;
    }
    const std::vector<int>& below = project.models[At(index)].depends_on;
    out.insert(below.begin(), below.end());
  }
  return {out.begin(), out.end()};
}

// An EMBEDDED model has no candidate of its own: each model that it reads carries its audits, over what its query gives
// of all their candidates. They run once, when the last of those is there.
void PassOnAudits(Project& project, const Model& embedded, base::Diagnostics& diagnostics) {
  const bool stored = std::any_of(embedded.depends_on.begin(), embedded.depends_on.end(),
                                  [&](int index) { return project.models[At(index)].has_build(); });
  if (!stored && !embedded.audits.empty()) {
    ReportNoEffect({"audits", "it reads no model that is built; audit what reads it", embedded.kind_span}, 1,
                   diagnostics);
  }
  for (const int index : embedded.depends_on) {
    Model& reader = project.models[At(index)];
    if (!reader.has_build() || reader.arena == nullptr || !reader.typed) continue;
    for (const AuditCall& audit : embedded.audits) {
      if (audit.query == nullptr) continue;
      Embedder embedder(project, reader);
      embedder.Audit(embedded);
      AuditCall call = audit;
      call.standalone = true;
      call.query = embedder.Expand(*audit.query, embedded.relations);
      call.title = embedded.name + ": " + audit.title;
      call.digest = base::Sha256Hex(audit.digest + grammar::PrintCanonical(*embedded.query));
      call.depends_on.insert(call.depends_on.end(), embedded.depends_on.begin(), embedded.depends_on.end());
      std::sort(call.depends_on.begin(), call.depends_on.end());
      call.depends_on.erase(std::unique(call.depends_on.begin(), call.depends_on.end()), call.depends_on.end());
      reader.relations.merge(embedder.relations());
      reader.audits.push_back(std::move(call));
    }
  }
}

}  // namespace

Project EmbedModels(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& diagnostics) {
  const bool any = std::any_of(project.models.begin(), project.models.end(),
                               [](const Model& model) { return model.kind == ModelKind::kEmbedded; });
  if (!any) return project;
  for (const int index : project.order) {
    Model& model = project.models[At(index)];
    const bool whole = std::all_of(model.depends_on.begin(), model.depends_on.end(), [&](int upstream) {
      return !IsEmbedded(project, upstream) || project.models[At(upstream)].query != nullptr;
    });
    if (model.typed && whole && ReadsEmbedded(project, model)) EmbedInto(project, model);
    model.depends_on = Through(project, model.depends_on);
    for (AuditCall& audit : model.audits) audit.depends_on = Through(project, audit.depends_on);
  }
  for (const Model& model : project.models) {
    if (model.kind == ModelKind::kEmbedded && model.typed) PassOnAudits(project, model, diagnostics);
  }
  return project;
}

}  // namespace wapc::compiler

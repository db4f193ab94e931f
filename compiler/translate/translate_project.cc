#include <fmt/format.h>

#include <algorithm>

#include "base/parallel.h"
#include "compiler/passes/passes.h"
#include "compiler/translate/context.h"

namespace wapc::compiler {
namespace {

using translate::Bound;

/// The queries of one model in the dialect of the gateway.
class ModelTranslator {
 public:
  ModelTranslator(const Project& project, Model& model, grammar::Arena& arena, base::Diagnostics& diagnostics)
      : project_(project), model_(model), arena_(arena), diagnostics_(diagnostics) {
    options_.from = project.config.dialect;
    options_.to = &project.config.target();
  }

  void Run() {
    this_model_.columns = model_.columns;
    if (model_.query != nullptr) model_.gateway_query = Translated(*model_.query, nullptr);
    if (model_.removed.keys_query != nullptr) {
      model_.removed.gateway_keys_query = Translated(*model_.removed.keys_query, nullptr);
    }
    if (model_.partition_query != nullptr) {
      model_.gateway_partition_query = Translated(*model_.partition_query, nullptr);
    }
    if (model_.merge_query != nullptr) model_.gateway_merge_query = Translated(*model_.merge_query, nullptr);
    for (AuditCall& audit : model_.audits) {
      if (audit.query != nullptr) audit.gateway_query = Translated(*audit.query, &audit);
    }
    for (const auto* const hooks : {&model_.hooks.before, &model_.hooks.after, &model_.hooks.on_virtual_update}) {
      for (const HookStatement& hook : *hooks) RefuseHook(hook);
    }
  }

 private:
  grammar::Query* Translated(grammar::Query& query, const AuditCall* audit) {
    base::Diagnostics found;
    grammar::Query* const out = TranslateBound(query, Bind(query), options_, arena_, found);
    for (base::Diagnostic diagnostic : found.all()) {
      // What stands nowhere in the user's files is wrong with the model, or with its call of the audit.
      const base::Span call = audit != nullptr && audit->span.known() ? audit->span : model_.name_span;
      if (!diagnostic.span.known()) {
        diagnostic.span = call;
      } else if (audit != nullptr && diagnostic.span.source != call.source) {
        diagnostic.notes.push_back({call, fmt::format("as an audit of {}", model_.name)});
      }
      diagnostics_.Add(std::move(diagnostic));
    }
    return out;
  }

  Bound Bind(grammar::Query& query) {
    Bound bound;
    bound.relations = &model_.relations;
    base::Diagnostics unheard;
    BindContext context;
    context.project = &project_;
    context.relations = &model_.relations;
    context.arena = &arena_;
    context.keep_stars = true;
    context.types = &bound.types;
    context.aliases = &bound.aliases;
    context.pivots = &bound.pivots;
    context.macro_relation = [this](std::string_view name) { return name == "this_model" ? &this_model_ : nullptr; };
    BindQuery(query, context, unheard);
    return bound;
  }

  void RefuseHook(const HookStatement& hook) {
    diagnostics_
        .Report(translate::kNotExpressible, hook.span,
                fmt::format("this statement is text of {}, and the gateway is {}", options_.from->title,
                            options_.to->title))
        .Help(
            "statements around a query are not translated: leave it out, or set the project's dialect to the "
            "gateway's");
  }

  const Project& project_;
  Model& model_;
  grammar::Arena& arena_;
  base::Diagnostics& diagnostics_;
  translate::Options options_;
  RelationColumns this_model_;
};

}  // namespace

Project TranslateProject(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& diagnostics) {
  if (!project.config.translates()) return project;
  std::vector<base::Diagnostics> found(project.models.size());
  std::vector<std::shared_ptr<grammar::Arena>> arenas(project.models.size());
  base::ParallelFor(project.models.size(), 0, [&](size_t i) {
    Model& model = project.models[i];
    if (!model.typed || !model.has_build() || model.known_before) return;
    arenas[i] = std::make_shared<grammar::Arena>();
    ModelTranslator(project, model, *arenas[i], found[i]).Run();
  });
  for (size_t i = 0; i < found.size(); ++i) {
    diagnostics.Append(std::move(found[i]));
    if (arenas[i] != nullptr) project.arenas.push_back(std::move(arenas[i]));
  }
  return project;
}

}  // namespace wapc::compiler

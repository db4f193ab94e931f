#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/audits_order.h"
#include "compiler/passes/graph_relations.h"
#include "compiler/passes/passes.h"
#include "compiler/plan/kind.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kModelCycle{"model-cycle", base::Severity::kError};
constexpr base::DiagnosticCode kLiveView{"live-view", base::Severity::kWarning};
constexpr base::DiagnosticCode kForbiddenLiveView{"live-view", base::Severity::kError};

size_t At(int index) { return static_cast<size_t>(index); }

void AddDependencies(const Project& project, Model& model, base::Diagnostics& diagnostics) {
  model.depends_on.clear();
  for (const auto& [ref, upstream] : model.relations) model.depends_on.push_back(upstream);
  if (!model.removed.parent.empty()) {
    const auto parent = project.by_name.find(model.removed.parent);
    if (parent != project.by_name.end()) model.depends_on.push_back(parent->second);
  }
  for (const std::string& name : model.declared_dependencies) {
    if (const auto found = ResolveDeclared(project, name, model.depends_on_span, diagnostics)) {
      model.depends_on.push_back(*found);
    }
  }
  std::sort(model.depends_on.begin(), model.depends_on.end());
  model.depends_on.erase(std::unique(model.depends_on.begin(), model.depends_on.end()), model.depends_on.end());
  // What such a model reads of itself is what it held before, which orders nothing.
  const int self = project.by_name.at(model.name);
  model.reads_itself = MovesInPlace(model.kind) && std::erase(model.depends_on, self) > 0;
}

// Where the query of a model names another.
base::Span EdgePlace(const Model& model, int upstream) {
  base::Span first = model.name_span;
  bool found = false;
  for (const auto& [ref, target] : model.relations) {
    if (target != upstream || (found && ref->span.begin >= first.begin)) continue;
    first = ref->span;
    found = true;
  }
  return first;
}

class CycleFinder {
 public:
  CycleFinder(const Project& project, base::Diagnostics& diagnostics)
      : project_(project), diagnostics_(diagnostics), state_(project.models.size(), State::kOpen) {}

  // Follows the models that no order could be given; each cycle is met once.
  void Run(const std::vector<int>& order) {
    for (const int done : order) state_[At(done)] = State::kDone;
    for (size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == State::kOpen) Visit(static_cast<int>(i));
    }
  }

 private:
  enum class State : uint8_t { kOpen, kOnPath, kDone };

  void Visit(int start) {
    struct Frame {
      int model;
      size_t next;
    };
    std::vector<Frame> path{{start, 0}};
    state_[At(start)] = State::kOnPath;
    while (!path.empty()) {
      const int at = path.back().model;
      const std::vector<int>& upstreams = project_.models[At(at)].depends_on;
      if (path.back().next == upstreams.size()) {
        state_[At(at)] = State::kDone;
        path.pop_back();
        continue;
      }
      const int upstream = upstreams[path.back().next++];
      if (state_[At(upstream)] == State::kOpen) {
        state_[At(upstream)] = State::kOnPath;
        path.push_back({upstream, 0});
      } else if (state_[At(upstream)] == State::kOnPath) {
        std::vector<int> cycle;
        for (const Frame& frame : path) {
          if (!cycle.empty() || frame.model == upstream) cycle.push_back(frame.model);
        }
        Report(std::move(cycle));
      }
    }
  }

  void Report(std::vector<int> cycle) {
    // It begins at the model that comes first, so that the text does not depend on where it was entered.
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    const Model& first = project_.models[At(cycle[0])];
    const int second = cycle.size() > 1 ? cycle[1] : cycle[0];
    auto report = diagnostics_.Report(
        kModelCycle, EdgePlace(first, second),
        cycle.size() == 1 ? fmt::format("{} reads itself", first.name)
                          : fmt::format("{} reads itself through {}", first.name, project_.models[At(second)].name));
    for (size_t i = 1; i < cycle.size(); ++i) {
      const Model& model = project_.models[At(cycle[i])];
      const int upstream = cycle[(i + 1) % cycle.size()];
      report.Note(EdgePlace(model, upstream),
                  fmt::format("{} reads {}", model.name, project_.models[At(upstream)].name));
    }
    report.Help(cycle.size() == 1 ? "an incremental model may read itself: what it held before; this kind cannot"
                                  : "take one of these references out, or move what both need to a model of its own");
  }

  const Project& project_;
  base::Diagnostics& diagnostics_;
  std::vector<State> state_;
};

// Readers of such a model see what it reads as it is at that moment.
bool IsTransparent(ModelKind kind) { return kind == ModelKind::kView || kind == ModelKind::kEmbedded; }

void InheritFacts(Project& project) {
  for (const int index : project.order) {
    Model& model = project.models[At(index)];
    if (model.known_before) continue;
    model.datasets.clear();
    model.unaudited = false;
    if (model.raw_schema != nullptr) model.datasets.insert(model.raw_schema->dataset);
    for (const int upstream : model.depends_on) {
      const Model& other = project.models[At(upstream)];
      model.datasets.insert(other.datasets.begin(), other.datasets.end());
      const bool raw = other.kind == ModelKind::kExternal || (IsTransparent(other.kind) && other.unaudited);
      model.unaudited |= IsTransparent(model.kind) && raw;
    }
  }
}

void ReportLiveViews(const Project& project, base::Diagnostics& diagnostics) {
  for (const Model& model : project.models) {
    if (model.kind != ModelKind::kView || !model.unaudited || model.live || model.known_before) continue;
    for (const int upstream : model.depends_on) {
      const Model& raw = project.models[At(upstream)];
      if (raw.kind != ModelKind::kExternal && (raw.kind != ModelKind::kEmbedded || !raw.unaudited)) continue;
      diagnostics
          .Report(project.config.forbid_live_views ? kForbiddenLiveView : kLiveView,
                  model.kind_span.known() ? model.kind_span : model.name_span,
                  fmt::format("the VIEW {} shows rows of {} that no audit saw", model.name, raw.name))
          .Note(EdgePlace(model, upstream), "read here")
          .Help("make it FULL, or add `live true`");
      break;
    }
  }
}

}  // namespace

Project ResolveGraph(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& diagnostics) {
  for (Model& model : project.models) {
    if (model.known_before) continue;
    if (model.query != nullptr) ResolveRelations(project, *model.query, model.relations, diagnostics);
    AddDependencies(project, model, diagnostics);
  }
  project.order = OrderOf(project.models);
  if (project.order.size() < project.models.size()) CycleFinder(project, diagnostics).Run(project.order);
  InheritFacts(project);
  ReportLiveViews(project, diagnostics);
  return project;
}

}  // namespace wapc::compiler

#include "compiler/dag.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/diagnostics.h"
#include "compiler/lineage.h"

namespace wapc::compiler {
namespace {

using Json = nlohmann::ordered_json;

const Model& ModelAt(const Project& project, int index) { return project.models[static_cast<size_t>(index)]; }

std::vector<std::vector<int>> ReadersOf(const Project& project) {
  std::vector<std::vector<int>> out(project.models.size());
  for (const int index : project.order) {
    for (const int upstream : ModelAt(project, index).depends_on) out[static_cast<size_t>(upstream)].push_back(index);
  }
  return out;
}

bool Matches(const Model& model, const std::string& pattern) {
  if (pattern.starts_with("tag:")) {
    return std::any_of(model.tags.begin(), model.tags.end(),
                       [&](const std::string& tag) { return ::fnmatch(pattern.c_str() + 4, tag.c_str(), 0) == 0; });
  }
  return ::fnmatch(pattern.c_str(), model.name.c_str(), 0) == 0;
}

class Selector {
 public:
  explicit Selector(const Project& project) : project_(project), readers_(ReadersOf(project)) {}

  // False when nothing matches.
  bool Add(std::string pattern) {
    const bool up = pattern.starts_with('+');
    if (up) pattern.erase(0, 1);
    const bool down = pattern.ends_with('+');
    if (down) pattern.pop_back();
    bool any = false;
    for (const int index : project_.order) {
      if (!Matches(ModelAt(project_, index), pattern)) continue;
      any = true;
      selected_.insert(index);
      if (up) Follow(index, [this](int at) -> const std::vector<int>& { return ModelAt(project_, at).depends_on; });
      if (down) Follow(index, [this](int at) -> const std::vector<int>& { return readers_[static_cast<size_t>(at)]; });
    }
    return any;
  }

  // Raw tables that nobody reads say nothing about the project.
  void AddAll() {
    for (const int index : project_.order) {
      const bool unread = readers_[static_cast<size_t>(index)].empty();
      if (ModelAt(project_, index).kind != ModelKind::kExternal || !unread) selected_.insert(index);
    }
  }

  std::vector<int> Ordered() const {
    std::vector<int> out;
    std::copy_if(project_.order.begin(), project_.order.end(), std::back_inserter(out),
                 [this](int index) { return selected_.contains(index); });
    return out;
  }

 private:
  template <class Next>
  void Follow(int start, const Next& next) {
    std::set<int> seen{start};
    std::vector<int> open{start};
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      selected_.insert(at);
      for (const int index : next(at)) {
        if (seen.insert(index).second) open.push_back(index);
      }
    }
  }

  const Project& project_;
  std::vector<std::vector<int>> readers_;
  std::set<int> selected_;
};

// The edges among the models that are shown.
std::vector<int> ShownUpstreams(const Project& project, int index, const std::set<int>& shown) {
  std::vector<int> out;
  for (const int upstream : ModelAt(project, index).depends_on) {
    if (shown.contains(upstream)) out.push_back(upstream);
  }
  return out;
}

template <class AddNode, class AddEdge>
void Visit(const Project& project, const std::vector<int>& models, const AddNode& node, const AddEdge& edge) {
  const std::set<int> shown(models.begin(), models.end());
  for (const int index : models) node(index, ModelAt(project, index));
  for (const int index : models) {
    for (const int upstream : ShownUpstreams(project, index, shown)) edge(upstream, index);
  }
}

}  // namespace

base::Result<std::vector<int>> SelectModels(const Project& project, const std::vector<std::string>& selectors) {
  Selector selector(project);
  if (selectors.empty()) selector.AddAll();
  for (const std::string& pattern : selectors) {
    if (selector.Add(pattern)) continue;
    std::vector<std::string> names;
    for (const Model& model : project.models) names.push_back(model.name);
    const auto nearest = base::ClosestName(pattern, names);
    return base::Error{base::ErrorKind::kProject,
                       fmt::format("--select {}: no model is named so{}", pattern,
                                   nearest ? fmt::format("; did you mean {}?", *nearest) : "")};
  }
  return selector.Ordered();
}

std::string DagText(const Project& project, const std::vector<int>& models) {
  std::string out;
  for (const int index : models) {
    const Model& model = ModelAt(project, index);
    std::vector<std::string> reads;
    for (const int upstream : model.depends_on) reads.push_back(ModelAt(project, upstream).name);
    out += fmt::format("{}  {}", model.name, ToString(model.kind));
    if (!reads.empty()) out += fmt::format("  <- {}", fmt::join(reads, ", "));
    out += "\n";
  }
  return out;
}

std::string DagJson(const Project& project, const std::vector<int>& models) {
  Json out;
  out["models"] = Json::array();
  for (const int index : models) {
    const Model& model = ModelAt(project, index);
    Json entry;
    entry["name"] = model.name;
    entry["kind"] = ToString(model.kind);
    entry["depends_on"] = Json::array();
    for (const int upstream : model.depends_on) entry["depends_on"].push_back(ModelAt(project, upstream).name);
    out["models"].push_back(std::move(entry));
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string DagMermaid(const Project& project, const std::vector<int>& models) {
  std::string out = "flowchart LR\n";
  Visit(
      project, models,
      [&](int index, const Model& model) { out += fmt::format("  n{}[{}]\n", index, DiagramText(model.name)); },
      [&](int from, int to) { out += fmt::format("  n{} --> n{}\n", from, to); });
  return out;
}

std::string DagDot(const Project& project, const std::vector<int>& models) {
  std::string out = "digraph models {\n  rankdir=LR;\n  node [shape=box];\n";
  const auto name = [&](int index) { return DiagramText(ModelAt(project, index).name); };
  Visit(
      project, models, [&](int index, const Model& /*model*/) { out += fmt::format("  {};\n", name(index)); },
      [&](int from, int to) { out += fmt::format("  {} -> {};\n", name(from), name(to)); });
  return out + "}\n";
}

}  // namespace wapc::compiler

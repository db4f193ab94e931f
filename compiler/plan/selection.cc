#include "compiler/plan/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/diagnostics.h"
#include "compiler/project/flags.h"

namespace wapc::compiler {
namespace {

using Chosen = std::set<int>;

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

// Reads one selector by recursive descent: `|` binds least, then `&`, then `^`.
class SelectorReader {
 public:
  SelectorReader(const Project& project, const base::SourceMap& sources, const ChangedSinceRef& changed_since,
                 const std::string& text)
      : project_(project), sources_(sources), changed_since_(changed_since), whole_(text), rest_(text) {}

  base::Result<Chosen> Read() {
    auto out = Either();
    if (!out) return out;
    Skip();
    if (!rest_.empty()) return Usage(fmt::format("the selector '{}' goes on with '{}'", whole_, rest_));
    return out;
  }

 private:
  void Skip() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0) rest_.remove_prefix(1);
  }
  bool Take(char c) {
    Skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  base::Result<Chosen> Either() {
    auto out = Both();
    while (out && Take('|')) {
      auto right = Both();
      if (!right) return right;
      out->merge(*right);
    }
    return out;
  }

  base::Result<Chosen> Both() {
    auto out = One();
    while (out && Take('&')) {
      const auto right = One();
      if (!right) return right;
      std::erase_if(*out, [&right](int index) { return !right->contains(index); });
    }
    return out;
  }

  base::Result<Chosen> One() {
    if (Take('^')) {
      const auto without = One();
      if (!without) return without;
      Chosen out;
      for (const int index : project_.order) {
        if (Selectable(index) && !without->contains(index)) out.insert(index);
      }
      return out;
    }
    const bool up = Take('+');
    auto out = Take('(') ? Inner() : Atom();
    if (!out) return out;
    const bool down = !rest_.empty() && rest_.front() == '+';
    if (down) rest_.remove_prefix(1);
    Chosen grown = *out;
    if (up) AddUpstream(*out, grown);
    if (down) AddDownstream(*out, grown);
    return grown;
  }

  base::Result<Chosen> Inner() {
    auto out = Either();
    if (out && !Take(')')) return Usage(fmt::format("the selector '{}' lacks a ')'", whole_));
    return out;
  }

  base::Result<Chosen> Atom() {
    Skip();
    size_t end = 0;
    while (end < rest_.size() && std::string_view("|&^()+ ").find(rest_[end]) == std::string_view::npos) ++end;
    const std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (name.empty()) return Usage(fmt::format("the selector '{}' lacks a name", whole_));
    constexpr std::string_view kGit = "git:";
    if (name.starts_with(kGit)) return Changed(name.substr(kGit.size()));
    Chosen out;
    for (const int index : project_.order) {
      if (Selectable(index) && FlagSelects(name, ModelAt(index))) out.insert(index);
    }
    if (out.empty()) return Unknown(name);
    return out;
  }

  base::Error Unknown(const std::string& name) const {
    std::vector<std::string> names;
    for (const Model& model : project_.models) {
      if (model.has_build()) names.push_back(model.name);
    }
    const auto nearest = base::ClosestName(name, names);
    return Usage(fmt::format("the selector '{}' names no model{}", name,
                             nearest ? fmt::format("; did you mean {}?", *nearest) : ""));
  }

  base::Result<Chosen> Changed(const std::string& ref) const {
    const auto files = changed_since_(ref);
    if (!files) return files.error();
    const std::set<std::string> present(files->present.begin(), files->present.end());
    Chosen out;
    for (const int index : project_.order) {
      if (Selectable(index) && present.contains(GraphModelOf(project_, ModelAt(index), sources_).file)) {
        out.insert(index);
      }
    }
    return out;
  }

  // `order` has each model after what it reads.
  void AddUpstream(const Chosen& from, Chosen& out) const {
    for (auto at = project_.order.rbegin(); at != project_.order.rend(); ++at) {
      if (!out.contains(*at) && !from.contains(*at)) continue;
      for (const int upstream : ModelAt(*at).depends_on) out.insert(upstream);
    }
  }
  void AddDownstream(const Chosen& from, Chosen& out) const {
    Chosen below = from;
    for (const int index : project_.order) {
      const std::vector<int>& reads = ModelAt(index).depends_on;
      if (std::any_of(reads.begin(), reads.end(), [&below](int up) { return below.contains(up); })) below.insert(index);
    }
    out.merge(below);
  }

  const Model& ModelAt(int index) const { return project_.models[static_cast<size_t>(index)]; }
  bool Selectable(int index) const { return ModelAt(index).has_build(); }

  const Project& project_;
  const base::SourceMap& sources_;
  const ChangedSinceRef& changed_since_;
  const std::string& whole_;
  std::string_view rest_;
};

}  // namespace

base::Result<std::set<std::string>> SelectModels(const Project& project, const base::SourceMap& sources,
                                                 const std::vector<std::string>& selectors,
                                                 const ChangedSinceRef& changed_since) {
  std::set<std::string> out;
  for (const std::string& selector : selectors) {
    const auto chosen = SelectorReader(project, sources, changed_since, selector).Read();
    if (!chosen) return chosen.error();
    for (const int index : *chosen) {
      const Model& model = project.models[static_cast<size_t>(index)];
      if (model.has_build()) out.insert(model.name);
    }
  }
  return out;
}

}  // namespace wapc::compiler

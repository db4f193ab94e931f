#include "compiler/plan/units.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wapc::compiler {

using runtime::Action;
using runtime::PlanAudit;
using runtime::PlanModel;

namespace {

// Sets of models, each known by its first one in the order of the plan.
class Sets {
 public:
  explicit Sets(size_t count) : parents_(count) {
    for (size_t i = 0; i < count; ++i) parents_[i] = i;
  }
  size_t First(size_t i) {
    while (parents_[i] != i) {
      parents_[i] = parents_[parents_[i]];
      i = parents_[i];
    }
    return i;
  }
  void Join(size_t a, size_t b) {
    a = First(a);
    b = First(b);
    if (a < b) parents_[b] = a;
    if (b < a) parents_[a] = b;
  }

 private:
  std::vector<size_t> parents_;
};

class Grouping {
 public:
  Grouping(const Project& project, runtime::Plan& plan)
      : project_(project), models_(plan.models), by_schema_(plan.publish == "schema"), sets_(plan.models.size()) {
    for (size_t i = 0; i < models_.size(); ++i) index_[models_[i].model] = i;
  }

  void Assign() {
    if (by_schema_) JoinSchemas();
    JoinViews();
    JoinParents();
    JoinStandalone();
    std::vector<size_t> sizes(models_.size());
    for (size_t i = 0; i < models_.size(); ++i) ++sizes[sets_.First(i)];
    for (size_t i = 0; i < models_.size(); ++i) {
      const size_t first = sets_.First(i);
      if (sizes[first] > 1) models_[i].group = by_schema_ ? models_[first].view.schema : models_[first].model;
    }
  }

 private:
  void JoinSchemas() {
    std::map<std::string_view, size_t> first;
    for (size_t i = 0; i < models_.size(); ++i) sets_.Join(i, first.emplace(models_[i].view.schema, i).first->second);
  }

  // A VIEW that stayed while the table under it moves would show rows that its own audits have not seen.
  void JoinViews() {
    std::vector<bool> moves(models_.size());
    for (size_t i = 0; i < models_.size(); ++i) {
      if (models_[i].action == Action::kDelta) moves[i] = true;
      if (models_[i].action != Action::kView) continue;
      for (const std::string& name : models_[i].depends_on) {
        const auto upstream = index_.find(name);
        if (upstream == index_.end() || !moves[upstream->second]) continue;
        moves[i] = true;
        sets_.Join(i, upstream->second);
      }
    }
  }

  // A child's rows follow those that its parent's delta replaces, which is known only while that delta is there.
  void JoinParents() {
    for (size_t i = 0; i < models_.size(); ++i) {
      const Model* const model = project_.Find(models_[i].model);
      if (models_[i].action != Action::kDelta || model == nullptr) continue;
      const auto parent = index_.find(model->removed.parent);
      if (parent != index_.end() && models_[parent->second].action == Action::kDelta) sets_.Join(i, parent->second);
    }
  }

  // An audit over several models vouches for them side by side only.
  void JoinStandalone() {
    constexpr std::string_view kToken = "@{rel:";
    for (size_t i = 0; i < models_.size(); ++i) {
      for (const PlanAudit& audit : models_[i].audits) {
        if (!audit.standalone || !audit.blocking) continue;
        const std::string_view sql = audit.sql;
        for (size_t at = sql.find(kToken); at != std::string_view::npos; at = sql.find(kToken, at + 1)) {
          const size_t begin = at + kToken.size();
          const auto read = index_.find(sql.substr(begin, sql.find('}', begin) - begin));
          if (read != index_.end()) sets_.Join(i, read->second);
        }
      }
    }
  }

  const Project& project_;
  std::vector<PlanModel>& models_;
  bool by_schema_;
  Sets sets_;
  std::map<std::string, size_t, std::less<>> index_;
};

}  // namespace

void AssignGroups(const Project& project, runtime::Plan& plan) {
  if (plan.publish != "all") Grouping(project, plan).Assign();
}

}  // namespace wapc::compiler

#include "compiler/project/index.h"

#include <fmt/format.h>

#include <algorithm>

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kDuplicateModel{"duplicate-model", base::Severity::kError};

}  // namespace

void IndexModels(Project& project, base::Diagnostics& diagnostics) {
  std::vector<Model>& models = project.models;
  std::stable_sort(models.begin(), models.end(), [](const Model& a, const Model& b) { return a.name < b.name; });
  const auto repeats = [&diagnostics](const Model& first, const Model& second) {
    if (first.name != second.name) return false;
    // A dataset that several dlt schemas fill has its system tables once in each.
    const bool shared =
        first.origin == Origin::kRawTable && second.origin == Origin::kRawTable && first.table.starts_with("_dlt_");
    if (!shared) {
      diagnostics.Report(kDuplicateModel, second.name_span, fmt::format("there are two models named {}", first.name))
          .Note(first.name_span, "the other is here")
          .Help("rename one of them");
    }
    return true;
  };
  models.erase(std::unique(models.begin(), models.end(), repeats), models.end());
  project.by_name.clear();
  for (size_t i = 0; i < models.size(); ++i) project.by_name[models[i].name] = static_cast<int>(i);
}

const Model* Project::Find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &models[static_cast<size_t>(found->second)];
}

const Column* Model::Find(std::string_view column) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [column](const Column& c) { return c.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace wapc::compiler

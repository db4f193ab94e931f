#include "compiler/impact.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/passes/binder.h"

namespace wapc::compiler {
namespace {

bool Meets(const std::vector<ColumnSource>& sources, const std::set<ColumnSource>& touched) {
  return std::any_of(sources.begin(), sources.end(),
                     [&touched](const ColumnSource& source) { return touched.contains(source); });
}

bool ReadsAny(const Model& model, const std::set<int>& models) {
  return std::any_of(model.depends_on.begin(), model.depends_on.end(),
                     [&models](int upstream) { return models.contains(upstream); });
}

}  // namespace

std::vector<TouchedModel> Impact::OfColumn(std::string_view dataset, std::string_view table,
                                           std::string_view column) const {
  const auto raw = project_->by_name.find(fmt::format("{}.{}", dataset, table));
  return raw == project_->by_name.end() ? std::vector<TouchedModel>{} : Trace(raw->second, column);
}

std::vector<TouchedModel> Impact::OfTable(std::string_view dataset, std::string_view table) const {
  const auto raw = project_->by_name.find(fmt::format("{}.{}", dataset, table));
  return raw == project_->by_name.end() ? std::vector<TouchedModel>{} : Trace(raw->second, "");
}

std::vector<TouchedModel> Impact::Trace(int raw, std::string_view column) const {
  const bool whole = column.empty();
  std::set<int> models = {raw};
  std::set<ColumnSource> touched;
  for (const Column& one : project_->models[static_cast<size_t>(raw)].columns) {
    if (whole || one.name == column) touched.insert({raw, one.name});
  }
  std::vector<TouchedModel> out;
  for (const int index : project_->order) {
    const Model& model = project_->models[static_cast<size_t>(index)];
    if (index == raw || !ReadsAny(model, models)) continue;
    TouchedModel found{model.name, {}};
    for (const Column& one : model.columns) {
      if (!Meets(one.sources, touched)) continue;
      touched.insert({index, one.name});
      found.columns.push_back(one.name);
    }
    const bool reads = whole || !found.columns.empty() || Meets(ReadsOf(*project_, model), touched);
    if (!reads) continue;
    models.insert(index);
    out.push_back(std::move(found));
  }
  return out;
}

}  // namespace wapc::compiler

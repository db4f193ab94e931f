#include "compiler/plan/versions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/difference.h"
#include "compiler/plan/kind.h"

namespace wapc::compiler {

using runtime::Category;
using runtime::EnvironmentModel;
using runtime::EnvironmentRecord;
using runtime::Impact;

namespace {

constexpr base::DiagnosticCode kUnselectedUpstream{"unselected-upstream", base::Severity::kError};

class Versions {
 public:
  Versions(const Project& project, const EnvironmentRecord* base, const PlanOptions& options,
           base::Diagnostics& diagnostics, std::vector<ModelChange>& changes)
      : project_(project),
        base_(base),
        options_(options),
        diagnostics_(diagnostics),
        changes_(changes),
        differ_(project) {}

  void Decide() {
    for (const int index : project_.order) {
      const Model& model = ModelAt(index);
      if (!model.has_build()) continue;
      ModelChange& change = changes_[static_cast<size_t>(index)];
      const EnvironmentModel* const old = Served(model.name);
      change.left_out = LeavesOut(model, old);
      if (change.left_out || options_.run) {
        if (old != nullptr) change.table_version = old->digests.table_version;
      } else if (old == nullptr) {
        change.category = Category::kAdded;
        change.reason = base_ == nullptr ? "" : "new model";
        change.difference.rows = "it is new";
        change.table_version = NewVersion(model);
      } else {
        DecideOne(model, *old, change);
      }
      if (!change.left_out) CheckUpstream(model);
    }
  }

 private:
  const Model& ModelAt(int index) const { return project_.models[static_cast<size_t>(index)]; }
  const ModelChange& ChangeOf(int index) const { return changes_[static_cast<size_t>(index)]; }

  const EnvironmentModel* Served(const std::string& model) const {
    if (base_ == nullptr) return nullptr;
    const auto found = base_->models.find(model);
    return found == base_->models.end() ? nullptr : &found->second;
  }

  // Changes of models that were not selected are not taken up; a run takes up none.
  bool LeavesOut(const Model& model, const EnvironmentModel* old) const {
    if (options_.run) return old == nullptr || ChangedSince(model, *old);
    if (!options_.select || options_.select->contains(model.name)) return false;
    return old == nullptr || old->digests.data != model.digests.data;
  }

  // A model that is taken up was bound to what the project has: what is left out must have those columns already.
  void CheckUpstream(const Model& model) {
    if (options_.run) return;
    for (const int index : model.depends_on) {
      const Model& upstream = ModelAt(index);
      if (!upstream.has_build() || !ChangeOf(index).left_out) continue;
      const EnvironmentModel* const old = Served(upstream.name);
      const std::string column = old == nullptr ? "" : MissingColumn(model, index, *old);
      if (old != nullptr && column.empty()) continue;
      diagnostics_
          .Report(kUnselectedUpstream, model.name_span,
                  fmt::format("{} is part of the plan and reads {}{}, which --select leaves out", model.name,
                              upstream.name, old == nullptr ? "" : "." + column))
          .Help(fmt::format("select it too: --select '+{}'", model.name));
    }
  }

  // The first column that the model reads and that is not served, or is of another type there.
  std::string MissingColumn(const Model& model, int upstream, const EnvironmentModel& old) const {
    for (const ColumnSource& read : ReadsOf(project_, model)) {
      const Column* const column = read.model == upstream ? ModelAt(upstream).Find(read.column) : nullptr;
      if (column == nullptr) continue;
      const bool same = std::any_of(old.columns.begin(), old.columns.end(), [&](const runtime::PlanColumn& served) {
        return served.name == column->name && served.type == ToString(column->type);
      });
      if (!same) return column->name;
    }
    return {};
  }

  Differ::Upstream Upstream(const Model& model) const {
    Differ::Upstream out;
    for (const int index : model.depends_on) {
      if (ModelAt(index).has_build() && !ChangeOf(index).difference.empty()) out[index] = &ChangeOf(index).difference;
    }
    return out;
  }

  // The name of a table's content: its own text and the versions of what it reads.
  std::string NewVersion(const Model& model) const {
    std::string text = "table version\n" + model.digests.data;
    for (const int index : model.depends_on) {
      if (!ModelAt(index).has_build()) continue;
      text += fmt::format("\n{} {}", ModelAt(index).name, ChangeOf(index).table_version);
    }
    return base::ShortId(text);
  }

  void DecideOne(const Model& model, const EnvironmentModel& old, ModelChange& change) {
    const Differ::Upstream upstream = Upstream(model);
    change.table_version = old.digests.table_version;
    if (old.digests.data != model.digests.data) {
      change.category = Category::kDirect;
      change.difference = differ_.Compare(old, model, upstream);
      change.impact = change.difference.only_adds() ? Impact::kNonBreaking : Impact::kBreaking;
      change.reason = DifferenceText(change.difference);
      if (change.reason.empty()) change.reason = "written in another way";
      if (!change.difference.own && !upstream.empty()) {
        change.category = Category::kIndirect;
        change.impact = Impact::kIndirectBreaking;
        change.reason =
            fmt::format("reads {}, which changed; {}", ModelAt(upstream.begin()->first).name, change.reason);
      }
    } else if (!upstream.empty()) {
      DecideBelow(model, upstream, change);
    }
    const bool changed = change.impact != Impact::kNone && change.impact != Impact::kIndirectNonBreaking;
    const bool rebuild = options_.rebuild.contains(model.name);
    if (!changed && !rebuild) return;
    if (!rebuild && (options_.forward_only || ChangesForwardOnly(model))) {
      GoForward(model, old, change);
    } else {
      change.table_version = NewVersion(model);
    }
    if (rebuild && !changed) ForceRebuild(model, old, change);
  }

  void DecideBelow(const Model& model, const Differ::Upstream& upstream, ModelChange& change) {
    std::string reads;
    change.difference = differ_.Follow(model, upstream, reads);
    const std::string& first = ModelAt(upstream.begin()->first).name;
    if (change.difference.empty()) {
      change.impact = Impact::kIndirectNonBreaking;
      change.reason = fmt::format("reads {}, and nothing of it that changed", first);
      return;
    }
    change.category = Category::kIndirect;
    change.impact = Impact::kIndirectBreaking;
    change.reason =
        reads.empty() ? fmt::format("reads {}, which changed", first) : fmt::format("reads {}, which changed", reads);
  }

  // The table stays what it is, and so does all below it. A table that another environment owns is copied first, and
  // that copy is another table.
  void GoForward(const Model& model, const EnvironmentModel& old, ModelChange& change) const {
    change.impact = Impact::kForwardOnly;
    change.difference = {};
    change.schema_changed = SchemaChanged(model, old);
    if (MovesInPlace(model.kind) && old.build.owner != options_.environment) {
      change.table_version = base::ShortId(fmt::format("forward-only copy\n{}\n{}\n{}", options_.environment,
                                                       old.digests.table_version, model.digests.data));
    }
  }

  static bool SchemaChanged(const Model& model, const EnvironmentModel& old) {
    if (model.columns.size() != old.columns.size()) return true;
    for (size_t i = 0; i < old.columns.size(); ++i) {
      const Column& now = model.columns[i];
      if (now.name != old.columns[i].name || ToString(now.type) != old.columns[i].type) return true;
    }
    return false;
  }

  static void ForceRebuild(const Model& model, const EnvironmentModel& old, ModelChange& change) {
    change.table_version =
        base::ShortId(fmt::format("rebuild\n{}\n{}\n{}", model.name, old.digests.table_version, old.build.build_id));
    change.category = Category::kRestated;
    change.reason = "asked for by --rebuild";
  }

  const Project& project_;
  const EnvironmentRecord* base_;
  const PlanOptions& options_;
  base::Diagnostics& diagnostics_;
  std::vector<ModelChange>& changes_;
  Differ differ_;
};

}  // namespace

void DecideVersions(const Project& project, const EnvironmentRecord* base, const PlanOptions& options,
                    base::Diagnostics& diagnostics, std::vector<ModelChange>& changes) {
  Versions(project, base, options, diagnostics, changes).Decide();
}

bool ChangedSince(const Model& model, const EnvironmentModel& served) {
  return served.digests.data != model.digests.data || served.digests.audits != model.digests.audits;
}

bool ChangesForwardOnly(const Model& model) {
  return KeepsHistory(model.kind) || model.properties.forward_only || model.properties.disable_restatement;
}

}  // namespace wapc::compiler

#ifndef WAPC_RUNTIME_APPLY_VIEWS_H_
#define WAPC_RUNTIME_APPLY_VIEWS_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Whether readers of the model must be pointed elsewhere. An in-place table that they read already needs nothing.
bool NeedsSwap(const ModelRun& entry);

/// What the plan does with reader views: of models that are done; before anything was built, of all.
Warehouse::ViewChange ViewChangeOf(const Run& run, bool before_building);

/// kProject, with each of them named, when something that wapc did not make stands on a reader view that must be
/// dropped and made again, and the plan does not say to make that again too. For before anything is built.
base::Status CheckDependents(Run& run);

/// Waits, as long as the plan says, until no reader has a snapshot from before the new tables were filled. Then
/// kWarehouse with those sessions named, or, where the plan goes on, their words in the report.
base::Status AwaitOldReaders(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_VIEWS_H_

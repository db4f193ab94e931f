#ifndef WAPC_RUNTIME_APPLY_PREPARE_H_
#define WAPC_RUNTIME_APPLY_PREPARE_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Fills `run.models`: what the environment serves of each, the build id, what it reads.
void PrepareModels(Run& run);

/// What templates stand for, but for what is held and for frozen loads: those come as they are known.
void PrepareValues(Run& run);

/// From now on readers of the model are given what the environment serves.
void UseServed(Run& run, const ModelRun& model);

/// kRace when the environment is at another structure version than the plan starts from.
base::Status CheckStructure(const Run& run, int64_t structure_version);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_PREPARE_H_

#ifndef WAPC_RUNTIME_ENGINES_H_
#define WAPC_RUNTIME_ENGINES_H_

#include <string>

namespace wapc::runtime {

/// The engines whose libraries are there, with their versions, a line each; for a missing one, why.
std::string EngineVersions();

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENGINES_H_

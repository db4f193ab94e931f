#ifndef WAPC_RUNTIME_ENGINES_H_
#define WAPC_RUNTIME_ENGINES_H_

#include <string>

namespace wapc::runtime {

/// The engines that are linked in, with their versions, a line each.
std::string EngineVersions();

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENGINES_H_

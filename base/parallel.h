#ifndef WAPC_BASE_PARALLEL_H_
#define WAPC_BASE_PARALLEL_H_

#include <cstddef>
#include <functional>

namespace wapc::base {

/// Calls body(i) once for every i in [0, count), on up to `threads` threads (0: as many as the machine has cores). The
/// order is not fixed, so a body writes only to its own slot; it must not throw. Returns when all calls have.
void ParallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& body);

}  // namespace wapc::base

#endif  // WAPC_BASE_PARALLEL_H_

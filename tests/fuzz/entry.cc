#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

/// What libFuzzer calls; WAPC_FUZZ_TARGET names one of targets.h.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  wapc::fuzz::WAPC_FUZZ_TARGET({reinterpret_cast<const char*>(bytes), size});
  return 0;
}

#include "grammar/arena.h"

#include <cstring>

namespace wapc::grammar {

void* Arena::AllocateBlock(size_t size, size_t alignment) {
  constexpr size_t kBlock = 2048;
  // What is large gets a block of its own, and the last one goes on being filled.
  if (size + alignment > kBlock / 4) {
    size_t space = size + alignment;
    void* at = blocks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(space)).get();
    return std::align(alignment, size, at, space);
  }
  free_ = blocks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(kBlock)).get();
  left_ = kBlock;
  return Allocate(size, alignment);
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* const out = static_cast<char*>(Allocate(text.size(), 1));
  std::memcpy(out, text.data(), text.size());
  return {out, text.size()};
}

}  // namespace wapc::grammar

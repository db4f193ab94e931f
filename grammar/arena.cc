#include "grammar/arena.h"

#include <cstring>

namespace wapc::grammar {

std::byte* Arena::NewBlock(size_t size) {
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): how long it is, is known here
  return blocks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(size)).get();
}

void* Arena::AllocateBlock(size_t size, size_t alignment) {
  constexpr size_t kBlock = 2048;
  // What is large gets a block of its own, and the last one goes on being filled.
  if (size + alignment > kBlock / 4) {
    size_t space = size + alignment;
    void* at = NewBlock(space);
    return std::align(alignment, size, at, space);
  }
  free_ = NewBlock(kBlock);
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

#ifndef WAPC_GRAMMAR_ARENA_H_
#define WAPC_GRAMMAR_ARENA_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wapc::grammar {

/// Owns the nodes of one or more trees. Not thread safe: one per file that is parsed. Its blocks are small and all of
/// one size, since a project holds thousands of arenas: std::pmr's growing blocks took twice the memory.
class Arena {
 public:
  template <class T, class... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "arena nodes are never destroyed");
    return new (Allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }
  /// A copy of the items, as an arena-owned list.
  template <class T>
  std::span<T> Copy(const std::vector<T>& items) {
    static_assert(std::is_trivially_destructible_v<T>, "arena nodes are never destroyed");
    if (items.empty()) return {};
    const size_t bytes = sizeof(T) * items.size();  // NOLINT(bugprone-sizeof-expression): T may be a pointer
    T* const out = static_cast<T*>(Allocate(bytes, alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), out);
    return {out, items.size()};
  }
  std::string_view Copy(std::string_view text);

 private:
  void* Allocate(size_t size, size_t alignment) {
    void* at = free_;
    if (std::align(alignment, size, at, left_) == nullptr) return AllocateBlock(size, alignment);
    free_ = static_cast<std::byte*>(at) + size;
    left_ -= size;
    return at;
  }
  void* AllocateBlock(size_t size, size_t alignment);
  std::byte* NewBlock(size_t size);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;  // NOLINT(modernize-avoid-c-arrays): sizes differ
  void* free_ = nullptr;                              // what is left of the last block
  size_t left_ = 0;
};

/// An arena-owned list.
template <class T>
using List = std::span<T>;

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_ARENA_H_

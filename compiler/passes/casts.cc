#include "compiler/passes/casts.h"

#include <algorithm>
#include <array>

#include "compiler/passes/functions.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr uint32_t kFirstEngineType = 256;

std::array<std::string_view, 4> Words(std::string_view line) {
  std::array<std::string_view, 4> words;
  for (std::string_view& word : words) {
    const size_t end = std::min(line.find(' '), line.size());
    word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

CastContext ContextOf(std::string_view word) {
  if (word == "implicit") return CastContext::kImplicit;
  return word == "assignment" ? CastContext::kAssignment : CastContext::kExplicit;
}

}  // namespace

CastTable::CastTable(std::string_view file) {
  std::string_view text = CatalogText(file);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with("cast ")) continue;
    const auto [word, from, to, context] = Words(line);
    const std::array types{CatalogType(from), CatalogType(to)};
    const std::array names{from, to};
    for (size_t i = 0; i < types.size(); ++i) {
      if (types[i].kind != TypeKind::kEngine) continue;
      // `engine(json)` and `inet` are both how the file writes such a name.
      std::string_view name = names[i];
      if (name.starts_with("engine(")) name = name.substr(7, name.size() - 8);
      engine_types_.try_emplace(name, kFirstEngineType + static_cast<uint32_t>(engine_types_.size()));
    }
    casts_[(uint64_t{IdOf(types[0])} << 32) | IdOf(types[1])] = ContextOf(context);
  }
}

uint32_t CastTable::IdOf(const Type& type) const {
  if (type.kind != TypeKind::kEngine) return static_cast<uint32_t>(type.kind);
  const auto found = engine_types_.find(type.name);
  return found == engine_types_.end() ? 0 : found->second;
}

CastContext CastTable::Find(const Type& from, const Type& to) const {
  const auto found = casts_.find((uint64_t{IdOf(from)} << 32) | IdOf(to));
  return found == casts_.end() ? CastContext::kNone : found->second;
}

}  // namespace wapc::compiler

#include "grammar/ast.h"

#include <cstring>

namespace wapc::grammar {

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* const out = static_cast<char*>(resource_.allocate(text.size(), 1));
  std::memcpy(out, text.data(), text.size());
  return {out, text.size()};
}

}  // namespace wapc::grammar

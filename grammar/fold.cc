#include "grammar/fold.h"

namespace wapc::grammar {

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string FoldName(const Identifier& name) { return LowerCase(name.text); }

}  // namespace wapc::grammar

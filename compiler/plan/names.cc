#include "compiler/plan/names.h"

namespace wapc::compiler {
namespace {

// The longest whole UTF-8 prefix of at most `size` bytes.
std::string_view Cut(std::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

}  // namespace

runtime::RelationName PhysicalName(std::string_view schema, std::string_view table, std::string_view id) {
  constexpr std::string_view kPrefix = "wapc__";
  constexpr std::string_view kJoint = "__";
  return {std::string(kPrefix) + std::string(Cut(schema, kLongestName - kPrefix.size())),
          std::string(Cut(table, kLongestName - kJoint.size() - id.size())) + std::string(kJoint) + std::string(id)};
}

std::string ReaderSchema(std::string_view schema, std::string_view environment) {
  std::string out(schema);
  if (environment != "prod") out += "__" + std::string(environment);
  return out;
}

}  // namespace wapc::compiler

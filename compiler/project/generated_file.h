#ifndef WAPC_COMPILER_PROJECT_GENERATED_FILE_H_
#define WAPC_COMPILER_PROJECT_GENERATED_FILE_H_

#include <optional>
#include <string>
#include <string_view>

namespace wapc::compiler {

/// The first line of a file that `wapc generate` wrote tells who made it, and whether it was edited since.
struct GeneratedHeader {
  std::string model;    ///< "schema.name"
  bool intact = false;  ///< the digest in the header is the one of the text behind it
};

/// Puts the header line before a generated model's text.
std::string WithGeneratedHeader(std::string_view model, std::string_view text);

/// The header of a file's text; nothing when `wapc generate` did not write it.
std::optional<GeneratedHeader> ReadGeneratedHeader(std::string_view file);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_GENERATED_FILE_H_

#ifndef WAPC_COMPILER_CACHE_INTERFACE_H_
#define WAPC_COMPILER_CACHE_INTERFACE_H_

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "compiler/cache/source_table.h"
#include "compiler/ir.h"

/// What a model shows to those that read it. A model whose text changed while its interface did not leaves every other
/// model as it was.
namespace wapc::compiler {

/// The part that readers of a model depend on: kind, columns with their types, keys, grain, and what passes know of it.
std::string WriteInterface(const Model& model);

/// Whether a model tells of more than itself, so that only a whole compile is right: an EMBEDDED one becomes a part of
/// what reads it, and properties without effect are told of once a project.
bool NeedsWholeCompile(const Model& model);

/// The models that it reads, by name.
std::string WriteLinks(const Model& model, const Project& project);

/// The places of what WriteInterface wrote, in its order: they shift with every edit, and only notes show them.
std::string WritePlaces(const Model& model, SourceTable& sources);

/// What WriteLinks wrote, by name, since the project that the models join has indices of its own.
struct Links {
  std::vector<std::string> depends_on;
  std::vector<std::string> audits_read;  ///< by its audits
};
/// Nothing when the bytes are no links.
std::optional<Links> ReadLinks(std::string_view links);

/// Reads interfaces back; each type is read once, since a project has few.
class InterfaceReader {
 public:
  explicit InterfaceReader(SourceTable& sources) : sources_(sources) {}

  /// A model that stands for one that did not change: `known_before`, typed, without query, audits and arena. Nothing
  /// when the bytes are no interface.
  std::optional<Model> Read(std::string_view interface, std::string_view places);

 private:
  const metadata::Type& TypeOf(std::string_view text);

  SourceTable& sources_;
  std::unordered_map<std::string_view, metadata::Type> types_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_INTERFACE_H_

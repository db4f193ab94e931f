#ifndef WAPC_METADATA_DLT_VALUES_H_
#define WAPC_METADATA_DLT_VALUES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml.h"

namespace wapc::metadata {

/// Takes values of one kind out of a schema export. An absent value (null) is nothing; a value of another kind is
/// reported at its place, under the key's name, and is nothing too.
class ValueReader {
 public:
  explicit ValueReader(base::Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

  std::optional<bool> Bool(std::string_view key, const base::YamlNode& value);
  /// A whole number in [low, high].
  std::optional<int> Int(std::string_view key, const base::YamlNode& value, int low, int high);
  /// Any scalar, as written.
  std::optional<std::string> Text(std::string_view key, const base::YamlNode& value);
  /// A list of texts; one bare text stands for a list of one.
  std::vector<std::string> Texts(std::string_view key, const base::YamlNode& value);
  /// One of a few words: its index.
  std::optional<size_t> Word(std::string_view key, const base::YamlNode& value,
                             std::span<const std::string_view> words);
  /// Says that a value has to be something else than it is.
  void Refuse(std::string_view key, const base::YamlNode& value, std::string_view expected, std::string help = {});

  base::Diagnostics& diagnostics() { return *diagnostics_; }

 private:
  base::Diagnostics* diagnostics_;
};

/// "a, b or c".
std::string OrList(std::span<const std::string_view> words);

/// "did you mean 'x'?" for the nearest of the words; empty where none is near.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> words);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_DLT_VALUES_H_

#include "compiler/cache/generate_cache.h"

#include <chrono>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "compiler/cache/cache_file.h"
#include "compiler/cache/inputs.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

fs::path CachePath(const fs::path& folder) { return folder / ".wapc" / "generate.cache"; }

// What generate looks at: models by hand, macros, audits and seeds are none of it.
Inputs Looked(Inputs inputs) {
  std::erase_if(inputs, [](const auto& entry) {
    const std::string& path = entry.first;
    const bool staging = path.starts_with("models/staging/");
    return !staging && (path.starts_with("models/") || path.starts_with("audits/") || path.starts_with("macros/") ||
                        path.starts_with("seeds/") || path.starts_with("external_models"));
  });
  return inputs;
}

}  // namespace

int64_t NowInNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<uint64_t> GeneratedBefore(const fs::path& folder, const Environment& environment) {
  const auto bytes = base::ReadFile(CachePath(folder));
  if (!bytes) return std::nullopt;
  base::ByteReader in(*bytes);
  if (in.Text() != IdentityOf(environment)) return std::nullopt;
  const auto written = static_cast<int64_t>(in.Number());
  const uint64_t models = in.Number();
  const Inputs before = ReadInputs(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  std::vector<std::string> paths;
  paths.reserve(before.size());
  for (const auto& [path, file] : before) paths.push_back(path);
  Inputs now = Looked(StampInputs(folder, paths));
  if (!ChangedInputs(folder, before, written, now).empty()) return std::nullopt;
  return models;
}

void KeepGenerated(const fs::path& folder, const Environment& environment, const base::SourceMap& sources,
                   int64_t started, uint64_t models) {
  Inputs inputs = Looked(StampInputs(folder, {}));
  CompleteInputs(folder, sources, inputs);
  base::ByteWriter out;
  out.Text(IdentityOf(environment));
  out.Number(static_cast<uint64_t>(started));
  out.Number(models);
  WriteInputs(inputs, out);
  static_cast<void>(base::WriteFileAtomic(CachePath(folder), out.bytes()));
}

}  // namespace wapc::compiler

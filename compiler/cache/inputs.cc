#include "compiler/cache/inputs.h"

#include <array>

#include "base/digest.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kFolders = {"audits",   "external_models", "macros",
                                                      "metadata", "models",          "seeds"};
constexpr std::array<std::string_view, 8> kFiles = {
    "wapc.yaml", "config.yaml",      "config.py",        "external_models.yaml",
    "flags.yml", ".dlt/config.toml", ".dlt/secrets.toml"};

// The coarsest clock of a file system in use: FAT's two seconds.
constexpr int64_t kTick = 2'000'000'000;

// Each file once: most of what an earlier compile read lies in the folders that are listed anyway.
void Stamp(const fs::path& folder, std::string path, Inputs& out) {
  if (out.contains(path)) return;
  if (const auto stamp = base::StampOf(folder / path)) out[std::move(path)].stamp = *stamp;
}

std::string DigestOf(const fs::path& path) {
  const auto text = base::ReadFile(path);
  return text ? base::Sha256Hex(*text) : "";
}

}  // namespace

Inputs StampInputs(const fs::path& folder, const std::vector<std::string>& more) {
  Inputs out;
  for (const std::string_view name : kFolders) {
    for (const fs::path& path : base::ListFiles(folder / name, "")) {
      Stamp(folder, std::string(name) + "/" + path.generic_string(), out);
    }
  }
  for (const std::string_view name : kFiles) Stamp(folder, std::string(name), out);
  for (const std::string& path : more) Stamp(folder, path, out);
  return out;
}

void CompleteInputs(const fs::path& folder, const base::SourceMap& sources, Inputs& inputs) {
  for (base::SourceId id = 0; id < sources.size(); ++id) {
    std::string path(sources.Name(id));
    Stamp(folder, path, inputs);
    const auto found = inputs.find(path);
    if (found != inputs.end()) found->second.digest = base::Sha256Hex(sources.Text(id));
  }
  for (auto& [path, file] : inputs) {
    if (file.digest.empty()) file.digest = DigestOf(folder / path);
  }
}

std::vector<std::string> ChangedInputs(const fs::path& folder, const Inputs& before, int64_t written, Inputs& now) {
  std::vector<std::string> out;
  for (auto& [path, file] : now) {
    const auto old = before.find(path);
    const bool settled = old != before.end() && old->second.stamp == file.stamp &&
                         std::max(file.stamp.modified, file.stamp.changed) + kTick < written;
    file.digest = settled ? old->second.digest : DigestOf(folder / path);
    if (old == before.end() || old->second.digest != file.digest) out.push_back(path);
  }
  for (const auto& [path, file] : before) {
    if (!now.contains(path)) out.push_back(path);
  }
  return out;
}

void WriteInputs(const Inputs& inputs, base::ByteWriter& out) {
  out.Number(inputs.size());
  for (const auto& [path, file] : inputs) {
    out.Text(path);
    out.Text(file.digest);
    out.Number(file.stamp.size);
    out.Number(static_cast<uint64_t>(file.stamp.modified));
    out.Number(static_cast<uint64_t>(file.stamp.changed));
    out.Number(file.stamp.inode);
  }
}

Inputs ReadInputs(base::ByteReader& in) {
  Inputs out;
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) {
    std::string path(in.Text());
    InputFile file;
    file.digest = in.Text();
    file.stamp.size = in.Number();
    file.stamp.modified = static_cast<int64_t>(in.Number());
    file.stamp.changed = static_cast<int64_t>(in.Number());
    file.stamp.inode = in.Number();
    out.insert_or_assign(std::move(path), std::move(file));
  }
  return out;
}

}  // namespace wapc::compiler

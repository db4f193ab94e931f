#include "compiler/cache/cache_file.h"

#include "base/bytes.h"
#include "base/digest.h"

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

fs::path CachePath(const fs::path& folder) { return folder / ".wapc" / "compile.cache"; }

void WriteStamp(const base::FileStamp& stamp, base::ByteWriter& out) {
  out.Number(stamp.size);
  out.Number(static_cast<uint64_t>(stamp.modified));
  out.Number(static_cast<uint64_t>(stamp.changed));
  out.Number(stamp.inode);
}

base::FileStamp ReadStamp(base::ByteReader& in) {
  base::FileStamp out;
  out.size = in.Number();
  out.modified = static_cast<int64_t>(in.Number());
  out.changed = static_cast<int64_t>(in.Number());
  out.inode = in.Number();
  return out;
}

CachedModel ReadModel(base::ByteReader& in) {
  CachedModel out;
  out.name = in.Text();
  out.file = in.Text();
  out.interface = in.Text();
  out.places = in.Text();
  out.links = in.Text();
  out.source = in.Text();
  out.dataset = in.Text();
  out.own = in.Number() != 0;
  out.begin = in.Number();
  out.end = in.Number();
  return out;
}

}  // namespace

std::string IdentityOf(const Environment& environment) {
  constexpr int kFormat = 2;
  base::ByteWriter out;
  out.Number(kFormat);
  const auto program = base::StampOf("/proc/self/exe").value_or(base::FileStamp{});
  out.Number(program.size);
  out.Number(static_cast<uint64_t>(program.modified));
  out.Number(program.inode);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("WAPC__")) continue;
    out.Text(name);
    out.Text(base::Sha256Hex(value));
  }
  return base::Sha256Hex(out.bytes());
}

fs::path ManifestPath(const fs::path& folder) { return folder / ".wapc" / "manifest.json"; }

std::optional<CompileCache> ReadCompileCache(const fs::path& folder, const Environment& environment) {
  const auto bytes = base::ReadFile(CachePath(folder));
  if (!bytes) return std::nullopt;
  CompileCache out;
  base::ByteReader in(*bytes);
  if (in.Text() != IdentityOf(environment)) return std::nullopt;
  out.written = static_cast<int64_t>(in.Number());
  out.inputs = ReadInputs(in);
  out.manifest = ReadStamp(in);
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) out.paths.emplace_back(in.Text());
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) out.models.push_back(ReadModel(in));
  out.whole_only = in.Number() != 0;
  out.diagnostics = std::make_shared<const std::string>(in.Text());
  if (!in.ok() || !in.at_end() || base::StampOf(ManifestPath(folder)) != out.manifest) return std::nullopt;
  return out;
}

void WriteCompileCache(const fs::path& folder, const Environment& environment, const CompileCache& cache) {
  base::ByteWriter out;
  out.Text(IdentityOf(environment));
  out.Number(static_cast<uint64_t>(cache.written));
  WriteInputs(cache.inputs, out);
  WriteStamp(cache.manifest, out);
  out.Number(cache.paths.size());
  for (const std::string& path : cache.paths) out.Text(path);
  out.Number(cache.models.size());
  for (const CachedModel& model : cache.models) {
    for (const std::string* const text :
         {&model.name, &model.file, &model.interface, &model.places, &model.links, &model.source, &model.dataset}) {
      out.Text(*text);
    }
    out.Number(model.own ? 1 : 0);
    out.Number(model.begin);
    out.Number(model.end);
  }
  out.Number(cache.whole_only ? 1 : 0);
  out.Text(*cache.diagnostics);
  static_cast<void>(base::WriteFileAtomic(CachePath(folder), out.bytes()));
}

std::string WriteDiagnostics(const std::vector<base::Diagnostic>& diagnostics, SourceTable& sources) {
  base::ByteWriter out;
  out.Number(diagnostics.size());
  for (const base::Diagnostic& diagnostic : diagnostics) {
    out.Text(diagnostic.code);
    out.Number(static_cast<uint64_t>(diagnostic.severity));
    sources.WriteSpan(diagnostic.span, out);
    out.Text(diagnostic.message);
    out.Text(diagnostic.help);
    out.Number(diagnostic.notes.size());
    for (const base::Note& note : diagnostic.notes) {
      sources.WriteSpan(note.span, out);
      out.Text(note.text);
    }
    out.Number(diagnostic.fix ? 1 : 0);
    if (!diagnostic.fix) continue;
    sources.WriteSpan(diagnostic.fix->span, out);
    out.Text(diagnostic.fix->replacement);
    out.Text(diagnostic.fix->title);
    out.Number(diagnostic.fix->safe ? 1 : 0);
  }
  return out.Take();
}

std::vector<base::Diagnostic> ReadDiagnostics(std::string_view bytes, SourceTable& sources) {
  base::ByteReader in(bytes);
  std::vector<base::Diagnostic> out;
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) {
    base::Diagnostic& diagnostic = out.emplace_back();
    diagnostic.code = in.Text();
    diagnostic.severity = static_cast<base::Severity>(in.Number());
    diagnostic.span = sources.ReadSpan(in);
    diagnostic.message = in.Text();
    diagnostic.help = in.Text();
    for (uint64_t notes = in.Number(); notes > 0 && in.ok(); --notes) {
      const base::Span span = sources.ReadSpan(in);
      diagnostic.notes.push_back({span, std::string(in.Text())});
    }
    if (in.Number() == 0) continue;
    base::Fix& fix = diagnostic.fix.emplace();
    fix.span = sources.ReadSpan(in);
    fix.replacement = in.Text();
    fix.title = in.Text();
    fix.safe = in.Number() != 0;
  }
  return out;
}

}  // namespace wapc::compiler

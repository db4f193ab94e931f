#include "compiler/project/load.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <regex>
#include <set>
#include <thread>

#include "base/files.h"
#include "base/parallel.h"
#include "base/yaml.h"
#include "compiler/passes/binder.h"
#include "compiler/project/csv.h"
#include "compiler/project/external_models.h"
#include "compiler/project/flags.h"
#include "compiler/project/foreign_files.h"
#include "compiler/project/generated_file.h"
#include "compiler/project/index.h"
#include "compiler/project/model_file.h"
#include "compiler/project/properties.h"
#include "compiler/project/quarantine.h"
#include "compiler/staging/settings.h"
#include "compiler/staging/staging.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "metadata/dlt_reader.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::SourceMap;

namespace {

constexpr DiagnosticCode kUnreadableFile{"unreadable-file", Severity::kError};
constexpr DiagnosticCode kEmptyProject{"empty-project", Severity::kError};
constexpr DiagnosticCode kEditedStaging{"edited-staging", Severity::kError};
constexpr DiagnosticCode kSeedColumn{"seed-column", Severity::kError};
constexpr DiagnosticCode kStatementMacro{"statement-macro", Severity::kError};
constexpr DiagnosticCode kDuplicateAudit{"duplicate-audit", Severity::kError};

// Reads a file under the name that messages show; reports what the system says when it cannot.
std::optional<base::SourceId> ReadSource(const fs::path& folder, const fs::path& relative, SourceMap& sources,
                                         Diagnostics& diagnostics) {
  auto text = base::ReadFile(folder / relative);
  if (!text) {
    diagnostics.Report(kUnreadableFile, {}, text.error().message);
    return std::nullopt;
  }
  return sources.Add(relative.generic_string(), std::move(*text));
}

// ------------------------------------------------------------------------------------------------ metadata/

bool IsSchemaFile(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "schema.yml" || name.ends_with(".schema.yml");
}

struct MetadataFile {
  fs::path path;
  std::string dataset;
  std::optional<metadata::Schema> schema;
  std::optional<StagingFile> staging;
  Diagnostics diagnostics;
};

void ReadMetadataFile(const fs::path& folder, MetadataFile& file, SourceMap& sources) {
  const auto source = ReadSource(folder, file.path, sources, file.diagnostics);
  if (!source) return;
  auto root = base::ParseYaml(sources, *source, file.diagnostics);
  if (!root) return;
  if (IsSchemaFile(file.path)) {
    file.schema = metadata::ReadDltSchema(*root, file.dataset, *source, file.diagnostics);
  } else {
    file.staging = StagingFile{file.dataset, file.path.generic_string(), *source, std::move(*root)};
  }
}

// The files of rules that a staging.yml includes, and what those include; each once.
void ReadShared(const fs::path& folder, const StagingFile& file, Project& project, SourceMap& sources,
                Diagnostics& diagnostics) {
  for (const auto& [path, span] : IncludedFiles(file)) {
    if (project.shared_rules.contains(path)) continue;
    auto text = base::ReadFile(folder / path);
    if (!text || path.starts_with("..")) {
      diagnostics.Report(kUnreadableFile, span, fmt::format("there is no file {} in the project", path))
          .Help("the path is relative to the file that includes it");
      continue;
    }
    const base::SourceId source = sources.Add(path, std::move(*text));
    auto root = base::ParseYaml(sources, source, diagnostics);
    if (!root) continue;
    const auto shared = project.shared_rules.emplace(path, StagingFile{"", path, source, std::move(*root)}).first;
    ReadShared(folder, shared->second, project, sources, diagnostics);
  }
}

void ReadMetadata(const fs::path& folder, Project& project, SourceMap& sources, Diagnostics& diagnostics) {
  std::vector<MetadataFile> files;
  for (const fs::path& path : base::ListFiles(folder / "metadata", ".yml")) {
    const bool wanted = IsSchemaFile(path) || path.filename() == "staging.yml";
    if (!wanted || !path.has_parent_path()) continue;
    MetadataFile file;
    file.path = "metadata" / path;
    file.dataset = path.parent_path().generic_string();
    files.push_back(std::move(file));
  }
  base::ParallelFor(files.size(), 0, [&](size_t i) { ReadMetadataFile(folder, files[i], sources); });
  for (MetadataFile& file : files) {
    diagnostics.Append(std::move(file.diagnostics));
    if (file.schema) project.schemas.push_back(std::move(*file.schema));
    if (file.staging) project.staging.push_back(std::move(*file.staging));
  }
  for (const StagingFile& file : project.staging) ReadShared(folder, file, project, sources, diagnostics);
}

// ---------------------------------------------------------------------------------------- models/ and audits/

struct SqlFile {
  fs::path path;
  base::SourceId source = base::kNoSource;
  std::shared_ptr<grammar::Arena> arena;
  grammar::Document* document = nullptr;
  Diagnostics diagnostics;
};

// One parser a thread; files are taken in turn.
void ParseFiles(std::vector<SqlFile>& files, const SourceMap& sources, const grammar::Dialect& dialect) {
  std::atomic<size_t> next = 0;
  const size_t workers = std::min<size_t>(std::max(1U, std::thread::hardware_concurrency()), (files.size() + 3) / 4);
  base::ParallelFor(workers, static_cast<unsigned>(workers), [&](size_t) {
    grammar::Parser parser;
    for (size_t i = next++; i < files.size(); i = next++) {
      files[i].arena = std::make_shared<grammar::Arena>();
      files[i].document =
          parser.ParseDocument(sources, files[i].source, *files[i].arena, files[i].diagnostics, dialect);
    }
  });
}

bool IsIgnored(const fs::path& file, const Config& config) {
  return std::any_of(config.ignore_patterns.begin(), config.ignore_patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), file.generic_string().c_str(), 0) == 0;
  });
}

std::vector<fs::path> SqlFilesBelow(const fs::path& folder, const char* below) {
  std::vector<fs::path> out;
  for (const fs::path& path : base::ListFiles(folder / below, ".sql")) out.push_back(below / path);
  return out;
}

std::vector<SqlFile> ReadSqlFiles(const fs::path& folder, const std::vector<fs::path>& paths, const Config& config,
                                  SourceMap& sources, Diagnostics& diagnostics) {
  std::vector<SqlFile> out;
  for (const fs::path& path : paths) {
    SqlFile file;
    file.path = path;
    if (IsIgnored(file.path, config)) continue;
    const auto source = ReadSource(folder, file.path, sources, diagnostics);
    if (!source) continue;
    file.source = *source;
    out.push_back(std::move(file));
  }
  return out;
}

// A file that `wapc generate` wrote gives no model of its own while staging.yml covers it; an edited one is an error.
bool IsStagingCopy(const SqlFile& file, const Project& project, const SourceMap& sources, Diagnostics& diagnostics) {
  const auto header = ReadGeneratedHeader(sources.Text(file.source));
  if (!header) return false;
  if (project.disabled.contains(header->model)) return true;
  if (project.Find(header->model) == nullptr) return false;
  if (!header->intact) {
    diagnostics
        .Report(kEditedStaging, {file.source, 0, 0},
                fmt::format("{} was generated and then edited by hand", header->model))
        .Help(
            "to own it, exclude its table in staging.yml; to drop the edits, run `wapc generate --force`; to change "
            "it, "
            "change the rules in staging.yml");
  }
  return true;
}

// A statement is taken as it stands, so that of all variables only the model's own name can be put into it.
void CheckHook(const HookStatement& hook, Diagnostics& diagnostics) {
  static const std::regex kVariable(R"('[^']*'|--[^\n]*|@(?!this_model\b)[A-Za-z_{]\w*)", std::regex::icase);
  for (std::sregex_iterator found(hook.text.begin(), hook.text.end(), kVariable), end; found != end; ++found) {
    if (found->str()[0] != '@') continue;
    const auto begin = hook.span.begin + static_cast<uint32_t>(found->position());
    diagnostics
        .Report(kStatementMacro, {hook.span.source, begin, begin + static_cast<uint32_t>(found->length())},
                fmt::format("{} cannot stand in a statement that is no query", found->str()))
        .Help("only @this_model can: it is the model's own relation");
    return;
  }
}

// The text of statements that are no queries is taken here, where the sources are. Between ON_VIRTUAL_UPDATE_BEGIN and
// ON_VIRTUAL_UPDATE_END, statements by themselves, stand those that run once readers see the model.
void FillHooks(Model& model, const SourceMap& sources, Diagnostics& diagnostics) {
  bool virtual_update = false;
  for (std::vector<HookStatement>* const list : {&model.hooks.before, &model.hooks.after}) {
    for (HookStatement& hook : std::exchange(*list, {})) {
      hook.text = sources.Text(hook.span);
      const std::string word = grammar::LowerCase(hook.text);
      if (word == "on_virtual_update_begin" || word == "on_virtual_update_end") {
        virtual_update = word.ends_with("begin");
        continue;
      }
      CheckHook(hook, diagnostics);
      (virtual_update ? model.hooks.on_virtual_update : *list).push_back(std::move(hook));
    }
  }
}

void ReadModel(SqlFile& file, Project& project, const SourceMap& sources) {
  auto model =
      ReadModelFile(*file.document, file.arena, file.source, project.config, file.diagnostics, InferredName(file.path));
  if (!model || !model->enabled) return;
  FillHooks(*model, sources, file.diagnostics);
  if (model->kind == ModelKind::kSeed && !model->seed_path.starts_with("$root/")) {
    model->seed_path = (file.path.parent_path() / model->seed_path).lexically_normal().generic_string();
  } else if (model->kind == ModelKind::kSeed) {
    model->seed_path = model->seed_path.substr(6);
  }
  if (!TurnOff(*model, project)) project.models.push_back(std::move(*model));
}

void ReadModels(const fs::path& folder, const std::vector<fs::path>& paths, Project& project, SourceMap& sources,
                Diagnostics& diagnostics) {
  std::vector<SqlFile> files = ReadSqlFiles(folder, paths, project.config, sources, diagnostics);
  std::erase_if(files, [&](const SqlFile& file) { return IsStagingCopy(file, project, sources, diagnostics); });
  std::erase_if(files, [&](const SqlFile& file) {
    if (!ReportJinja(file.source, sources, diagnostics)) return false;
    if (auto model = StandIn(file.source, file.path, sources)) project.models.push_back(std::move(*model));
    return true;
  });
  ParseFiles(files, sources, *project.config.dialect);
  for (SqlFile& file : files) {
    if (file.document != nullptr) {
      ReadModel(file, project, sources);
    } else if (auto broken = StandIn(file.source, file.path, sources)) {
      project.models.push_back(std::move(*broken));
    }
    diagnostics.Append(std::move(file.diagnostics));
  }
}

// `audits` of model_defaults: every stored model has them beside its own.
void AddDefaultAudits(Project& project, const SourceMap& sources, Diagnostics& diagnostics) {
  if (project.config.default_audits.empty()) return;
  auto arena = std::make_shared<grammar::Arena>();
  grammar::Parser parser;
  std::vector<AuditCall> calls;
  for (const HookStatement& audit : project.config.default_audits) {
    grammar::Expr* const call = parser.ParseExpression(audit.text, audit.span, sources, *arena, diagnostics);
    if (call == nullptr) continue;
    for (AuditCall& parsed : ReadAuditCalls(*call, diagnostics)) calls.push_back(std::move(parsed));
  }
  project.arenas.push_back(std::move(arena));
  for (Model& model : project.models) {
    if (model.origin != Origin::kFile || model.known_before || !model.has_build()) continue;
    model.audits.insert(model.audits.end(), calls.begin(), calls.end());
  }
}

// A property that does nothing is told of once, however many models have it.
void ReportWithoutEffect(const Project& project, Diagnostics& diagnostics) {
  std::map<std::string_view, std::pair<const NoEffect*, size_t>> found;
  for (const Model& model : project.models) {
    std::set<std::string_view> once;
    for (const NoEffect& entry : model.without_effect) {
      if (!once.insert(entry.name).second) continue;
      auto& [first, count] = found[entry.name];
      if (first == nullptr) first = &entry;
      ++count;
    }
  }
  for (const auto& [name, entry] : found) ReportNoEffect(*entry.first, entry.second, diagnostics);
}

void ReadAudits(const fs::path& folder, Project& project, SourceMap& sources, Diagnostics& diagnostics) {
  std::vector<SqlFile> files =
      ReadSqlFiles(folder, SqlFilesBelow(folder, "audits"), project.config, sources, diagnostics);
  ParseFiles(files, sources, *project.config.dialect);
  for (SqlFile& file : files) {
    project.arenas.push_back(file.arena);
    diagnostics.Append(std::move(file.diagnostics));
    if (file.document == nullptr) continue;
    for (AuditDefinition& audit : ReadAuditFile(*file.document, diagnostics)) {
      const auto [known, fresh] = project.audits.emplace(audit.name, audit);
      if (fresh) continue;
      diagnostics
          .Report(kDuplicateAudit, audit.span, fmt::format("the audit '{}' stands here a second time", audit.name))
          .Note(known->second.span, "first here");
    }
  }
}

// ---------------------------------------------------------------------------------- seeds and external tables

// Types of `columns (...)`, by name.
std::map<std::string, metadata::Type> DeclaredTypes(const Model& model, const Config& config,
                                                    Diagnostics& diagnostics) {
  std::map<std::string, metadata::Type> out;
  for (const auto& [name, type] : model.declared_columns) {
    if (type == nullptr) continue;
    if (auto resolved = ResolveType(*type, *config.dialect, diagnostics)) out[name] = *resolved;
  }
  return out;
}

void AddColumn(Model& model, const std::string& name, metadata::Type type) {
  Column column;
  column.name = name;
  column.type = std::move(type);
  column.span = model.name_span;
  const auto description = model.column_descriptions.find(name);
  if (description != model.column_descriptions.end()) column.description = description->second;
  model.columns.push_back(std::move(column));
}

void FinishSeed(const fs::path& folder, const Config& config, Model& model, SourceMap& sources,
                Diagnostics& diagnostics) {
  model.origin = Origin::kSeed;
  const auto source = ReadSource(folder, model.seed_path, sources, diagnostics);
  if (!source) return;
  model.seed_bytes = sources.Text(*source);
  const auto csv = ReadCsv(model.seed_bytes, model.seed_delimiter, *source, diagnostics);
  if (!csv) return;
  const auto types = DeclaredTypes(model, config, diagnostics);
  for (const std::string& name : csv->header) {
    const std::string folded = grammar::FoldName(grammar::Identifier{name, false, {}});
    const auto type = types.find(folded);
    AddColumn(model, folded, type == types.end() ? metadata::Type::Text() : type->second);
  }
  for (const auto& [name, type] : model.declared_columns) {
    if (model.Find(name) != nullptr) continue;
    diagnostics.Report(kSeedColumn, type != nullptr ? type->span : model.name_span,
                       fmt::format("{} has no column '{}'", model.seed_path, name));
  }
  model.typed = true;
}

void FinishExternal(const Config& config, Model& model, Diagnostics& diagnostics) {
  const auto types = DeclaredTypes(model, config, diagnostics);
  for (const auto& [name, type] : model.declared_columns) {
    const auto found = types.find(name);
    AddColumn(model, name, found == types.end() ? metadata::Type{} : found->second);
    if (type != nullptr) model.columns.back().span = type->span;
  }
  model.typed = true;
}

// Every table that dlt has loaded is a model of kind EXTERNAL. Its hints are claims, so every column may hold NULL.
void AddRawTables(Project& project) {
  for (const metadata::Schema& schema : project.schemas) {
    for (const metadata::Table& table : schema.tables) {
      if (!table.seen_data && !table.name.starts_with("_dlt_")) continue;
      Model model;
      model.schema = schema.dataset;
      model.table = table.name;
      model.name = model.schema + "." + model.table;
      model.kind = ModelKind::kExternal;
      model.origin = Origin::kRawTable;
      model.name_span = model.kind_span = table.span;
      model.raw_schema = &schema;
      model.raw_table = &table;
      model.description = table.description;
      for (const metadata::Column& raw : table.columns) {
        if (raw.incomplete) continue;
        Column column;
        column.name = raw.name;
        column.type = raw.type;
        column.description = raw.description;
        column.span = raw.span;
        model.columns.push_back(std::move(column));
      }
      model.typed = true;
      project.models.push_back(std::move(model));
    }
  }
}

}  // namespace

std::optional<Project> LoadMetadata(const fs::path& folder, const Environment& environment, SourceMap& sources,
                                    Diagnostics& diagnostics) {
  auto config = LoadConfig(folder, environment, sources, diagnostics);
  if (!config) return std::nullopt;
  Project project;
  project.config = std::move(*config);
  project.flags = ReadFlags(folder, sources, diagnostics);
  ReadMetadata(folder, project, sources, diagnostics);
  AddRawTables(project);
  IndexModels(project, diagnostics);
  project = StageRawTables(std::move(project), sources, diagnostics);
  IndexModels(project, diagnostics);
  return project;
}

Project LoadModels(const fs::path& folder, Project project, SourceMap& sources, Diagnostics& diagnostics,
                   const std::set<std::string>* only) {
  const std::vector<fs::path> paths =
      only != nullptr ? std::vector<fs::path>(only->begin(), only->end()) : SqlFilesBelow(folder, "models");
  ReadModels(folder, paths, project, sources, diagnostics);
  if (only == nullptr) {
    ReadPythonModels(folder, project, sources, diagnostics);
    ReadExternalModels(folder, project, sources, diagnostics);
    CheckFlags(project, diagnostics);
  }
  ReportWithoutEffect(project, diagnostics);
  AddDefaultAudits(project, sources, diagnostics);
  ReadAudits(folder, project, sources, diagnostics);
  for (Model& model : project.models) {
    if (model.origin != Origin::kFile || model.known_before) continue;
    if (model.kind == ModelKind::kSeed) FinishSeed(folder, project.config, model, sources, diagnostics);
    if (model.kind == ModelKind::kExternal) FinishExternal(project.config, model, diagnostics);
  }
  AddQuarantineModels(project, sources, diagnostics);
  IndexModels(project, diagnostics);
  const auto is_own = [](const Model& model) { return model.kind != ModelKind::kExternal; };
  if (std::none_of(project.models.begin(), project.models.end(), is_own) && project.disabled.empty() &&
      !diagnostics.has_errors()) {
    diagnostics.Report(kEmptyProject, {}, "the project has no models")
        .Help("put a model into models/, or raw tables with a staging.yml into metadata/");
  }
  return project;
}

}  // namespace wapc::compiler

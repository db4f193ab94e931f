#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "base/file_lock.h"
#include "base/files.h"
#include "cli/pull_report.h"
#include "cli/pull_source.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;
using metadata::SchemaFile;

struct PullFlags {
  std::string dataset;
  std::string from;
  bool check = false;
  bool prune = false;
  bool force = false;
};

class Puller {
 public:
  Puller(Context& context, const PullFlags& flags) : context_(context), flags_(flags) {}

  void Run() {
    if (auto pulled = Pull(); !pulled) context_.exit_code = Fail(pulled.error());
  }

 private:
  base::Status Pull() {
    const auto config = ConfigOrFail(context_, folder_);
    if (!config) return {};
    // Two pulls at once would each undo what the other wrote.
    const auto timeout = std::chrono::milliseconds(static_cast<int64_t>(context_.lock_timeout * 1000));
    auto lock = base::FileLock::Acquire(folder_ / ".wapc" / "pull.lock", timeout);
    if (!lock) return lock.error();
    // Known in whatever dataset: a file may be all that says where a schema belongs.
    files_ = metadata::ReadSchemaFiles(folder_, "", sources_, diagnostics_);
    if (diagnostics_.has_errors()) return Stop();
    const PullRequest request{folder_, flags_.dataset, flags_.from, &files_};
    auto found = ReadPullSource(context_, *config, request, sources_, diagnostics_);
    if (!found) return found.error();
    if (diagnostics_.has_errors()) return Stop();
    for (const DatasetUpstream& dataset : *found) AddDataset(dataset);
    if (diagnostics_.has_errors()) return Stop();
    FindModels();
    return Finish();
  }

  // What was read is broken, so nothing is shown but that.
  base::Status Stop() {
    PrintDiagnostics(context_, diagnostics_, sources_);
    context_.exit_code = static_cast<int>(base::ErrorKind::kProject);
    return {};
  }

  const SchemaFile* FileAt(const fs::path& path) const {
    const auto found =
        std::find_if(files_.begin(), files_.end(), [&path](const SchemaFile& file) { return file.path == path; });
    return found == files_.end() ? nullptr : &*found;
  }

  void AddDataset(const DatasetUpstream& dataset) {
    std::string main = dataset.upstream.default_schema;
    // Of several schemas without a first one, some one has to be it.
    if (main.empty() && !dataset.upstream.schemas.empty()) main = dataset.upstream.schemas[0].name;
    for (const std::string& name : dataset.unchanged) {
      report_.unchanged.push_back(metadata::PathFor(files_, dataset.dataset, name, name == main).generic_string());
    }
    for (const metadata::UpstreamSchema& schema : dataset.upstream.schemas) {
      const fs::path path = metadata::PathFor(files_, dataset.dataset, schema.name, schema.name == main);
      auto file =
          metadata::PullSchema(FileAt(path), path, dataset.dataset, schema, flags_.prune, sources_, diagnostics_);
      if (!file) continue;
      PullEntry entry;
      for (metadata::SchemaChange& change : std::exchange(file->changes, {})) {
        report_.refused = report_.refused || (!change.refused.empty() && !flags_.force);
        entry.changes.push_back({std::move(change), {}});
      }
      entry.file = std::move(*file);
      report_.entries.push_back(std::move(entry));
    }
  }

  // The models that read what changed. Only a project with changes is compiled for it.
  void FindModels() {
    const bool changed = std::any_of(report_.entries.begin(), report_.entries.end(), [](const PullEntry& entry) {
      return !entry.file.is_new && !entry.changes.empty();
    });
    if (!changed) return;
    const auto compiled = CompileQuietly(context_, "audits");
    context_.exit_code = 0;
    if (!compiled || !compiled->project) {
      report_.models_unknown = true;
      return;
    }
    // A project that has no models yet has none to touch.
    const auto& found = compiled->diagnostics.all();
    report_.models_unknown = std::any_of(found.begin(), found.end(), [](const base::Diagnostic& one) {
      return one.severity == base::Severity::kError && one.code != "empty-project";
    });
    const compiler::Impact impact(*compiled->project);
    for (PullEntry& entry : report_.entries) {
      for (PullChange& one : entry.changes) {
        const metadata::SchemaChange& change = one.change;
        one.models = change.column.empty() ? impact.OfTable(entry.file.dataset, change.table)
                                           : impact.OfColumn(entry.file.dataset, change.table, change.column);
      }
    }
  }

  base::Status Finish() {
    report_.check = flags_.check;
    report_.prune = flags_.prune;
    if (!report_.refused && !flags_.check) {
      for (const PullEntry& entry : report_.entries) {
        if (!entry.file.differs) continue;
        if (auto written = base::WriteFileAtomic(folder_ / entry.file.path, entry.file.text); !written) return written;
      }
    }
    Print();
    const bool stale = std::any_of(report_.entries.begin(), report_.entries.end(),
                                   [](const PullEntry& entry) { return entry.file.differs || !entry.changes.empty(); });
    if (report_.refused || (flags_.check && stale)) context_.exit_code = static_cast<int>(base::ErrorKind::kProject);
    return {};
  }

  void Print() {
    if (context_.json()) {
      PrintOut(PullJson(report_, base::RenderJson(diagnostics_, sources_)));
      return;
    }
    if (IsMachineFormat(context_)) {
      AddPullDiagnostics(report_, flags_.force, diagnostics_);
    } else {
      PrintOut(PullText(report_));
      if (report_.refused) AddContractErrors(report_, diagnostics_);
    }
    PrintDiagnostics(context_, diagnostics_, sources_);
  }

  Context& context_;
  const PullFlags& flags_;
  fs::path folder_;
  base::SourceMap sources_;
  base::Diagnostics diagnostics_;
  std::vector<SchemaFile> files_;
  PullReport report_;
};

}  // namespace

void AddPull(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("pull", "Bring dlt's schemas, or a warehouse's catalog, into metadata/");
  verb->footer(
      "Shows what changed: columns, types, keys, breaking or not, and which models it touches. x-wapc keys,\n"
      "descriptions, order and comments of schema.yml stay; what upstream has no more stays until --prune.\n"
      "A change that a contract forbids is an error, and nothing is written (docs/contracts.md).\n"
      "  wapc pull --from export/shop.schema.yaml        an export\n"
      "  wapc pull --from ~/.dlt/pipelines/shop          a pipeline's working folder, or just its name: --from shop\n"
      "  wapc pull shop_raw --from local                 _dlt_version and the catalog behind a gateway\n"
      "  wapc pull --check --format github               in CI: ends with 1 when something changed");
  const auto flags = std::make_shared<PullFlags>();
  verb->add_option("SCHEMA", flags->dataset, "The warehouse schema, a folder of metadata/ (default: what is there)");
  verb->add_option("--from", flags->from, "An export, a folder, a pipeline or a gateway (default: default_gateway)");
  verb->add_flag("--check", flags->check, "Write nothing; end with 1 when something changed");
  verb->add_flag("--prune", flags->prune, "Drop tables and columns that upstream has no more");
  verb->add_flag("--force", flags->force, "Write although a contract forbids a change");
  verb->callback([&context, flags] { Puller(context, *flags).Run(); });
}

}  // namespace wapc::cli

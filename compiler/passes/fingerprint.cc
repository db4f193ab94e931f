#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/digest.h"
#include "base/parallel.h"
#include "compiler/passes/passes.h"
#include "compiler/plan/grants.h"
#include "compiler/project/quarantine.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

// Raised when what a digest is taken of changes, so that `state migrate` can map old digests to new ones.
constexpr int kDigestFormat = 1;

// Quotes a field so that no two lists of fields have one text.
std::string Field(std::string_view name, std::string_view value) {
  return fmt::format("{}:{}:{}\n", name, value.size(), value);
}

// What newer kinds and statements add; nothing where they say nothing, so that it changes no digest.
std::string KindText(const Model& model, const grammar::Dialect& dialect) {
  const KindProperties& properties = model.properties;
  std::string out;
  if (!model.stamp.empty()) out += Field("stamp", model.stamp);
  for (const HookStatement& hook : model.hooks.before) out += Field("before", hook.text);
  for (const HookStatement& hook : model.hooks.after) out += Field("after", hook.text);
  for (const grammar::Expr* const part : model.partitioned_by)
    out += Field("partition", grammar::PrintCanonical(*part, dialect));
  if (model.merge_query != nullptr) out += Field("merge", grammar::PrintCanonical(*model.merge_query, dialect));
  for (const AuditCall& audit : model.audits) {
    if (IsQuarantine(audit)) out += Field("quarantine", audit.digest);
  }
  if (!properties.time_column.empty()) {
    out += Field("time_column", properties.time_column) + Field("time_format", properties.time_format) +
           Field("lookback", std::to_string(properties.lookback));
  }
  if (model.kind == ModelKind::kIncrementalUnmanaged && properties.insert_overwrite) out += Field("overwrite", "true");
  if (model.kind != ModelKind::kScdType2ByTime && model.kind != ModelKind::kScdType2ByColumn) return out;
  out += Field("valid_from", properties.valid_from) + Field("valid_to", properties.valid_to);
  out += Field("updated_at", properties.updated_at);
  out += Field("scd", fmt::format("{} {} {}", properties.updated_at_as_valid_from,
                                  properties.execution_time_as_valid_from, properties.invalidate_hard_deletes));
  return out + Field("compared", fmt::format("{}", fmt::join(properties.compared_columns, "\n")));
}

// Everything that the rows of a model depend on, but for what it reads.
std::string DataText(const Model& model, const grammar::Dialect& dialect) {
  std::string out = fmt::format("format:{}\n", kDigestFormat) + Field("kind", ToString(model.kind));
  out += Field("unique_key", fmt::format("{}", fmt::join(model.unique_key, "\n")));
  out += Field("load_column", model.load_column);
  out += Field("source", model.hold_source + model.removed.source);
  out += Field("parent",
               fmt::format("{}\n{}\n{}", model.removed.parent, model.removed.parent_column, model.removed.parent_key));
  out += KindText(model, dialect);
  for (const Column& column : model.columns) out += Field(column.name, ToString(column.type));
  if (model.kind == ModelKind::kSeed) out += Field("seed", base::Sha256Hex(model.seed_bytes));
  if (model.query != nullptr) out += Field("query", grammar::PrintCanonical(*model.query, dialect));
  return out;
}

std::string MetadataText(const Config& config, const Model& model) {
  std::string out = fmt::format("format:{}\n", kDigestFormat) + Field("description", model.description);
  out += Field("owner", model.owner) + Field("tags", fmt::format("{}", fmt::join(model.tags, "\n")));
  if (const auto readers = ReadersOf(config, model); !readers.empty()) {
    out += Field("grants", fmt::format("{}", fmt::join(readers, "\n")));
  }
  for (const HookStatement& hook : model.hooks.on_virtual_update) out += Field("on_virtual_update", hook.text);
  for (const auto& [column, text] : model.column_descriptions) out += Field(column, text);
  return out;
}

std::string AuditsText(const Model& model) {
  std::vector<std::string> digests;
  for (const AuditCall& audit : model.audits) digests.push_back(audit.digest);
  std::sort(digests.begin(), digests.end());
  return fmt::format("format:{}\n{}", kDigestFormat, fmt::join(digests, "\n"));
}

}  // namespace

Project Fingerprint(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& /*diagnostics*/) {
  base::ParallelFor(project.models.size(), 0, [&project](size_t i) {
    Model& model = project.models[i];
    if (model.kind == ModelKind::kExternal || !model.typed || model.known_before) return;
    model.canonical = DataText(model, *project.config.dialect);
    model.digests.data = base::Sha256Hex(model.canonical);
    model.metadata_text = MetadataText(project.config, model);
    model.digests.metadata = base::Sha256Hex(model.metadata_text);
    model.digests.audits = base::Sha256Hex(AuditsText(model));
  });
  // What a quarantine holds depends on all that its model does.
  for (Model& model : project.models) {
    const Model* const of = QuarantinedBy(project, model);
    if (of == nullptr || model.known_before || model.canonical.empty()) continue;
    const std::string format = fmt::format("format:{}\n", kDigestFormat);
    model.canonical.insert(format.size(), Field("quarantine_of", of->digests.data));
    model.digests.data = base::Sha256Hex(model.canonical);
  }
  return project;
}

}  // namespace wapc::compiler

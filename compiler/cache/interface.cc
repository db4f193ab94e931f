#include "compiler/cache/interface.h"

namespace wapc::compiler {
namespace {

void WriteTexts(const std::vector<std::string>& texts, base::ByteWriter& out) {
  out.Number(texts.size());
  for (const std::string& text : texts) out.Text(text);
}

template <class Indices>
void WriteNames(const Indices& models, const Project& project, base::ByteWriter& out) {
  out.Number(models.size());
  for (const int index : models) out.Text(project.models[static_cast<size_t>(index)].name);
}

std::vector<std::string> ReadTexts(base::ByteReader& in) {
  std::vector<std::string> out;
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) out.emplace_back(in.Text());
  return out;
}

}  // namespace

std::string WriteInterface(const Model& model) {
  base::ByteWriter out;
  out.Text(model.name);
  out.Number(model.schema.size());
  out.Number(static_cast<uint64_t>(model.kind));
  out.Number(static_cast<uint64_t>(model.origin));
  out.Number(model.live ? 1 : 0);
  out.Number(model.unaudited ? 1 : 0);
  WriteTexts(model.unique_key, out);
  WriteTexts(model.grain, out);
  WriteTexts({model.datasets.begin(), model.datasets.end()}, out);
  out.Number(model.columns.size());
  for (const Column& column : model.columns) {
    out.Text(column.name);
    out.Text(ToString(column.type));
    out.Number(column.nullable ? 1 : 0);
    out.Text(column.description);
  }
  return out.Take();
}

bool NeedsWholeCompile(const Model& model) {
  return model.kind == ModelKind::kEmbedded || !model.without_effect.empty();
}

std::string WriteLinks(const Model& model, const Project& project) {
  base::ByteWriter out;
  std::set<int> audits_read;
  for (const AuditCall& audit : model.audits) audits_read.insert(audit.depends_on.begin(), audit.depends_on.end());
  WriteNames(model.depends_on, project, out);
  WriteNames(audits_read, project, out);
  return out.Take();
}

std::string WritePlaces(const Model& model, SourceTable& sources) {
  base::ByteWriter out;
  sources.WriteSpan(model.name_span, out);
  sources.WriteSpan(model.kind_span, out);
  sources.WriteSpan(model.grain_span, out);
  for (const Column& column : model.columns) sources.WriteSpan(column.span, out);
  return out.Take();
}

std::optional<Links> ReadLinks(std::string_view links) {
  base::ByteReader in(links);
  Links out;
  out.depends_on = ReadTexts(in);
  out.audits_read = ReadTexts(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return out;
}

std::optional<Model> InterfaceReader::Read(std::string_view interface, std::string_view places) {
  base::ByteReader in(interface);
  base::ByteReader at(places);
  Model model;
  model.known_before = model.typed = true;
  model.name = in.Text();
  const uint64_t schema = in.Number();
  if (schema >= model.name.size()) return std::nullopt;
  model.schema = model.name.substr(0, schema);
  model.table = model.name.substr(schema + 1);
  model.kind = static_cast<ModelKind>(in.Number());
  model.origin = static_cast<Origin>(in.Number());
  model.live = in.Number() != 0;
  model.unaudited = in.Number() != 0;
  model.unique_key = ReadTexts(in);
  model.grain = ReadTexts(in);
  for (std::string& dataset : ReadTexts(in)) model.datasets.insert(std::move(dataset));
  model.name_span = sources_.ReadSpan(at);
  model.kind_span = sources_.ReadSpan(at);
  model.grain_span = sources_.ReadSpan(at);
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) {
    Column& column = model.columns.emplace_back();
    column.name = in.Text();
    column.type = TypeOf(in.Text());
    column.nullable = in.Number() != 0;
    column.description = in.Text();
    column.span = sources_.ReadSpan(at);
  }
  if (!in.ok() || !in.at_end() || !at.ok()) return std::nullopt;
  return model;
}

const metadata::Type& InterfaceReader::TypeOf(std::string_view text) {
  const auto [known, fresh] = types_.try_emplace(text);
  if (fresh) known->second = metadata::TypeFromString(text);
  return known->second;
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/report.h"

namespace wapc::base {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

std::string_view Level(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kInfo: return "note";
  }
  return "error";
}

// A path as a URI reference: RFC 3986 leaves these as they are.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  std::string out;
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Columns from 1 in UTF-16 units: what UTF-8 writes in four bytes takes two of them.
uint32_t Utf16Column(const SourceMap& sources, SourceId source, uint32_t offset) {
  const std::string_view line = sources.LineAt(source, offset);
  const auto before = static_cast<size_t>(line.data() - sources.Text(source).data());
  uint32_t column = 1;
  for (const char c : line.substr(0, std::min(offset - std::min<size_t>(before, offset), line.size()))) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) column += byte >= 0xF0U ? 2 : 1;
  }
  return column;
}

Json RegionOf(Span span, const SourceMap& sources) {
  const LineColumn begin = sources.Locate(span.source, span.begin);
  const LineColumn end = sources.Locate(span.source, span.end);
  return {{"startLine", begin.line},
          {"startColumn", Utf16Column(sources, span.source, span.begin)},
          {"endLine", end.line},
          {"endColumn", Utf16Column(sources, span.source, span.end)}};
}

Json ArtifactOf(Span span, const SourceMap& sources) {
  return {{"uri", UriOf(sources.Name(span.source))}, {"uriBaseId", "%SRCROOT%"}};
}

Json LocationOf(Span span, const SourceMap& sources) {
  return {{"physicalLocation", {{"artifactLocation", ArtifactOf(span, sources)}, {"region", RegionOf(span, sources)}}}};
}

Json FixOf(const Fix& fix, const SourceMap& sources) {
  Json replacement = {{"deletedRegion", RegionOf(fix.span, sources)}};
  if (!fix.replacement.empty()) replacement["insertedContent"] = {{"text", fix.replacement}};
  Json change = {{"artifactLocation", ArtifactOf(fix.span, sources)}};
  change["replacements"] = Json::array({replacement});
  Json out = {{"description", {{"text", fix.title}}}};
  out["artifactChanges"] = Json::array({change});
  return out;
}

Json ResultOf(const Diagnostic& d, size_t rule, const SourceMap& sources) {
  Json out = {{"ruleId", d.code}, {"ruleIndex", rule}, {"level", Level(d.severity)}};
  out["message"] = {{"text", d.help.empty() ? d.message : d.message + "\nhelp: " + d.help}};
  if (d.span.known()) out["locations"] = Json::array({LocationOf(d.span, sources)});
  Json related = Json::array();
  for (const Note& note : d.notes) {
    if (!note.span.known()) continue;
    Json location = {{"id", related.size() + 1}};
    location.update(LocationOf(note.span, sources));
    location["message"] = {{"text", note.text}};
    related.push_back(std::move(location));
  }
  if (!related.empty()) out["relatedLocations"] = std::move(related);
  if (d.fix && d.fix->span.known()) out["fixes"] = Json::array({FixOf(*d.fix, sources)});
  return out;
}

Json RuleOf(std::string_view code, const ReportTool& tool) {
  Json out = {{"id", code}};
  const auto text = tool.describe ? tool.describe(code) : std::nullopt;
  if (!text) return out;
  out["shortDescription"] = {{"text", text->summary}};
  out["help"] = {{"text", text->markdown}, {"markdown", text->markdown}};
  return out;
}

}  // namespace

std::string RenderSarif(const Diagnostics& diagnostics, const SourceMap& sources, const ReportTool& tool) {
  std::map<std::string_view, size_t> codes;
  for (const Diagnostic& d : diagnostics.all()) codes.emplace(d.code, 0);
  Json rules = Json::array();
  for (auto& [code, index] : codes) {
    index = rules.size();
    rules.push_back(RuleOf(code, tool));
  }
  Json results = Json::array();
  for (const Diagnostic& d : diagnostics.all()) results.push_back(ResultOf(d, codes[d.code], sources));
  Json driver = {{"name", tool.name}, {"version", tool.version}};
  driver["rules"] = std::move(rules);
  Json run;
  run["tool"] = {{"driver", std::move(driver)}};
  run["columnKind"] = "utf16CodeUnits";
  run["originalUriBaseIds"] = {{"%SRCROOT%", {{"description", {{"text", "The project's folder."}}}}}};
  run["results"] = std::move(results);
  Json log = {{"$schema", kSchema}, {"version", "2.1.0"}};
  log["runs"] = Json::array({std::move(run)});
  return log.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace wapc::base

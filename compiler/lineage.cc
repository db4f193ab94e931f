#include "compiler/lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace wapc::compiler {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLongestExpression = 90;

const Model& ModelOf(const Project& project, const Lineage::Node& node) {
  return project.models[static_cast<size_t>(node.model)];
}

// Each column with those that have it among their sources.
std::map<ColumnSource, std::vector<ColumnSource>> Readers(const Project& project) {
  std::map<ColumnSource, std::vector<ColumnSource>> out;
  for (size_t i = 0; i < project.models.size(); ++i) {
    for (const Column& column : project.models[i].columns) {
      for (const ColumnSource& source : column.sources) out[source].push_back({static_cast<int>(i), column.name});
    }
  }
  return out;
}

class Tracer {
 public:
  Tracer(const Project& project, LineageDirection direction, int depth) : project_(project), depth_(depth) {
    lineage_.direction = direction;
    if (direction == LineageDirection::kDownstream) readers_ = Readers(project);
  }

  // Breadth first, so that a column is met at its least depth.
  Lineage Trace(const std::vector<ColumnSource>& from) {
    for (const ColumnSource& column : from) NodeOf(column);
    lineage_.roots = lineage_.nodes.size();
    int level = 0;
    for (size_t begin = 0, end = lineage_.nodes.size(); begin < end; begin = end, end = lineage_.nodes.size()) {
      const bool last = depth_ > 0 && level == depth_;
      for (size_t i = begin; i < end; ++i) Step(i, last);
      ++level;
    }
    return std::move(lineage_);
  }

 private:
  size_t NodeOf(const ColumnSource& column) {
    const auto [found, fresh] = known_.emplace(column, lineage_.nodes.size());
    if (fresh) lineage_.nodes.push_back({column.model, column.column, {}, false});
    return found->second;
  }

  std::vector<ColumnSource> Next(const ColumnSource& column) const {
    if (lineage_.direction == LineageDirection::kDownstream) {
      const auto found = readers_.find(column);
      return found == readers_.end() ? std::vector<ColumnSource>{} : found->second;
    }
    const Column* const entry = project_.models[static_cast<size_t>(column.model)].Find(column.column);
    return entry == nullptr ? std::vector<ColumnSource>{} : entry->sources;
  }

  void Step(size_t index, bool last) {
    const std::vector<ColumnSource> next = Next({lineage_.nodes[index].model, lineage_.nodes[index].column});
    lineage_.nodes[index].cut = last && !next.empty();
    if (last) return;
    for (const ColumnSource& column : next) {
      const size_t target = NodeOf(column);
      lineage_.nodes[index].next.push_back(target);
    }
  }

  const Project& project_;
  int depth_;
  Lineage lineage_;
  std::map<ColumnSource, size_t> known_;
  std::map<ColumnSource, std::vector<ColumnSource>> readers_;
};

// The projection as written, on one line. A raw or seed column has none, and a star stands for many.
std::string ExpressionOf(const Model& model, const Column& column, const base::SourceMap& sources) {
  if (model.query == nullptr || !column.span.known()) return {};
  std::string out;
  for (const char c : sources.Text(column.span)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) out += c;
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.ends_with('*') || out == column.name || out.ends_with("." + column.name)) return {};
  if (out.size() > kLongestExpression) {
    size_t cut = kLongestExpression;
    // Not inside of a character of several bytes.
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0U) == 0x80U) --cut;
    out = out.substr(0, cut) + " ...";
  }
  return out;
}

class TreeWriter {
 public:
  TreeWriter(const Lineage& lineage, const Project& project, const base::SourceMap& sources)
      : lineage_(lineage), project_(project), sources_(sources) {}

  std::string Write() {
    for (size_t root = 0; root < lineage_.roots; ++root) Add(root, "", "");
    return std::move(out_);
  }

 private:
  void Add(size_t index, const std::string& lead, const std::string& below) {
    const Lineage::Node& node = lineage_.nodes[index];
    const bool again = !shown_.insert(index).second && !node.next.empty();
    out_ += lead + Line(node) + (again ? "  (see above)" : node.cut ? "  ..." : "") + "\n";
    if (again) return;
    for (size_t i = 0; i < node.next.size(); ++i) {
      const bool last = i + 1 == node.next.size();
      Add(node.next[i], below + (last ? "`- " : "|- "), below + (last ? "   " : "|  "));
    }
  }

  std::string Line(const Lineage::Node& node) const {
    const Model& model = ModelOf(project_, node);
    std::string out = fmt::format("{}.{}", model.name, node.column);
    const Column* const column = model.Find(node.column);
    if (column == nullptr) return out;
    out += "  " + ToString(column->type);
    if (const std::string text = ExpressionOf(model, *column, sources_); !text.empty()) out += "  = " + text;
    if (column->span.known()) out += fmt::format("  [{}]", sources_.Place(column->span));
    return out;
  }

  const Lineage& lineage_;
  const Project& project_;
  const base::SourceMap& sources_;
  std::set<size_t> shown_;
  std::string out_;
};

}  // namespace

Lineage TraceLineage(const Project& project, const std::vector<ColumnSource>& from, LineageDirection direction,
                     int depth) {
  return Tracer(project, direction, depth).Trace(from);
}

std::string LineageText(const Lineage& lineage, const Project& project, const base::SourceMap& sources) {
  return TreeWriter(lineage, project, sources).Write();
}

std::string LineageJson(const Lineage& lineage, const Project& project, const base::SourceMap& sources) {
  const bool up = lineage.direction == LineageDirection::kUpstream;
  Json out;
  out["direction"] = up ? "upstream" : "downstream";
  out["roots"] = Json::array();
  for (size_t i = 0; i < lineage.roots; ++i) out["roots"].push_back(i);
  out["nodes"] = Json::array();
  out["edges"] = Json::array();
  for (size_t i = 0; i < lineage.nodes.size(); ++i) {
    const Lineage::Node& node = lineage.nodes[i];
    const Model& model = ModelOf(project, node);
    Json entry;
    entry["id"] = i;
    entry["model"] = model.name;
    entry["column"] = node.column;
    entry["kind"] = ToString(model.kind);
    if (const Column* const column = model.Find(node.column)) {
      entry["type"] = ToString(column->type);
      if (const std::string text = ExpressionOf(model, *column, sources); !text.empty()) entry["expression"] = text;
      if (column->span.known()) entry["place"] = sources.Place(column->span);
    }
    if (node.cut) entry["cut"] = true;
    out["nodes"].push_back(std::move(entry));
    for (const size_t next : node.next) {
      out["edges"].push_back({{"from", up ? next : i}, {"to", up ? i : next}});
    }
  }
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string DiagramText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? '\'' : c;
  return out + "\"";
}

std::string LineageMermaid(const Lineage& lineage, const Project& project) {
  const bool up = lineage.direction == LineageDirection::kUpstream;
  std::map<std::string, std::vector<size_t>> models;
  for (size_t i = 0; i < lineage.nodes.size(); ++i) models[ModelOf(project, lineage.nodes[i]).name].push_back(i);
  std::string out = "flowchart LR\n";
  size_t box = 0;
  for (const auto& [name, nodes] : models) {
    out += fmt::format("  subgraph m{}[{}]\n", box++, DiagramText(name));
    for (const size_t node : nodes) out += fmt::format("    n{}[{}]\n", node, DiagramText(lineage.nodes[node].column));
    out += "  end\n";
  }
  for (size_t i = 0; i < lineage.nodes.size(); ++i) {
    for (const size_t next : lineage.nodes[i].next) {
      out += fmt::format("  n{} --> n{}\n", up ? next : i, up ? i : next);
    }
  }
  return out;
}

}  // namespace wapc::compiler

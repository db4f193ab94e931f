#include "compiler/plan/difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "compiler/passes/binder.h"
#include "grammar/fold.h"
#include "grammar/parser.h"

namespace wapc::compiler {
namespace {

using grammar::LowerCase;
using runtime::EnvironmentModel;
using runtime::PlanColumn;

// A canonical text taken apart: what stands before the columns, and the query.
struct CanonicalParts {
  std::string_view head;
  std::string_view rest;  ///< between columns and query: a seed's digest
  std::string_view query;
};

// The columns as the canonical text has them.
std::string ColumnFields(const std::vector<PlanColumn>& columns) {
  std::string out;
  for (const PlanColumn& column : columns) {
    out += fmt::format("{}:{}:{}\n", column.name, column.type.size(), column.type);
  }
  return out;
}

std::vector<PlanColumn> PlanColumns(const Model& model) {
  std::vector<PlanColumn> out;
  for (const Column& column : model.columns) {
    out.push_back({column.name, ToString(column.type), {}, column.nullable, {}});
  }
  return out;
}

// The query is the last field, as long as it says; nothing when the text is not of this form.
std::optional<CanonicalParts> Split(std::string_view text, const std::vector<PlanColumn>& columns) {
  CanonicalParts out;
  constexpr std::string_view kQuery = "\nquery:";
  for (size_t at = text.find(kQuery); at != std::string_view::npos; at = text.find(kQuery, at + 1)) {
    const std::string_view field = text.substr(at + kQuery.size());
    size_t length = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), length);
    const auto start = static_cast<size_t>(end - field.data()) + 1;
    if (error != std::errc() || start + length + 1 != field.size()) continue;
    out.query = field.substr(start, length);
    text = text.substr(0, at + 1);
    break;
  }
  const std::string fields = ColumnFields(columns);
  const size_t at = text.rfind(fields);
  if (at == std::string_view::npos) return std::nullopt;
  out.head = text.substr(0, at);
  out.rest = text.substr(at + fields.size());
  return out;
}

// Names and values of the fields before the columns; the names are wapc's own.
std::map<std::string, std::string> Fields(std::string_view head) {
  std::map<std::string, std::string> out;
  while (!head.empty()) {
    const size_t name_end = head.find(':');
    const size_t length_end = name_end == std::string_view::npos ? name_end : head.find(':', name_end + 1);
    if (length_end == std::string_view::npos) {  // "format:1"
      head.remove_prefix(std::min(head.size(), head.find('\n') + 1));
      continue;
    }
    const size_t line = head.find('\n');
    if (line < length_end) {
      head.remove_prefix(line + 1);
      continue;
    }
    size_t length = 0;
    std::from_chars(head.data() + name_end + 1, head.data() + length_end, length);
    std::string& value = out[std::string(head.substr(0, name_end))];
    value += std::string(head.substr(length_end + 1, length)) + "\n";
    head.remove_prefix(std::min(head.size(), length_end + 1 + length + 1));
  }
  return out;
}

std::string HeadText(std::string_view old, std::string_view now) {
  const auto before = Fields(old);
  const auto after = Fields(now);
  std::vector<std::string> names;
  for (const auto& [name, value] : after) {
    const auto found = before.find(name);
    if (found == before.end() || found->second != value) names.push_back(name);
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) names.push_back(name);
  }
  return fmt::format("its {} changed", fmt::join(names, ", its "));
}

const PlanColumn* FindColumn(const std::vector<PlanColumn>& columns, std::string_view name) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const PlanColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

void CompareColumns(const std::vector<PlanColumn>& old, const std::vector<PlanColumn>& now, Difference& out) {
  for (const PlanColumn& column : now) {
    const PlanColumn* const before = FindColumn(old, column.name);
    if (before == nullptr) {
      out.added.push_back(column.name);
    } else if (before->type != column.type) {
      out.changed.push_back(column.name);
      out.retyped.push_back(fmt::format("{} from {} to {}", column.name, before->type, column.type));
    } else if (before->nullable != column.nullable) {
      out.changed.push_back(column.name);
    }
  }
  for (const PlanColumn& column : old) {
    if (FindColumn(now, column.name) == nullptr) out.gone.push_back(column.name);
  }
}

void AddChanged(const std::string& name, Difference& out) {
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!has(out.changed) && !has(out.added)) out.changed.push_back(name);
}

// What differs in the query's columns, under the names that the model has for them.
void TakeQuery(const QueryDifference& query, const Model& model, Difference& out) {
  if (!query.rows.empty()) out.rows = query.rows;
  if (query.same || !out.rows.empty()) return;
  if (query.items.size() != model.columns.size()) {
    out.rows = "its query changed";
    return;
  }
  for (size_t i = 0; i < query.items.size(); ++i) {
    if (query.items[i].changed || query.items[i].old < 0) AddChanged(model.columns[i].name, out);
  }
}

Names TouchedBy(const Differ::Upstream& upstream) {
  Names out;
  for (const auto& [index, difference] : upstream) out.merge(difference->columns());
  return out;
}

}  // namespace

Names Difference::columns() const {
  Names out;
  for (const std::vector<std::string>* const list : {&added, &gone, &changed}) {
    for (const std::string& name : *list) out.insert(LowerCase(name));
  }
  return out;
}

std::string DifferenceText(const Difference& difference) {
  std::vector<std::string> parts;
  if (!difference.added.empty()) parts.push_back(fmt::format("adds {}", fmt::join(difference.added, ", ")));
  if (!difference.gone.empty()) parts.push_back(fmt::format("drops {}", fmt::join(difference.gone, ", ")));
  if (!difference.retyped.empty())
    parts.push_back(fmt::format("changes the type of {}", fmt::join(difference.retyped, ", ")));
  std::vector<std::string> changed;
  for (const std::string& name : difference.changed) {
    const bool said = std::any_of(difference.retyped.begin(), difference.retyped.end(),
                                  [&](const std::string& text) { return text.starts_with(name + " from "); });
    if (!said) changed.push_back(name);
  }
  if (!changed.empty()) parts.push_back(fmt::format("changes {}", fmt::join(changed, ", ")));
  if (!difference.rows.empty()) parts.push_back(difference.rows);
  return fmt::format("{}", fmt::join(parts, "; "));
}

Differ::Differ(const Project& project) : project_(project) {}
Differ::~Differ() = default;

QueryDifference Differ::CompareTexts(const std::string& old, const std::string& now, const Names& touched) {
  if (old == now && touched.empty()) return {};
  if (parser_ == nullptr) parser_ = std::make_unique<grammar::Parser>();
  const grammar::Dialect& dialect = *project_.config.dialect;
  grammar::Arena arena;
  base::SourceMap sources;
  base::Diagnostics unheard;
  std::vector<grammar::Query*> queries;
  for (const std::string* const text : {&old, &now}) {
    const base::SourceId source = sources.Add("query", *text);
    const base::Span whole{source, 0, static_cast<uint32_t>(text->size())};
    queries.push_back(parser_->ParseQuery(*text, whole, sources, arena, unheard, dialect));
  }
  if (queries[0] != nullptr && queries[1] != nullptr && !unheard.has_errors()) {
    return CompareQueries(*queries[0], *queries[1], touched, dialect);
  }
  QueryDifference out;
  out.rows = "its query changed";
  return out;
}

Difference Differ::Compare(const EnvironmentModel& served, const Model& model, const Upstream& upstream) {
  Difference out;
  const std::vector<PlanColumn> columns = PlanColumns(model);
  CompareColumns(served.columns, columns, out);
  const auto old = Split(served.canonical, served.columns);
  const auto now = Split(model.canonical, columns);
  const auto whole =
      std::find_if(upstream.begin(), upstream.end(), [](const auto& entry) { return !entry.second->rows.empty(); });
  out.own = !old || !now || old->head != now->head || old->rest != now->rest || old->query != now->query;
  if (!old || !now) {
    out.rows = "its definition changed";
  } else if (old->head != now->head) {
    out.rows = HeadText(old->head, now->head);
  } else if (old->rest != now->rest) {
    out.rows = "its file changed";
  } else if (whole != upstream.end()) {
    out.rows = fmt::format("rows of {} change", project_.models[static_cast<size_t>(whole->first)].name);
  } else {
    TakeQuery(CompareTexts(std::string(old->query), std::string(now->query), TouchedBy(upstream)), model, out);
  }
  return out;
}

Difference Differ::Follow(const Model& model, const Upstream& upstream, std::string& reads) {
  Difference out;
  Names touched;
  for (const auto& [index, difference] : upstream) {
    const std::string& name = project_.models[static_cast<size_t>(index)].name;
    // What is read in a way that the query does not show may be anything.
    const bool hidden = model.removed.parent == name ||
                        std::find(model.declared_dependencies.begin(), model.declared_dependencies.end(), name) !=
                            model.declared_dependencies.end();
    if (difference->rows.empty() && !hidden) continue;
    out.rows = fmt::format("rows of {} change", name);
    reads = name;
    return out;
  }
  std::vector<std::string> read;
  for (const ColumnSource& source : ReadsOf(project_, model)) {
    const auto found = upstream.find(source.model);
    if (found == upstream.end() || !found->second->columns().contains(LowerCase(source.column))) continue;
    touched.insert(LowerCase(source.column));
    read.push_back(fmt::format("{}.{}", project_.models[static_cast<size_t>(source.model)].name, source.column));
  }
  // A name that upstream has no more may have found another meaning here.
  for (const auto& [index, difference] : upstream) {
    for (const std::string& name : difference->gone) touched.insert(LowerCase(name));
  }
  if (touched.empty()) return out;
  const auto parts = Split(model.canonical, PlanColumns(model));
  if (!parts) {
    out.rows = "it may read what changed";
    return out;
  }
  const std::string query(parts->query);
  TakeQuery(CompareTexts(query, query, touched), model, out);
  if (!read.empty() && out.empty()) out.rows = "it reads what changed";
  reads = fmt::format("{}", fmt::join(read, ", "));
  return out;
}

}  // namespace wapc::compiler

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"
#include "grammar/dialect.h"

// What:  makes columns of a json column, by a declared shape: a path and its type. The column goes unless keep is true.
// Why:   a path that is cast once has one type everywhere; readers do not spell paths.
// Write: - match: {table: orders, column: payload}
//          unnest: {columns: {status: text, customer.id: bigint}, prefix: payload_, keep: true}
namespace wapc::compiler {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kUnnestJson{"unnest-json", base::Severity::kError};

std::vector<std::string> Steps(std::string_view path) {
  std::vector<std::string> out;
  while (true) {
    const size_t dot = path.find('.');
    out.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    path.remove_prefix(dot + 1);
  }
}

// The text at a path, in the dialect's own functions.
std::string TextAtPath(const std::vector<std::string>& steps, const grammar::Dialect& dialect) {
  std::vector<std::string> quoted;
  for (const std::string& step : steps) quoted.push_back(fmt::format("\"{}\"", step));
  const std::string path = fmt::format("{}", fmt::join(quoted, "."));
  const auto text = [&dialect](std::string_view value) { return grammar::QuoteString(value, dialect); };
  if (dialect.name == "postgres") {
    std::vector<std::string> keys;
    for (const std::string& step : steps) keys.push_back(text(step));
    return fmt::format("jsonb_extract_path_text(@col, {})", fmt::join(keys, ", "));
  }
  if (dialect.name == "trino") return fmt::format("json_extract_scalar(@col, {})", text("$." + path));
  if (dialect.name == "snowflake") return fmt::format("CAST(get_path(@col, {}) AS VARCHAR)", text(path));
  return fmt::format("json_extract_string(@col, {})", text("$." + path));
}

struct Shape {
  const YamlNode* columns = nullptr;
  std::string prefix;
  bool keep = false;
};

void AddColumns(const DraftColumn& json, const Shape& shape, Draft& draft, RuleTools& tools,
                std::vector<DraftColumn>& out) {
  for (const base::YamlEntry& entry : shape.columns->entries) {
    const std::vector<std::string> steps = Steps(entry.key);
    const grammar::Expr* const expr = tools.Template(TextAtPath(steps, tools.dialect()), entry.key_span);
    grammar::TypeName* const type = tools.Type(entry.value.scalar, entry.value.span);
    if (expr == nullptr || type == nullptr) continue;
    DraftColumn column;
    column.name = fmt::format("{}{}", shape.prefix, fmt::join(steps, "_"));
    column.span = entry.key_span;
    grammar::Expr* const text = tools.ForColumn(*expr, *json.expr, *draft.arena);
    column.expr = AstBuilder(*draft.arena, entry.value.span).Cast(text, type);
    out.push_back(std::move(column));
  }
}

// New columns stand where their json column stood.
void Unnest(size_t at, const Shape& shape, base::Span span, Draft& draft, RuleTools& tools) {
  std::vector<DraftColumn> columns;
  AddColumns(draft.columns[at], shape, draft, tools, columns);
  const std::string name = draft.columns[at].name;
  draft.columns.insert(draft.columns.begin() + static_cast<std::ptrdiff_t>(at) + 1, columns.begin(), columns.end());
  if (!shape.keep) draft.Drop({name}, span);
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  base::Diagnostics& diagnostics = tools.diagnostics();
  if (!call.value->is_map() || call.value->Find("columns") == nullptr) {
    ReportWrongType(*call.value, "unnest", "a mapping with 'columns': paths and their types", diagnostics);
    return true;
  }
  CheckKeys(*call.value, {"columns", "prefix", "keep"}, "unnest", diagnostics);
  Shape shape;
  shape.columns = MapAt(*call.value, "columns", diagnostics);
  shape.prefix = TextAt(*call.value, "prefix", diagnostics).value_or("");
  shape.keep = BoolAt(*call.value, "keep", diagnostics).value_or(false);
  bool matched = shape.columns == nullptr;
  for (size_t i = 0; shape.columns != nullptr && i < draft.columns.size(); ++i) {
    const DraftColumn& column = draft.columns[i];
    if (column.raw == nullptr || !MatchesColumn(call.match, draft, column)) continue;
    if (column.raw->type.kind != metadata::TypeKind::kJson) {
      if (call.match == nullptr || call.match->Find("column") == nullptr) continue;
      diagnostics
          .Report(kUnnestJson, call.value->span,
                  fmt::format("{}.{} is {}, not json", draft.table->name, column.raw->name, column.raw->dlt_type))
          .Note(column.raw->type_span, "the column's type")
          .Help("match a column of type json");
      matched = true;
      continue;
    }
    matched = true;
    Unnest(i, shape, call.value->span, draft, tools);
  }
  return matched;
}

}  // namespace

const StagingRule& UnnestRule() {
  static constexpr StagingRule kRule{"unnest", "makes columns of a json column, by a declared shape", Apply};
  return kRule;
}

}  // namespace wapc::compiler

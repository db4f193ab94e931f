#include "compiler/staging/audit_yaml.h"

#include <algorithm>
#include <array>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using base::YamlNode;
using grammar::Expr;

namespace {

bool IsNumber(const YamlNode& node) { return node.Describe() == "a number"; }

class AuditYamlReader {
 public:
  AuditYamlReader(grammar::Arena& arena, RuleTools& tools) : arena_(arena), tools_(tools) {}

  std::optional<AuditCall> Read(const YamlNode& item, std::string_view on_column) {
    AuditCall call;
    call.span = item.span;
    const YamlNode* arguments = nullptr;
    if (item.is_scalar()) {
      call.name = item.scalar;
    } else if (item.is_map() && item.entries.size() == 1) {
      call.name = item.entries[0].key;
      call.span = item.entries[0].key_span;
      arguments = &item.entries[0].value;
    } else {
      ReportWrongType(item, "audits", "a list of names and of `name: {argument: value}`", tools_.diagnostics());
      return std::nullopt;
    }
    if (arguments != nullptr && arguments->is_map()) {
      for (const base::YamlEntry& entry : arguments->entries) AddArgument(entry, call);
    } else if (arguments != nullptr && !arguments->is_null()) {
      ReportWrongType(*arguments, call.name, "a mapping of arguments", tools_.diagnostics());
    }
    if (!on_column.empty()) AddColumn(on_column, call);
    return call;
  }

 private:
  void AddArgument(const base::YamlEntry& entry, AuditCall& call) {
    if (NamesColumns(entry.key)) {
      call.arguments.emplace_back(entry.key, Names(entry.value));
    } else if (entry.key == "condition" || entry.key == "criteria" || entry.key == "to_condition" ||
               entry.key == "to" || entry.key == "max_age") {
      if (Expr* const expr = Parsed(entry.value, entry.key)) call.arguments.emplace_back(entry.key, expr);
    } else {
      call.arguments.emplace_back(entry.key, Value(entry.value));
    }
  }

  static bool NamesColumns(std::string_view key) {
    return key == "column" || key == "columns" || key.ends_with("_column") || key.starts_with("column_") ||
           key == "partition_clause";
  }

  void AddColumn(std::string_view column, AuditCall& call) {
    const auto names_column = [](const auto& argument) {
      return argument.first == "column" || argument.first == "columns";
    };
    if (std::any_of(call.arguments.begin(), call.arguments.end(), names_column)) return;
    const AstBuilder build(arena_, call.span);
    constexpr std::array<std::string_view, 5> kOfTables{"forall", "number_of_rows", "equal_row_count",
                                                        "row_count_change", "mutually_exclusive_ranges"};
    if (std::find(kOfTables.begin(), kOfTables.end(), call.name) != kOfTables.end()) return;
    const bool many = call.name == "not_null" || call.name == "unique_values" || call.name == "unique_key" ||
                      call.name == "unique_combination_of_columns";
    call.arguments.emplace_back(many ? "columns" : "column",
                                many ? build.Columns({std::string(column)}) : build.Column({column}));
  }

  Expr* Names(const YamlNode& node) const {
    const AstBuilder build(arena_, node.span);
    if (node.is_scalar()) return build.Column({node.scalar});
    std::vector<Expr*> items;
    for (const YamlNode& item : node.items) items.push_back(AstBuilder(arena_, item.span).Column({item.scalar}));
    return build.Tuple(items);
  }

  Expr* Parsed(const YamlNode& node, std::string_view key) {
    if (node.is_scalar()) {
      const Expr* const expr = tools_.Expression(node, key);
      return expr == nullptr ? nullptr : grammar::Clone(*expr, arena_);
    }
    std::vector<Expr*> items;
    for (const YamlNode& item : node.items) {
      if (Expr* const expr = Parsed(item, key)) items.push_back(expr);
    }
    return AstBuilder(arena_, node.span).Tuple(items);
  }

  Expr* Value(const YamlNode& node) const {
    const AstBuilder build(arena_, node.span);
    if (node.is_sequence()) {
      std::vector<Expr*> items;
      for (const YamlNode& item : node.items) items.push_back(Value(item));
      return build.Tuple(items);
    }
    if (const auto flag = node.AsBool()) return build.Bool(*flag);
    return IsNumber(node) ? build.Number(node.scalar) : build.Text(node.scalar);
  }

  grammar::Arena& arena_;
  RuleTools& tools_;
};

}  // namespace

std::vector<AuditCall> ReadYamlAudits(const YamlNode& list, std::string_view on_column, grammar::Arena& arena,
                                      RuleTools& tools) {
  AuditYamlReader reader(arena, tools);
  std::vector<AuditCall> out;
  if (!list.is_sequence()) {
    ReportWrongType(list, "audits", "a list", tools.diagnostics());
    return out;
  }
  for (const YamlNode& item : list.items) {
    if (auto call = reader.Read(item, on_column)) out.push_back(std::move(*call));
  }
  return out;
}

}  // namespace wapc::compiler

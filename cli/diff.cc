#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/environments/diff.h"
#include "runtime/state/store.h"

namespace wapc::cli {
namespace {

using runtime::RelationDifference;

struct DiffFlags {
  std::string a;
  std::string b;
  std::vector<std::string> models;
  std::vector<std::string> on;
  int rows = 5;
  bool check = false;
};

// What two environments, or two tables, come to.
struct Outcome {
  std::vector<std::string> only_a;  ///< models
  std::vector<std::string> only_b;
  int64_t shared = 0;  ///< models that both serve from the same table
  std::vector<RelationDifference> compared;

  bool same() const {
    return only_a.empty() && only_b.empty() &&
           std::all_of(compared.begin(), compared.end(), [](const RelationDifference& d) { return d.same(); });
  }
};

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

base::Result<runtime::RelationName> TableName(const std::string& text) {
  const size_t dot = text.find('.');
  if (dot != std::string::npos && text.find('.', dot + 1) == std::string::npos) {
    return runtime::RelationName{text.substr(0, dot), text.substr(dot + 1)};
  }
  return Usage(fmt::format("'{}' is no table: write schema.name", text));
}

base::Result<Outcome> DiffTables(runtime::Warehouse& warehouse, const DiffFlags& flags) {
  const auto a = TableName(flags.a);
  if (!a) return a.error();
  const auto b = TableName(flags.b);
  if (!b) return b.error();
  auto difference = runtime::DiffRelations(warehouse, {flags.a + " and " + flags.b, *a, *b, flags.on}, flags.rows);
  if (!difference) return difference.error();
  Outcome out;
  out.compared.push_back(std::move(*difference));
  return out;
}

base::Result<const runtime::EnvironmentRecord*> FindEnvironment(const runtime::State& state, const std::string& name) {
  const auto found = state.environments.find(name);
  if (found != state.environments.end() && !runtime::IsDropped(found->second)) return &found->second;
  return Usage(fmt::format("there is no environment {}; `wapc env list` shows what there is", name));
}

// The grain that the project's model has, where the project compiles and knows the model.
std::vector<std::string> GrainOf(const std::optional<Compiled>& compiled, const std::string& model) {
  if (!compiled || !compiled->project) return {};
  const compiler::Model* const found = compiled->project->Find(model);
  return found == nullptr ? std::vector<std::string>() : found->grain;
}

bool HasColumns(const runtime::EnvironmentModel& model, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(model.columns.begin(), model.columns.end(),
                       [&](const runtime::PlanColumn& column) { return column.name == name; });
  });
}

base::Result<Outcome> DiffEnvironments(runtime::Warehouse& warehouse, const DiffFlags& flags,
                                       const std::optional<Compiled>& compiled) {
  const auto state = runtime::ReadState(warehouse, {});
  if (!state) return state.error();
  const auto a = FindEnvironment(*state, flags.a);
  if (!a) return a.error();
  const auto b = FindEnvironment(*state, flags.b);
  if (!b) return b.error();
  std::set<std::string> names(flags.models.begin(), flags.models.end());
  for (const std::string& name : names) {
    if (!(*a)->models.contains(name) && !(*b)->models.contains(name)) {
      return Usage(fmt::format("neither {} nor {} serves a model {}", flags.a, flags.b, name));
    }
  }
  if (names.empty()) {
    for (const auto* environment : {*a, *b}) {
      for (const auto& [name, model] : environment->models) names.insert(name);
    }
  }
  Outcome out;
  for (const std::string& name : names) {
    const auto in_a = (*a)->models.find(name);
    const auto in_b = (*b)->models.find(name);
    if (in_b == (*b)->models.end()) {
      out.only_a.push_back(name);
    } else if (in_a == (*a)->models.end()) {
      out.only_b.push_back(name);
    } else if (in_a->second.build.build_id == in_b->second.build.build_id) {
      ++out.shared;
    } else {
      std::vector<std::string> on = flags.on.empty() ? GrainOf(compiled, name) : flags.on;
      if (flags.on.empty() && (!HasColumns(in_a->second, on) || !HasColumns(in_b->second, on))) on.clear();
      auto difference = runtime::DiffRelations(warehouse, {name, in_a->second.view, in_b->second.view, on}, flags.rows);
      if (!difference) return difference.error();
      out.compared.push_back(std::move(*difference));
    }
  }
  return out;
}

std::string ColumnText(const runtime::ColumnDifference& column) {
  if (column.type_b.empty()) return fmt::format("- {} {}", column.name, column.type_a);
  if (column.type_a.empty()) return fmt::format("+ {} {}", column.name, column.type_b);
  return fmt::format("~ {} {} -> {}", column.name, column.type_a, column.type_b);
}

std::string RowsText(const RelationDifference& difference, const DiffFlags& flags) {
  const auto& on = difference.pair.on;
  std::string out = fmt::format("  rows: {} in {}, {} in {}; ", difference.rows_a, flags.a, difference.rows_b, flags.b);
  if (on.empty()) {
    return out + fmt::format("{} only in {}, {} only in {} (whole rows: no grain is known)\n", difference.only_a,
                             flags.a, difference.only_b, flags.b);
  }
  out += fmt::format("by {}: {} changed, {} only in {}, {} only in {}\n", fmt::join(on, ", "), difference.changed,
                     difference.only_a, flags.a, difference.only_b, flags.b);
  if (difference.unsure_a + difference.unsure_b > 0) {
    out += fmt::format("  note: {} rows of {} and {} of {} have no key or share it, so they are not told apart\n",
                       difference.unsure_a, flags.a, difference.unsure_b, flags.b);
  }
  return out;
}

void PrintDifference(const RelationDifference& difference, const DiffFlags& flags) {
  if (difference.same()) {
    PrintOut(fmt::format("{}: the same, {} rows\n", difference.pair.name, difference.rows_a));
    return;
  }
  PrintOut(fmt::format("{}: different\n", difference.pair.name));
  for (const auto& column : difference.columns) PrintOut(fmt::format("  column {}\n", ColumnText(column)));
  PrintOut(RowsText(difference, flags));
  for (const auto& column : difference.values)
    PrintOut(fmt::format("  {} differs in {} rows\n", column.name, column.rows));
  const auto sample = [](const std::string& title, const runtime::Rows& rows) {
    if (!rows.rows.empty()) PrintOut(title + ":\n" + TableText(rows));
  };
  sample("  changed (a: " + flags.a + ", b: " + flags.b + ")", difference.sample_changed);
  sample("  only in " + flags.a, difference.sample_a);
  sample("  only in " + flags.b, difference.sample_b);
}

nlohmann::ordered_json ToJson(const RelationDifference& difference) {
  using Json = nlohmann::ordered_json;
  Json out{{"name", difference.pair.name}, {"same", difference.same()},    {"on", difference.pair.on},
           {"rows_a", difference.rows_a},  {"rows_b", difference.rows_b},  {"only_a", difference.only_a},
           {"only_b", difference.only_b},  {"changed", difference.changed}};
  out["columns"] = Json::array();
  for (const auto& column : difference.columns) {
    out["columns"].push_back({{"name", column.name}, {"type_a", column.type_a}, {"type_b", column.type_b}});
  }
  out["changed_columns"] = Json::object();
  for (const auto& column : difference.values) out["changed_columns"][column.name] = column.rows;
  out["sample_changed"] = Json::parse(JsonText(difference.sample_changed));
  out["sample_only_a"] = Json::parse(JsonText(difference.sample_a));
  out["sample_only_b"] = Json::parse(JsonText(difference.sample_b));
  return out;
}

void PrintCsv(const Outcome& outcome) {
  runtime::Rows rows;
  rows.columns = {"name", "same", "columns", "rows_a", "rows_b", "only_a", "only_b", "changed"};
  rows.types = {"VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"};
  for (const RelationDifference& difference : outcome.compared) {
    rows.rows.push_back({difference.pair.name, difference.same() ? "yes" : "no",
                         std::to_string(difference.columns.size()), std::to_string(difference.rows_a),
                         std::to_string(difference.rows_b), std::to_string(difference.only_a),
                         std::to_string(difference.only_b), std::to_string(difference.changed)});
  }
  PrintOut(CsvText(rows));
}

void Print(const Context& context, const Outcome& outcome, const DiffFlags& flags) {
  if (context.json()) {
    nlohmann::ordered_json out{{"a", flags.a},
                               {"b", flags.b},
                               {"only_a", outcome.only_a},
                               {"only_b", outcome.only_b},
                               {"shared", outcome.shared}};
    out["compared"] = nlohmann::ordered_json::array();
    for (const RelationDifference& difference : outcome.compared) out["compared"].push_back(ToJson(difference));
    PrintOut(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return;
  }
  if (context.format == "csv") {
    PrintCsv(outcome);
    return;
  }
  for (const std::string& name : outcome.only_a) PrintOut(fmt::format("{}: only in {}\n", name, flags.a));
  for (const std::string& name : outcome.only_b) PrintOut(fmt::format("{}: only in {}\n", name, flags.b));
  for (const RelationDifference& difference : outcome.compared) PrintDifference(difference, flags);
  if (outcome.shared > 0) PrintOut(fmt::format("{} models are served from the same tables.\n", outcome.shared));
}

base::Result<int> Run(Context& context, const DiffFlags& flags) {
  const bool tables = flags.a.find('.') != std::string::npos;
  if (tables && !flags.models.empty()) return Usage("two tables are compared, or models of two environments");
  if (tables && flags.on.empty()) return Usage("say by which columns rows are told apart: --on id");
  std::filesystem::path folder;
  const auto config = ConfigOrFail(context, folder);
  if (!config) return context.exit_code;
  const auto compiled = tables ? std::nullopt : CompileQuietly(context);
  base::Result<Outcome> outcome = Outcome{};
  {
    auto warehouse = OpenGateway(context, *config, "", runtime::Access::kReadOnly);
    if (!warehouse) return warehouse.error();
    outcome = tables ? DiffTables(**warehouse, flags) : DiffEnvironments(**warehouse, flags, compiled);
  }
  if (!outcome) return outcome.error();
  Print(context, *outcome, flags);
  return flags.check && !outcome->same() ? static_cast<int>(base::ErrorKind::kProject) : 0;
}

}  // namespace

void AddDiff(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("diff", "Compare what two environments serve, or two tables, row by row");
  verb->alias("table_diff");
  verb->footer(
      "wapc diff prod dev             every model that the two do not serve from the same table, by its grain\n"
      "wapc diff raw.a raw.b --on id  two tables\n"
      "--format json or csv; --check ends with exit code 1 when there is a difference.");
  const auto flags = std::make_shared<DiffFlags>();
  verb->add_option("A", flags->a, "An environment, or a table (schema.name)")->required();
  verb->add_option("B", flags->b, "Another")->required();
  verb->add_option("MODEL", flags->models, "Only these models (default: all)");
  verb->add_option("--on,-o", flags->on, "The columns that tell rows apart (default: the model's grain)")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--rows", flags->rows, "How many rows of each kind to show (default 5)")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--check", flags->check, "End with exit code 1 when there is a difference");
  verb->callback([&context, flags] {
    const auto done = Run(context, *flags);
    context.exit_code = done ? *done : Fail(done.error());
  });
}

}  // namespace wapc::cli

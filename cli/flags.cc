#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/project/flags.h"
#include "runtime/warehouse.h"

namespace wapc::cli {
namespace {

using compiler::Flag;
using compiler::Model;

// Every model that can be turned off, on or off now, by name.
std::vector<const Model*> Switchable(const compiler::Project& project) {
  std::vector<const Model*> out;
  for (const Model& model : project.models) {
    if (model.kind != compiler::ModelKind::kExternal) out.push_back(&model);
  }
  for (const auto& [name, off] : project.disabled) out.push_back(&off.model);
  std::sort(out.begin(), out.end(), [](const Model* a, const Model* b) { return a->name < b->name; });
  return out;
}

bool IsOff(const std::vector<Flag>& flags, const Model& model) {
  const Flag* const flag = compiler::DecidingFlag(flags, model);
  return flag != nullptr && !flag->enable;
}

runtime::Rows FlagRows(const compiler::Project& project) {
  runtime::Rows rows;
  rows.columns = {"model", "state", "by"};
  rows.types = {"VARCHAR", "VARCHAR", "VARCHAR"};
  for (const Model* const model : Switchable(project)) {
    const Flag* const flag = compiler::DecidingFlag(project.flags, *model);
    const std::string by =
        flag == nullptr ? "" : fmt::format("{}: {}", flag->enable ? "enable" : "disable", flag->selector);
    rows.rows.push_back({model->name, flag == nullptr || flag->enable ? "on" : "off", by});
  }
  return rows;
}

// The project with its models read, and no more: a project that does not compile can be mended by turning models off.
std::optional<Compiled> Load(Context& context) {
  auto compiled = CompileQuietly(context, "load");
  if (compiled && !compiled->project) {
    context.exit_code = Fail({base::ErrorKind::kUsage, "the project cannot be read; `wapc compile` says why"});
    return std::nullopt;
  }
  return compiled;
}

void RunList(Context& context) {
  const auto compiled = Load(context);
  if (!compiled) return;
  const runtime::Rows rows = FlagRows(*compiled->project);
  PrintOut(context.json() ? JsonText(rows) : context.format == "csv" ? CsvText(rows) : TableText(rows));
}

enum class Change : uint8_t { kDisable, kEnable, kDelete };

bool SelectsAny(const std::string& selector, const std::vector<const Model*>& models) {
  return std::any_of(models.begin(), models.end(),
                     [&](const Model* model) { return compiler::FlagSelects(selector, *model); });
}

// A line with the same selector goes first; a new one comes only where the lines that are left do not say it already.
std::vector<Flag> Changed(std::vector<Flag> flags, const std::string& selector, Change change,
                          const std::vector<const Model*>& models) {
  std::erase_if(flags, [&](const Flag& flag) { return flag.selector == selector; });
  if (change == Change::kDelete) return flags;
  const bool off = change == Change::kDisable;
  const bool said = std::all_of(models.begin(), models.end(), [&](const Model* model) {
    return !compiler::FlagSelects(selector, *model) || IsOff(flags, *model) == off;
  });
  if (!said) flags.push_back({!off, selector, {}});
  return flags;
}

std::string Word(Change change) {
  return change == Change::kDisable ? "disabled" : change == Change::kEnable ? "enabled" : "deleted";
}

void Report(const std::vector<Flag>& before, const std::vector<Flag>& after, const std::vector<const Model*>& models) {
  int off = 0;
  int changed = 0;
  for (const Model* const model : models) {
    const bool is_off = IsOff(after, *model);
    off += is_off ? 1 : 0;
    if (IsOff(before, *model) == is_off) continue;
    ++changed;
    PrintErr(fmt::format("{} {}\n", is_off ? "off" : "on ", model->name));
  }
  PrintErr(fmt::format("{} changed; {} of {} models are off\n", changed, off, models.size()));
}

void RunChange(Context& context, const std::vector<std::string>& selectors, Change change) {
  const auto compiled = Load(context);
  if (!compiled) return;
  const std::vector<const Model*> models = Switchable(*compiled->project);
  const std::vector<Flag>& before = compiled->project->flags;
  std::vector<Flag> after = before;
  for (const std::string& selector : selectors) {
    const bool known = std::any_of(before.begin(), before.end(), [&](const Flag& f) { return f.selector == selector; });
    if (change == Change::kDelete ? !known : !SelectsAny(selector, models)) {
      context.exit_code = Fail(
          {base::ErrorKind::kProject,
           fmt::format("'{}' {}, so nothing was {}", selector,
                       change == Change::kDelete ? "stands in no line of flags.yml" : "names no model", Word(change))});
      return;
    }
    after = Changed(std::move(after), selector, change, models);
  }
  const auto path = compiled->folder / compiler::kFlagsFile;
  const auto read = base::ReadFile(path);
  const std::string old = read ? *read : std::string();
  const std::string text = after.empty() && before.empty() ? old : compiler::EditFlags(old, before, after);
  if (text != old) {
    if (const auto written = base::WriteFileAtomic(path, text); !written) {
      context.exit_code = Fail(written.error());
      return;
    }
  }
  Report(before, after, models);
}

void AddChange(CLI::App& verb, Context& context, const std::string& name, const std::string& what, Change change) {
  auto* const sub = verb.add_subcommand(name, what);
  const auto selectors = std::make_shared<std::vector<std::string>>();
  sub->add_option("--select,selectors", *selectors, "Names, globs, tag:NAME or schema:NAME")->required();
  sub->callback([&context, selectors, change] { RunChange(context, *selectors, change); });
}

}  // namespace

void AddFlags(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("flags", "Turn models, tables and whole schemas off and on");
  verb->require_subcommand(1);
  verb->footer(
      "  wapc flags list                                what is off, and by which line\n"
      "  wapc flags disable --select 'asana_*'          models by their name or their raw table's\n"
      "  wapc flags enable --select tag:core schema:shop\n"
      "  wapc flags delete --select 'asana_*'           takes the line out\n"
      "Flags stand in flags.yml; its last line that names a model decides. A model that is off is not in the compiled\n"
      "project: the next plan removes its view, and what reads it is an error.");
  auto* const list = verb->add_subcommand("list", "Every model, whether it is on, and the line that says so");
  list->callback([&context] { RunList(context); });
  AddChange(*verb, context, "enable", "Turn models on again", Change::kEnable);
  AddChange(*verb, context, "disable", "Turn models off", Change::kDisable);
  AddChange(*verb, context, "delete", "Take lines out of flags.yml", Change::kDelete);
}

}  // namespace wapc::cli

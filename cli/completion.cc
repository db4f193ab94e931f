#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/completion_scripts.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// What CLI11 says of a value: "TEXT:{json,text}", or the type's name.
std::vector<std::string> ChoicesOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{');
  const size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

// Told from the argument's name, as the help shows it: MODEL, FILE, PATH, FOLDER, --project.
WordKind KindOf(const CLI::Option& option) {
  if (option.get_expected_max() == 0) return WordKind::kNone;
  if (!ChoicesOf(option).empty()) return WordKind::kChoice;
  const std::string name = option.get_name(false, true);
  const auto has = [&name](std::string_view word) { return name.find(word) != std::string::npos; };
  if (has("MODEL") || has("--model")) return WordKind::kModel;
  if (has("--project") || has("FOLDER")) return WordKind::kFolder;
  if (has("FILE") || has("PATH") || has("PLAN") || has("--out")) return WordKind::kFile;
  return WordKind::kAny;
}

FlagWords Describe(const CLI::Option& option) {
  FlagWords out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.description = FirstLine(option.get_description());
  out.value = KindOf(option);
  out.choices = ChoicesOf(option);
  return out;
}

void Describe(const CLI::App& app, const std::string& path, const std::vector<FlagWords>& everywhere,
              std::vector<VerbWords>& out) {
  VerbWords verb{.path = path, .description = FirstLine(app.get_description())};
  for (const CLI::Option* const option : app.get_options()) {
    // A flag without a group is hidden from the help, too.
    if (option->get_group().empty()) continue;
    if (!option->get_positional()) {
      verb.flags.push_back(Describe(*option));
    } else if (verb.positional == WordKind::kNone) {
      verb.positional = KindOf(*option);
      verb.choices = ChoicesOf(*option);
    }
  }
  std::vector<FlagWords> inherited = path.empty() ? verb.flags : everywhere;
  if (!path.empty()) {
    for (const FlagWords& flag : everywhere) {
      const bool own = std::any_of(verb.flags.begin(), verb.flags.end(),
                                   [&](const FlagWords& other) { return other.names == flag.names; });
      if (!own) verb.flags.push_back(flag);
    }
  }
  const auto inner = app.get_subcommands([](const CLI::App* verb_app) { return !verb_app->get_group().empty(); });
  for (const CLI::App* const child : inner) verb.verbs.push_back(child->get_name());
  out.push_back(std::move(verb));
  for (const CLI::App* const child : inner) {
    Describe(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), inherited, out);
  }
}

// Names without binding anything, and without a word about what is wrong: a completion that prints errors is in the
// way.
void PrintModels(Context& context) {
  const auto compiled = CompileQuietly(context, "load");
  if (!compiled || !compiled->project) return;
  for (const compiler::Model& model : compiled->project->models) PrintOut(model.name + "\n");
}

void PrintScript(const CLI::App& app, const std::string& shell) {
  std::vector<VerbWords> verbs;
  Describe(app, "", {}, verbs);
  if (shell == "bash") PrintOut(BashScript(verbs));
  if (shell == "zsh") PrintOut(ZshScript(verbs));
  if (shell == "fish") PrintOut(FishScript(verbs));
}

}  // namespace

void AddCompletion(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("completion", "Print a script that completes wapc in bash, zsh or fish");
  verb->footer(
      "  bash   echo 'source <(wapc completion bash)' >> ~/.bashrc\n"
      "  zsh    echo 'source <(wapc completion zsh)' >> ~/.zshrc          after compinit\n"
      "  fish   wapc completion fish > ~/.config/fish/completions/wapc.fish");
  const auto shell = std::make_shared<std::string>();
  const auto models = std::make_shared<bool>(false);
  verb->add_option("SHELL", *shell, "The shell")->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->add_flag("--models", *models, "List the project's models, one a line")->group("");
  verb->callback([&app, &context, shell, models] {
    if (*models) return PrintModels(context);
    if (shell->empty()) throw CLI::RequiredError("SHELL");
    PrintScript(app, *shell);
  });
}

}  // namespace wapc::cli

#include "compiler/explain.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"

namespace wapc::cli {
namespace {

nlohmann::ordered_json ToJson(const compiler::Explanation& explanation) {
  return {{"code", explanation.code}, {"summary", explanation.summary}, {"text", explanation.text}};
}

void List(const Context& context) {
  const std::vector<compiler::Explanation> all = compiler::AllExplanations();
  if (context.json()) {
    auto out = nlohmann::ordered_json::array();
    for (const compiler::Explanation& explanation : all) out.push_back(ToJson(explanation));
    PrintOut(out.dump(2) + "\n");
    return;
  }
  size_t width = 0;
  for (const compiler::Explanation& explanation : all) width = std::max(width, explanation.code.size());
  for (const compiler::Explanation& explanation : all) {
    PrintOut(fmt::format("{:<{}}  {}\n", explanation.code, width, explanation.summary));
  }
}

void Run(Context& context, const std::string& code) {
  if (code.empty()) {
    List(context);
    return;
  }
  if (const auto explanation = compiler::ExplainCode(code)) {
    PrintOut(context.json() ? ToJson(*explanation).dump(2) + "\n"
                            : fmt::format("{}: {}", explanation->code, explanation->text));
    return;
  }
  std::vector<std::string> codes;
  for (const compiler::Explanation& explanation : compiler::AllExplanations()) codes.emplace_back(explanation.code);
  const auto nearest = base::ClosestName(code, codes);
  context.exit_code = Fail({base::ErrorKind::kUsage, fmt::format("no message has the code '{}'; {}", code,
                                                                 nearest ? fmt::format("did you mean '{}'?", *nearest)
                                                                         : "`wapc explain` lists them all")});
}

}  // namespace

void AddExplain(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("explain",
                                        "What the code of a message means, with an example that has the fault and one "
                                        "that has not");
  verb->footer("The code stands in brackets: error[unknown-column]. Without CODE, all are listed, a line each.");
  const auto code = std::make_shared<std::string>();
  verb->add_option("CODE", *code, "The code of a message");
  verb->callback([&context, code] { Run(context, *code); });
}

}  // namespace wapc::cli

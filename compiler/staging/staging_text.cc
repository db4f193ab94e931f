#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/project/generated_file.h"
#include "compiler/staging/staging.h"
#include "grammar/format.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

// Lists longer than this are broken into one entry a line.
constexpr size_t kWidest = 100;

class BlockWriter {
 public:
  explicit BlockWriter(const Config& config) { options_.dialect = config.dialect; }

  std::string Write(const Model& model) const {
    std::vector<std::string> entries = {"name " + Path(model.name), "kind " + Kind(model)};
    if (!model.description.empty()) entries.push_back("description " + Text(model.description));
    if (!model.owner.empty()) entries.push_back("owner " + Text(model.owner));
    if (!model.tags.empty()) entries.push_back("tags " + List(Texts(model.tags), 2));
    if (!model.grain.empty()) entries.push_back("grain " + List(Names(model.grain), 2));
    if (!model.audits.empty()) entries.push_back("audits " + Audits(model));
    if (!model.column_descriptions.empty()) entries.push_back("column_descriptions " + Descriptions(model));
    return fmt::format("MODEL (\n  {}\n);\n", fmt::join(entries, ",\n  "));
  }

 private:
  std::string Name(std::string_view name) const { return grammar::QuoteIfNeeded(name, *options_.dialect); }
  std::string Text(std::string_view text) const { return grammar::QuoteString(text, *options_.dialect); }

  // "schema.name" with each part quoted where it has to be.
  std::string Path(std::string_view path) const {
    const size_t dot = path.find('.');
    if (dot == std::string_view::npos) return Name(path);
    return Name(path.substr(0, dot)) + "." + Name(path.substr(dot + 1));
  }

  std::vector<std::string> Names(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const std::string& name : names) out.push_back(Name(name));
    return out;
  }

  std::vector<std::string> Texts(const std::vector<std::string>& texts) const {
    std::vector<std::string> out;
    for (const std::string& text : texts) out.push_back(Text(text));
    return out;
  }

  static std::string List(const std::vector<std::string>& items, size_t indent) {
    std::string line = fmt::format("({})", fmt::join(items, ", "));
    if (line.size() <= kWidest) return line;
    const std::string pad(indent + 2, ' ');
    return fmt::format("(\n{}{}\n{})", pad, fmt::join(items, ",\n" + pad), std::string(indent, ' '));
  }

  std::string Kind(const Model& model) const {
    std::vector<std::string> entries;
    if (!model.unique_key.empty()) entries.push_back("unique_key " + List(Names(model.unique_key), 4));
    if (!model.load_column.empty()) entries.push_back("load_column " + Name(model.load_column));
    if (!model.hold_source.empty()) entries.push_back("source " + Path(model.hold_source));
    if (!model.removed.source.empty()) entries.push_back("source " + Path(model.removed.source));
    if (!model.removed.parent.empty()) {
      entries.push_back("parent " + Path(model.removed.parent));
      entries.push_back("parent_column " + Name(model.removed.parent_column));
      entries.push_back("parent_key " + Name(model.removed.parent_key));
    }
    const std::string kind(ToString(model.kind));
    if (entries.empty()) return kind;
    if (entries.size() == 1) return fmt::format("{} ({})", kind, entries.front());
    return fmt::format("{} (\n    {}\n  )", kind, fmt::join(entries, ",\n    "));
  }

  std::string Audits(const Model& model) const {
    std::vector<std::string> calls;
    for (const AuditCall& call : model.audits) {
      std::vector<std::string> arguments;
      for (const auto& [name, value] : call.arguments) {
        arguments.push_back(fmt::format("{} := {}", name, Argument(*value)));
      }
      if (!call.blocking) arguments.emplace_back("blocking := false");
      calls.push_back(arguments.empty() ? call.name : call.name + List(arguments, 4));
    }
    return fmt::format("(\n    {}\n  )", fmt::join(calls, ",\n    "));
  }

  // A list of one stays a list.
  std::string Argument(const grammar::Expr& value) const {
    const auto* const tuple = grammar::As<grammar::Tuple>(&value);
    if (tuple == nullptr) return grammar::Print(value, options_);
    std::vector<std::string> items;
    for (const grammar::Expr* const item : tuple->items) items.push_back(grammar::Print(*item, options_));
    return fmt::format("({})", fmt::join(items, ", "));
  }

  std::string Descriptions(const Model& model) const {
    std::vector<std::string> items;
    for (const auto& [column, text] : model.column_descriptions) {
      items.push_back(fmt::format("{} = {}", Name(column), Text(text)));
    }
    return fmt::format("(\n    {}\n  )", fmt::join(items, ",\n    "));
  }

  grammar::PrintOptions options_;
};

/// As `wapc format` lays it out. What was printed parses, so the text as it is serves for a fault of the formatter.
std::string LaidOut(const std::string& text, const Config& config) {
  grammar::Parser parser;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  grammar::Formatted out =
      grammar::FormatText(parser, sources, sources.Add("", text), config.format, diagnostics, *config.dialect);
  return out.outcome == grammar::FormatOutcome::kFormatted ? std::move(out.text) : text;
}

}  // namespace

std::string StagingModelText(const Model& model, const Config& config) {
  grammar::PrintOptions options;
  options.dialect = config.dialect;
  const std::string text = BlockWriter(config).Write(model) + grammar::Print(*model.query, options) + ";\n";
  return WithGeneratedHeader(model.name, LaidOut(text, config));
}

}  // namespace wapc::compiler

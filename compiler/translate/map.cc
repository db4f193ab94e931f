#include "compiler/translate/map.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.h"
#include "compiler/translate/context.h"
#include "grammar/fold.h"
#include "grammar/parser.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler::translate {
namespace {

using grammar::As;

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool TakeWord(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || text.size() <= word.size() || text[word.size()] != ' ') return false;
  text = Trim(text.substr(word.size()));
  return true;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    if (const std::string_view part = Trim(text.substr(0, at)); !part.empty()) parts.push_back(part);
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

MapParameter ParseParameter(std::string_view text) {
  const size_t colon = text.find(':');
  MapParameter parameter{std::string(text.substr(0, colon)), {}, false};
  if (colon == std::string_view::npos) return parameter;
  std::string_view guard = text.substr(colon + 1);
  parameter.soft = guard.ends_with('?');
  if (parameter.soft) guard.remove_suffix(1);
  parameter.guard = guard;
  return parameter;
}

std::string_view TextOf(const grammar::Dialect& dialect) {
  const std::string path = fmt::format("compiler/translate/maps/{}.map", dialect.name);
  for (const auto& file : embedded::wapc_compiler::Files()) {
    if (file.path == path) return file.text;
  }
  return {};
}

// `name(x, y)` without a form: the function has that name here too.
std::string SameForm(const MapRule& rule) {
  std::string out = rule.op + "(";
  for (size_t i = 0; i < rule.parameters.size(); ++i) out += (i > 0 ? ", $" : "$") + rule.parameters[i].name;
  return out + ")";
}

std::string_view KindName(grammar::ExprKind kind) {
  switch (kind) {
    case grammar::ExprKind::kIndex: return "index";
    case grammar::ExprKind::kSlice: return "slice";
    case grammar::ExprKind::kAtTimeZone: return "zone";
    case grammar::ExprKind::kQuantified: return "quantified";
    case grammar::ExprKind::kArray: return "array";
    case grammar::ExprKind::kMap: return "map";
    default: return "";
  }
}

}  // namespace

std::string ShapeOf(const grammar::Expr& expr) {
  if (const auto* const call = As<grammar::FunctionCall>(&expr)) {
    return "f:" + grammar::LowerCase(call->name.back().text);
  }
  if (const auto* const binary = As<grammar::Binary>(&expr)) {
    return fmt::format("binary:{}", static_cast<int>(binary->op));
  }
  if (const auto* const extract = As<grammar::Extract>(&expr)) return "extract:" + std::string(extract->field);
  return std::string(KindName(expr.kind));
}

const DialectMap& DialectMap::Of(const grammar::Dialect& dialect) {
  static const std::map<std::string_view, std::unique_ptr<const DialectMap>> kMaps = [] {
    std::map<std::string_view, std::unique_ptr<const DialectMap>> maps;
    for (const grammar::Dialect* const each : grammar::AllDialects()) {
      maps.emplace(each->name, std::make_unique<const DialectMap>(*each));
    }
    return maps;
  }();
  return *kMaps.at(dialect.name);
}

DialectMap::DialectMap(const grammar::Dialect& dialect) { Read(TextOf(dialect), dialect); }

void DialectMap::Read(std::string_view text, const grammar::Dialect& dialect) {
  grammar::Parser parser;
  base::SourceMap sources;
  base::Diagnostics faults;
  for (const std::string_view whole : Split(text, '\n')) {
    if (whole.starts_with('#')) continue;
    std::string_view line = whole;
    if (TakeWord(line, "can")) {
      abilities_.emplace(line);
      continue;
    }
    MapRule kind;
    kind.aggregate = TakeWord(line, "agg");
    kind.table = TakeWord(line, "table");
    kind.write = !TakeWord(line, "read");
    kind.read = !kind.write || !TakeWord(line, "write");
    const size_t form_at = std::min(line.find(" = "), line.find(" ! "));
    if (form_at != std::string_view::npos && line[form_at + 1] == '!') {
      kind.help = Trim(line.substr(form_at + 3));
      kind.read = false;
    }
    const bool named = form_at == std::string_view::npos || !kind.help.empty();
    for (const std::string_view head : Split(line.substr(0, form_at), ';')) {
      MapRule rule = kind;
      const size_t open = head.find('(');
      rule.op = Trim(head.substr(0, open));
      for (const std::string_view parameter : Split(head.substr(open + 1, head.rfind(')') - open - 1), ',')) {
        rule.parameters.push_back(ParseParameter(parameter));
      }
      for (const MapParameter& parameter : rule.parameters) {
        if (!IsGuard(parameter.guard)) broken_.emplace_back(whole);
      }
      const std::string form = named ? SameForm(rule) : std::string(Trim(line.substr(form_at + 3)));
      if (rule.help.empty()) {
        rule.form = parser.ParseExpression(arena_.Copy(form), {}, sources, arena_, faults, dialect);
        if (rule.form == nullptr) {
          broken_.emplace_back(whole);
          continue;
        }
      }
      Add(std::move(rule));
    }
  }
}

void DialectMap::Add(MapRule added) {
  const MapRule* const rule = rules_.emplace_back(std::make_unique<MapRule>(std::move(added))).get();
  if (rule->write) writers_[rule->op].push_back(rule);
  if (rule->form == nullptr) return;
  if (rule->read) readers_[ShapeOf(*rule->form)].push_back(rule);
  const auto* const call = As<grammar::FunctionCall>(rule->form);
  if (!rule->aggregate || call == nullptr) return;
  const bool around = std::any_of(
      call->arguments.begin(), call->arguments.end(),
      [](const grammar::Argument& argument) { return As<grammar::FunctionCall>(argument.value) != nullptr; });
  // What stands around an aggregate is none itself: coalesce(array_agg(x), ...).
  if (!around) aggregates_.insert(grammar::LowerCase(call->name.back().text));
}

const std::vector<const MapRule*>& DialectMap::Readers(const grammar::Expr& expr) const {
  static const std::vector<const MapRule*> kNone;
  const auto found = readers_.find(ShapeOf(expr));
  return found == readers_.end() ? kNone : found->second;
}

const std::vector<const MapRule*>& DialectMap::Writers(std::string_view op) const {
  static const std::vector<const MapRule*> kNone;
  const auto found = writers_.find(op);
  return found == writers_.end() ? kNone : found->second;
}

std::vector<std::string> DialectMap::FunctionNames() const {
  std::vector<std::string> names;
  for (const auto& [shape, rules] : readers_) {
    if (shape.starts_with("f:")) names.push_back(shape.substr(2));
  }
  return names;
}

}  // namespace wapc::compiler::translate

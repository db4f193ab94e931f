#include "tests/translate/cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compiler/translate/translate.h"
#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::translate_cases {
namespace {

namespace fs = std::filesystem;

bool IsNumber(const std::string& text, double* value) {
  if (text.empty()) return false;
  char* end = nullptr;
  *value = std::strtod(text.c_str(), &end);
  return *end == '\0';
}

// Arrays and booleans are written differently by the two.
std::string Plain(std::string text) {
  if (text == "t") return "true";
  if (text == "f") return "false";
  if (!text.empty() && (text[0] == '[' || text[0] == '{')) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '"' || c == '\''; });
    text.front() = '[';
    text.back() = ']';
  }
  // A timestamp that is a date.
  if (text.size() > 10 && text.ends_with(" 00:00:00")) text.resize(text.size() - 9);
  return text;
}

bool SameValue(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  double x = 0;
  double y = 0;
  if (IsNumber(*a, &x) && IsNumber(*b, &y)) {
    return (std::isnan(x) && std::isnan(y)) || x == y || std::abs(x - y) <= 1e-9 * std::max(std::abs(x), std::abs(y));
  }
  return Plain(*a) == Plain(*b);
}

std::string RowText(const Row& row) {
  std::string out;
  for (const auto& value : row) out += (out.empty() ? "" : " | ") + value.value_or("NULL");
  return out;
}

bool IsComment(const std::string& line) { return line.empty() || line[0] == '#' || line.starts_with("--"); }

void AddCase(std::string sql, std::string_view dialect, std::vector<Case>& cases) {
  const bool refused = sql.starts_with("! ");
  if (refused) sql.erase(0, 2);
  cases.push_back({std::string(dialect), std::move(sql), refused});
}

void ReadFile(const fs::path& path, std::string_view dialect, std::vector<Case>& cases) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) {
    if (IsComment(line)) continue;
    if (path.extension() == ".txt") {
      const bool refused = line.starts_with("! ");
      AddCase(fmt::format("{}SELECT id, {} AS x FROM shop.v ORDER BY id", refused ? "! " : "",
                          line.substr(refused ? 2 : 0)),
              dialect, cases);
      continue;
    }
    text += (text.empty() ? "" : " ") + line;
    if (!text.ends_with(';')) continue;
    text.pop_back();
    AddCase(std::move(text), dialect, cases);
    text.clear();
  }
}

}  // namespace

std::string Difference(const Answer& a, const Answer& b) {
  if (!a.error.empty()) return "the source fails: " + a.error;
  if (!b.error.empty()) return "the target fails: " + b.error;
  if (a.rows.size() != b.rows.size()) return fmt::format("{} rows and {} rows", a.rows.size(), b.rows.size());
  for (size_t r = 0; r < a.rows.size(); ++r) {
    for (size_t c = 0; c < a.rows[r].size(); ++c) {
      if (c >= b.rows[r].size() || !SameValue(a.rows[r][c], b.rows[r][c])) {
        return fmt::format("row {}: {}  <>  {}", r + 1, RowText(a.rows[r]), RowText(b.rows[r]));
      }
    }
  }
  return {};
}

std::vector<Case> ReadCases(const std::string& folder, std::string_view dialect) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& path = entry.path();
    const bool text = path.extension() == ".txt" || path.extension() == ".sql";
    if (text && path.stem().extension() == fmt::format(".{}", dialect)) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const fs::path& path : paths) ReadFile(path, dialect, cases);
  return cases;
}

Printed Print(const Case& each, std::string_view to, const compiler::Project& tables) {
  Printed out;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const base::SourceId source = sources.Add("case", each.sql);
  grammar::Arena arena;
  grammar::Parser parser;
  compiler::translate::Options options;
  options.from = grammar::FindDialect(each.from);
  options.to = grammar::FindDialect(to);
  options.tables = &tables;
  const base::Span whole{source, 0, static_cast<uint32_t>(each.sql.size())};
  grammar::Query* const query =
      parser.ParseQuery(sources.Text(source), whole, sources, arena, diagnostics, *options.from);
  if (query == nullptr || diagnostics.has_errors()) {
    out.fault = base::RenderText(diagnostics, sources, false);
    return out;
  }
  grammar::PrintOptions print;
  print.dialect = options.from;
  out.own = grammar::Print(*query, print);
  compiler::translate::Translate(*query, options, arena, diagnostics);
  if (diagnostics.has_errors()) {
    out.refused = true;
    out.fault = base::RenderText(diagnostics, sources, false);
    return out;
  }
  print.dialect = options.to;
  out.other = grammar::Print(*query, print);
  return out;
}

}  // namespace wapc::translate_cases

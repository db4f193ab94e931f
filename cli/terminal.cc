#include "cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

namespace wapc::cli {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// Line breaks would tear a table apart.
std::string OneLine(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c != '\r') {
      out += c;
    }
  }
  return out;
}

bool IsNumeric(std::string_view type) {
  for (const std::string_view prefix :
       {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "DECIMAL", "FLOAT", "DOUBLE"}) {
    if (type.starts_with(prefix) && type != "UUID") return true;
  }
  return false;
}

void AppendPadded(std::string& out, const std::string& text, size_t width, bool right) {
  const std::string pad(width - Width(text), ' ');
  out += right ? pad + text : text + pad;
}

void AppendCsv(std::string& out, const std::string& field) {
  const bool plain = !field.empty() && field.find_first_of(",\"\n\r") == std::string::npos;
  if (plain) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  out += '"';
}

// A line of a table or CSV ends without blanks.
void EndLine(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

void PrintOut(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void PrintErr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

bool IsTerminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool ColorOn(int descriptor) {
  const char* const term = std::getenv("TERM");
  return IsTerminal(descriptor) && std::getenv("NO_COLOR") == nullptr && term != nullptr &&
         std::string_view(term) != "dumb";
}

std::string TableText(const runtime::Rows& rows) {
  std::vector<std::vector<std::string>> cells = {rows.columns};
  for (const auto& row : rows.rows) {
    std::vector<std::string>& line = cells.emplace_back();
    for (const auto& value : row) line.push_back(value ? OneLine(*value) : "NULL");
  }
  std::vector<size_t> widths(rows.columns.size(), 0);
  for (const auto& line : cells) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Width(line[i]));
  }
  std::string out;
  for (size_t r = 0; r < cells.size(); ++r) {
    for (size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) out += "  ";
      AppendPadded(out, cells[r][i], widths[i], i < rows.types.size() && IsNumeric(rows.types[i]));
    }
    EndLine(out);
    if (r > 0) continue;
    for (size_t i = 0; i < widths.size(); ++i) out += (i > 0 ? "  " : "") + std::string(widths[i], '-');
    out += '\n';
  }
  return out;
}

std::string CsvText(const runtime::Rows& rows) {
  std::string out;
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    if (i > 0) out += ',';
    AppendCsv(out, rows.columns[i]);
  }
  out += '\n';
  for (const auto& row : rows.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (row[i]) AppendCsv(out, *row[i]);
    }
    out += '\n';
  }
  return out;
}

std::string JsonText(const runtime::Rows& rows) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& row : rows.rows) {
    nlohmann::ordered_json line = nlohmann::ordered_json::object();
    for (size_t i = 0; i < row.size(); ++i) {
      line[rows.columns[i]] = row[i] ? nlohmann::ordered_json(*row[i]) : nlohmann::ordered_json(nullptr);
    }
    out.push_back(std::move(line));
  }
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wapc::cli

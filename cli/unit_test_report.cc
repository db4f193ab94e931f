#include "cli/unit_test_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace wapc::cli {
namespace {

using nlohmann::ordered_json;

constexpr size_t kShownRows = 20;

std::string Counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string Cell(const std::optional<std::string>& value) {
  if (!value) return "NULL";
  std::string out;
  for (const char c : *value) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
    }
  }
  return out.empty() ? "''" : out;
}

// Code points, so that columns line up for most scripts.
size_t Width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class DifferenceTable {
 public:
  explicit DifferenceTable(const RowsDifference& difference) {
    Add(" ", std::vector<std::optional<std::string>>(difference.columns.begin(), difference.columns.end()));
    for (const auto& [expected, actual] : difference.changed) {
      Add("-", expected);
      Add("+", actual);
    }
    for (const TestRow& row : difference.missing) Add("-", row);
    for (const TestRow& row : difference.unexpected) Add("+", row);
  }

  std::string Text() const {
    std::string out;
    size_t shown = 0;
    for (const auto& [mark, cells] : lines_) {
      if (shown++ > 2 * kShownRows) {
        out += fmt::format("      ... and {} more lines\n", lines_.size() - shown + 1);
        break;
      }
      std::string line = "    " + mark;
      for (size_t i = 0; i < cells.size(); ++i) {
        line += "  " + cells[i];
        if (i + 1 < cells.size()) line.append(widths_[i] - Width(cells[i]), ' ');
      }
      out += line + "\n";
    }
    return out;
  }

 private:
  void Add(std::string mark, const TestRow& row) {
    std::vector<std::string> cells;
    for (const auto& value : row) cells.push_back(Cell(value));
    widths_.resize(std::max(widths_.size(), cells.size()), 0);
    for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], Width(cells[i]));
    lines_.emplace_back(std::move(mark), std::move(cells));
  }

  std::vector<std::pair<std::string, std::vector<std::string>>> lines_;
  std::vector<size_t> widths_;
};

std::string WhatDiffers(const RowsDifference& difference) {
  if (difference.reordered) return "the rows are right, and in another order than expected";
  std::string out;
  const auto add = [&out](size_t count, std::string_view what) {
    if (count == 0) return;
    out += (out.empty() ? "" : ", ") + Counted(count, "row") + " " + std::string(what);
  };
  add(difference.changed.size(), "with other values");
  add(difference.missing.size(), "missing");
  add(difference.unexpected.size(), "not expected");
  return out;
}

std::string FailureText(const TestResult& result) {
  std::string out;
  for (const OutputResult& output : result.outputs) {
    out += fmt::format("  {}: {}\n", output.name, WhatDiffers(output.difference));
    if (output.difference.reordered) continue;
    out += "    (- expected, + actual)\n" + DifferenceTable(output.difference).Text();
  }
  return out;
}

ordered_json RowJson(const std::vector<std::string>& columns, const TestRow& row) {
  ordered_json out = ordered_json::object();
  for (size_t i = 0; i < columns.size(); ++i) out[columns[i]] = row[i] ? ordered_json(*row[i]) : ordered_json(nullptr);
  return out;
}

ordered_json DifferenceJson(const OutputResult& output) {
  const RowsDifference& difference = output.difference;
  ordered_json out{{"output", output.name}, {"reordered", difference.reordered}};
  out["changed"] = ordered_json::array();
  for (const auto& [expected, actual] : difference.changed) {
    out["changed"].push_back(
        {{"expected", RowJson(difference.columns, expected)}, {"actual", RowJson(difference.columns, actual)}});
  }
  out["missing"] = ordered_json::array();
  for (const TestRow& row : difference.missing) out["missing"].push_back(RowJson(difference.columns, row));
  out["unexpected"] = ordered_json::array();
  for (const TestRow& row : difference.unexpected) out["unexpected"].push_back(RowJson(difference.columns, row));
  return out;
}

std::string_view StatusWord(TestStatus status) {
  switch (status) {
    case TestStatus::kPassed: return "passed";
    case TestStatus::kFailed: return "failed";
    case TestStatus::kError: return "error";
  }
  return "";
}

std::string JunitCase(const TestResult& result, const base::SourceMap& sources) {
  const std::string head = fmt::format(R"(    <testcase name="{}" classname="{}" file="{}" line="{}" time="{:.3f}")",
                                       XmlText(result.name), XmlText(result.model), XmlText(result.file),
                                       sources.Locate(result.span.source, result.span.begin).line, result.seconds);
  if (result.status == TestStatus::kPassed) return head + "/>\n";
  const bool failed = result.status == TestStatus::kFailed;
  const std::string_view tag = failed ? "failure" : "error";
  const std::string message =
      failed ? WhatDiffers(result.outputs.front().difference) : result.diagnostics.all().front().message;
  const std::string text = failed ? FailureText(result) : base::RenderText(result.diagnostics, sources, false);
  return fmt::format("{}>\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", head, tag, XmlText(message),
                     XmlText(text), tag);
}

}  // namespace

std::string TestFailuresText(const TestReport& report, const base::SourceMap& sources) {
  std::string out = base::RenderText(report.diagnostics, sources, false);
  for (const TestResult& result : report.results) {
    if (result.status == TestStatus::kFailed) {
      out += fmt::format("{}: {} of {} failed\n", sources.Place(result.span), result.name, result.model);
      if (!result.description.empty()) out += fmt::format("  {}\n", result.description);
      out += FailureText(result);
    }
    out += base::RenderText(result.diagnostics, sources, false);
  }
  return out;
}

std::string TestSummary(const TestReport& report) {
  const size_t failed = report.Count(TestStatus::kFailed);
  const size_t errors = report.Count(TestStatus::kError);
  std::string out = Counted(report.Count(TestStatus::kPassed), "test") + " passed";
  if (failed > 0) out += fmt::format(", {} failed", failed);
  if (errors > 0) out += fmt::format(", {} could not run", errors);
  if (report.skipped > 0) out += fmt::format(", {} not selected", report.skipped);
  return out + ".\n";
}

std::string TestJson(const TestReport& report, const base::SourceMap& sources) {
  ordered_json out;
  out["passed"] = report.Count(TestStatus::kPassed);
  out["failed"] = report.Count(TestStatus::kFailed);
  out["errors"] = report.Count(TestStatus::kError);
  out["not_selected"] = report.skipped;
  out["diagnostics"] = ordered_json::parse(base::RenderJson(report.diagnostics, sources));
  out["tests"] = ordered_json::array();
  for (const TestResult& result : report.results) {
    const base::LineColumn place = sources.Locate(result.span.source, result.span.begin);
    ordered_json entry{{"name", result.name},
                       {"file", result.file},
                       {"line", place.line},
                       {"column", place.column},
                       {"model", result.model},
                       {"description", result.description},
                       {"status", StatusWord(result.status)}};
    entry["differences"] = ordered_json::array();
    for (const OutputResult& output : result.outputs) entry["differences"].push_back(DifferenceJson(output));
    entry["diagnostics"] = ordered_json::parse(base::RenderJson(result.diagnostics, sources));
    out["tests"].push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string TestJunit(const TestReport& report, const base::SourceMap& sources) {
  std::map<std::string, std::vector<const TestResult*>> suites;
  for (const TestResult& result : report.results) suites[result.file].push_back(&result);
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
      report.results.size(), report.Count(TestStatus::kFailed), report.Count(TestStatus::kError));
  for (const auto& [file, results] : suites) {
    const auto count = [&results](TestStatus status) {
      return std::count_if(results.begin(), results.end(),
                           [status](const TestResult* result) { return result->status == status; });
    };
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n", XmlText(file),
                       results.size(), count(TestStatus::kFailed), count(TestStatus::kError));
    for (const TestResult* const result : results) out += JunitCase(*result, sources);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string XmlText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "\n"; break;
      case '\t': out += "\t"; break;
      default: out += static_cast<unsigned char>(c) < 0x20U ? std::string("\xEF\xBF\xBD") : std::string(1, c);
    }
  }
  return out;
}

}  // namespace wapc::cli

#include "tests/golden/case.h"

#include <regex>

namespace wapc::golden {
namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

bool IsFileHeader(std::string_view line) { return line.starts_with("==> ") && line.ends_with(" <=="); }

bool IsOutput(std::string_view line) {
  return line.starts_with("|") || line.starts_with("!") || line.starts_with("exit ");
}

std::string PrefixLines(std::string_view text, char prefix) {
  std::string out;
  for (const std::string_view line : Lines(text)) {
    out += prefix;
    if (!line.empty()) out.append(" ").append(line);
    out += '\n';
  }
  if (!text.empty() && text.back() != '\n') out += std::string(1, prefix) + "\\ no newline at the end\n";
  return out;
}

// Takes the lines of a file section from `next` on; the blank lines before the next step are not the file's.
File TakeFile(const std::vector<std::string_view>& lines, size_t& next) {
  const std::string_view header = lines[next++];
  File file{std::string(header.substr(4, header.size() - 8)), ""};
  size_t end = next;
  while (end < lines.size() && !IsFileHeader(lines[end]) && !lines[end].starts_with("$ ")) ++end;
  size_t last = end;
  while (last > next && lines[last - 1].empty()) --last;
  for (; next < last; ++next) file.text.append(lines[next]).append("\n");
  next = end;
  return file;
}

Command TakeCommand(const std::vector<std::string_view>& lines, size_t& next) {
  Command command{std::string(lines[next++].substr(2)), ""};
  while (next < lines.size() && IsOutput(lines[next])) command.expected.append(lines[next++]).append("\n");
  return command;
}

}  // namespace

std::vector<Step> ParseCase(std::string_view text) {
  const std::vector<std::string_view> lines = Lines(text);
  std::vector<Step> steps;
  for (size_t next = 0; next < lines.size();) {
    if (IsFileHeader(lines[next])) {
      steps.emplace_back(TakeFile(lines, next));
    } else if (lines[next].starts_with("$ ")) {
      steps.emplace_back(TakeCommand(lines, next));
    } else {
      steps.emplace_back(Comment{std::string(lines[next++])});
    }
  }
  return steps;
}

std::string PrintCase(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& step : steps) {
    if (const auto* comment = std::get_if<Comment>(&step)) out += comment->line + "\n";
    if (const auto* file = std::get_if<File>(&step)) out += "==> " + file->path + " <==\n" + file->text + "\n";
    if (const auto* command = std::get_if<Command>(&step)) out += "$ " + command->line + "\n" + command->expected;
  }
  return out;
}

std::string RenderOutput(const Output& output) {
  std::string block = PrefixLines(output.out, '|') + PrefixLines(output.err, '!');
  if (output.exit_code != 0) block += "exit " + std::to_string(output.exit_code) + "\n";
  return block;
}

std::string Mask(std::string text, std::string_view folder) {
  for (size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.replace(at, folder.size(), "<dir>");
  }
  static const std::regex kDuration(R"(\b\d+(\.\d+)? ?ms\b|\b\d+\.\d+ ?s\b)");
  static const std::regex kPid(R"(\b(PID|pid|process) \d+)");
  text = std::regex_replace(text, kDuration, "<time>");
  return std::regex_replace(text, kPid, "$1 <pid>");
}

}  // namespace wapc::golden

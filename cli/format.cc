#include "grammar/format.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <iostream>
#include <iterator>
#include <memory>
#include <thread>

#include "base/diff.h"
#include "base/files.h"
#include "base/parallel.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "compiler/project/config.h"
#include "compiler/project/generated_file.h"

namespace wapc::cli {
namespace {

namespace fs = std::filesystem;

struct FormatFlags {
  std::vector<std::string> paths;
  std::string dialect;
  bool check = false;
  bool diff = false;
};

enum class Fate : uint8_t {
  kSame,
  kChanged,
  kBroken,     ///< does not parse
  kJinja,      ///< text of another language
  kRefused,    ///< a fault of the formatter
  kUnreadable  ///< could not be read or written
};

struct SqlFile {
  fs::path path;
  std::string shown;  ///< the path as people see it
  Fate fate = Fate::kSame;
  std::string before, after;
  std::string reason;  ///< of kUnreadable
  base::Diagnostics diagnostics;
};

// What formatting depends on beside the text.
struct FormatSettings {
  const grammar::Dialect* dialect = &grammar::DuckDbDialect();
  grammar::FormatOptions options;
};

// Models of another language: SQLMesh's Jinja blocks and what they hold. Asked only of texts that do not parse.
bool HoldsJinja(std::string_view text) {
  constexpr std::array<std::string_view, 5> kMarks = {"{{", "{%", "{#", "JINJA_QUERY_BEGIN", "JINJA_STATEMENT_BEGIN"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

void FormatOne(SqlFile& file, grammar::Parser& parser, const FormatSettings& settings, base::SourceMap& sources) {
  // What `generate` wrote is laid out already, and its header holds a digest of the text.
  const auto header = compiler::ReadGeneratedHeader(file.before);
  if (header && header->intact) return;
  const base::SourceId source = sources.Add(file.shown, file.before);
  base::Diagnostics found;
  grammar::Formatted formatted =
      grammar::FormatText(parser, sources, source, settings.options, found, *settings.dialect);
  switch (formatted.outcome) {
    case grammar::FormatOutcome::kFormatted:
      file.fate = formatted.text == file.before ? Fate::kSame : Fate::kChanged;
      file.after = std::move(formatted.text);
      return;
    case grammar::FormatOutcome::kRefused: file.fate = Fate::kRefused; return;
    case grammar::FormatOutcome::kBroken:
      file.fate = HoldsJinja(file.before) ? Fate::kJinja : Fate::kBroken;
      if (file.fate == Fate::kBroken) file.diagnostics = std::move(found);
      return;
  }
}

void FormatFile(SqlFile& file, grammar::Parser& parser, const FormatSettings& settings, bool write,
                base::SourceMap& sources) {
  const auto fail = [&file](const base::Error& error) {
    file.fate = Fate::kUnreadable;
    file.reason = error.message;
  };
  auto text = base::ReadFile(file.path);
  if (!text) return fail(text.error());
  file.before = std::move(*text);
  FormatOne(file, parser, settings, sources);
  if (!write || file.fate != Fate::kChanged) return;
  if (const auto written = base::WriteFileAtomic(file.path, file.after); !written) fail(written.error());
}

void FormatAll(std::vector<SqlFile>& files, const FormatSettings& settings, bool write, base::SourceMap& sources) {
  std::atomic<size_t> next = 0;
  const size_t workers = std::min<size_t>(std::max(1U, std::thread::hardware_concurrency()), (files.size() + 3) / 4);
  base::ParallelFor(workers, static_cast<unsigned>(workers), [&](size_t) {
    grammar::Parser parser;
    for (size_t i = next++; i < files.size(); i = next++) FormatFile(files[i], parser, settings, write, sources);
  });
}

void AddFolder(const fs::path& folder, const fs::path& shown, std::vector<SqlFile>& out) {
  for (const fs::path& path : base::ListFiles(folder, ".sql")) {
    out.push_back({.path = folder / path, .shown = (shown / path).generic_string()});
  }
}

// The files that the command names: those of the project when it names none.
base::Result<std::vector<SqlFile>> FindFiles(const FormatFlags& flags, const fs::path& project) {
  std::vector<SqlFile> out;
  if (flags.paths.empty()) {
    for (const char* const folder : {"models", "audits", "macros"}) AddFolder(project / folder, folder, out);
    return out;
  }
  for (const std::string& path : flags.paths) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      AddFolder(path, path, out);
    } else if (fs::exists(path, ignored)) {
      out.push_back({.path = path, .shown = path});
    } else {
      return base::Error{base::ErrorKind::kUsage, fmt::format("there is no file or folder {}", path)};
    }
  }
  return out;
}

// The project's dialect and layout; --dialect wins. Outside a project files are formatted with what is built in.
bool ReadSettings(Context& context, const FormatFlags& flags, fs::path& project, FormatSettings& settings) {
  const bool optional = !flags.paths.empty() && context.project_flag.empty();
  if (!optional || ProjectFolder(context)) {
    const auto config = ConfigOrFail(context, project);
    if (!config) return false;
    settings.dialect = config->dialect;
    settings.options = config->format;
  }
  if (!flags.dialect.empty()) settings.dialect = grammar::FindDialect(flags.dialect);
  return true;
}

std::string Count(size_t count, std::string_view what) {
  return fmt::format("{} file{} {}", count, count == 1 ? "" : "s", what);
}

// One line a file, then the sum.
void Report(Context& context, const FormatFlags& flags, const std::vector<SqlFile>& files) {
  size_t same = 0, changed = 0, broken = 0, left = 0;
  for (const SqlFile& file : files) {
    switch (file.fate) {
      case Fate::kSame: ++same; break;
      case Fate::kChanged:
        ++changed;
        if (flags.diff) {
          PrintOut(base::UnifiedDiff(file.shown, file.before, file.after));
        } else if (!context.json()) {
          PrintOut(file.shown + "\n");
        }
        break;
      case Fate::kBroken: ++broken; break;
      case Fate::kJinja:
        ++left;
        PrintErr(fmt::format("{}: holds Jinja, which only SQLMesh or dbt can read, so it is left alone\n", file.shown));
        break;
      case Fate::kRefused:
        ++broken;
        PrintErr(
            fmt::format("{}: internal error: formatted, it would not mean the same, so it is left alone; please "
                        "report this with the file\n",
                        file.shown));
        break;
      case Fate::kUnreadable:
        ++broken;
        PrintErr(fmt::format("wapc: {}\n", file.reason));
        break;
    }
  }
  const bool written = !flags.check && !flags.diff;
  std::string sum =
      Count(changed, written ? "formatted" : "would change") + fmt::format(", {} left as they were", same);
  if (left > 0) sum += fmt::format(", {} left alone", left);
  if (broken > 0) sum += fmt::format(", {} with errors", broken);
  PrintErr(sum + "\n");
  if (broken > 0 || (flags.check && changed > 0)) context.exit_code = static_cast<int>(base::ErrorKind::kProject);
  if (flags.check && changed > 0) PrintErr("run `wapc format` to mend this\n");
}

// Text on stdin, formatted to stdout; as it was when it can't be.
void RunOnInput(Context& context, const FormatFlags& flags, const FormatSettings& settings) {
  SqlFile input{.shown = "<stdin>"};
  input.before.assign(std::istreambuf_iterator<char>(std::cin), {});
  base::SourceMap sources;
  grammar::Parser parser;
  FormatOne(input, parser, settings, sources);
  if (!input.diagnostics.empty()) PrintDiagnostics(context, input.diagnostics, sources);
  if (input.fate == Fate::kJinja) PrintErr("<stdin>: holds Jinja, which only SQLMesh or dbt can read\n");
  if (input.fate == Fate::kRefused) {
    PrintErr("<stdin>: internal error: formatted, it would not mean the same; please report this with the text\n");
  }
  const bool good = input.fate == Fate::kSame || input.fate == Fate::kChanged;
  const bool changed = input.fate == Fate::kChanged;
  if (flags.diff) {
    if (changed) PrintOut(base::UnifiedDiff("<stdin>", input.before, input.after));
  } else if (!flags.check) {
    PrintOut(changed ? input.after : input.before);
  }
  if (!good || (flags.check && changed)) context.exit_code = static_cast<int>(base::ErrorKind::kProject);
}

void Run(Context& context, const FormatFlags& flags) {
  const bool input = std::find(flags.paths.begin(), flags.paths.end(), "-") != flags.paths.end();
  if (input && flags.paths.size() > 1) {
    context.exit_code = Fail({base::ErrorKind::kUsage, "'-' (stdin) can't be formatted together with files"});
    return;
  }
  fs::path project;
  FormatSettings settings;
  if (!ReadSettings(context, flags, project, settings)) return;
  if (input) return RunOnInput(context, flags, settings);
  auto files = FindFiles(flags, project);
  if (!files) {
    context.exit_code = Fail(files.error());
    return;
  }
  base::SourceMap sources;
  FormatAll(*files, settings, !flags.check && !flags.diff, sources);
  base::Diagnostics diagnostics;
  for (SqlFile& file : *files) diagnostics.Append(std::move(file.diagnostics));
  if (!diagnostics.empty() || IsMachineFormat(context)) PrintDiagnostics(context, diagnostics, sources);
  Report(context, flags, *files);
}

}  // namespace

void AddFormat(CLI::App& app, Context& context) {
  auto* const verb = app.add_subcommand("format", "Lay out SQL and MODEL, AUDIT and MACRO blocks, comments kept");
  verb->footer(
      "Only blanks, line ends and the letter case of keywords change; every comment stays where it stood, and\n"
      "formatting twice changes nothing. Files that do not parse, or hold Jinja, are left alone.\n"
      "`format: {indent: 2, max_text_width: 100}` in wapc.yaml sets the layout.");
  const auto flags = std::make_shared<FormatFlags>();
  verb->add_option("PATH", flags->paths, "Files and folders, or - for stdin to stdout (default: the whole project)");
  verb->add_flag("--check", flags->check, "Write nothing; list the files that would change, and end with 1 for any");
  verb->add_flag("--diff", flags->diff, "Write nothing; print what would change as a unified diff");
  verb->add_option("--dialect", flags->dialect, "The dialect of the text (default: the project's, else duckdb)")
      ->check(CLI::IsMember(grammar::DialectNames()));
  verb->callback([&context, flags] { Run(context, *flags); });
}

}  // namespace wapc::cli

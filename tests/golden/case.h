#ifndef WAPC_TESTS_GOLDEN_CASE_H_
#define WAPC_TESTS_GOLDEN_CASE_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Golden cases: one text file holds a project, commands run on it, and everything they print.
///
///     # What the case shows.
///     ==> models/a.sql <==
///     MODEL (name a.b);
///     SELECT 1 AS x
///     $ wapc compile
///     ! models/a.sql:2:8: error[...]: ...
///     exit 1
///
/// Output follows its command: `|` lines are stdout, `!` lines stderr; `exit N` stands when N is not 0. A file section
/// ends at the next `==>` or `$ ` line, and may come after a command too: files change between commands. Commands run
/// in a shell, in the project's folder; `wapc` and `sql` (tests/tools/sql.cc) are found first, $EXAMPLES is the
/// examples/ folder.
namespace wapc::golden {

/// Text that is kept as it is: the header and comments between commands.
struct Comment {
  std::string line;
};

struct File {
  std::string path;
  std::string text;
};

struct Command {
  std::string line;
  std::string expected;  ///< the output block, as RenderOutput writes it
};

using Step = std::variant<Comment, File, Command>;

struct Output {
  std::string out;
  std::string err;
  int exit_code = 0;
};

std::vector<Step> ParseCase(std::string_view text);

/// The case's text again; ParseCase of it gives the same steps.
std::string PrintCase(const std::vector<Step>& steps);

/// The block that stands after a command that printed this.
std::string RenderOutput(const Output& output);

/// Replaces what differs from run to run: the folder by `<dir>`, durations by `<time>` and process ids by `<pid>`.
std::string Mask(std::string text, std::string_view folder);

}  // namespace wapc::golden

#endif  // WAPC_TESTS_GOLDEN_CASE_H_

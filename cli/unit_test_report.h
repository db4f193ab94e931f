#ifndef WAPC_CLI_UNIT_TEST_REPORT_H_
#define WAPC_CLI_UNIT_TEST_REPORT_H_

#include <string>

#include "base/source.h"
#include "cli/unit_tests.h"

namespace wapc::cli {

/// Every test that does not pass: its place, and its rows side by side.
std::string TestFailuresText(const TestReport& report, const base::SourceMap& sources);
/// "3 tests passed, 1 failed." and the like, one line.
std::string TestSummary(const TestReport& report);
/// All tests, for tools; without times, so that the same tests give the same bytes.
std::string TestJson(const TestReport& report, const base::SourceMap& sources);
/// The XML that build servers read: a suite a file.
std::string TestJunit(const TestReport& report, const base::SourceMap& sources);

/// Text inside of XML; what XML 1.0 cannot hold becomes U+FFFD.
std::string XmlText(std::string_view text);

}  // namespace wapc::cli

#endif  // WAPC_CLI_UNIT_TEST_REPORT_H_

#ifndef WAPC_TESTS_FUZZ_TARGETS_H_
#define WAPC_TESTS_FUZZ_TARGETS_H_

#include <string_view>

/// What libFuzzer feeds with any bytes. Each ends the process where something is wrong. The first byte of the two that
/// read SQL chooses the dialect: 0 DuckDB, 1 PostgreSQL, 2 Snowflake, 3 Trino.
namespace wapc::fuzz {

/// Lexer, parser and printer: what parses prints to a text that parses to an equal tree.
void Sql(std::string_view bytes);
/// What parses is formatted, and formatting the outcome changes nothing.
void Format(std::string_view bytes);
/// YAML as a located tree: every place lies in the text.
void Yaml(std::string_view bytes);

}  // namespace wapc::fuzz

#endif  // WAPC_TESTS_FUZZ_TARGETS_H_

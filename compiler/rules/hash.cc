#include <fmt/format.h>

#include <array>

#include "compiler/staging/rule.h"

// What:  puts a digest, as hex, in place of every column that the schema marks with x-pii: true, or that matches.
// Why:   rows can still be joined and counted by it, and nobody reads the value.
// Write: - hash: sha256
//        - match: {column: "*email*"}
//          hash: md5
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kUnknownHash{"unknown-hash", base::Severity::kError};

struct Hash {
  std::string_view name;
  std::string_view dialect;
  std::string_view expr;
};

constexpr std::string_view kText = "CAST(@col AS VARCHAR)";

constexpr std::array<Hash, 8> kHashes = {{
    {"sha256", "duckdb", "sha256({})"},
    {"sha256", "postgres", "encode(sha256(convert_to({}, 'UTF8')), 'hex')"},
    {"sha256", "snowflake", "sha2({}, 256)"},
    {"sha256", "trino", "lower(to_hex(sha256(to_utf8({}))))"},
    {"md5", "duckdb", "md5({})"},
    {"md5", "postgres", "md5({})"},
    {"md5", "snowflake", "md5({})"},
    {"md5", "trino", "lower(to_hex(md5(to_utf8({}))))"},
}};

std::string TemplateOf(const base::YamlNode& value, const grammar::Dialect& dialect) {
  for (const Hash& hash : kHashes) {
    if (value.is_scalar() && hash.name == value.scalar && hash.dialect == dialect.name) {
      return fmt::format(fmt::runtime(hash.expr), kText);
    }
  }
  return "";
}

bool IsMarked(const DraftColumn& column) {
  if (column.raw == nullptr) return false;
  const auto found = column.raw->extensions.find("x-pii");
  return found != column.raw->extensions.end() && found->second.AsBool().value_or(false);
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  const std::string text = TemplateOf(*call.value, tools.dialect());
  if (text.empty()) {
    tools.Once(kUnknownHash, call.value->span, "this is no hash that wapc writes", "write sha256 or md5");
    return true;
  }
  const grammar::Expr* const expr = tools.Template(text, call.value->span);
  bool matched = false;
  for (DraftColumn& column : draft.columns) {
    const bool wanted =
        call.match == nullptr ? !column.system && IsMarked(column) : MatchesColumn(call.match, draft, column);
    if (expr == nullptr || !wanted) continue;
    column.expr = tools.ForColumn(*expr, *column.expr, *draft.arena);
    column.span = call.value->span;
    column.replaced = matched = true;
  }
  return matched;
}

}  // namespace

const StagingRule& HashRule() {
  static constexpr StagingRule kRule{"hash", "puts a digest in place of every column marked x-pii, or that matches",
                                     Apply};
  return kRule;
}

}  // namespace wapc::compiler

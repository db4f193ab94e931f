#ifndef WAPC_GRAMMAR_PRECEDENCE_H_
#define WAPC_GRAMMAR_PRECEDENCE_H_

#include "grammar/ast.h"

/// How tightly operators bind: PostgreSQL's rules, which are DuckDB's too (its grammar's %left lines), but that
/// DuckDB's
/// `->` and `->>` bind loosest on their left. Trino and Snowflake agree where they have the operators.
/// Internal to this room; the tree builder and the printer share it.
namespace wapc::grammar {

enum Precedence : int {
  kLoosest = 0,
  kArrowLevel,
  kOrLevel,
  kAndLevel,
  kNotLevel,
  kIsLevel,
  kComparisonLevel,
  kRangeLevel,  ///< BETWEEN, IN, LIKE
  kOtherLevel,  ///< ||, &, |, <<, ~ and every other operator
  kSumLevel,
  kProductLevel,
  kPowerLevel,
  kTimeZoneLevel,
  kCollateLevel,
  kSignLevel,
  kPostfixLevel,
  kPrimaryLevel,
};

constexpr bool IsArrow(BinaryOp op) { return op == BinaryOp::kArrow || op == BinaryOp::kArrowText; }

constexpr Precedence PrecedenceOf(BinaryOp op, bool arrow_loosest) {
  if (IsArrow(op) && arrow_loosest) return kArrowLevel;
  switch (op) {
    case BinaryOp::kOr: return kOrLevel;
    case BinaryOp::kAnd: return kAndLevel;
    case BinaryOp::kEq:
    case BinaryOp::kNe:
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe: return kComparisonLevel;
    case BinaryOp::kAdd:
    case BinaryOp::kSub: return kSumLevel;
    case BinaryOp::kMul:
    case BinaryOp::kDiv:
    case BinaryOp::kIntDiv:
    case BinaryOp::kMod: return kProductLevel;
    case BinaryOp::kPow: return kPowerLevel;
    default: return kOtherLevel;
  }
}

/// The loosest operator that may stand unparenthesised right of `op`. `->>` reduces as an ordinary operator once its
/// right side is read, though it binds loosely on its left.
constexpr int RightMinimum(BinaryOp op, bool arrow_loosest) {
  return op == BinaryOp::kArrowText ? kOtherLevel + 1 : PrecedenceOf(op, arrow_loosest) + 1;
}

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PRECEDENCE_H_

#ifndef WAPC_GRAMMAR_PRECEDENCE_H_
#define WAPC_GRAMMAR_PRECEDENCE_H_

#include "grammar/ast.h"

/// How tightly operators bind, DuckDB's rules (its grammar's %left lines; `->` and `->>` bind loosest on their left).
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

constexpr Precedence PrecedenceOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kArrow:
    case BinaryOp::kArrowText: return kArrowLevel;
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
constexpr int RightMinimum(BinaryOp op) { return op == BinaryOp::kArrowText ? kOtherLevel + 1 : PrecedenceOf(op) + 1; }

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PRECEDENCE_H_

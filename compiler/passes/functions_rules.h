#ifndef WAPC_COMPILER_PASSES_FUNCTIONS_RULES_H_
#define WAPC_COMPILER_PASSES_FUNCTIONS_RULES_H_

#include <span>
#include <string_view>

#include "compiler/passes/functions.h"

/// The result types that a signature line cannot tell, by the name that `=name` gives them.
namespace wapc::compiler {

struct NamedRule {
  std::string_view name;
  ResultRule rule;
};

/// Of decimals whose digits follow from those of the arguments (functions_decimals.cc).
std::span<const NamedRule> DecimalRules();

/// Of nested values: what a lambda gives, entries of maps (functions_nested.cc).
std::span<const NamedRule> NestedRules();

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_FUNCTIONS_RULES_H_

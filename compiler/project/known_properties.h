#ifndef WAPC_COMPILER_PROJECT_KNOWN_PROPERTIES_H_
#define WAPC_COMPILER_PROJECT_KNOWN_PROPERTIES_H_

#include <span>
#include <string_view>

#include "compiler/ir.h"

/// The properties of MODEL, AUDIT and each kind, as data: SQLMesh 0.236's own and wapc's.
namespace wapc::compiler {

/// What a value has to look like.
enum class ValueShape : uint8_t {
  kAny,
  kText,      ///< a name or text in quotes
  kName,      ///< a name, dotted or not, or text in quotes
  kFlag,      ///< true or false
  kCount,     ///< a whole number from 1
  kNames,     ///< a name or a list of names
  kColumns,   ///< `columns (a int)`, or a list of names, or *
  kExprs,     ///< an expression or a list of them
  kPairs,     ///< a list of `name = value`
  kCalls,     ///< a list of calls or names
  kCron,      ///< '@daily' or five fields
  kTime,      ///< a date, a timestamp, or '3 months ago'
  kChoice,    ///< one of PropertyRule::choices
  kTypeName,  ///< the name of a type
};

enum class Support : uint8_t {
  kWorks,
  kNoEffect,     ///< read and checked, but nothing comes of it; `note` says why
  kUnsupported,  ///< an error whose help is `note`: what to write instead
};

struct PropertyRule {
  std::string_view name;
  ValueShape shape = ValueShape::kAny;
  Support support = Support::kWorks;
  std::string_view note = {};
  std::string_view choices = {};  ///< of kChoice: lower case, separated by spaces
};

struct KindRule {
  ModelKind kind;
  std::string_view name;  ///< in lower case; a kind may have two
  std::span<const PropertyRule> properties;
  std::string_view required = {};  ///< the property that must be there; empty: none
  std::string_view example = {};   ///< how to write it
  Support support = Support::kWorks;
  std::string_view note = {};
};

std::span<const PropertyRule> ModelProperties();
std::span<const PropertyRule> AuditProperties();
std::span<const PropertyRule> CsvSettings();
std::span<const KindRule> Kinds();

/// The rule of a name in lower case; null when there is none.
const PropertyRule* FindRule(std::span<const PropertyRule> rules, std::string_view name);
const KindRule* FindKind(std::string_view name);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_KNOWN_PROPERTIES_H_

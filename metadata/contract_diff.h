#ifndef WAPC_METADATA_CONTRACT_DIFF_H_
#define WAPC_METADATA_CONTRACT_DIFF_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "metadata/schema.h"

namespace wapc::metadata {

enum class ChangeKind : uint8_t {
  kTableAdded,
  kTableRemoved,
  kColumnAdded,
  kColumnRemoved,
  kTypeWidened,   ///< every value still fits what reads it
  kTypeNarrowed,  ///< the same kind of type with less room
  kTypeChanged,   ///< another kind of type, or more room on one side and less on the other
  kNullable,      ///< may be missing now
  kNotNull,       ///< is never missing now
  kKey,           ///< primary, merge, row, parent or root key, unique, hard delete, deduplication
  kLoading,       ///< of a table: disposition, merge strategy, parent
  kReference,     ///< of a table
};

/// The kind in a word of its own: "column-added", "type-widened".
std::string_view ToString(ChangeKind kind);

/// One difference between the schema that a project has and the one upstream.
struct SchemaChange {
  ChangeKind kind;
  std::string table;
  std::string column;  ///< empty: the table's own
  std::string before;  ///< in words; empty where there was nothing
  std::string after;   ///< likewise
  bool breaking = false;
  base::Span span;      ///< in the project's file: of the column, else of the table, else of the schema's name
  std::string refused;  ///< the contract that forbids it, in words; empty: none does
  base::Span contract;  ///< where that contract stands
};

/// Every difference that a reader of the raw tables can notice, in the order of the upstream tables; what is gone comes
/// last. dlt's own tables are left out: dlt says what they are. Columns without a type count as not there.
///
/// A contract of the project's file decides what is refused: `x-wapc: {contract: freeze|additive|evolve}` of the table
/// (of a nested one: its root's), else dlt's schema_contract of the root table, entity by entity, else that of the
/// settings. freeze and the two discards refuse any change of their entity (a variant column counts as data_type);
/// `additive` refuses what is breaking.
std::vector<SchemaChange> DiffSchemas(const Schema& mine, const Schema& upstream);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_CONTRACT_DIFF_H_

#include "metadata/contract_diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>

#include "metadata/contract_rules.h"

namespace wapc::metadata {
namespace {

// In the order of ChangeKind.
constexpr std::array<std::string_view, 12> kKinds{"table-added",  "table-removed", "column-added", "column-removed",
                                                  "type-widened", "type-narrowed", "type-changed", "nullable",
                                                  "not-null",     "key",           "loading",      "reference"};
// In the order of WriteDisposition and of MergeStrategy.
constexpr std::array<std::string_view, 4> kDispositions{"skip", "append", "replace", "merge"};
constexpr std::array<std::string_view, 4> kStrategies{"delete-insert", "scd2", "upsert", "insert-only"};

// Whether each of a type's measures got no smaller, or no larger.
struct Room {
  bool wider = true;
  bool narrower = true;

  void Add(int before, int after) {
    wider = wider && after >= before;
    narrower = narrower && after <= before;
  }
};

int Length(const Type& type) { return type.precision == 0 ? std::numeric_limits<int>::max() : type.precision; }

bool IsSignedInteger(const Type& type) {
  return (type.kind >= TypeKind::kInt8 && type.kind <= TypeKind::kInt128) || type.kind == TypeKind::kInt256;
}

// Two types of one family are compared by their room; nothing else is.
bool Measure(const Type& before, const Type& after, Room& room) {
  if (IsSignedInteger(before) && IsSignedInteger(after)) {
    room.Add(static_cast<int>(before.kind), static_cast<int>(after.kind));
    return true;
  }
  if (before.kind != after.kind) return false;
  switch (before.kind) {
    case TypeKind::kDecimal:
      room.Add(before.precision - before.scale, after.precision - after.scale);
      room.Add(before.scale, after.scale);
      return true;
    case TypeKind::kText:
    case TypeKind::kBinary: room.Add(Length(before), Length(after)); return true;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: room.Add(before.precision, after.precision); return true;
    default: return false;
  }
}

ChangeKind TypeChange(const Type& before, const Type& after) {
  Room room;
  if (before.is_unknown()) return ChangeKind::kTypeWidened;
  if (!Measure(before, after, room)) return ChangeKind::kTypeChanged;
  if (room.wider) return ChangeKind::kTypeWidened;
  return room.narrower ? ChangeKind::kTypeNarrowed : ChangeKind::kTypeChanged;
}

std::string Describe(const Column& column) {
  return fmt::format("{}{}", ToString(column.type), column.nullable ? "" : " not null");
}

// The hints that say what a row is, in words.
std::string Keys(const Column& column) {
  std::vector<std::string> out;
  const auto add = [&out](bool flag, std::string_view word) {
    if (flag) out.emplace_back(word);
  };
  add(column.primary_key, "primary key");
  add(column.merge_key, "merge key");
  add(column.unique, "unique");
  add(column.row_key, "row key");
  add(column.parent_key, "parent key");
  add(column.root_key, "root key");
  add(column.hard_delete, "hard delete");
  add(!column.dedup_sort.empty(), "deduplicated " + column.dedup_sort);
  add(column.valid_from, "valid from");
  add(column.valid_to, "valid to");
  return fmt::format("{}", fmt::join(out, ", "));
}

// Only `unique` can come without changing what a row is; it is one promise more.
bool BreaksKeys(const Column& before, const Column& after) {
  Column with = before;
  with.unique = true;
  return Keys(with) != Keys(after);
}

// A nested table is loaded as its root is.
std::string Loading(const Table& table) {
  if (!table.parent.empty()) return fmt::format("nested in {}", table.parent);
  std::string out(kDispositions[static_cast<size_t>(table.disposition)]);
  if (table.disposition == WriteDisposition::kMerge) {
    out += fmt::format(" by {}", kStrategies[static_cast<size_t>(table.merge_strategy)]);
  }
  return out;
}

std::string References(const Table& table) {
  std::vector<std::string> out;
  for (const Reference& reference : table.references) {
    out.push_back(fmt::format("({}) to {}({})", fmt::join(reference.columns, ", "), reference.table,
                              fmt::join(reference.referenced_columns, ", ")));
  }
  return fmt::format("{}", fmt::join(out, "; "));
}

class Differ {
 public:
  Differ(const Schema& mine, const Schema& upstream) : mine_(mine), upstream_(upstream), rules_(mine, upstream) {}

  std::vector<SchemaChange> Diff() {
    for (const Table& table : upstream_.tables) {
      if (IsDlts(table)) continue;
      const Table* const before = mine_.Find(table.name);
      if (before == nullptr) {
        AddNew(table);
      } else {
        DiffTable(*before, table);
      }
    }
    for (const Table& table : mine_.tables) {
      if (IsDlts(table) || upstream_.Find(table.name) != nullptr) continue;
      Add({ChangeKind::kTableRemoved, table.name, "", Loading(table), "", true, table.span, "", {}}, table);
    }
    return std::move(changes_);
  }

 private:
  static bool IsDlts(const Table& table) { return table.name.starts_with("_dlt_"); }

  void Add(SchemaChange change, const Table& table, bool variant = false) {
    rules_.Judge(table, variant, change);
    changes_.push_back(std::move(change));
  }

  void AddNew(const Table& table) {
    const auto columns = std::count_if(table.columns.begin(), table.columns.end(),
                                       [](const Column& column) { return !column.incomplete; });
    Add({ChangeKind::kTableAdded,
         table.name,
         "",
         "",
         fmt::format("{}, {} column{}", Loading(table), columns, columns == 1 ? "" : "s"),
         false,
         mine_.span,
         "",
         {}},
        table);
  }

  void DiffTable(const Table& before, const Table& after) {
    if (Loading(before) != Loading(after)) {
      Add({ChangeKind::kLoading, after.name, "", Loading(before), Loading(after), true, before.span, "", {}}, after);
    }
    if (References(before) != References(after)) {
      Add({ChangeKind::kReference, after.name, "", References(before), References(after), false, before.span, "", {}},
          after);
    }
    for (const Column& column : after.columns) {
      if (column.incomplete) continue;
      const Column* const old = before.Find(column.name);
      if (old != nullptr && !old->incomplete) {
        DiffColumn(*old, column, after);
      } else {
        Add({ChangeKind::kColumnAdded,
             after.name,
             column.name,
             "",
             Describe(column),
             false,
             old == nullptr ? before.span : old->span,
             "",
             {}},
            after, column.variant);
      }
    }
    for (const Column& column : before.columns) {
      const Column* const now = after.Find(column.name);
      if (column.incomplete || (now != nullptr && !now->incomplete)) continue;
      Add({ChangeKind::kColumnRemoved, after.name, column.name, Describe(column), "", true, column.span, "", {}},
          after);
    }
  }

  void DiffColumn(const Column& before, const Column& after, const Table& table) {
    const auto add = [&](ChangeKind kind, std::string old, std::string now, bool breaking) {
      Add({kind, table.name, after.name, std::move(old), std::move(now), breaking, before.span, "", {}}, table);
    };
    if (before.type != after.type) {
      const ChangeKind kind = TypeChange(before.type, after.type);
      add(kind, ToString(before.type), ToString(after.type), kind != ChangeKind::kTypeWidened);
    }
    if (before.nullable != after.nullable) {
      add(after.nullable ? ChangeKind::kNullable : ChangeKind::kNotNull, before.nullable ? "nullable" : "not null",
          after.nullable ? "nullable" : "not null", after.nullable);
    }
    if (Keys(before) != Keys(after)) add(ChangeKind::kKey, Keys(before), Keys(after), BreaksKeys(before, after));
  }

  const Schema& mine_;
  const Schema& upstream_;
  ContractRules rules_;
  std::vector<SchemaChange> changes_;
};

}  // namespace

std::string_view ToString(ChangeKind kind) { return kKinds.at(static_cast<size_t>(kind)); }

std::vector<SchemaChange> DiffSchemas(const Schema& mine, const Schema& upstream) {
  return Differ(mine, upstream).Diff();
}

}  // namespace wapc::metadata

#include "metadata/schema.h"

#include <algorithm>

namespace wapc::metadata {
namespace {

template <class T>
const T* FindByName(const std::vector<T>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [name](const T& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Column* Table::Find(std::string_view column) const { return FindByName(columns, column); }

std::vector<std::string> Table::PrimaryKey() const {
  std::vector<std::string> key;
  for (const Column& column : columns) {
    if (column.primary_key) key.push_back(column.name);
  }
  return key;
}

const Table* Schema::Find(std::string_view table) const { return FindByName(tables, table); }

const Table* Schema::Root(const Table& table) const {
  const Table* at = &table;
  // A chain longer than there are tables goes round.
  for (size_t steps = 0; steps <= tables.size(); ++steps) {
    if (at == nullptr || at->parent.empty()) return at;
    at = Find(at->parent);
  }
  return nullptr;
}

}  // namespace wapc::metadata

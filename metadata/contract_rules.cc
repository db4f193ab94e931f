#include "metadata/contract_rules.h"

#include <fmt/format.h>

namespace wapc::metadata {
namespace {

using base::YamlNode;

constexpr std::string_view kContract = "contract";

// dlt's three entities. What it has no word for belongs to the columns.
std::string_view EntityOf(ChangeKind kind, bool variant) {
  switch (kind) {
    case ChangeKind::kTableAdded:
    case ChangeKind::kTableRemoved:
    case ChangeKind::kLoading:
    case ChangeKind::kReference: return "tables";
    case ChangeKind::kTypeWidened:
    case ChangeKind::kTypeNarrowed:
    case ChangeKind::kTypeChanged: return "data_type";
    default: return variant ? "data_type" : "columns";
  }
}

// The mode of an entity: a bare mode stands for all three.
const YamlNode* ModeOf(const std::optional<YamlNode>& contract, std::string_view entity) {
  if (!contract) return nullptr;
  return contract->is_scalar() ? &*contract : contract->Find(entity);
}

}  // namespace

const Table* ContractRules::RootOf(const Table& table) const {
  for (const Schema* const schema : {&mine_, &upstream_}) {
    const Table* const known = schema->Find(table.name);
    const Table* const root = known == nullptr ? nullptr : schema->Root(*known);
    if (root != nullptr) return mine_.Find(root->name);
  }
  return nullptr;
}

const Table* ContractRules::OwnContract(const Table& table) const {
  for (const Table* const one : {mine_.Find(table.name), RootOf(table)}) {
    if (one != nullptr && one->extensions.contains(std::string(kContract))) return one;
  }
  return nullptr;
}

void ContractRules::Judge(const Table& table, bool variant, SchemaChange& change) const {
  if (const Table* const own = OwnContract(table)) {
    const YamlNode& word = own->extensions.at(std::string(kContract));
    const bool refused = word.scalar == "freeze" || (word.scalar == "additive" && change.breaking);
    if (!refused) return;
    change.refused = fmt::format("x-wapc contract '{}' of {}", word.scalar, own->name);
    change.contract = word.span;
    return;
  }
  const std::string_view entity = EntityOf(change.kind, variant);
  const Table* const root = RootOf(table);
  const YamlNode* mode = root == nullptr ? nullptr : ModeOf(root->contract, entity);
  const bool of_table = mode != nullptr;
  if (!of_table) mode = ModeOf(mine_.contract, entity);
  if (mode == nullptr || !mode->is_scalar() || mode->scalar == "evolve") return;
  change.refused =
      fmt::format("schema_contract '{}' for {} of {}", mode->scalar, entity, of_table ? root->name : "the schema");
  change.contract = mode->span;
}

}  // namespace wapc::metadata

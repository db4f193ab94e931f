#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/lint/rule.h"
#include "compiler/passes/scope.h"

/// grain-not-covered: the query gives several rows of one grain.
/// Why: the grain is audited, so that the model will fail once the data shows it; the fault is in the query.
/// Two ways are provable from what the sources say of themselves. A join that fixes only a part of the other side's
/// grain gives a row for each of the rest, while the model's grain names columns of the one side only. A GROUP BY that
/// has, beside the model's grain, another column of the source's grain gives a row for each of its values.
/// Bad: grain (order_id), `FROM orders AS o JOIN order_lines AS l ON l.order_id = o.order_id`, lines having the grain
/// (order_id, line). Good: grain (order_id, line), or lines summed up to one row an order before the join.
namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::JoinKind;
using Names = std::set<std::string>;

constexpr base::DiagnosticCode kGrainNotCovered{"grain-not-covered", base::Severity::kWarning};

std::string OutputName(const grammar::SelectItem& item, const std::optional<ColumnFact>& column) {
  return FoldName(!item.alias.text.empty() ? item.alias.text : column ? column->name : std::string_view());
}

// The final SELECT, when nothing but it decides how many rows there are.
const SelectFacts* FinalSelect(const LintContext& context) {
  const grammar::Query* const query = context.model.query;
  if (query == nullptr || query->limit != nullptr) return nullptr;
  const auto* const select = As<grammar::Select>(query->body);
  if (select == nullptr || select->distinct || select->qualify != nullptr || select->group_by_all) return nullptr;
  const auto found = std::find_if(context.facts.selects.begin(), context.facts.selects.end(),
                                  [&](const SelectFacts& facts) { return facts.select == select; });
  return found == context.facts.selects.end() ? nullptr : &*found;
}

class GrainCheck {
 public:
  GrainCheck(const LintContext& context, const SelectFacts& facts, base::Diagnostics& diagnostics)
      : context_(context), facts_(facts), diagnostics_(diagnostics) {
    for (size_t i = 0; i < facts.items.size(); ++i) {
      const std::string name = OutputName(facts.select->items[i], facts.items[i]);
      const auto& grain = context.model.grain;
      if (std::find(grain.begin(), grain.end(), name) != grain.end()) grain_items_.push_back(i);
    }
  }

  void Run() {
    if (grain_items_.size() != context_.model.grain.size()) return;
    if (!facts_.groups.empty()) {
      CheckGroups();
      return;
    }
    if (!std::all_of(grain_items_.begin(), grain_items_.end(), [&](size_t i) { return facts_.items[i].has_value(); })) {
      return;
    }
    for (const JoinFact& join : facts_.joins) CheckJoin(join);
  }

 private:
  const Model* ModelOf(size_t table) const {
    const int model = facts_.tables[table].model;
    return model < 0 ? nullptr : &context_.project.models[static_cast<size_t>(model)];
  }

  bool GrainNames(size_t table) const {
    return std::any_of(grain_items_.begin(), grain_items_.end(),
                       [&](size_t i) { return facts_.items[i]->table == table; });
  }

  // Only a single relation on the other side, of which the key is known and no column is in the grain.
  void CheckJoin(const JoinFact& join) {
    const bool keeps_rows = join.join->join == JoinKind::kInner || join.join->join == JoinKind::kLeft ||
                            join.join->join == JoinKind::kComma || join.join->join == JoinKind::kFull;
    if (!keeps_rows || !join.connected || join.end != join.middle + 1) return;
    const Model* const other = ModelOf(join.middle);
    if (other == nullptr || KeyOf(*other).empty() || GrainNames(join.middle)) return;
    Names fixed;
    for (const FixedFact& fact : facts_.fixed) {
      if (fact.column.table == join.middle) fixed.insert(FoldName(fact.column.name));
    }
    std::vector<std::string> open;
    for (const std::string& key : KeyOf(*other)) {
      if (!fixed.contains(key)) open.push_back(key);
    }
    // Without any of its key fixed the columns may be unique for another reason.
    if (open.empty() || open.size() == KeyOf(*other).size()) return;
    diagnostics_
        .Report(kGrainNotCovered, context_.model.grain_span,
                fmt::format("this join gives several rows of one grain ({}): it leaves {} of {} open",
                            fmt::join(context_.model.grain, ", "), fmt::join(open, ", "), other->name))
        .Note(join.join->on != nullptr ? join.join->on->span : join.join->right->span, "joined here")
        .Note(other->grain_span.known() ? other->grain_span : other->unique_key_span,
              fmt::format("{} has a row for each ({})", other->name, fmt::join(KeyOf(*other), ", ")))
        .Help(fmt::format("add {} to the grain, or aggregate {} to one row before the join", fmt::join(open, ", "),
                          other->name));
  }

  void CheckGroups() {
    if (facts_.tables.size() != 1) return;
    const Model* const source = ModelOf(0);
    if (source == nullptr || KeyOf(*source).empty()) return;
    const auto in_key = [&](const std::string& name) {
      return std::find(KeyOf(*source).begin(), KeyOf(*source).end(), name) != KeyOf(*source).end();
    };
    // The grain has to consist of columns of the source's key, else they could tell the others.
    Names grain;
    for (const size_t i : grain_items_) {
      if (!facts_.items[i]) return;
      grain.insert(FoldName(facts_.items[i]->name));
    }
    if (!std::all_of(grain.begin(), grain.end(), in_key)) return;
    for (size_t g = 0; g < facts_.groups.size(); ++g) {
      if (!facts_.groups[g]) continue;
      const std::string name = FoldName(facts_.groups[g]->name);
      if (grain.contains(name) || !in_key(name)) continue;
      diagnostics_
          .Report(kGrainNotCovered, context_.model.grain_span,
                  fmt::format("GROUP BY gives several rows of one grain ({}): one for each {}",
                              fmt::join(context_.model.grain, ", "), name))
          .Note(facts_.select->group_by[g].expr->span, "grouped by here")
          .Note(source->grain_span.known() ? source->grain_span : source->unique_key_span,
                fmt::format("{} has a row for each ({})", source->name, fmt::join(KeyOf(*source), ", ")))
          .Help(fmt::format("add {} to the grain, or take it out of GROUP BY", name));
    }
  }

  const LintContext& context_;
  const SelectFacts& facts_;
  base::Diagnostics& diagnostics_;
  std::vector<size_t> grain_items_;
};

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (context.model.grain.empty()) return;
  if (const SelectFacts* const facts = FinalSelect(context)) GrainCheck(context, *facts, diagnostics).Run();
}

}  // namespace

const LintRule& GrainNotCoveredLint() {
  static const LintRule kRule{kGrainNotCovered, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler

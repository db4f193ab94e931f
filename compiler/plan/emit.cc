#include "compiler/plan/emit.h"

#include <fmt/format.h>

#include <array>
#include <set>

#include "compiler/ast_build.h"
#include "compiler/macros/moment.h"
#include "compiler/passes/audits_quarantine.h"
#include "compiler/plan/kind.h"
#include "compiler/translate/translate.h"
#include "grammar/fold.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using grammar::As;

namespace {

// While a query is printed, tokens stand between control characters that no SQL text holds, so that an "@{" of the
// user's own can be told apart and escaped.
constexpr char kOpen = '\x01';
constexpr char kClose = '\x02';

std::string Held(std::string_view word, std::string_view argument) {
  return fmt::format("{}{}:{}{}", kOpen, word, argument, kClose);
}
std::string Held(std::string_view word) { return fmt::format("{}{}{}", kOpen, word, kClose); }

std::string Release(const std::string& printed) {
  std::string out;
  out.reserve(printed.size());
  for (size_t i = 0; i < printed.size(); ++i) {
    if (printed[i] == kOpen) {
      out += "@{";
    } else if (printed[i] == kClose) {
      out += '}';
    } else if (printed[i] == '@' && i + 1 < printed.size() && printed[i + 1] == '{') {
      out += "@{at}";
    } else {
      out += printed[i];
    }
  }
  return out;
}

bool IsLoadsTable(const Model& model) { return model.origin == Origin::kRawTable && model.table == "_dlt_loads"; }

// Functions that stand for the current moment; within one apply they are all the same one.
constexpr std::array<std::string_view, 6> kMoments = {"now",
                                                      "current_timestamp",
                                                      "transaction_timestamp",
                                                      "get_current_timestamp",
                                                      "localtimestamp",
                                                      "current_localtimestamp"};

std::optional<std::string> MomentOf(const grammar::FunctionCall& call) {
  return MomentCall(call, Held("execution_ts"));
}

// Run-time variables. A kind without intervals has one, from the model's start to the apply's moment.
std::optional<std::string> Variable(const grammar::MacroVariable& variable, const Model& model) {
  const auto known = ReadRuntimeVariable(grammar::LowerCase(variable.name));
  if (!known) return std::nullopt;
  if (known->moment == RuntimeVariable::Moment::kStart) return RuntimeLiteral(*known, StartOf(model.start));
  return RuntimeTemplate(*known, Held("execution_ts"));
}

// Those of a time-range model are of the batch that is filled.
std::optional<std::string> BatchVariable(const grammar::MacroVariable& variable) {
  const auto known = ReadRuntimeVariable(grammar::LowerCase(variable.name));
  if (!known) return std::nullopt;
  switch (known->moment) {
    case RuntimeVariable::Moment::kStart: return RuntimeTemplate(*known, Held("batch_start"));
    case RuntimeVariable::Moment::kEnd: return RuntimeTemplate(*known, Held("batch_last"));
    case RuntimeVariable::Moment::kExecution: return RuntimeTemplate(*known, Held("execution_ts"));
  }
  return std::nullopt;
}

// Those of an audit are of everything that is filled.
std::optional<std::string> AuditVariable(const grammar::MacroVariable& variable, const Model& model,
                                         const std::vector<runtime::Batch>& batches) {
  const auto known = ReadRuntimeVariable(grammar::LowerCase(variable.name));
  if (!known || batches.empty() || known->moment == RuntimeVariable::Moment::kExecution)
    return Variable(variable, model);
  const bool start = known->moment == RuntimeVariable::Moment::kStart;
  return RuntimeTemplate(*known, Held(start ? "batch_start" : "batch_last"));
}

class Emitter {
 public:
  Emitter(const Project& project, const Model& model, const std::map<const grammar::TableName*, int>& relations,
          Reads reads, bool frozen)
      : project_(project), relations_(relations), reads_(reads) {
    options_.dialect = &project.config.target();
    options_.relation = [this](const grammar::TableName& name) { return Relation(name); };
    options_.variable = [&model](const grammar::MacroVariable& variable) {
      return HasIntervals(model.kind) ? BatchVariable(variable) : Variable(variable, model);
    };
    frozen_ = frozen;
    if (frozen) options_.call = MomentOf;
  }

  void AuditOver(const Model& model, const std::vector<runtime::Batch>& batches) {
    options_.variable = [&](const grammar::MacroVariable& variable) { return AuditVariable(variable, model, batches); };
  }

  // What `@served_model` became.
  void Served(const std::set<const grammar::TableName*>& served) { served_ = served; }

  // A model that reads itself sees its table as it was, or, filled batch by batch, as it is about to be.
  void ReadBy(const Model& model) { self_ = &model; }

  std::string Emit(const grammar::Query& query) const { return Release(grammar::Print(query, options_)); }
  std::string Emit(const grammar::Expr& expr) const { return Release(grammar::Print(expr, options_)); }

 private:
  std::optional<std::string> Relation(const grammar::TableName& name) const {
    const auto found = relations_.find(&name);
    if (found == relations_.end()) return std::nullopt;
    const Model& model = project_.models[static_cast<size_t>(found->second)];
    if (served_.contains(&name)) return Held("served", model.name);
    if (IsLoadsTable(model) && frozen_) return Held("loads", model.schema);
    if (model.kind == ModelKind::kExternal) return std::nullopt;
    if (&model == self_ && !HasIntervals(model.kind)) return Held("table", model.name);
    return Held(reads_ == Reads::kCandidates ? "rel" : "table", model.name);
  }

  const Project& project_;
  const std::map<const grammar::TableName*, int>& relations_;
  Reads reads_;
  bool frozen_ = false;
  const Model* self_ = nullptr;
  std::set<const grammar::TableName*> served_;
  grammar::PrintOptions options_;
};

// The relations of an audit's copy: `@this_model` and `@served_model` become the model's name, so that they are emitted
// like any other.
struct AuditRelations {
  AuditRelations(const Model& of, const Project& project, grammar::Arena& in)
      : model(of), arena(in), self(project.by_name.find(of.name)->second), all(of.relations) {}

  grammar::TableRef* Replace(const grammar::TableRef& ref) {
    if (const auto* const name = As<grammar::TableName>(&ref)) {
      // The copy means what the original means.
      auto* const copy = arena.New<grammar::TableName>(*name);
      if (const auto known = model.relations.find(name); known != model.relations.end()) all[copy] = known->second;
      return copy;
    }
    const auto* const macro = As<grammar::MacroTable>(&ref);
    if (macro == nullptr) return nullptr;
    const std::string word = grammar::FoldName(macro->call->name);
    if (word != "this_model" && word != "served_model") return nullptr;
    auto* const table = arena.New<grammar::TableName>();
    table->kind = grammar::TableRefKind::kName;
    table->span = ref.span;
    table->alias = ref.alias.text.empty() ? grammar::Identifier{arena.Copy(word), false, ref.span} : ref.alias;
    const AstBuilder build(arena, ref.span);
    const std::vector<grammar::Identifier> parts = {build.Name(model.schema), build.Name(model.table)};
    table->parts = arena.Copy(parts);
    all[table] = self;
    if (word == "served_model") served.insert(table);
    return table;
  }

  const Model& model;
  grammar::Arena& arena;
  int self;
  std::map<const grammar::TableName*, int> all;
  std::set<const grammar::TableName*> served;
};

// An audit's query in the gateway's dialect.
const grammar::Query& QueryOf(const AuditCall& audit, const Project& project) {
  return project.config.translates() ? *audit.gateway_query : *audit.query;
}

// Whether an expression looks at nothing but the row, or the group, that it is asked for.
bool IsPlain(grammar::Expr* expr) {
  if (expr == nullptr) return true;
  bool plain = true;
  grammar::Visitor visitor;
  visitor.query = [&plain](grammar::Query&) { return plain = false; };
  visitor.expr = [&plain](grammar::Expr& node) {
    const auto* const call = As<grammar::FunctionCall>(&node);
    plain = plain && (call == nullptr || (call->over == nullptr && call->over_name.text.empty()));
    return plain;
  };
  grammar::Walk(*expr, visitor);
  return plain;
}

// The SELECT of a query that is one over `@this_model` and nothing else, without groups; else null.
const grammar::Select* OverOneTable(const grammar::Query& query) {
  const auto* const select = As<grammar::Select>(query.body);
  if (select == nullptr || !query.ctes.empty() || query.limit != nullptr || query.offset != nullptr) return nullptr;
  const auto* const from = As<grammar::MacroTable>(select->from);
  if (from == nullptr || grammar::FoldName(from->call->name) != "this_model") return nullptr;
  const std::string alias = grammar::FoldName(from->alias);
  if (!(alias.empty() || alias == "this_model") || !from->column_aliases.empty()) return nullptr;
  const bool more = select->distinct || !select->group_by.empty() || select->group_by_all ||
                    select->qualify != nullptr || select->where_if != nullptr || select->having_if != nullptr;
  return more || !IsPlain(select->where) || !IsPlain(select->having) ? nullptr : select;
}

}  // namespace

std::optional<std::string> MomentCall(const grammar::FunctionCall& call, std::string_view moment) {
  const std::string name = grammar::FoldName(call.name.back());
  const std::string zoned = fmt::format("CAST({} AS TIMESTAMP WITH TIME ZONE)", moment);
  for (const std::string_view known : kMoments) {
    if (name != known) continue;
    const bool local = name.find("local") != std::string::npos;
    return local ? fmt::format("CAST({} AS TIMESTAMP)", zoned) : zoned;
  }
  if (name == "current_date" || name == "today") return fmt::format("CAST({} AS DATE)", zoned);
  return std::nullopt;
}

std::string Token(std::string_view word, std::string_view argument) {
  return fmt::format("@{{{}:{}}}", word, argument);
}

std::string Quoted(std::string_view name, const Project& project) {
  if (!project.config.translates()) {
    return EscapeTemplate(grammar::QuoteIdentifier(name, *project.config.dialect));
  }
  const grammar::Dialect& target = project.config.target();
  return EscapeTemplate(grammar::QuoteIdentifier(translate::StoredIn(name, *project.config.dialect, target), target));
}

std::string Quoted(const runtime::RelationName& name, const Project& project) {
  return Quoted(name.schema, project) + "." + Quoted(name.name, project);
}

std::string EmitQuery(const Model& model, const Project& project, Reads reads) {
  Emitter emitter(project, model, model.relations, reads, model.kind != ModelKind::kView);
  emitter.ReadBy(model);
  return emitter.Emit(project.config.translates() ? *model.gateway_query : *model.query);
}

std::string EmitKeysQuery(const Model& model, const Project& project) {
  return Emitter(project, model, model.relations, Reads::kCandidates, true)
      .Emit(project.config.translates() ? *model.removed.gateway_keys_query : *model.removed.keys_query);
}

std::vector<std::string> EmitPartitions(const Model& model, const Project& project) {
  const grammar::Query* const query =
      project.config.translates() ? model.gateway_partition_query : model.partition_query;
  const Emitter emitter(project, model, model.relations, Reads::kCandidates, true);
  std::vector<std::string> out;
  for (const grammar::SelectItem& item : As<grammar::Select>(query->body)->items) {
    out.push_back(emitter.Emit(*item.expr));
  }
  return out;
}

MergeTexts EmitMerge(const Model& model, const Project& project) {
  const grammar::Query* const query = project.config.translates() ? model.gateway_merge_query : model.merge_query;
  const Emitter emitter(project, model, model.relations, Reads::kCandidates, true);
  const auto items = As<grammar::Select>(query->body)->items;
  size_t next = 0;
  const auto take = [&] { return fmt::format("({})", emitter.Emit(*items[next++].expr)); };
  MergeTexts out;
  if (model.merge_filter != nullptr) out.filter = take();
  for (const MatchClause& clause : model.when_matched) {
    MergeTexts::Clause texts;
    if (clause.condition != nullptr) texts.condition = take();
    texts.removes = clause.removes;
    for (const auto& [column, value] : clause.sets) texts.sets.emplace_back(column, take());
    out.clauses.push_back(std::move(texts));
  }
  return out;
}

std::string EmitAudit(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                      const Project& project) {
  grammar::Arena arena;
  AuditRelations relations(model, project, arena);
  grammar::CloneHooks hooks;
  hooks.replace_table = [&relations](const grammar::TableRef& ref) { return relations.Replace(ref); };
  const grammar::Query* const query = grammar::Clone(QueryOf(audit, project), arena, hooks);
  Emitter emitter(project, model, relations.all, Reads::kCandidates, true);
  emitter.Served(relations.served);
  emitter.AuditOver(model, batches);
  return emitter.Emit(*query);
}

std::string EmitAuditCount(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                           const Project& project) {
  const grammar::Select* const select = OverOneTable(QueryOf(audit, project));
  if (select == nullptr) return {};
  Emitter emitter(project, model, model.relations, Reads::kCandidates, true);
  emitter.AuditOver(model, batches);
  if (select->having != nullptr) {
    return select->where != nullptr ? std::string()
                                    : fmt::format("CASE WHEN {} THEN 1 ELSE 0 END", emitter.Emit(*select->having));
  }
  const bool whole_rows = select->items.size() == 1 && As<grammar::Star>(select->items[0].expr) != nullptr;
  if (!whole_rows || select->where == nullptr) return {};
  return fmt::format("count(CASE WHEN {} THEN 1 END)", emitter.Emit(*select->where));
}

std::string EmitFailing(const Model& model, const AuditCall& audit, const std::vector<runtime::Batch>& batches,
                        const Project& project) {
  const grammar::Select& select = *RowsOfModel(QueryOf(audit, project));
  Emitter emitter(project, model, model.relations, Reads::kCandidates, true);
  emitter.AuditOver(model, batches);
  return emitter.Emit(*select.where);
}

std::string EscapeTemplate(std::string text) {
  for (size_t at = text.find("@{"); at != std::string::npos; at = text.find("@{", at + 5)) text.insert(at + 1, "{at}");
  return text;
}

std::string EmitHook(std::string_view text, std::string_view relation) {
  constexpr std::string_view kThisModel = "@this_model";
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (grammar::LowerCase(text.substr(at, kThisModel.size())) == kThisModel) {
      out += relation;
      at += kThisModel.size() - 1;
    } else if (text.substr(at).starts_with("@{")) {
      out += "@{at}";
    } else {
      out += text[at];
    }
  }
  return out;
}

std::string RenderQuery(const grammar::Query& query, const grammar::Dialect& dialect, bool pretty,
                        const RenderTimes& times) {
  grammar::PrintOptions options;
  options.dialect = &dialect;
  options.pretty = pretty;
  options.variable = [&times](const grammar::MacroVariable& variable) -> std::optional<std::string> {
    const auto known = ReadRuntimeVariable(grammar::LowerCase(variable.name));
    if (!known) return std::nullopt;
    const std::optional<Moment>& moment = known->moment == RuntimeVariable::Moment::kStart ? times.start
                                          : known->moment == RuntimeVariable::Moment::kEnd ? times.end
                                                                                           : times.execution;
    return moment ? std::optional(RuntimeLiteral(*known, *moment)) : std::nullopt;
  };
  return grammar::Print(query, options);
}

std::string RenderQuery(const Model& model, const Project& project, bool pretty, const RenderTimes& times) {
  return model.query == nullptr ? std::string() : RenderQuery(*model.query, *project.config.dialect, pretty, times);
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/digest.h"
#include "base/parallel.h"
#include "compiler/ast_build.h"
#include "compiler/macros/macros.h"
#include "compiler/passes/audits_arguments.h"
#include "compiler/passes/audits_builtin.h"
#include "compiler/passes/audits_order.h"
#include "compiler/passes/audits_quarantine.h"
#include "compiler/passes/audits_template.h"
#include "compiler/passes/binder.h"
#include "compiler/passes/graph_relations.h"
#include "compiler/passes/passes.h"
#include "compiler/passes/scope.h"
#include "compiler/project/quarantine.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::Expr;

constexpr base::DiagnosticCode kUnknownAudit{"unknown-audit", base::Severity::kError};
constexpr base::DiagnosticCode kAuditArgument{"audit-argument", base::Severity::kError};
constexpr base::DiagnosticCode kAuditShape{"audit-shape", base::Severity::kError};

constexpr std::string_view kNonBlocking = "_non_blocking";
constexpr std::string_view kNotNull = "not_null";
constexpr std::string_view kUnique = "unique_values";
constexpr std::string_view kUniqueTogether = "unique_combination_of_columns";
constexpr std::string_view kUniqueKey = "unique_key";  // another name of the last
constexpr std::string_view kRelationships = "relationships";
constexpr std::string_view kRelationship = "relationship";  // the same of one column

const AuditDefinition* Lookup(const std::map<std::string, AuditDefinition>& audits, std::string_view name) {
  const auto found = audits.find(std::string(name));
  return found == audits.end() ? nullptr : &found->second;
}

Expr* ArgumentOf(const AuditCall& call, std::string_view name) {
  for (const auto& [argument, value] : call.arguments) {
    if (argument == name) return value;
  }
  return nullptr;
}

// The column names of an argument, as far as it has any.
std::set<std::string> NamesOf(Expr* argument) {
  std::set<std::string> names;
  for (const Expr* const item : argument == nullptr ? std::vector<Expr*>{} : ListItems(argument)) {
    if (const auto* const ref = As<grammar::ColumnRef>(item)) names.insert(FoldName(ref->parts.back().text));
  }
  return names;
}

// Expands the audits of one model.
class Expander {
 public:
  Expander(const Project& project, const BuiltinAudits& builtins, Model& model, grammar::Arena& arena,
           const base::SourceMap& sources, base::Diagnostics& diagnostics)
      : project_(project),
        builtins_(builtins),
        model_(model),
        arena_(arena),
        sources_(sources),
        diagnostics_(diagnostics) {
    this_model_.columns = model.columns;
  }

  void Run() {
    for (AuditCall& call : model_.audits) ResolveOtherName(call);
    AddGrain();
    std::vector<AuditCall> expanded;
    for (const AuditCall& call : model_.audits) {
      for (AuditCall& single : Split(call)) {
        if (Expand(single)) expanded.push_back(std::move(single));
      }
    }
    model_.audits = std::move(expanded);
  }

  // An audit that reads the model and that no model asks for.
  void AddStandalone(const AuditDefinition& definition) {
    AuditCall call;
    call.name = definition.name;
    call.span = definition.span;
    call.standalone = true;
    if (Fill(call, definition, false)) model_.audits.push_back(std::move(call));
  }

 private:
  // Names that others know an audit by.
  void ResolveOtherName(AuditCall& call) const {
    if (IsUsers(call.name)) return;
    if (call.name == kUniqueKey) call.name = kUniqueTogether;
    const bool single = call.name == kRelationship || call.name == fmt::format("{}{}", kRelationship, kNonBlocking);
    if (!single) return;
    call.name = fmt::format("{}{}", kRelationships, call.name.substr(kRelationship.size()));
    for (auto& [name, value] : call.arguments) {
      if (name == "column" || name == "to_column") name += 's';
    }
  }

  // A grain is a claim: it is audited unless that was asked for already.
  void AddGrain() {
    if (model_.grain.empty()) return;
    std::set<std::string> grain;
    for (const std::string& name : model_.grain) grain.insert(FoldName(name));
    std::set<std::string> missing = grain;
    bool unique = false;
    for (const AuditCall& call : model_.audits) {
      if (ArgumentOf(call, "condition") != nullptr) continue;
      const std::set<std::string> names = NamesOf(ArgumentOf(call, "columns"));
      if (call.name == kNotNull) std::erase_if(missing, [&](const std::string& name) { return names.contains(name); });
      unique |= call.name == kUniqueTogether && names == grain;
      unique |= call.name == kUnique && grain.size() == 1 && names.contains(*grain.begin());
    }
    std::vector<std::string> nulls;
    for (const std::string& name : model_.grain) {
      if (missing.contains(FoldName(name))) nulls.push_back(name);
    }
    if (!nulls.empty()) AddCall(kNotNull, nulls);
    if (!unique) AddCall(kUniqueTogether, model_.grain);
  }

  void AddCall(std::string_view name, const std::vector<std::string>& columns) {
    AuditCall call;
    call.name = name;
    call.span = model_.grain_span;
    call.arguments.emplace_back("columns", AstBuilder(arena_, model_.grain_span).Columns(columns));
    model_.audits.push_back(std::move(call));
  }

  // unique_values of several columns is one audit a column.
  std::vector<AuditCall> Split(const AuditCall& call) const {
    Expr* const columns = ArgumentOf(call, "columns");
    const std::vector<Expr*> items = columns == nullptr ? std::vector<Expr*>{} : ListItems(columns);
    if (call.name != kUnique || items.size() < 2 || IsUsers(call.name)) return {call};
    std::vector<AuditCall> out;
    for (Expr* const item : items) {
      out.push_back(call);
      for (auto& [name, value] : out.back().arguments) {
        if (name == "columns") value = item;
      }
    }
    return out;
  }

  bool IsUsers(const std::string& name) const {
    return Lookup(model_.local_audits, name) != nullptr || Lookup(project_.audits, name) != nullptr;
  }

  // The definition that a call means: the model's own, the project's, one that is built in.
  const AuditDefinition* Find(AuditCall& call, bool& builtin) const {
    if (const AuditDefinition* const local = Lookup(model_.local_audits, call.name)) return local;
    if (const AuditDefinition* const shared = Lookup(project_.audits, call.name)) return shared;
    builtin = true;
    if (const AuditDefinition* const found = builtins_.Find(call.name)) return found;
    if (!call.name.ends_with(kNonBlocking)) return nullptr;
    const std::string plain = call.name.substr(0, call.name.size() - kNonBlocking.size());
    const AuditDefinition* const found = builtins_.Find(plain);
    if (found != nullptr) {
      call.name = plain;
      call.blocking = false;
    }
    return found;
  }

  bool Expand(AuditCall& call) {
    bool builtin = false;
    const AuditDefinition* const definition = Find(call, builtin);
    if (definition == nullptr) {
      ReportUnknown(call);
      return false;
    }
    if (definition->standalone) {
      diagnostics_.Report(kAuditShape, call.span, fmt::format("{} is standalone: it runs by itself", call.name))
          .Note(definition->span, "defined here")
          .Help("take it out of `audits (...)`, or `standalone true` out of the audit");
      return false;
    }
    return Fill(call, *definition, builtin);
  }

  bool Fill(AuditCall& call, const AuditDefinition& definition, bool builtin) {
    call.blocking = call.blocking && definition.blocking;
    const size_t before = diagnostics_.error_count();
    const AuditArguments arguments = Arguments(call, definition);
    if (model_.typed) CheckArguments(project_, model_, call, definition, arena_, diagnostics_);
    if (builtin && call.name == kRelationships) CheckPairs(call);
    if (diagnostics_.error_count() > before) return false;
    call.query = FillAudit(*definition.query, arguments, *project_.config.dialect, arena_);
    base::Diagnostics found;
    if (!builtin && !ExpandAuditQuery(project_, call.query, arguments, arena_, sources_, found)) {
      Report(call, found);
      return false;
    }
    Describe(call);
    ResolveUpstreams(call, found);
    if (model_.typed && !found.has_errors()) Bind(call, found);
    Report(call, found);
    if (IsQuarantine(call)) CheckQuarantine(model_, call, diagnostics_);
    return true;
  }

  // The arguments of the call and the defaults for the rest; reports those that are missing or that nothing takes.
  AuditArguments Arguments(AuditCall& call, const AuditDefinition& definition) {
    std::set<std::string> parameters = AuditParameters(*definition.query);
    for (const std::string& name : NoParameters(project_, *definition.query)) parameters.erase(name);
    for (const auto& [name, value] : definition.defaults) parameters.insert(name);
    for (const auto& [name, kind] : definition.arguments) parameters.insert(name);
    AuditArguments arguments(definition.defaults.begin(), definition.defaults.end());
    std::set<std::string> meant;
    for (const auto& [name, value] : call.arguments) {
      if (name == "blocking" && !parameters.contains(name)) {
        SetBlocking(call, *value);
      } else if (name == "quarantine" && !parameters.contains(name)) {
        ReadFlag(*value, "quarantine is true or false", "write quarantine := true");
      } else if (name == "threshold" && !parameters.contains(name)) {
        SetThreshold(call, *value, *definition.query);
      } else if (parameters.contains(name)) {
        arguments[name] = value;
      } else {
        // What is misspelt is not missing, too.
        meant.insert(ReportArgument(call, name, value->span, parameters));
      }
    }
    std::erase_if(call.arguments, [&](const auto& argument) {
      return (argument.first == "blocking" || argument.first == "threshold") && !parameters.contains(argument.first);
    });
    for (const std::string& name : parameters) {
      if (arguments.contains(name) || meant.contains(name)) continue;
      diagnostics_.Report(kAuditArgument, call.span, fmt::format("{} needs the argument {}", call.name, name))
          .Help(fmt::format("write {}({} := ...)", call.name, name));
    }
    return arguments;
  }

  // Columns and what they refer to go together one by one.
  void CheckPairs(const AuditCall& call) {
    Expr* const columns = ArgumentOf(call, "columns");
    Expr* const others = ArgumentOf(call, "to_columns");
    if (columns == nullptr || others == nullptr) return;
    const size_t count = ListItems(columns).size();
    const size_t other = ListItems(others).size();
    if (count == other) return;
    diagnostics_
        .Report(kAuditArgument, others->span, fmt::format("columns names {}, and to_columns names {}", count, other))
        .Help("name as many: each column is compared with the one at its place");
  }

  void SetBlocking(AuditCall& call, const Expr& value) {
    call.blocking = ReadFlag(value, "blocking is true or false", "write blocking := false");
  }

  bool ReadFlag(const Expr& value, std::string message, std::string help) {
    const auto* const literal = As<grammar::Literal>(&value);
    const bool yes = literal != nullptr && literal->type == grammar::LiteralKind::kTrue;
    const bool no = literal != nullptr && literal->type == grammar::LiteralKind::kFalse;
    if (!yes && !no) diagnostics_.Report(kAuditArgument, value.span, std::move(message)).Help(std::move(help));
    return yes;
  }

  // A whole number is one of rows; with a point, below 1, it is a share of the model's rows.
  void SetThreshold(AuditCall& call, const Expr& value, const grammar::Query& query) {
    const auto* const select = As<grammar::Select>(query.body);
    if (select != nullptr && select->having != nullptr && select->group_by.empty()) {
      diagnostics_.Report(kAuditArgument, value.span, fmt::format("{} looks at the table as a whole", call.name))
          .Help("a threshold is for audits that select rows: it would switch this one off");
      return;
    }
    const auto* const literal = As<grammar::Literal>(&value);
    const bool number = literal != nullptr && literal->type == grammar::LiteralKind::kNumber;
    const std::string text(number ? literal->text : "");
    const bool whole = number && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
    if (whole) call.max_rows = std::stoll(text);
    if (number && !whole) std::from_chars(text.data(), text.data() + text.size(), call.max_share);
    if (whole || (call.max_share > 0 && call.max_share < 1)) return;
    diagnostics_.Report(kAuditArgument, value.span, "threshold is a number of rows, or a share of them between 0 and 1")
        .Help("write threshold := 10, or threshold := 0.01 for one of a hundred");
  }

  // Gives the argument that was meant, if one is near.
  std::string ReportArgument(const AuditCall& call, const std::string& name, base::Span span,
                             const std::set<std::string>& parameters) {
    const std::vector<std::string> names(parameters.begin(), parameters.end());
    std::string all;
    for (const std::string& parameter : names) all += (all.empty() ? "" : ", ") + parameter;
    const auto near = base::ClosestName(name, names);
    diagnostics_.Report(kAuditArgument, span, fmt::format("{} takes no argument {}", call.name, name))
        .Help(near          ? fmt::format("did you mean {}?", *near)
              : all.empty() ? std::string("it takes none")
                            : fmt::format("it takes {}", all));
    return near.value_or("");
  }

  void ReportUnknown(const AuditCall& call) {
    std::vector<std::string> names = builtins_.Names();
    for (const auto& [name, audit] : project_.audits) names.push_back(name);
    for (const auto& [name, audit] : model_.local_audits) names.push_back(name);
    const auto near = base::ClosestName(call.name, names);
    diagnostics_.Report(kUnknownAudit, call.span, fmt::format("there is no audit {}", call.name))
        .Help(near ? fmt::format("did you mean {}?", *near)
                   : fmt::format("define it in audits/{}.sql: AUDIT (name {}); SELECT the failing rows", call.name,
                                 call.name));
  }

  // "accepted_range(distance, min_v := 1)".
  void Describe(AuditCall& call) const {
    std::string arguments;
    for (const auto& [name, value] : call.arguments) {
      const bool plain =
          name == "to" || name == "to_columns" || name == "columns" || name == "column" || name == "criteria";
      for (const Expr* const item : plain ? ListItems(value) : std::vector<Expr*>{value}) {
        arguments +=
            (arguments.empty() ? "" : ", ") + (plain ? std::string() : name + " := ") + grammar::Print(*item, {});
      }
    }
    const std::string threshold = call.max_share > 0  ? fmt::format("threshold := {}", call.max_share)
                                  : call.max_rows > 0 ? fmt::format("threshold := {}", call.max_rows)
                                                      : "";
    if (!threshold.empty()) arguments += (arguments.empty() ? "" : ", ") + threshold;
    call.title = arguments.empty() ? call.name : fmt::format("{}({})", call.name, arguments);
    call.digest =
        base::ShortId(fmt::format("{}\n{}\n{}{}", grammar::PrintCanonical(*call.query, *project_.config.dialect),
                                  call.name, call.blocking, threshold.empty() ? "" : "\n" + threshold));
    if (IsQuarantine(call)) call.digest = base::ShortId(call.digest + "\nquarantine");
  }

  void ResolveUpstreams(AuditCall& call, base::Diagnostics& found) {
    std::map<const grammar::TableName*, int> relations;
    ResolveRelations(project_, *call.query, relations, found);
    for (const auto& [ref, index] : relations) {
      call.depends_on.push_back(index);
      model_.relations.emplace(ref, index);
    }
    std::sort(call.depends_on.begin(), call.depends_on.end());
    call.depends_on.erase(std::unique(call.depends_on.begin(), call.depends_on.end()), call.depends_on.end());
  }

  void Bind(AuditCall& call, base::Diagnostics& found) {
    BindContext context;
    context.project = &project_;
    context.relations = &model_.relations;
    context.arena = &arena_;
    context.keep_stars = true;
    context.macro_relation = [this, &call](std::string_view name) -> const RelationColumns* {
      const bool known = SameName(name, "this_model") || SameName(name, "served_model");
      return known && !call.standalone ? &this_model_ : nullptr;
    };
    BindQuery(*call.query, context, found);
  }

  // What is wrong inside of a built-in audit is wrong with its call; a user's audit says which model asked for it.
  void Report(const AuditCall& call, const base::Diagnostics& found) {
    for (base::Diagnostic diagnostic : found.all()) {
      if (!diagnostic.span.known()) {
        diagnostic.span = call.span;
        diagnostic.fix.reset();
      } else if (diagnostic.span.source != call.span.source) {
        if (!call.standalone) diagnostic.notes.push_back({call.span, fmt::format("as an audit of {}", model_.name)});
      }
      std::erase_if(diagnostic.notes, [](const base::Note& note) { return !note.span.known(); });
      diagnostics_.Add(std::move(diagnostic));
    }
  }

  const Project& project_;
  const BuiltinAudits& builtins_;
  Model& model_;
  grammar::Arena& arena_;
  const base::SourceMap& sources_;
  base::Diagnostics& diagnostics_;
  RelationColumns this_model_;
};

// The models that a standalone audit reads; reports one that reads none which could be held back.
std::vector<size_t> ReadBy(const Project& project, const AuditDefinition& audit, base::Diagnostics& diagnostics) {
  std::map<const grammar::TableName*, int> relations;
  base::Diagnostics later;  // names that nothing has are reported where the audit is bound
  ResolveRelations(project, *audit.query, relations, later);
  std::set<size_t> models;
  for (const auto& [ref, index] : relations) {
    if (project.models[static_cast<size_t>(index)].has_build()) models.insert(static_cast<size_t>(index));
  }
  if (models.empty()) {
    diagnostics.Append(std::move(later));
    diagnostics
        .Report(kAuditShape, audit.span, fmt::format("{} is standalone, and reads no model that is built", audit.name))
        .Help("name models in its FROM; or leave `standalone` out, and name the audit in `audits (...)` of a model");
  }
  return {models.begin(), models.end()};
}

// The standalone audits of each model. The first of the models that an audit reads reports what is wrong with it.
struct Standalone {
  const AuditDefinition* audit;
  bool reports;
};
std::vector<std::vector<Standalone>> StandaloneAudits(const Project& project, base::Diagnostics& diagnostics) {
  std::vector<std::vector<Standalone>> out(project.models.size());
  for (const auto& [name, audit] : project.audits) {
    if (!audit.standalone || audit.query == nullptr) continue;
    bool reports = true;
    for (const size_t index : ReadBy(project, audit, diagnostics)) {
      if (project.models[index].known_before) continue;
      out[index].push_back({&audit, std::exchange(reports, false)});
    }
  }
  return out;
}

}  // namespace

Project ExpandAudits(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  const auto builtins = std::make_shared<BuiltinAudits>(diagnostics);
  // Expanded audits are made of the built-in ones' nodes and texts, so those live as long as the project.
  project.arenas.emplace_back(builtins, &builtins->arena());
  std::vector<base::Diagnostics> found(project.models.size());
  std::vector<std::shared_ptr<grammar::Arena>> arenas(project.models.size());
  const auto standalone = StandaloneAudits(project, diagnostics);
  base::ParallelFor(project.models.size(), 0, [&](size_t i) {
    Model& model = project.models[i];
    if (model.known_before || (model.audits.empty() && model.grain.empty() && standalone[i].empty())) return;
    arenas[i] = std::make_shared<grammar::Arena>();
    Expander(project, *builtins, model, *arenas[i], sources, found[i]).Run();
    for (const auto& [audit, reports] : standalone[i]) {
      base::Diagnostics repeated;
      Expander(project, *builtins, model, *arenas[i], sources, reports ? found[i] : repeated).AddStandalone(*audit);
    }
  });
  for (size_t i = 0; i < found.size(); ++i) {
    diagnostics.Append(std::move(found[i]));
    if (arenas[i] != nullptr) project.arenas.push_back(std::move(arenas[i]));
  }
  OrderByAudits(project, diagnostics);
  DependOnQuarantine(project);
  return project;
}

}  // namespace wapc::compiler

#include "compiler/passes/audits_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "compiler/ast_build.h"
#include "compiler/passes/audits_template.h"
#include "compiler/passes/binder.h"
#include "compiler/passes/scope.h"
#include "compiler/project/properties.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::Expr;
using grammar::Literal;
using grammar::LiteralKind;
using metadata::Type;
using metadata::TypeKind;

constexpr base::DiagnosticCode kAuditArgument{"audit-argument", base::Severity::kError};
constexpr base::DiagnosticCode kUnknownColumn{"unknown-column", base::Severity::kError};

enum class Kind : uint8_t {
  kColumn,
  kColumns,
  kTextColumn,
  kNumberColumn,
  kTimeColumn,
  kValue,
  kValues,
  kTexts,
  kNumber,
  kShare,
  kFlag,
  kCondition,
  kConditions,
  kSpan,
  kStep,
  kModel,
  kTargetColumn,
  kTargetCondition,
};

struct KindName {
  std::string_view word;
  Kind kind;
};
constexpr auto kKinds = std::to_array<KindName>({
    {"column", Kind::kColumn},
    {"columns", Kind::kColumns},
    {"text_column", Kind::kTextColumn},
    {"number_column", Kind::kNumberColumn},
    {"time_column", Kind::kTimeColumn},
    {"value", Kind::kValue},
    {"list", Kind::kValues},
    {"texts", Kind::kTexts},
    {"number", Kind::kNumber},
    {"share", Kind::kShare},
    {"flag", Kind::kFlag},
    {"condition", Kind::kCondition},
    {"conditions", Kind::kConditions},
    {"span", Kind::kSpan},
    {"step", Kind::kStep},
    {"model", Kind::kModel},
    {"target_column", Kind::kTargetColumn},
    {"target_condition", Kind::kTargetCondition},
});

bool IsText(TypeKind kind) { return kind == TypeKind::kText || kind == TypeKind::kEnum; }
bool IsTime(TypeKind kind) {
  return kind == TypeKind::kDate || kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampTz;
}
bool IsOpen(const Type& type) {
  return type.is_unknown() || type.kind == TypeKind::kNull || type.kind == TypeKind::kEngine;
}

bool IsLiteral(const Expr& expr, LiteralKind kind) {
  const auto* const literal = As<Literal>(&expr);
  return literal != nullptr && literal->type == kind;
}

bool NamesColumn(Expr& expr) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.expr = [&found](Expr& node) {
    found = found || As<grammar::ColumnRef>(&node) != nullptr;
    return !found;
  };
  grammar::Walk(expr, visitor);
  return found;
}

std::vector<std::string> NamesOf(const std::vector<Column>& columns) {
  std::vector<std::string> out;
  for (const Column& column : columns) out.push_back(column.name);
  return out;
}

class Checker {
 public:
  Checker(const Project& project, const Model& model, const AuditCall& call, const AuditDefinition& definition,
          grammar::Arena& arena, base::Diagnostics& diagnostics)
      : project_(project),
        model_(model),
        call_(call),
        definition_(definition),
        arena_(arena),
        diagnostics_(diagnostics) {}

  void Run() {
    for (const auto& [name, value] : call_.arguments) {
      if (const auto kind = KindOf(name)) Check(name, *value, *kind);
    }
  }

 private:
  std::optional<Kind> KindOf(const std::string& name) const {
    if (name == "condition") return Kind::kCondition;
    const auto found = definition_.arguments.find(name);
    if (found == definition_.arguments.end()) return std::nullopt;
    const auto* const known =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& kind) { return kind.word == found->second; });
    return known == kKinds.end() ? std::nullopt : std::optional(known->kind);
  }

  void Check(const std::string& name, Expr& value, Kind kind) {
    switch (kind) {
      case Kind::kModel: return CheckModel(name, value);
      case Kind::kTargetColumn:
        for (const Expr* const item : ListItems(&value)) CheckTarget(name, *item);
        return;
      case Kind::kTargetCondition: return;
      case Kind::kColumns:
        for (Expr* const item : ListItems(&value)) CheckOne(name, *item, Kind::kColumn);
        return;
      case Kind::kValues:
        for (Expr* const item : ListItems(&value)) CheckOne(name, *item, Kind::kValue);
        return;
      case Kind::kConditions:
        for (Expr* const item : ListItems(&value)) CheckOne(name, *item, Kind::kCondition);
        return;
      case Kind::kTexts:
        for (Expr* const item : ListItems(&value)) CheckOne(name, *item, Kind::kTexts);
        return;
      default: return CheckOne(name, value, kind);
    }
  }

  void CheckOne(const std::string& name, Expr& value, Kind kind) {
    if (IsLiteral(value, LiteralKind::kNull) || !CheckColumns(value)) return;
    const std::optional<Type> type = TypeOf(value);
    if (!type) return;
    switch (kind) {
      case Kind::kColumn: return Expect(NamesColumn(value), name, value, "a column of the model", *type);
      case Kind::kTextColumn: return CheckColumn(name, value, *type, IsText(type->kind), "text");
      case Kind::kNumberColumn: return CheckColumn(name, value, *type, type->is_numeric(), "numbers");
      case Kind::kTimeColumn: return CheckColumn(name, value, *type, IsTime(type->kind), "dates or times");
      case Kind::kValue: return CheckValue(name, value, *type);
      case Kind::kTexts: return Expect(IsText(type->kind), name, value, "text", *type);
      case Kind::kNumber: return Expect(type->is_numeric(), name, value, "a number", *type);
      case Kind::kShare: return CheckShare(name, value);
      case Kind::kFlag:
        return Expect(IsLiteral(value, LiteralKind::kTrue) || IsLiteral(value, LiteralKind::kFalse), name, value,
                      "true or false", *type);
      case Kind::kCondition: return Expect(type->kind == TypeKind::kBool, name, value, "a condition", *type);
      case Kind::kSpan:
        return Expect(type->kind == TypeKind::kInterval, name, value, "a span of time such as INTERVAL '1 day'", *type);
      case Kind::kStep:
        return Expect(type->is_numeric() || type->kind == TypeKind::kInterval, name, value,
                      "a number or a span of time such as INTERVAL '1 day'", *type);
      default: return;
    }
  }

  void Expect(bool met, const std::string& name, const Expr& value, std::string_view expected, const Type& type) {
    if (met || IsOpen(type)) return;
    diagnostics_.Report(kAuditArgument, value.span, fmt::format("{} of {} is {}", name, call_.name, ToString(type)))
        .Help(fmt::format("it has to be {}", expected));
  }

  void CheckColumn(const std::string& name, Expr& value, const Type& type, bool met, std::string_view what) {
    if (!NamesColumn(value)) return Expect(false, name, value, "a column of the model", type);
    if (met || IsOpen(type)) return;
    diagnostics_
        .Report(kAuditArgument, value.span,
                fmt::format("{} reads {}, and this is {}", call_.name, what, ToString(type)))
        .Help("cast it in the argument, or take another audit");
  }

  // A value that the column is compared with. A string literal takes the column's type.
  void CheckValue(const std::string& name, Expr& value, const Type& type) {
    const auto column = std::find_if(call_.arguments.begin(), call_.arguments.end(),
                                     [](const auto& argument) { return argument.first == "column"; });
    if (column == call_.arguments.end()) return;
    base::Diagnostics ignored;
    const std::optional<Type> other = TypeOf(*column->second, ignored);
    if (!other || IsOpen(*other) || IsOpen(type)) return;
    if (IsLiteral(value, LiteralKind::kString) && !other->is_numeric()) return;
    if (CommonType(*other, type)) return;
    diagnostics_
        .Report(kAuditArgument, value.span,
                fmt::format("{} of {} is {}, and the column is {}", name, call_.name, ToString(type), ToString(*other)))
        .Help("values are compared with the column: give one of its type");
  }

  void CheckShare(const std::string& name, const Expr& value) {
    const auto* const literal = As<Literal>(&value);
    double number = -1;
    if (literal != nullptr && literal->type == LiteralKind::kNumber) {
      std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), number);
    }
    if (number >= 0 && number <= 1) return;
    diagnostics_.Report(kAuditArgument, value.span, fmt::format("{} of {} is a share, from 0 to 1", name, call_.name))
        .Help("write 0.05 for five of a hundred");
  }

  void CheckModel(const std::string& name, const Expr& value) {
    const auto* const ref = As<grammar::ColumnRef>(&value);
    if (ref != nullptr) return;
    diagnostics_.Report(kAuditArgument, value.span, fmt::format("{} of {} is the name of a model", name, call_.name))
        .Help(fmt::format("write {} := schema.model", name));
  }

  // The model that the argument of kind `model` names; null when there is none, which is reported with the query.
  const Model* Target() const {
    for (const auto& [name, value] : call_.arguments) {
      if (KindOf(name) == Kind::kModel) return project_.Find(NameOf(value).value_or(""));
    }
    return nullptr;
  }

  void CheckTarget(const std::string& name, const Expr& value) {
    const auto* const ref = As<grammar::ColumnRef>(&value);
    if (ref == nullptr || ref->parts.size() != 1) {
      diagnostics_.Report(kAuditArgument, value.span,
                          fmt::format("{} of {} is a column of the other model", name, call_.name));
      return;
    }
    const Model* const target = Target();
    if (target != nullptr && target->typed) CheckColumnOf(*target, *ref);
  }

  void CheckColumnOf(const Model& model, const grammar::ColumnRef& ref) {
    const auto is = [&](const Column& column) { return SameName(column.name, ref.parts[0].text); };
    if (std::any_of(model.columns.begin(), model.columns.end(), is)) return;
    const auto near = base::ClosestName(ref.parts[0].text, NamesOf(model.columns));
    auto report = diagnostics_.Report(kUnknownColumn, ref.span,
                                      fmt::format("{} has no column \"{}\"", model.name, ref.parts[0].text));
    report.Help(near ? fmt::format("did you mean {}?", *near)
                     : fmt::format("{} takes columns of {}", call_.name,
                                   model.name == model_.name ? "the model" : "that model"));
  }

  // Whether every name in the argument is a column of the model.
  bool CheckColumns(Expr& value) {
    const size_t before = diagnostics_.error_count();
    grammar::Visitor visitor;
    visitor.expr = [this](Expr& expr) {
      if (const auto* const ref = As<grammar::ColumnRef>(&expr)) CheckColumnOf(model_, *ref);
      return true;
    };
    grammar::Walk(value, visitor);
    return diagnostics_.error_count() == before;
  }

  std::optional<Type> TypeOf(Expr& value) { return TypeOf(value, diagnostics_); }

  // Literals and plain columns, which nearly all are, need no binding.
  std::optional<Type> TypeOf(Expr& value, base::Diagnostics& diagnostics) const {
    if (const auto* const ref = As<grammar::ColumnRef>(&value); ref != nullptr && ref->parts.size() == 1) {
      for (const Column& column : model_.columns) {
        if (SameName(column.name, ref->parts[0].text)) return column.type;
      }
    }
    if (IsLiteral(value, LiteralKind::kString)) return Type::Text();
    return Bound(value, diagnostics);
  }

  // What `SELECT value FROM @this_model` gives.
  std::optional<Type> Bound(const Expr& value, base::Diagnostics& diagnostics) const {
    const AstBuilder build(arena_, value.span);
    auto* const call = arena_.New<grammar::MacroCall>();
    call->kind = grammar::MacroCall::kKind;
    call->span = value.span;
    call->name = build.Name("this_model");
    auto* const from = arena_.New<grammar::MacroTable>();
    from->kind = grammar::MacroTable::kKind;
    from->span = value.span;
    from->call = call;
    grammar::Query* const query =
        build.Select({{grammar::Clone(value, arena_), build.Name("value"), value.span}}, from, nullptr);
    const RelationColumns columns{model_.columns};
    BindContext context;
    context.project = &project_;
    context.relations = &model_.relations;
    context.arena = &arena_;
    context.keep_stars = true;
    context.macro_relation = [&columns](std::string_view) { return &columns; };
    const auto bound = BindQuery(*query, context, diagnostics);
    if (!bound || bound->size() != 1) return std::nullopt;
    return bound->front().type;
  }

  const Project& project_;
  const Model& model_;
  const AuditCall& call_;
  const AuditDefinition& definition_;
  grammar::Arena& arena_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::vector<std::string> ArgumentKinds() {
  std::vector<std::string> out;
  for (const KindName& kind : kKinds) out.emplace_back(kind.word);
  return out;
}

void CheckArguments(const Project& project, const Model& model, const AuditCall& call,
                    const AuditDefinition& definition, grammar::Arena& arena, base::Diagnostics& diagnostics) {
  if (!definition.arguments.empty()) Checker(project, model, call, definition, arena, diagnostics).Run();
}

}  // namespace wapc::compiler

#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;
using metadata::Type;
using metadata::TypeKind;

namespace {

constexpr base::DiagnosticCode kDuplicateRelation{"duplicate-relation", base::Severity::kError};

void MergeSources(Sources& into, const Sources& more) {
  into.insert(into.end(), more.begin(), more.end());
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

const grammar::Dialect& DialectOf(const BindContext& context) {
  if (context.dialect != nullptr) return *context.dialect;
  if (context.project != nullptr && context.project->config.dialect != nullptr) return *context.project->config.dialect;
  return grammar::DuckDbDialect();
}

}  // namespace

Binder::Binder(const BindContext& context, const ModelRelations* relations, base::Diagnostics& diagnostics)
    : context_(context),
      relations_(relations),
      diagnostics_(&diagnostics),
      dialect_(DialectOf(context)),
      typing_(TypingOf(dialect_)),
      catalog_(typing_.catalog()),
      names_{dialect_.folding},
      arena_(context.arena != nullptr ? context.arena : &scratch_) {}

const Relation& Binder::Keep(Relation relation) {
  kept_.push_back(std::move(relation));
  return kept_.back();
}

// The columns of a subquery, with a type for those that have none yet.
const Relation& Binder::Settled(const Relation& relation) {
  const auto is_null = [](const RelationColumn& column) { return column.type.kind == TypeKind::kNull; };
  if (!typing_.null_settles_in_subquery || std::none_of(relation.columns.begin(), relation.columns.end(), is_null)) {
    return relation;
  }
  Relation out = relation;
  for (RelationColumn& column : out.columns) {
    if (is_null(column)) column.type = typing_.null_column;
  }
  return Keep(std::move(out));
}

Value Binder::Fail(const base::DiagnosticCode& code, base::Span span, std::string message, std::string help) {
  auto report = Report(code, span, std::move(message));
  if (!help.empty()) report.Help(std::move(help));
  return Value::Unknown();
}

const Relation& Binder::BindQuery(grammar::Query& query, Scope* outer) {
  const size_t before = ctes_.size();
  // A subquery's own columns are no lineage of the value around it; those that it gives are.
  const Restore sink(sink_, static_cast<Sources*>(nullptr));
  BindCtes(query, outer);
  const Relation& output = BindBody(*query.body, &query, outer);
  BindLimits(query, outer);
  ctes_.resize(before);
  return output;
}

void Binder::BindCtes(grammar::Query& query, Scope* outer) {
  const size_t first = ctes_.size();
  for (const grammar::Cte& cte : query.ctes) cte_names_.push_back(Key(cte.name));
  for (const grammar::Cte& cte : query.ctes) {
    const auto same = [&](const auto& entry) { return names_.Same(entry.first, Key(cte.name)); };
    if (std::any_of(ctes_.begin() + static_cast<std::ptrdiff_t>(first), ctes_.end(), same)) {
      Report(kDuplicateRelation, cte.name.span, fmt::format("\"{}\" is defined twice in this WITH", cte.name.text))
          .Help("give one of them another name");
    }
    const Relation& relation = query.recursive ? BindRecursive(cte, outer) : BindQuery(*cte.query, outer);
    ctes_.emplace_back(Key(cte.name), &Settled(Renamed(relation, cte.columns, "WITH")));
  }
}

// The first part gives the columns; the second may read them under the name of the CTE.
const Relation& Binder::BindRecursive(const grammar::Cte& cte, Scope* outer) {
  auto* const both = As<grammar::SetOperation>(cte.query->body);
  if (both == nullptr || both->op != grammar::SetOperator::kUnion || !cte.query->ctes.empty()) {
    return BindQuery(*cte.query, outer);
  }
  const Restore sink(sink_, static_cast<Sources*>(nullptr));
  const Relation& anchor = Renamed(BindBody(*both->left, nullptr, outer), cte.columns, "WITH");
  ctes_.emplace_back(Key(cte.name), &anchor);
  const Relation& step = BindBody(*both->right, nullptr, outer);
  ctes_.pop_back();
  Relation output = anchor;
  const Relation met = MeetByPosition(anchor, step, *both);
  for (size_t i = 0; i < output.columns.size() && i < met.columns.size(); ++i) {
    output.columns[i].nullable = met.columns[i].nullable;
    output.columns[i].sources = met.columns[i].sources;
  }
  const Relation& kept = Keep(std::move(output));
  OrderByOutput(*cte.query, kept, outer);
  BindLimits(*cte.query, outer);
  return kept;
}

const Relation& Binder::BindBody(grammar::QueryBody& body, grammar::Query* owner, Scope* outer) {
  switch (body.kind) {
    case grammar::BodyKind::kSelect: return BindSelect(static_cast<grammar::Select&>(body), owner, outer);
    case grammar::BodyKind::kSetOperation:
      return BindSetOperation(static_cast<grammar::SetOperation&>(body), owner, outer);
    case grammar::BodyKind::kValues: {
      const Relation& output = BindValues(static_cast<grammar::Values&>(body), outer);
      if (owner != nullptr) OrderByOutput(*owner, output, outer);
      return output;
    }
    default: {
      const Relation& output = BindQuery(*static_cast<grammar::NestedQuery&>(body).query, outer);
      if (owner != nullptr) OrderByOutput(*owner, output, outer);
      return output;
    }
  }
}

const Relation& Binder::BindSetOperation(grammar::SetOperation& body, grammar::Query* owner, Scope* outer) {
  if (body.common) return BindCommonUnion(body, owner, outer);
  const Relation& left = BindBody(*body.left, nullptr, outer);
  const Relation& right = BindBody(*body.right, nullptr, outer);
  Relation output = body.by_name ? MeetByName(left, right, body.span) : MeetByPosition(left, right, body);
  if (body.op == grammar::SetOperator::kExcept) {
    for (size_t i = 0; i < output.columns.size() && i < left.columns.size(); ++i) {
      output.columns[i].nullable = left.columns[i].nullable;
      output.columns[i].sources = left.columns[i].sources;
    }
  }
  output.complete = left.complete && right.complete;
  const Relation& kept = Keep(std::move(output));
  if (owner != nullptr) OrderByOutput(*owner, kept, outer);
  return kept;
}

RelationColumn Binder::MeetColumns(const RelationColumn& left, const RelationColumn& right, base::Span span) {
  RelationColumn out = left;
  const auto value = [this](const RelationColumn& column) {
    Value of = Value::Of(column.type, column.nullable);
    if (column.open && typing_.literals_stay_open) of.literal = LiteralForm::kString;
    return of;
  };
  const std::optional<Type> type = typing_.meet(value(left), value(right));
  out.open = left.open && right.open;
  if (!type) {
    Report(kTypeMismatch, left.span.known() ? left.span : span,
           fmt::format("column \"{}\" is {} here and {} in the other query", left.name, ToString(left.type),
                       ToString(right.type)))
        .Note(right.span.known() ? right.span : span, fmt::format("this is {}", ToString(right.type)))
        .Help("cast one of them, so that both queries give the same type");
  }
  out.type = type.value_or(Type{});
  out.nullable = left.nullable || right.nullable;
  MergeSources(out.sources, right.sources);
  return out;
}

Relation Binder::MeetByPosition(const Relation& left, const Relation& right, const grammar::SetOperation& body) {
  if (left.complete && right.complete && left.columns.size() != right.columns.size()) {
    Report(kColumnCount, body.right->span,
           fmt::format("this query gives {} columns, the one before it {}", right.columns.size(), left.columns.size()))
        .Note(body.left->span, fmt::format("gives {} columns", left.columns.size()))
        .Help(
            "the two sides of a set operation must have as many columns; UNION BY NAME fills the missing ones with "
            "NULL");
    Relation output = left;
    output.complete = false;
    return output;
  }
  Relation output;
  for (size_t i = 0; i < std::min(left.columns.size(), right.columns.size()); ++i) {
    output.columns.push_back(MeetColumns(left.columns[i], right.columns[i], body.span));
  }
  return output;
}

Relation Binder::MeetByName(const Relation& left, const Relation& right, base::Span span) {
  Relation output;
  for (const RelationColumn& column : left.columns) {
    const int other = FindColumn(right, column.name, column.hash, names_);
    output.columns.push_back(other >= 0 ? MeetColumns(column, right.columns[static_cast<size_t>(other)], span)
                                        : column);
    if (other < 0) output.columns.back().nullable = true;
  }
  for (const RelationColumn& column : right.columns) {
    if (FindColumn(left, column.name, column.hash, names_) != -1) continue;
    output.columns.push_back(column);
    output.columns.back().nullable = true;
  }
  return output;
}

const Relation& Binder::BindValues(grammar::Values& body, Scope* outer) {
  Scope scope = NewScope(outer);
  std::vector<Value> columns;
  std::vector<base::Span> spans;
  for (const grammar::List<Expr*>& row : body.rows) {
    if (!columns.empty() && row.size() != columns.size()) {
      const base::Span span = row.empty() ? body.span : base::Join(row.front()->span, row.back()->span);
      Report(kColumnCount, span, fmt::format("this row has {} values, the first one {}", row.size(), columns.size()))
          .Help("every row of VALUES needs as many values");
    }
    for (size_t i = 0; i < row.size(); ++i) {
      const Value value = BindExpr(*row[i], scope);
      if (i >= columns.size()) {
        if (&row != &body.rows.front()) break;
        columns.push_back(value);
        spans.push_back(row[i]->span);
        continue;
      }
      columns[i] = Combine(columns[i], value, row[i]->span, "the rows of VALUES");
    }
  }
  Relation output;
  for (size_t i = 0; i < columns.size(); ++i) {
    output.columns.push_back(MakeColumn(arena_->Copy(ValuesName(i)), columns[i], spans[i]));
  }
  return Keep(std::move(output));
}

std::string Binder::ValuesName(size_t index) const {
  std::string out(typing_.values_column);
  return out.replace(out.find("{}"), 2, std::to_string(index + typing_.values_from));
}

// After a set operation only the output can be ordered by.
void Binder::OrderByOutput(grammar::Query& query, const Relation& output, Scope* outer) {
  if (query.order_by.empty()) return;
  Scope scope = NewScope(outer);
  scope.tables.push_back({{}, {}, query.span, &output, false, true, {}, {}});
  for (const grammar::OrderItem& item : query.order_by) {
    size_t index = 0;
    if (Position(*item.expr, output.complete ? output.columns.size() : SIZE_MAX, "ORDER BY", &index)) continue;
    BindExpr(*item.expr, scope);
  }
}

void Binder::BindLimits(grammar::Query& query, Scope* outer) {
  Scope scope = NewScope(outer);
  for (Expr* const expr : {query.limit, query.offset}) {
    if (expr != nullptr) BindExpr(*expr, scope);
  }
}

const Relation& Binder::Renamed(const Relation& relation, grammar::List<grammar::Identifier> names,
                                std::string_view what) {
  if (names.empty()) return relation;
  Relation output = relation;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i >= output.columns.size()) {
      if (!relation.complete) break;
      Report(kColumnCount, names[i].span,
             fmt::format("{} names {} columns, but the query gives {}", what, names.size(), relation.columns.size()))
          .Help("leave out the names that are too many");
      break;
    }
    output.columns[i].name = Key(names[i]);
    output.columns[i].hash = NameHash(names[i].text);
  }
  return Keep(std::move(output));
}

}  // namespace wapc::compiler

#include <algorithm>
#include <array>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

struct JoinWords {
  std::string_view words;
  JoinKind kind;
};
constexpr auto kJoins = std::to_array<JoinWords>({
    {"", JoinKind::kInner},
    {"inner", JoinKind::kInner},
    {"left", JoinKind::kLeft},
    {"left outer", JoinKind::kLeft},
    {"right", JoinKind::kRight},
    {"right outer", JoinKind::kRight},
    {"full", JoinKind::kFull},
    {"full outer", JoinKind::kFull},
    {"cross", JoinKind::kCross},
    {"semi", JoinKind::kSemi},
    {"anti", JoinKind::kAnti},
    {"asof", JoinKind::kAsof},
    {"asof inner", JoinKind::kAsof},
    {"asof left", JoinKind::kAsofLeft},
    {"asof left outer", JoinKind::kAsofLeft},
    {"positional", JoinKind::kPositional},
});

template <class T>
T* NewTable(Arena& arena, Span span) {
  auto* table = arena.New<T>(TableRef{T::kKind, span});
  return table;
}

}  // namespace

/// The tables of FROM; commas join them.
TableRef* Builder::BuildFrom(uint32_t node) {
  Cursor c = Children(node);
  c.Accept(TokenKind::FROM);
  TableRef* all = nullptr;
  int count = 0;
  CommaList(c, [&] {
    TableRef* const next = BuildTableRef(c.TakeRule());
    if (all == nullptr) {
      all = next;
      return;
    }
    auto* join = NewTable<Join>(arena_, base::Join(all->span, next->span));
    join->join = JoinKind::kComma;
    join->left = all;
    join->right = next;
    all = join;
    ++count;
  });
  height_ += count;
  return all;
}

/// `a JOIN b ON x JOIN c ON y`; and `a JOIN b JOIN c ON y ON x`, where a condition belongs to the innermost join that
/// has none yet.
TableRef* Builder::BuildTableRef(uint32_t node) {
  Cursor c = Children(node);
  const uint32_t first = c.Position();
  TableRef* table = BuildTablePrimary(c.TakeRule());
  std::vector<Join*> open;  // each waits for its condition, and has no right side yet
  const auto close = [&](Join* join) {
    join->right = table;
    join->span = SpanOf(first, c.Position());
    table = join;
    CheckHeight(++height_, table->span);
  };
  while (!c.AtEnd() && !failed_) {
    if (c.At(TokenKind::ON) || c.At(TokenKind::USING) || c.At(TokenKind::MATCH_CONDITION)) {
      const bool extra = open.empty() && table->kind == TableRefKind::kJoin;
      Join* const join = open.empty() ? static_cast<Join*>(table) : open.back();
      JoinCondition(c, join);
      if (extra && !failed_) {
        Fail(SpanOf(c.Position() - 1, c.Position()), "this join has a condition already", "remove one of them");
      }
      const bool more = c.At(TokenKind::ON) || c.At(TokenKind::USING);
      if (join->match_condition != nullptr && join->on == nullptr && join->using_columns.empty() && more) continue;
      if (extra || open.empty()) continue;
      open.pop_back();
      close(join);
      continue;
    }
    const uint32_t words = c.Position();
    Join* const join = BuildJoin(c, table);
    if (join == nullptr) return table;
    table = BuildTablePrimary(c.TakeRule());
    const bool bare = join->natural || join->join == JoinKind::kCross || join->join == JoinKind::kPositional;
    if (bare && (c.At(TokenKind::ON) || c.At(TokenKind::USING)) && open.empty()) {
      const bool natural = join->join != JoinKind::kCross && join->join != JoinKind::kPositional;
      Fail(SpanOf(words, words + 1), natural ? "a NATURAL join takes no condition" : "this join takes no condition",
           natural ? "remove NATURAL, or the condition" : "remove ON, USING or NATURAL, or use INNER JOIN");
    }
    if (bare) {
      close(join);
      continue;
    }
    join->span = SpanOf(words, words + 1);
    open.push_back(join);
  }
  for (; !open.empty(); open.pop_back()) {
    if (!failed_) Fail(open.back()->span, "this join has no condition", "add ON ... or USING (...), or use CROSS JOIN");
    close(open.back());
  }
  return table;
}

void Builder::JoinCondition(Cursor& c, Join* join) {
  if (c.Accept(TokenKind::MATCH_CONDITION)) {
    c.Accept(TokenKind::LPAREN);
    join->match_condition = TakeExpr(c);
    c.Accept(TokenKind::RPAREN);
  } else if (c.Accept(TokenKind::ON)) {
    join->on = TakeExpr(c);
  } else {
    c.TakeToken();
    join->using_columns = NamesInParens(c);
  }
}

/// The words of a join with its left side; null when there is no such join.
Join* Builder::BuildJoin(Cursor& c, TableRef* left) {
  const uint32_t begin = c.Position();
  auto* join = NewTable<Join>(arena_, {});
  join->left = left;
  join->natural = c.Accept(TokenKind::NATURAL);
  std::string words;
  while (!c.At(TokenKind::JOIN) && !c.At(TokenKind::MACRO_JOIN)) {
    if (!words.empty()) words += ' ';
    words += Spelling(c.Kind());
    c.TakeToken();
  }
  const Span at = SpanOf(begin, c.Position() + 1);
  const bool conditional = c.At(TokenKind::MACRO_JOIN);
  c.TakeToken();
  const auto* known =
      std::find_if(std::begin(kJoins), std::end(kJoins), [&words](const JoinWords& j) { return j.words == words; });
  if (known == std::end(kJoins)) {
    Fail(at, "there is no such kind of join",
         "use INNER, LEFT, RIGHT, FULL, CROSS, SEMI, ANTI, ASOF, ASOF LEFT or POSITIONAL JOIN");
    return nullptr;
  }
  join->join = known->kind;
  if (conditional) join->only_if = ClauseCondition(c);
  if (join->join == JoinKind::kSemi || join->join == JoinKind::kAnti) Needs(Feature::kSemiJoin, at);
  if (join->join == JoinKind::kAsof || join->join == JoinKind::kAsofLeft) Needs(Feature::kAsofJoin, at);
  if (join->join == JoinKind::kPositional) Needs(Feature::kPositionalJoin, at);
  return join;
}

/// TABLESAMPLE and its like.
Sample* Builder::BuildSample(uint32_t node) {
  Cursor c = Children(node);
  Needs(Feature::kSample, SpanOf(c.Position(), c.Position() + 1));
  c.TakeToken();
  auto* sample = arena_.New<Sample>();
  const bool size_first = c.At(Rule::SampleSize);
  if (c.At(TokenKind::IDENT)) sample->method = LowerText(TextOf(c.TakeToken()));
  c.Accept(TokenKind::LPAREN);
  Cursor size = Children(c.TakeRule());
  const uint32_t amount = size.TakeToken();
  const Span at = SpanOf(amount, amount + 1);
  switch (TokenAt(amount).kind) {
    case TokenKind::NUMBER: sample->amount = Make<Literal>(at, LiteralKind::kNumber, TextOf(amount)); break;
    case TokenKind::PARAM: sample->amount = Make<Parameter>(at, TextOf(amount)); break;
    default: sample->amount = Make<MacroVariable>(at, TextOf(amount).substr(1)); break;
  }
  sample->rows = size.Accept(TokenKind::ROWS);
  if (size.At(TokenKind::IDENT)) {
    const uint32_t word = size.TakeToken();
    if (LowerText(TextOf(word)) != "percent") Fail(SpanOf(word, word + 1), "expected PERCENT or ROWS");
  }
  c.Accept(TokenKind::RPAREN);
  if (size_first && c.Accept(TokenKind::LPAREN)) {
    sample->method = LowerText(TextOf(c.TakeToken()));
    if (c.Accept(TokenKind::COMMA)) sample->seed = TextOf(c.TakeToken());
    c.Accept(TokenKind::RPAREN);
  }
  if (c.At(TokenKind::IDENT)) {
    const uint32_t word = c.TakeToken();
    const std::string_view text = LowerText(TextOf(word));
    if (text != "repeatable" && text != "seed") Fail(SpanOf(word, word + 1), "expected REPEATABLE or SEED");
    c.Accept(TokenKind::LPAREN);
    sample->seed = TextOf(c.TakeToken());
  }
  if (sample->method.empty()) Needs(Feature::kSampleDefault, at);
  return sample;
}

/// TABLE(f(...)): a table function, in the words of Snowflake and Trino.
TableRef* Builder::TableCall(Cursor& c, uint32_t first, bool lateral) {
  Needs(Feature::kTableCall, SpanOf(first, first + 1));
  c.TakeToken();
  c.Accept(TokenKind::LPAREN);
  TableRef* const table = NamedTable(c, c.Position(), false);
  c.Accept(TokenKind::RPAREN);
  auto* function = As<TableFunction>(table);
  if (function == nullptr) {
    Fail(table->span, "TABLE(...) takes a call of a table function");
    return table;
  }
  function->lateral = lateral;
  function->table_word = true;
  return function;
}

TableRef* Builder::BuildTablePrimary(uint32_t node) {
  Cursor c = Children(node);
  const uint32_t first = c.Position();
  const bool lateral = c.Accept(TokenKind::LATERAL);
  TableRef* table = nullptr;
  if (c.Accept(TokenKind::LPAREN)) {
    table = TableInParens(c.TakeRule(), lateral);
    c.Accept(TokenKind::RPAREN);
  } else if (c.At(TokenKind::MACRO_NAME)) {
    table = TokenAt(first + 1).kind == TokenKind::DOT ? NamedTable(c, first, lateral) : MacroRelation(c, first);
  } else if (c.At(TokenKind::TABLE_CALL)) {
    table = TableCall(c, c.Position(), lateral);
  } else {
    table = NamedTable(c, first, lateral);
  }
  if (c.At(Rule::TableAlias)) Alias(c.TakeRule(), table);
  if (c.At(Rule::Sample)) table->sample = BuildSample(c.TakeRule());
  table->span = SpanOf(first, c.Position());
  while (!c.AtEnd() && !failed_) {
    if (c.At(Rule::Pivot)) {
      const uint32_t pivot = c.TakeRule();
      table = BuildPivot(pivot, table, SpanOf(first, c.Position()));
    } else {
      const uint32_t unpivot = c.TakeRule();
      table = BuildUnpivot(unpivot, table, SpanOf(first, c.Position()));
    }
    if (c.At(Rule::TableAlias)) Alias(c.TakeRule(), table);
    if (c.At(Rule::Sample)) table->sample = BuildSample(c.TakeRule());
    CheckHeight(++height_, table->span);
  }
  return table;
}

TableRef* Builder::NamedTable(Cursor& c, uint32_t first, bool lateral) {
  if (c.At(TokenKind::STRING)) Needs(Feature::kFileTable, SpanOf(c.Position(), c.Position() + 1));
  std::vector<Identifier> parts{Name(c)};
  while (c.Accept(TokenKind::DOT)) parts.push_back(Name(c));
  const Span name_span = SpanOf(first, c.Position());
  if (c.At(Rule::CallSuffix)) {
    const uint32_t suffix = c.TakeRule();
    const uint32_t name_first = lateral ? first + 1 : first;
    auto* function = NewTable<TableFunction>(arena_, {});
    function->lateral = lateral;
    function->call = As<FunctionCall>(BuildCall(parts, suffix, SpanOf(name_first, c.Position())));
    if (function->call == nullptr) {
      Fail(name_span, "this function can't stand for a table");
      function->call = Make<FunctionCall>(name_span, arena_.Copy(parts));
    }
    function->with_ordinality = c.Accept(TokenKind::WITH_ORDINALITY);
    if (function->with_ordinality) Needs(Feature::kWithOrdinality, SpanOf(c.Position() - 1, c.Position()));
    return function;
  }
  if (lateral) Fail(name_span, "LATERAL may only stand before a query in parentheses or a function", "remove LATERAL");
  if (c.At(TokenKind::WITH_ORDINALITY)) {
    c.TakeToken();
    Fail(name_span, "WITH ORDINALITY may only follow a function", "remove WITH ORDINALITY");
  }
  auto* table = NewTable<TableName>(arena_, {});
  table->parts = arena_.Copy(parts);
  return table;
}

TableRef* Builder::MacroRelation(Cursor& c, uint32_t first) {
  auto* table = NewTable<MacroTable>(arena_, {});
  table->call = BuildMacro(c, first);
  return table;
}

/// `(SELECT ...)`, `(a JOIN b ...)`, or `((SELECT 1) UNION (SELECT 2))`, which starts like a table.
TableRef* Builder::TableInParens(uint32_t node, bool lateral) {
  Cursor c = Children(node);
  const auto subquery = [&](Query* query) {
    auto* table = NewTable<SubqueryRef>(arena_, {});
    table->query = query;
    table->lateral = lateral;
    return table;
  };
  if (c.At(Rule::PlainQuery)) return subquery(BuildQuery(c.TakeRule()));
  TableRef* table = BuildTableRef(c.TakeRule());
  if (c.At(TokenKind::COMMA)) {
    Fail(SpanOf(c.Position(), c.Position() + 1), "a list of tables can't stand in parentheses",
         "write CROSS JOIN in place of the comma");
    return table;
  }
  auto* inner = As<SubqueryRef>(table);
  const bool bare = inner != nullptr && inner->alias.text.empty() && !inner->lateral;
  if (c.AtEnd()) {
    if (bare) inner->lateral = lateral;
    return table;
  }
  auto* query = arena_.New<Query>();
  query->span = NodeSpan(node);
  if (!bare) {
    Fail(SpanOf(c.Position(), c.Position() + 1), "found " + std::string(TextOf(c.Position())) + " after a table",
         "only a query in parentheses may stand before it");
    return table;
  }
  return subquery(
      QueryAfterFirst(c, query, arena_.New<NestedQuery>(QueryBody{BodyKind::kNested, inner->span}, inner->query)));
}

void Builder::Alias(uint32_t node, TableRef* ref) {
  Cursor c = Children(node);
  c.Accept(TokenKind::AS);
  ref->alias = Name(c);
  if (c.At(TokenKind::LPAREN)) ref->column_aliases = NamesInParens(c);
}

// ------------------------------------------------------------------------------------------------- pivot and unpivot

TableRef* Builder::BuildPivot(uint32_t node, TableRef* source, Span span) {
  Cursor c = Children(node);
  auto* pivot = NewTable<Pivot>(arena_, span);
  pivot->source = source;
  Needs(Feature::kPivot, SpanOf(c.Position(), c.Position() + 1));
  c.Accept(TokenKind::PIVOT);
  c.Accept(TokenKind::LPAREN);
  std::vector<PivotAggregate> aggregates;
  CommaList(c, [&] {
    const SelectItem item = BuildSelectItem(c.TakeRule());
    aggregates.push_back({item.expr, item.alias});
  });
  c.Accept(TokenKind::FOR);
  std::vector<PivotColumn> columns;
  while (c.At(Rule::PivotColumn)) columns.push_back(BuildPivotColumn(c.TakeRule()));
  std::vector<Expr*> group_by;
  if (c.Accept(TokenKind::GROUP)) {
    c.Accept(TokenKind::BY);
    CommaList(c, [&] { group_by.push_back(TakeExpr(c)); });
  }
  pivot->aggregates = arena_.Copy(aggregates);
  pivot->columns = arena_.Copy(columns);
  pivot->group_by = arena_.Copy(group_by);
  return pivot;
}

PivotColumn Builder::BuildPivotColumn(uint32_t node) {
  Cursor c = Children(node);
  const Built header = BuildOperand(c.TakeRule());
  height_ = std::max(height_, header.height);
  RejectStar(header.expr);
  c.Accept(TokenKind::IN);
  c.Accept(TokenKind::LPAREN);
  std::vector<PivotValue> values;
  CommaList(c, [&] { values.push_back(BuildPivotValue(c.TakeRule())); });
  return {header.expr, arena_.Copy(values)};
}

PivotValue Builder::BuildPivotValue(uint32_t node) {
  Cursor c = Children(node);
  PivotValue value{TakeExpr(c), {}};
  c.Accept(TokenKind::AS);
  if (!c.AtEnd()) value.alias = Name(c);
  return value;
}

TableRef* Builder::BuildUnpivot(uint32_t node, TableRef* source, Span span) {
  Cursor c = Children(node);
  auto* unpivot = NewTable<Unpivot>(arena_, span);
  unpivot->source = source;
  Needs(Feature::kUnpivot, SpanOf(c.Position(), c.Position() + 1));
  c.Accept(TokenKind::UNPIVOT);
  unpivot->include_nulls = c.Accept(TokenKind::INCLUDE_NULLS);
  c.Accept(TokenKind::EXCLUDE_NULLS);
  c.Accept(TokenKind::LPAREN);
  if (c.At(TokenKind::LPAREN)) {
    unpivot->values = NamesInParens(c);
  } else {
    unpivot->values = arena_.Copy(std::vector<Identifier>{Name(c)});
  }
  c.Accept(TokenKind::FOR);
  unpivot->name = Name(c);
  c.Accept(TokenKind::IN);
  c.Accept(TokenKind::LPAREN);
  std::vector<PivotValue> columns;
  CommaList(c, [&] { columns.push_back(BuildPivotValue(c.TakeRule())); });
  unpivot->columns = arena_.Copy(columns);
  return unpivot;
}

}  // namespace wapc::grammar

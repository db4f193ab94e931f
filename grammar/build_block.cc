#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

bool IsDate(std::string_view text) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

}  // namespace

void Builder::EntryBlock(Statement& out) {
  in_block_ = true;
  Cursor c = Children(0);
  c.TakeRule();
  out.properties = Properties(c);
}

void Builder::EntryMacro(Statement& out) {
  Cursor c = Children(0);
  c.TakeRule();
  out.macro_name = Name(c);
  c.Accept(TokenKind::LPAREN);
  std::vector<MacroParameter> parameters;
  CommaList(c, [&] {
    Cursor parameter = Children(c.TakeRule());
    parameters.push_back({Name(parameter)});
    if (parameter.At(Rule::TypeName)) parameters.back().type = BuildType(parameter.TakeRule());
    if (parameter.Accept(TokenKind::COLON_EQ)) parameters.back().otherwise = TakeExpr(parameter);
  });
  out.macro_parameters = arena_.Copy(parameters);
  c.Accept(TokenKind::RPAREN);
  c.Accept(TokenKind::AS);
  const uint32_t body = c.TakeRule();
  const Paren paren = BuildParen(body);
  out.query = paren.query;
  if (paren.query != nullptr) return;
  if (paren.items.size() == 1 && !paren.comma) {
    out.macro_expr = paren.items.front();
  } else {
    Fail(NodeSpan(body), "the body of a macro must be one expression or one query", "remove the comma");
  }
}

/// `(a 1, b 2)`, where the cursor stands before the parenthesis.
List<Property> Builder::Properties(Cursor& c) {
  std::vector<Property> properties;
  c.Accept(TokenKind::LPAREN);
  CommaList(c, [&] { properties.push_back(BuildProperty(c.TakeRule())); });
  c.Accept(TokenKind::RPAREN);
  return arena_.Copy(properties);
}

Property Builder::BuildProperty(uint32_t node) {
  Cursor c = Children(node);
  Property property;
  property.span = NodeSpan(node);
  const bool kind = c.At(TokenKind::KIND);
  const bool columns = c.At(TokenKind::COLUMNS);
  property.name = Name(c);
  property.name.text = LowerText(property.name.text);
  if (kind) {
    const Identifier name = Name(c);
    property.value = Make<ColumnRef>(name.span, arena_.Copy(std::vector<Identifier>{name}));
    if (c.At(TokenKind::LPAREN)) property.properties = Properties(c);
  } else if (columns && c.At(TokenKind::LPAREN)) {
    ColumnProperties(c, property);
  } else if (c.Accept(TokenKind::LPAREN)) {
    std::vector<Property> clauses;
    while (c.AtRule()) clauses.push_back(BuildMergeWhen(c.TakeRule()));
    property.properties = arena_.Copy(clauses);
  } else {
    property.value = PropertyValue(BuildExpr(c.TakeRule(), true));
  }
  return property;
}

/// `WHEN MATCHED AND value THEN name SET properties`: the entry has the name `update` or `delete`, its condition as
/// value, and each assignment as an entry of its own.
Property Builder::BuildMergeWhen(uint32_t node) {
  Cursor c = Children(node);
  Property clause;
  clause.span = NodeSpan(node);
  c.Accept(TokenKind::WHEN);
  const Identifier matched = Name(c);
  if (LowerText(matched.text) != "matched") {
    Fail(matched.span, "a clause of a merge is WHEN MATCHED", "rows without a match are always added");
  }
  if (c.Accept(TokenKind::AND)) clause.value = TakeExpr(c);
  c.Accept(TokenKind::THEN);
  clause.name = Name(c);
  clause.name.text = LowerText(clause.name.text);
  std::vector<Property> sets;
  if (!c.AtEnd()) {
    Name(c);
    CommaList(c, [&] {
      const uint32_t value = c.TakeRule();
      sets.push_back({clause.name, NodeSpan(value), BuildExpr(value), {}, nullptr});
    });
  }
  clause.properties = arena_.Copy(sets);
  const bool removes = clause.name.text == "delete";
  if ((clause.name.text != "update" && !removes) || removes == !clause.properties.empty()) {
    Fail(clause.span, "a clause of a merge ends in UPDATE SET column = value, ... or in DELETE");
  }
  return clause;
}

/// `columns (a int, b text)`; without types, `columns (a, b)` is a plain list of names.
void Builder::ColumnProperties(Cursor& c, Property& property) {
  const uint32_t first = c.TakeToken();
  std::vector<Property> columns;
  std::vector<Expr*> names;
  CommaList(c, [&] {
    const uint32_t node = c.TakeRule();
    Cursor column = Children(node);
    Property entry;
    entry.span = NodeSpan(node);
    entry.name = Name(column);
    names.push_back(Make<ColumnRef>(entry.name.span, arena_.Copy(std::vector<Identifier>{entry.name})));
    if (column.AtRule()) entry.type = SizedType(column);
    if (!entry.name.quoted) entry.name.text = LowerText(entry.name.text);
    columns.push_back(entry);
  });
  size_t typed = 0;
  for (const Property& column : columns) typed += column.type != nullptr ? 1 : 0;
  if (typed == 0) {
    property.value = Make<Tuple>(SpanOf(first, c.Position() + 1), arena_.Copy(names));
    return;
  }
  for (const Property& column : columns) {
    if (column.type == nullptr)
      Fail(column.span, "column " + std::string(column.name.text) + " has no type",
           "give every column a type, or none");
  }
  property.properties = arena_.Copy(columns);
}

/// A parenthesised value is a list even with one item; an unquoted date is a string.
Expr* Builder::PropertyValue(Expr* value) {
  if (value->parenthesized && As<Tuple>(value) == nullptr) {
    value->parenthesized = false;
    return Make<Tuple>(value->span, arena_.Copy(std::vector<Expr*>{value}));
  }
  if (As<Binary>(value) != nullptr && place_.exact) {
    const std::string_view text =
        place_.text.substr(value->span.begin - place_.within.begin, value->span.end - value->span.begin);
    if (IsDate(text)) return Make<Literal>(value->span, LiteralKind::kString, text);
  }
  return value;
}

}  // namespace wapc::grammar

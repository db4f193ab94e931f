#include "grammar/format_layout.h"

namespace wapc::grammar {
namespace {

/// Words that start a clause of SELECT, each on a line of its own.
bool StartsClause(TokenKind kind) {
  switch (kind) {
    case TokenKind::SELECT:
    case TokenKind::WHERE:
    case TokenKind::GROUP:
    case TokenKind::HAVING:
    case TokenKind::WINDOW:
    case TokenKind::QUALIFY:
    case TokenKind::LIMIT:
    case TokenKind::FETCH_FIRST:
    case TokenKind::OFFSET: return true;
    default: return false;
  }
}

/// Words of a join before JOIN itself.
bool StartsJoin(TokenKind kind) {
  switch (kind) {
    case TokenKind::NATURAL:
    case TokenKind::ASOF:
    case TokenKind::CROSS:
    case TokenKind::POSITIONAL:
    case TokenKind::INNER:
    case TokenKind::LEFT:
    case TokenKind::RIGHT:
    case TokenKind::FULL:
    case TokenKind::OUTER:
    case TokenKind::SEMI:
    case TokenKind::ANTI:
    case TokenKind::JOIN: return true;
    default: return false;
  }
}

}  // namespace

void Layout::WriteQuery(uint32_t node) {
  Cursor c = Children(node);
  for (bool first = true; !c.AtEnd(); first = false) {
    if (!first && (c.AtRule() || StartsClause(c.Kind()))) Line();
    Next(c);
  }
}

void Layout::WriteWith(uint32_t node) {
  Cursor c = Children(node);
  while (!c.AtEnd()) {
    if (c.At(TokenKind::COMMA)) {
      Take(c);
      Line();
    } else {
      Next(c);
    }
  }
}

/// The query of a CTE never stands on the line of its name.
void Layout::WriteCte(uint32_t node) {
  Cursor c = Children(node);
  bool query = false;
  while (!c.AtEnd()) {
    query = query || c.At(TokenKind::AS);
    if (query && c.At(TokenKind::LPAREN)) {
      doc_.Break();
      Brackets(c, true);
    } else {
      Next(c);
    }
  }
}

void Layout::WriteSetTail(uint32_t node) {
  Cursor c = Children(node);
  while (!c.AtEnd()) {
    if (c.AtRule()) Line();
    c.At(TokenKind::IDENT) ? PutUpper(first_ + c.TakeToken()) : Next(c);  // NAME of BY NAME
  }
}

void Layout::WriteTail(uint32_t node) {
  Cursor c = Children(node);
  for (bool first = true; !c.AtEnd(); first = false) {
    if (!first && StartsClause(c.Kind())) Line();
    if (c.At(TokenKind::ORDER)) {
      WriteClauseList(c);
    } else if (c.At(TokenKind::IDENT)) {
      PutUpper(first_ + c.TakeToken());  // PERCENT of LIMIT, ROW of OFFSET
    } else {
      Next(c);
    }
  }
}

/// A sample, or its size: no blank before what belongs to the word or number before it.
void Layout::WriteSample(uint32_t node) {
  for (Cursor c = Children(node); !c.AtEnd();) {
    const bool method = KindOf(last_) == TokenKind::IDENT && c.At(TokenKind::LPAREN) && c.Position() > 0;
    glue_ = method || c.At(TokenKind::PERCENT);
    Next(c);
  }
}

void Layout::WriteSelect(uint32_t node) {
  Cursor c = Children(node);
  for (bool first = true; !c.AtEnd(); first = false) {
    if (!first && (c.At(Rule::FromClause) || StartsClause(c.Kind()))) Line();
    if (c.At(TokenKind::GROUP) || c.At(TokenKind::WINDOW)) {
      WriteClauseList(c);
    } else if (c.At(TokenKind::WHERE) || c.At(TokenKind::HAVING) || c.At(TokenKind::QUALIFY)) {
      WriteCondition(c);
    } else {
      Next(c);
    }
  }
}

/// A clause's words and its items: on one line if they fit, else one a line. The cursor stands at the first word.
void Layout::WriteClauseList(Cursor& c) {
  Take(c);
  while (c.At(TokenKind::BY) || c.At(TokenKind::ALL) || c.At(TokenKind::ASC) || c.At(TokenKind::DESC)) Take(c);
  if (c.AtEnd() || !c.AtRule()) return;
  doc_.Open();
  doc_.Indent();
  Line();
  CommaLines(c, [&] {
    if (!c.AtRule() || c.At(Rule::Frame)) return false;
    Next(c);
    return true;
  });
  doc_.Dedent();
  doc_.Close();
}

void Layout::WriteCondition(Cursor& c) {
  Take(c);
  if (!c.At(Rule::Expr)) return;
  // One term has no lines of its own, so what breaks inside it needs no deeper indentation.
  const bool terms = HasTerms(c.RuleNode());
  if (terms) doc_.Indent();
  WriteExpr(c.TakeRule(), Hang::kNo, true);
  if (terms) doc_.Dedent();
}

void Layout::WriteSelectList(uint32_t node) {
  Cursor c = Children(node);
  while (!c.AtEnd() && !c.At(Rule::SelectItem)) Next(c);
  WriteItems(c, CountCommas(node) > 0);
}

/// Items of a projection: several stand below each other unless the whole query stands on one line.
void Layout::WriteItems(Cursor& c, bool lines) {
  if (!lines) doc_.Open();
  doc_.Indent();
  Line();
  CommaLines(c, [&] {
    Next(c);
    return true;
  });
  doc_.Dedent();
  if (!lines) doc_.Close();
}

void Layout::WriteValues(uint32_t node) {
  Cursor c = Children(node);
  Take(c);
  doc_.Open();
  doc_.Indent();
  Line();
  CommaLines(c, [&] {
    Next(c);
    return true;
  });
  doc_.Dedent();
  doc_.Close();
}

void Layout::WriteFrom(uint32_t node) {
  Cursor c = Children(node);
  Take(c);
  while (!c.AtEnd()) {
    if (c.At(TokenKind::COMMA)) {
      Take(c);
      doc_.Indent();
      Line();
      if (c.AtRule()) Next(c);
      doc_.Dedent();
    } else {
      Next(c);
    }
  }
}

void Layout::WriteTableRef(uint32_t node) {
  Cursor c = Children(node);
  bool in_join = false;
  while (!c.AtEnd()) {
    if (!in_join && StartsJoin(c.Kind())) {
      Line();
      in_join = true;
    }
    if (c.At(TokenKind::ON)) {
      doc_.Open();
      doc_.Indent();
      Line();
      Take(c);
      if (c.At(Rule::Expr)) WriteExpr(c.TakeRule(), Hang::kNo);
      doc_.Dedent();
      doc_.Close();
    } else {
      in_join = in_join && !c.AtRule();
      Next(c);
    }
  }
}

void Layout::WriteTableParen(uint32_t node) {
  Cursor c = Children(node);
  for (bool first = true; !c.AtEnd(); first = false) {
    if (c.At(TokenKind::COMMA)) {
      Take(c);
      Line();
    } else {
      if (!first && (c.At(Rule::SetTail) || c.At(Rule::QueryTail))) Line();
      Next(c);
    }
  }
}

void Layout::WriteWindow(uint32_t node) {
  Cursor c = Children(node);
  doc_.Open();
  Take(c);
  OpenBracket();
  for (bool first = true; !c.AtEnd() && !c.At(TokenKind::RPAREN); first = false) {
    if (!first) Line();
    if (c.At(TokenKind::PARTITION_BY) || c.At(TokenKind::ORDER)) {
      WriteClauseList(c);
    } else if (c.AtRule()) {
      Next(c);
    } else {
      Take(c, true);
    }
  }
  CloseBracket(first_ + c.Position());
  Rest(c);
  doc_.Close();
}

/// An expression or a relation with a name behind it; words of the lexer that stand there are names.
void Layout::WriteAliased(uint32_t node) {
  Cursor c = Children(node);
  while (!c.AtEnd()) {
    if (c.AtRule() || c.At(TokenKind::LPAREN) || c.At(TokenKind::AS)) {
      Next(c);
    } else {
      Take(c, true);
    }
  }
}

}  // namespace wapc::grammar

// SQL queries and wapc's blocks, left-factored until a decision needs one token nearly everywhere: an expression is a flat
// row of operands and operators, and whatever starts with a name is told apart after the name. What this accepts too much
// (precedence, where a star may stand, which joins exist) the tree builder settles and rejects (build_*.cc).
// The order of the rules is the order of WAPC_RULES in tokens.h.
parser grammar WapcSql;

options { tokenVocab = WapcSqlLexer; }

// ---- where a parse starts

queryEntry : query EOF ;

expressionEntry : expr EOF ;

typeEntry : typeName typeSize* EOF ;

// MODEL (...) and AUDIT (...)
blockEntry : word LPAREN (property (COMMA property?)*)? RPAREN EOF ;

// MACRO name(a, b) AS expression or query
macroEntry : word word LPAREN (macroParameter (COMMA macroParameter?)*)? RPAREN AS parenContent EOF ;

macroParameter : (IDENT | QUOTED_IDENT | nonReserved) typeName? (COLON_EQ expr)? ;

// ---- blocks

property
  : KIND word (LPAREN (property (COMMA property?)*)? RPAREN)?
  | COLUMNS (LPAREN columnDef (COMMA columnDef?)* RPAREN | expr)
  | (IDENT | QUOTED_IDENT | keyword) (LPAREN mergeWhen+ RPAREN | expr)
  ;

columnDef : word (typeName typeSize*)? ;

// WHEN MATCHED AND condition THEN UPDATE SET column = value, ...
mergeWhen : WHEN IDENT (AND expr)? THEN IDENT (IDENT expr (COMMA expr)*)? ;

word : IDENT | QUOTED_IDENT | MACRO_NAME | KIND | COLUMNS | keyword ;

// Every word that the lexer knows but KIND and COLUMNS.
keyword
  : ALL | AND | ANTI | ANY | ARRAY | AS | ASC | ASOF | BETWEEN | BOTH | BY | CASE | CAST | COLLATE | CROSS | DESC |
      DISTINCT | ELSE | END | ESCAPE | EXCEPT | EXCLUDE | EXISTS | FALSE | FILTER | FOLLOWING | FOR | FROM | FULL |
      GLOB | GROUP | GROUPS | HAVING | ILIKE | IN | INNER | INTERSECT | INTERVAL | IS | ISNULL | JOIN | LAMBDA |
      LATERAL | LEADING | LEFT | LIKE | LIMIT | MAP | MATCH_CONDITION | MATERIALIZED | NATURAL | NOT | NOTNULL | NULL_ | OFFSET | ON |
      OR | ORDER | OUTER | OVER | PIVOT | PLACING | POSITIONAL | PRECEDING | QUALIFY | RANGE | REGEXP | RENAME | REPLACE |
      RIGHT | RLIKE | ROWS | SAMPLE | SELECT | SEMI | SOME | TABLE | TABLE_CALL | TABLESAMPLE | THEN | TOP | TRAILING | TRUE | TRY_CAST | UNION | UNPIVOT | USING | VALUES |
      WHEN | WHERE | WINDOW | WITH | UNIT
  ;

// ---- queries

query : (withClause (select | values | nested | macroQuery) | select | values | nested | macroQuery) setTail* queryTail? ;

// A query that does not start with a parenthesis or a macro, as an expression may.
plainQuery : (withClause (select | values | nested | macroQuery) | select | values) setTail* queryTail? ;

// A query that a macro gives.
macroQuery : MACRO_NAME callSuffix? ;

withClause : (WITH | WITH_RECURSIVE | MACRO_WITH LPAREN expr RPAREN) cte (COMMA cte)* ;

cte : (IDENT | QUOTED_IDENT | nonReserved) (LPAREN (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* RPAREN)? AS (NOT? MATERIALIZED)? LPAREN query RPAREN ;

nested : LPAREN query RPAREN ;

setTail : (UNION | INTERSECT | EXCEPT) (ALL | DISTINCT)? (BY IDENT)? (select | values | nested | macroQuery) ;

queryTail
  : (ORDER BY (ALL (ASC | DESC)? (NULLS_FIRST | NULLS_LAST)? | orderItem (COMMA orderItem?)*) | MACRO_ORDER_BY LPAREN expr RPAREN orderItem (COMMA orderItem?)*)
    (LIMIT (ALL | expr IDENT?) | MACRO_LIMIT LPAREN expr RPAREN expr | OFFSET expr (ROWS | IDENT)? | FETCH_FIRST fetchTail)*
  | (LIMIT (ALL | expr IDENT?) | MACRO_LIMIT LPAREN expr RPAREN expr | OFFSET expr (ROWS | IDENT)? | FETCH_FIRST fetchTail)+
  ;

// 3 ROWS ONLY: what the words are is looked at later
fetchTail : (NUMBER | PARAM | QUESTION | MACRO_NAME | LPAREN expr RPAREN)? (ROWS | IDENT) (IDENT | WITH_TIES) ;

select
  : (SELECT selectList fromClause? | fromClause (SELECT selectList)? | TABLE (IDENT | QUOTED_IDENT | nonReserved) (DOT word)*)
    (WHERE expr | MACRO_WHERE LPAREN expr RPAREN expr)?
    (GROUP BY (ALL | groupElement (COMMA groupElement?)*) | MACRO_GROUP_BY LPAREN expr RPAREN groupElement (COMMA groupElement?)*)?
    (HAVING expr | MACRO_HAVING LPAREN expr RPAREN expr)?
    (WINDOW namedWindow (COMMA namedWindow)*)?
    (QUALIFY expr)?
  ;

selectList
  : (DISTINCT (ON LPAREN expr (COMMA expr)* RPAREN)? | ALL)? (TOP NUMBER)? selectItem (COMMA selectItem?)*
  ;

selectItem : expr (AS (word | STRING) | IDENT | QUOTED_IDENT | KIND | COLON expr)? ;

groupElement : GROUPING_SETS LPAREN groupElement (COMMA groupElement)* RPAREN | expr ;

namedWindow : (IDENT | QUOTED_IDENT | nonReserved) AS window ;

values : VALUES expr (COMMA expr)* ;

fromClause : FROM tableRef (COMMA tableRef?)* ;

// ---- tables

tableRef
  : tablePrimary
    ( (NATURAL | ASOF | CROSS | POSITIONAL | INNER | LEFT | RIGHT | FULL | OUTER | SEMI | ANTI)* (JOIN | MACRO_JOIN LPAREN expr RPAREN) tablePrimary
      ( ON expr | USING LPAREN (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* RPAREN
      | MATCH_CONDITION LPAREN expr RPAREN
      )*
    )*
  ;

tablePrimary
  : LATERAL?
    ( LPAREN tableParen RPAREN
    | (IDENT | QUOTED_IDENT | nonReserved) (DOT word)* callSuffix? WITH_ORDINALITY?
    | MACRO_NAME ((DOT word)+ | callSuffix)?
    | TABLE_CALL LPAREN (IDENT | QUOTED_IDENT | nonReserved) (DOT word)* callSuffix? RPAREN
    | STRING
    )
    tableAlias? sample? ((pivot | unpivot) tableAlias? sample?)*
  ;

tableParen : plainQuery | tableRef (COMMA tableRef)* setTail* queryTail? ;

tableAlias
  : (AS (word | STRING) | IDENT | QUOTED_IDENT | COLUMNS | GROUPS | KIND | RANGE | ROWS | UNIT)
    (LPAREN (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* RPAREN)?
  ;

pivot
  : PIVOT LPAREN selectItem (COMMA selectItem)* FOR pivotColumn+ (GROUP BY expr (COMMA expr)*)? RPAREN
  ;

pivotColumn : operand IN LPAREN pivotValue (COMMA pivotValue?)* RPAREN ;

pivotValue : expr (AS (word | STRING) | IDENT | QUOTED_IDENT | KIND)? ;

unpivot
  : UNPIVOT (INCLUDE_NULLS | EXCLUDE_NULLS)? LPAREN
    (LPAREN (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* RPAREN | IDENT | QUOTED_IDENT | nonReserved)
    FOR (IDENT | QUOTED_IDENT | nonReserved) IN LPAREN pivotValue (COMMA pivotValue?)* RPAREN RPAREN
  ;

// Words of the lexer that may stand as a name wherever one is expected.
nonReserved
  : COLUMNS | ESCAPE | EXCLUDE | FILTER | FOLLOWING | GROUPS | KIND | MATERIALIZED | OVER | PRECEDING | RANGE | RENAME
  | REPLACE | ROWS | UNIT
  ;

// ---- expressions

expr
  : (NOT | MINUS | PLUS | TILDE)* operand
    ( (OR | AND | EQ | NE | LT | LE | GT | GE | IN | LIKE | ILIKE | GLOB | SIMILAR_TO | RLIKE | REGEXP | BETWEEN
      | BETWEEN_SYMMETRIC | ESCAPE | CONCAT | ARROW | ARROW_TEXT
      | HASH | HASH_MINUS | QUESTION | QUESTION_PIPE | QUESTION_AMP | AT_QUESTION | AT_AT
      | HASH_ARROW | HASH_ARROW_TEXT | AT_GT | LT_AT | AND_AND | TILDE | TILDE_STAR | NOT_TILDE | NOT_TILDE_STAR | CARET_AT
      | AMP | PIPE | SHL | SHR | PLUS | MINUS | STAR | SLASH | SLASH_SLASH | PERCENT | CARET | STAR_STAR | AT_TIME_ZONE)
      ((NOT | MINUS | PLUS | TILDE)* operand | (ANY | ALL | SOME) LPAREN parenContent RPAREN)
    | NOT ((IN | LIKE | ILIKE | GLOB | SIMILAR_TO | RLIKE | REGEXP | BETWEEN | BETWEEN_SYMMETRIC)
           ((NOT | MINUS | PLUS | TILDE)* operand | (ANY | ALL | SOME) LPAREN parenContent RPAREN) | NULL_)
    | IS NOT? (NULL_ | TRUE | FALSE | IDENT | DISTINCT FROM (NOT | MINUS | PLUS | TILDE)* operand)
    | ISNULL
    | NOTNULL
    | COLLATE (IDENT | QUOTED_IDENT | STRING) (DOT word)*
    )*
  ;

operand
  : ( NUMBER | STRING | ESTRING | DOLLAR_STRING | TRUE | FALSE | NULL_ | PARAM | QUESTION
    | (IDENT | QUOTED_IDENT | nonReserved) (callSuffix | (WITH_TIME_ZONE | WITHOUT_TIME_ZONE)? (STRING | ESTRING | DOLLAR_STRING))?
    | (LEFT | RIGHT | GLOB | RLIKE | REGEXP) callSuffix
    | HASH NUMBER
    | TYPE_WORDS STRING
    | MACRO_NAME callSuffix?
    | MACRO_LIMIT
    | LPAREN parenContent? RPAREN
    | CASE expr? (WHEN expr THEN expr)+ (ELSE expr)? END
    | (CAST | TRY_CAST) LPAREN expr AS typeName typeSize* RPAREN
    | EXISTS LPAREN parenContent RPAREN
    | INTERVAL (MINUS | PLUS)? (STRING | NUMBER | PARAM | MACRO_NAME | LPAREN expr RPAREN) (UNIT (LPAREN NUMBER RPAREN)? TO_UNIT?)?
    | ARRAY (LPAREN parenContent RPAREN | LBRACK (expr (COMMA expr?)*)? RBRACK | EMPTY_BRACKETS)
    | LBRACK (expr ((COMMA expr?)* | FOR (IDENT | nonReserved) (COMMA (IDENT | nonReserved))? IN expr (IDENT expr)?))? RBRACK
    | EMPTY_BRACKETS
    | LBRACE (structField (COMMA structField?)*)? RBRACE
    | MAP (callSuffix | LBRACE (expr COLON expr (COMMA expr COLON expr)*)? RBRACE)
    | STAR starOption*
    )
    ( COLON_COLON typeName
    | LBRACK (expr (COLON expr? (COLON expr)?)? | COLON expr? (COLON expr)?) RBRACK
    | COLON_PATH word
    | DOT (STAR starOption* | PARAM | word callSuffix?)
    )*
  ;

callSuffix
  : LPAREN (DISTINCT | ALL | BOTH | LEADING | TRAILING)? argument? ((COMMA | FROM | FOR | PLACING) argument)*
    (ORDER BY orderItem (COMMA orderItem)*)? (ON IDENT IDENT (STRING ((WITH | IDENT) IDENT)? | (WITH | IDENT) IDENT)?)? (IGNORE_NULLS | RESPECT_NULLS)? RPAREN
    (WITHIN_GROUP LPAREN ORDER BY orderItem (COMMA orderItem)* RPAREN)?
    (FILTER LPAREN WHERE? expr RPAREN)?
    ((OVER | IGNORE_NULLS_OVER | RESPECT_NULLS_OVER) (window | IDENT | QUOTED_IDENT | nonReserved))?
  ;

argument : expr ((COLON_EQ | FAT_ARROW) (expr | lambda) | AS (word | STRING))? | OUTER FAT_ARROW expr | lambda ;

lambda : LAMBDA (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* COLON expr ;

orderItem : expr (ASC | DESC)? (NULLS_FIRST | NULLS_LAST)? ;

window
  : LPAREN (IDENT | QUOTED_IDENT)? (PARTITION_BY expr (COMMA expr)*)? (ORDER BY orderItem (COMMA orderItem)*)? frame? RPAREN
  ;

frame
  : (ROWS | RANGE | GROUPS) (BETWEEN frameBound AND frameBound | frameBound) (EXCLUDE (CURRENT_ROW | GROUP | IDENT IDENT?))?
  ;

frameBound : UNBOUNDED_PRECEDING | UNBOUNDED_FOLLOWING | CURRENT_ROW | expr (PRECEDING | FOLLOWING) ;

// What may stand between parentheses in an expression: a query, or one or more expressions, the first of which may turn
// out to be the first operand of a set operation.
parenContent : plainQuery | expr ((COMMA expr?)+ | setTail+ queryTail? | queryTail)? ;

starOption
  : (EXCLUDE | EXCEPT) (LPAREN (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved))* RPAREN | IDENT | QUOTED_IDENT | nonReserved)
  | REPLACE LPAREN expr AS (IDENT | QUOTED_IDENT | nonReserved) (COMMA expr AS (IDENT | QUOTED_IDENT | nonReserved))* RPAREN
  | RENAME LPAREN (IDENT | QUOTED_IDENT | nonReserved) AS (IDENT | QUOTED_IDENT | nonReserved) (COMMA (IDENT | QUOTED_IDENT | nonReserved) AS (IDENT | QUOTED_IDENT | nonReserved))* RPAREN
  ;

structField : (IDENT | QUOTED_IDENT | nonReserved | STRING) COLON expr ;

// ---- types

typeName
  : ( (IDENT | QUOTED_IDENT | nonReserved | INTERVAL | MAP | ARRAY | UNION | TYPE_WORDS) (LPAREN typeArg (COMMA typeArg)* RPAREN)?
    | TYPE_OPEN typeArg (COMMA typeArg)* (GT | SHR)?
    )
    (WITH_TIME_ZONE | WITHOUT_TIME_ZONE)? EMPTY_BRACKETS*
  ;

// int[3], where no subscript can be meant
typeSize : LBRACK NUMBER RBRACK EMPTY_BRACKETS* ;

// A number, a value of an enum, a type, or a field's name and type.
typeArg : MINUS? NUMBER | STRING | typeName (COLON? typeName)? typeSize* (NOT NULL_)? ;

// TABLESAMPLE BERNOULLI (10) REPEATABLE (1), TABLESAMPLE 10% (system), SAMPLE (5 ROWS)
sample
  : (TABLESAMPLE | SAMPLE) (sampleSize (LPAREN IDENT (COMMA NUMBER)? RPAREN)? | IDENT? LPAREN sampleSize RPAREN)
    (IDENT LPAREN NUMBER RPAREN)?
  ;

sampleSize : (NUMBER | PARAM | MACRO_NAME) (PERCENT | ROWS | IDENT)? ;

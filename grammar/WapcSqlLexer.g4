// Tokens of SQL and of wapc's blocks. The hand-written lexer (lexer.cc) must give the same; a unit test compares them.
// The order of the rules is the order of WAPC_TOKENS in tokens.h.
lexer grammar WapcSqlLexer;

@lexer::members {
// Whether no further character of a word stands here: "by names" is not the phrase "by name".
bool AtWordEnd() {
  const size_t c = _input->LA(1);
  if (c == antlr4::Token::EOF || c == 0xA0 || c == 0xFEFF) return true;
  return c < 0x80 && !std::isalnum(static_cast<int>(c)) && c != '_' && c != 0x24;
}

// The next character behind blanks and comments that nobody writes inside of what this is asked for.
size_t Beyond() {
  ssize_t at = 1;
  while (_input->LA(at) == ' ' || _input->LA(at) == '\t' || _input->LA(at) == '\n' || _input->LA(at) == '\r' ||
         _input->LA(at) == '\f' || _input->LA(at) == 0x0B) {
    ++at;
  }
  return _input->LA(at);
}
bool AtIntervalValue() {
  const size_t c = Beyond();
  return c == '\'' || c == '$' || c == '@' || c == '(' || c == '+' || c == '-' || (c >= '0' && c <= '9');
}

// Takes the rest of a string that opened with a dollar tag, up to the same tag.
void TakeDollarBody() {
  const std::string tag = getText();
  std::string seen;
  while (_input->LA(1) != antlr4::Token::EOF) {
    seen += static_cast<char>(_input->LA(1) < 128 ? _input->LA(1) : 1);
    _input->consume();
    if (seen.size() >= tag.size() && seen.compare(seen.size() - tag.size(), tag.size(), tag) == 0) return;
  }
}
}

// Words that the parser knows.
ALL : A L L ;
AND : A N D ;
ANTI : A N T I ;
ANY : A N Y ;
ARRAY : A R R A Y ;
AS : A S ;
ASC : A S C ;
ASOF : A S O F ;
BETWEEN : B E T W E E N ;
BOTH : B O T H ;
BY : B Y ;
CASE : C A S E ;
CAST : C A S T ;
COLLATE : C O L L A T E ;
COLUMNS : C O L U M N S ;
CROSS : C R O S S ;
DESC : D E S C ;
DISTINCT : D I S T I N C T ;
ELSE : E L S E ;
END : E N D ;
ESCAPE : E S C A P E ;
EXCEPT : E X C E P T ;
EXCLUDE : E X C L U D E ;
EXISTS : E X I S T S ;
FALSE : F A L S E ;
FILTER : F I L T E R ;
FOLLOWING : F O L L O W I N G ;
FOR : F O R ;
FROM : F R O M ;
FULL : F U L L ;
GLOB : G L O B ;
GROUP : G R O U P ;
GROUPS : G R O U P S ;
HAVING : H A V I N G ;
ILIKE : I L I K E ;
IN : I N ;
INNER : I N N E R ;
INTERSECT : I N T E R S E C T ;
INTERVAL : I N T E R V A L {AtWordEnd() && AtIntervalValue()}? ;
IS : I S ;
ISNULL : I S N U L L ;
JOIN : J O I N ;
KIND : K I N D ;
LAMBDA : L A M B D A ;
LATERAL : L A T E R A L ;
LEADING : L E A D I N G ;
LEFT : L E F T ;
LIKE : L I K E ;
LIMIT : L I M I T ;
MAP : M A P ;
MATCH_CONDITION : M A T C H '_' C O N D I T I O N {false}? ;  // Snowflake alone
MATERIALIZED : M A T E R I A L I Z E D ;
NATURAL : N A T U R A L ;
NOT : N O T ;
NOTNULL : N O T N U L L ;
NULL_ : N U L L ;
OFFSET : O F F S E T ;
ON : O N ;
OR : O R ;
ORDER : O R D E R ;
OUTER : O U T E R ;
OVER : O V E R ;
PIVOT : P I V O T ;
PLACING : P L A C I N G ;
POSITIONAL : P O S I T I O N A L ;
PRECEDING : P R E C E D I N G ;
QUALIFY : Q U A L I F Y ;
RANGE : R A N G E ;
REGEXP : R E G E X P {false}? ;  // Snowflake alone
RENAME : R E N A M E ;
REPLACE : R E P L A C E ;
RIGHT : R I G H T ;
RLIKE : R L I K E {false}? ;  // Snowflake alone
ROWS : R O W S ;
SAMPLE : S A M P L E {false}? ;  // Snowflake alone
SELECT : S E L E C T ;
SEMI : S E M I ;
SOME : S O M E ;
TABLE : T A B L E {AtWordEnd() && Beyond() != '('}? ;
TABLE_CALL : T A B L E {AtWordEnd() && Beyond() == '('}? ;
TABLESAMPLE : T A B L E S A M P L E ;
THEN : T H E N ;
TOP : T O P {AtWordEnd() && Beyond() >= '0' && Beyond() <= '9'}? ;
TRAILING : T R A I L I N G ;
TRUE : T R U E ;
TRY_CAST : T R Y '_' C A S T ;
UNION : U N I O N ;
UNPIVOT : U N P I V O T ;
USING : U S I N G ;
VALUES : V A L U E S {AtWordEnd() && Beyond() == '('}? ;
WHEN : W H E N ;
WHERE : W H E R E ;
WINDOW : W I N D O W ;
WITH : W I T H ;

// Words that mean something only together: each alone stays an ordinary name.
AT_TIME_ZONE : A T GAP T I M E GAP Z O N E {AtWordEnd()}? ;
BETWEEN_SYMMETRIC : B E T W E E N GAP S Y M M E T R I C {AtWordEnd()}? ;
CURRENT_ROW : C U R R E N T GAP R O W {AtWordEnd()}? ;
EXCLUDE_NULLS : E X C L U D E GAP N U L L S {AtWordEnd()}? ;
FETCH_FIRST : F E T C H GAP (F I R S T | N E X T) {AtWordEnd()}? ;
GROUPING_SETS : G R O U P I N G GAP S E T S {AtWordEnd()}? ;
IGNORE_NULLS : I G N O R E GAP N U L L S {AtWordEnd()}? ;
IGNORE_NULLS_OVER : I G N O R E GAP N U L L S GAP O V E R {AtWordEnd()}? ;
INCLUDE_NULLS : I N C L U D E GAP N U L L S {AtWordEnd()}? ;
NULLS_FIRST : N U L L S GAP F I R S T {AtWordEnd()}? ;
NULLS_LAST : N U L L S GAP L A S T {AtWordEnd()}? ;
PARTITION_BY : P A R T I T I O N GAP B Y {AtWordEnd()}? ;
RESPECT_NULLS : R E S P E C T GAP N U L L S {AtWordEnd()}? ;
RESPECT_NULLS_OVER : R E S P E C T GAP N U L L S GAP O V E R {AtWordEnd()}? ;
SIMILAR_TO : S I M I L A R GAP T O {AtWordEnd()}? ;
UNBOUNDED_FOLLOWING : U N B O U N D E D GAP F O L L O W I N G {AtWordEnd()}? ;
UNBOUNDED_PRECEDING : U N B O U N D E D GAP P R E C E D I N G {AtWordEnd()}? ;
WITHIN_GROUP : W I T H I N GAP G R O U P {AtWordEnd()}? ;
WITHOUT_TIME_ZONE : W I T H O U T GAP T I M E GAP Z O N E {AtWordEnd()}? ;
WITH_ORDINALITY : W I T H GAP O R D I N A L I T Y {AtWordEnd()}? ;
WITH_RECURSIVE : W I T H GAP R E C U R S I V E {AtWordEnd()}? ;
WITH_TIES : W I T H GAP T I E S {AtWordEnd()}? ;
WITH_TIME_ZONE : W I T H GAP T I M E GAP Z O N E {AtWordEnd()}? ;
TYPE_WORDS : D O U B L E GAP P R E C I S I O N {AtWordEnd()}? | C H A R A C T E R GAP V A R Y I N G {AtWordEnd()}? | C H A R GAP V A R Y I N G {AtWordEnd()}? | B I T GAP V A R Y I N G {AtWordEnd()}?
  | I N T E R V A L GAP (Y E A R GAP T O GAP M O N T H | D A Y GAP T O GAP S E C O N D) {AtWordEnd()}? ;
UNIT : (Y E A R | M O N T H | D A Y | H O U R | M I N U T E | S E C O N D | M I L L I S E C O N D | M I C R O S E C O N D | W E E K | Q U A R T E R | D E C A D E | C E N T U R Y | M I L L E N N I U M) S? | C E N T U R I E S | M I L L E N N I A ;

TO_UNIT : T O GAP (Y E A R | M O N T H | D A Y | H O U R | M I N U T E | S E C O N D) {AtWordEnd()}? ;
TYPE_OPEN : (A R R A Y | M A P | S T R U C T) '<' {std::isalpha(static_cast<int>(_input->LA(1) & 0x7F))}? ;

// Signs.
AMP : '&' ;
AND_AND : '&&' ;
ARROW : '->' ;
ARROW_TEXT : '->>' ;
AT_AT : '@@' {false}? ;  // PostgreSQL alone, like the other operators of JSON
AT_GT : '@>' ;
AT_QUESTION : '@?' {false}? ;
CARET : '^' ;
CARET_AT : '^@' ;
COLON : ':' ;
COLON_COLON : '::' ;
COLON_PATH : ':' {false}? ;  // Snowflake alone: after what a path may start at
COLON_EQ : ':=' ;
COMMA : ',' ;
CONCAT : '||' ;
DOT : '.' ;
EMPTY_BRACKETS : '[]' ;
EQ : '=' '='? ;
FAT_ARROW : '=>' ;
GE : '>=' ;
GT : '>' ;
HASH : '#' ;
HASH_ARROW : '#>' ;
HASH_ARROW_TEXT : '#>>' ;
HASH_MINUS : '#-' {false}? ;
LBRACE : '{' ;
LBRACK : '[' ;
LE : '<=' ;
LPAREN : '(' ;
LT : '<' ;
LT_AT : '<@' ;
MINUS : '-' ;
NE : '<>' | '!=' ;
NOT_TILDE : '!~' ;
NOT_TILDE_STAR : '!~*' ;
PERCENT : '%' ;
PIPE : '|' ;
PLUS : '+' ;
QUESTION : '?' ;
QUESTION_AMP : '?&' {false}? ;
QUESTION_PIPE : '?|' {false}? ;
RBRACE : '}' ;
RBRACK : ']' ;
RPAREN : ')' ;
SEMICOLON : ';' ;
SHL : '<<' ;
SHR : '>>' ;
SLASH : '/' ;
SLASH_SLASH : '//' ;
STAR : '*' ;
STAR_STAR : '**' ;
TILDE : '~' ;
TILDE_STAR : '~*' ;

// Values and names.
NUMBER : DIGITS ('.' DIGITS?)? EXPONENT? | '.' DIGITS EXPONENT? | '0' [xX] [0-9a-fA-F]+ ;
STRING : '@'? '\'' (~'\'' | '\'\'')* '\'' ;
ESTRING : E '\'' (~['\\] | '\\' . | '\'\'')* '\'' ;
DOLLAR_STRING : '$' (NAME_START NAME_PART*)? '$' { TakeDollarBody(); } ;
PARAM : '$' ([0-9]+ | NAME_START NAME_PART*) ;
MACRO_WITH : '@' W I T H ;
MACRO_JOIN : '@' J O I N ;
MACRO_WHERE : '@' W H E R E ;
MACRO_GROUP_BY : '@' G R O U P '_' B Y ;
MACRO_HAVING : '@' H A V I N G ;
MACRO_ORDER_BY : '@' O R D E R '_' B Y ;
MACRO_LIMIT : '@' L I M I T ;
MACRO_NAME : '@' NAME_START (NAME_PART | '$')* ;
QUOTED_IDENT : '"' (~'"' | '""')* '"' ;
IDENT : (NAME_START | HOLE) (NAME_PART | '$' | HOLE | '@' NAME_START)* ;
UNEXPECTED : ~[ \t\r\n\f\u000B\u00A0\uFEFF] ;

SPACE : BLANK+ -> skip ;
LINE_COMMENT : LINE_COMMENT_TEXT -> skip ;
BLOCK_COMMENT : BLOCK_COMMENT_TEXT -> skip ;

fragment GAP : (BLANK | LINE_COMMENT_TEXT [\r\n] | BLOCK_COMMENT_TEXT)+ ;
fragment BLANK : [ \t\r\n\f\u000B\u00A0\uFEFF] ;
fragment LINE_COMMENT_TEXT : '--' ~[\r\n]* ;
fragment BLOCK_COMMENT_TEXT : '/*' (BLOCK_COMMENT_TEXT | .)*? '*/' ;
fragment DIGITS : [0-9] ('_'? [0-9])* ;
fragment EXPONENT : [eE] [+-]? DIGITS ;
fragment NAME_START : [a-zA-Z_] | [\u0080-\u009F] | [\u00A1-\uFEFE] | [\uFF00-\u{10FFFF}] ;
fragment HOLE : '@{' NAME_START (NAME_PART | '$')* '}' ;
fragment NAME_PART : NAME_START | [0-9] ;
fragment A : [aA] ;
fragment B : [bB] ;
fragment C : [cC] ;
fragment D : [dD] ;
fragment E : [eE] ;
fragment F : [fF] ;
fragment G : [gG] ;
fragment H : [hH] ;
fragment I : [iI] ;
fragment J : [jJ] ;
fragment K : [kK] ;
fragment L : [lL] ;
fragment M : [mM] ;
fragment N : [nN] ;
fragment O : [oO] ;
fragment P : [pP] ;
fragment Q : [qQ] ;
fragment R : [rR] ;
fragment S : [sS] ;
fragment T : [tT] ;
fragment U : [uU] ;
fragment V : [vV] ;
fragment W : [wW] ;
fragment X : [xX] ;
fragment Y : [yY] ;
fragment Z : [zZ] ;

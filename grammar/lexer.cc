#include "grammar/lexer.h"

#include <algorithm>
#include <array>

namespace wapc::grammar {
namespace {

enum CharClass : uint8_t { kOther = 0, kBlank = 1, kNameStart = 2, kDigit = 4, kDollar = 8 };

constexpr std::array<uint8_t, 256> MakeClasses() {
  std::array<uint8_t, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<size_t>(c)] = kNameStart;
  for (int c = 'A'; c <= 'Z'; ++c) classes[static_cast<size_t>(c)] = kNameStart;
  for (int c = '0'; c <= '9'; ++c) classes[static_cast<size_t>(c)] = kDigit;
  for (size_t c = 0x80; c < 0x100; ++c) classes[c] = kNameStart;
  for (const unsigned char c : {' ', '\t', '\r', '\n', '\f', '\v'}) classes[c] = kBlank;
  classes['_'] = kNameStart;
  classes['$'] = kDollar;
  return classes;
}
constexpr std::array<uint8_t, 256> kClasses = MakeClasses();

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Word {
  std::string_view text;
  TokenKind kind = TokenKind::IDENT;
  bool starts_phrase = false;
};

constexpr size_t kMaxWord = 15;
constexpr size_t kSlots = 1024;

constexpr size_t HashStep(size_t hash, char lower) { return hash * 31 + static_cast<unsigned char>(lower); }
constexpr size_t Hash(std::string_view lower) {
  size_t hash = 0;
  for (const char c : lower) hash = HashStep(hash, c);
  return hash;
}

constexpr void Put(std::array<Word, kSlots>& table, std::string_view text, TokenKind kind, bool starts_phrase) {
  size_t slot = Hash(text) % kSlots;
  while (!table[slot].text.empty() && table[slot].text != text) slot = (slot + 1) % kSlots;
  Word& word = table[slot];
  if (word.text.empty()) word = {text, kind, starts_phrase};
  word.starts_phrase = word.starts_phrase || starts_phrase;
}

struct Phrase {
  std::string_view text;
  TokenKind kind;
};
constexpr auto kPhrases = std::to_array<Phrase>({
#define WAPC_PHRASE(name, spelling) {spelling, TokenKind::name},
    WAPC_PHRASES(WAPC_PHRASE)
#undef WAPC_PHRASE
        {"between asymmetric", TokenKind::BETWEEN},
    {"fetch next", TokenKind::FETCH_FIRST},
    {"to year", TokenKind::TO_UNIT},
    {"to month", TokenKind::TO_UNIT},
    {"to day", TokenKind::TO_UNIT},
    {"to hour", TokenKind::TO_UNIT},
    {"to minute", TokenKind::TO_UNIT},
    {"to second", TokenKind::TO_UNIT},
    // Types of several words are one kind of token.
    {"double precision", TokenKind::TYPE_WORDS},
    {"character varying", TokenKind::TYPE_WORDS},
    {"char varying", TokenKind::TYPE_WORDS},
    {"bit varying", TokenKind::TYPE_WORDS},
    {"interval year to month", TokenKind::TYPE_WORDS},
    {"interval day to second", TokenKind::TYPE_WORDS},
});

constexpr auto kUnits = std::to_array<std::string_view>({
    "year",        "years",        "month",       "months",       "day",        "days",        "hour",
    "hours",       "minute",       "minutes",     "second",       "seconds",    "week",        "weeks",
    "millisecond", "milliseconds", "microsecond", "microseconds", "quarter",    "quarters",    "decade",
    "decades",     "century",      "centurys",    "centuries",    "millennium", "millenniums", "millennia",
});

constexpr std::array<Word, kSlots> MakeWords() {
  std::array<Word, kSlots> table{};
#define WAPC_WORD(name, spelling) Put(table, spelling, TokenKind::name, false);
  WAPC_WORDS(WAPC_WORD)
#undef WAPC_WORD
  Put(table, "struct", TokenKind::IDENT, false);
  Put(table, "minus", TokenKind::IDENT, false);
  for (const std::string_view unit : kUnits) Put(table, unit, TokenKind::UNIT, false);
  for (const Phrase& phrase : kPhrases) {
    Put(table, phrase.text.substr(0, phrase.text.find(' ')), TokenKind::IDENT, true);
  }
  return table;
}
constexpr std::array<Word, kSlots> kWords = MakeWords();

/// The word that a text is, letter case aside; null for an ordinary name.
const Word* FindWord(std::string_view text) {
  if (text.size() > kMaxWord) return nullptr;
  std::array<char, kMaxWord> lower;
  size_t hash = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    lower[i] = Lower(text[i]);
    hash = HashStep(hash, lower[i]);
  }
  const std::string_view key(lower.data(), text.size());
  for (size_t slot = hash % kSlots; !kWords[slot].text.empty(); slot = (slot + 1) % kSlots) {
    if (kWords[slot].text == key) return &kWords[slot];
  }
  return nullptr;
}

/// The rule nonReserved of WapcSql.g4.
bool IsNonReserved(TokenKind kind) {
  switch (kind) {
    case TokenKind::COLUMNS:
    case TokenKind::ESCAPE:
    case TokenKind::EXCLUDE:
    case TokenKind::FILTER:
    case TokenKind::FOLLOWING:
    case TokenKind::GROUPS:
    case TokenKind::KIND:
    case TokenKind::MATERIALIZED:
    case TokenKind::OVER:
    case TokenKind::PRECEDING:
    case TokenKind::RANGE:
    case TokenKind::RENAME:
    case TokenKind::REPLACE:
    case TokenKind::ROWS:
    case TokenKind::UNIT: return true;
    default: return false;
  }
}

/// Cuts one text; positions are byte offsets.
class Lexer {
 public:
  Lexer(std::string_view text, LexedText& out, const LexRules& rules) : text_(text), out_(out), rules_(rules) {}

  void Run() {
    while (!out_.fault) {
      at_ = SkipGap(at_, true);
      if (out_.fault || at_ >= text_.size()) break;
      Next();
    }
    const auto end = static_cast<uint32_t>(text_.size());
    out_.tokens.push_back({TokenKind::END_OF_TEXT, end, end});
  }

 private:
  unsigned char Byte(size_t at) const { return at < text_.size() ? static_cast<unsigned char>(text_[at]) : 0; }
  char Char(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  uint8_t Class(size_t at) const { return at < text_.size() ? kClasses[Byte(at)] : static_cast<uint8_t>(kOther); }

  /// How many bytes of a blank beyond ASCII (no-break space, byte order mark) stand here; mostly none.
  size_t WideBlank(size_t at) const {
    if (Byte(at) == 0xC2 && Byte(at + 1) == 0xA0) return 2;
    if (Byte(at) == 0xEF && Byte(at + 1) == 0xBB && Byte(at + 2) == 0xBF) return 3;
    return 0;
  }
  bool StartsName(size_t at) const { return (Class(at) & kNameStart) != 0 && WideBlank(at) == 0; }

  void Emit(TokenKind kind, size_t end) {
    out_.tokens.push_back({kind, static_cast<uint32_t>(at_), static_cast<uint32_t>(end)});
    at_ = end;
  }
  void Fault(LexFaultKind kind, size_t begin, size_t length) {
    if (!out_.fault) out_.fault = {kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + length)};
  }

  /// The first place at or after `at` that is neither blank nor comment.
  size_t SkipGap(size_t at, bool record) {
    while (at < text_.size()) {
      if ((Class(at) & kBlank) != 0) {
        ++at;
      } else if (const size_t wide = WideBlank(at); wide != 0) {
        at += wide;
      } else if (StartsComment(at)) {
        const size_t end = EndOfComment(at);
        if (end == std::string_view::npos) return at;
        if (record) out_.comments.emplace_back(static_cast<uint32_t>(at), static_cast<uint32_t>(end));
        at = end;
      } else {
        break;
      }
    }
    return at;
  }

  bool StartsComment(size_t at) const {
    if (Char(at) == '-') return Char(at + 1) == '-';
    return Char(at) == '/' && (Char(at + 1) == '*' || (rules_.slash_comments && Char(at + 1) == '/'));
  }

  size_t EndOfComment(size_t begin) {
    if (Char(begin + 1) != '*') return std::min(text_.find_first_of("\r\n", begin), text_.size());
    int depth = 1;
    size_t at = begin + 2;
    while (at < text_.size()) {
      if (Char(at) == '*' && Char(at + 1) == '/') {
        at += 2;
        if (--depth == 0) return at;
      } else if (rules_.nested_comments && Char(at) == '/' && Char(at + 1) == '*') {
        at += 2;
        ++depth;
      } else {
        ++at;
      }
    }
    Fault(LexFaultKind::kUnclosedComment, begin, 2);
    return std::string_view::npos;
  }

  void Next() {
    const char c = text_[at_];
    const uint8_t cls = kClasses[static_cast<unsigned char>(c)];
    if ((c == 'e' || c == 'E') && Char(at_ + 1) == '\'' && rules_.escape_strings) {
      return EscapedString(at_ + 2, TokenKind::ESTRING);
    }
    if ((c == 'u' || c == 'U') && Char(at_ + 1) == '&' && Char(at_ + 2) == '\'' && rules_.unicode_strings) {
      return UnicodeString();
    }
    if ((cls & kNameStart) != 0) return Name();
    if ((cls & kDigit) != 0 || (c == '.' && (Class(at_ + 1) & kDigit) != 0)) return Number();
    switch (c) {
      case '\'':
        if (rules_.escapes_in_strings) return EscapedString(at_ + 1, TokenKind::STRING);
        return Quoted('\'', TokenKind::STRING, LexFaultKind::kUnclosedString);
      case '"': return Quoted('"', TokenKind::QUOTED_IDENT, LexFaultKind::kUnclosedName);
      case '$': return Dollar();
      case '@':
        if (StartsName(at_ + 1)) return MacroName();
        if (EndOfHole(at_) != at_) return Emit(TokenKind::IDENT, EndOfHoles(at_));
        if (Char(at_ + 1) == '\'') return Quoted('\'', TokenKind::STRING, LexFaultKind::kUnclosedString, 1);
        break;
      default: break;
    }
    Sign();
  }

  size_t EndOfName(size_t at) const {
    while ((Class(at) & (kNameStart | kDigit | kDollar)) != 0) {
      if (Byte(at) >= 0x80 && WideBlank(at) != 0) break;
      ++at;
    }
    return at;
  }

  /// Where an `@{name}` that begins here ends; the same place when none does.
  size_t EndOfHole(size_t at) const {
    if (Char(at) != '@' || Char(at + 1) != '{' || !StartsName(at + 2)) return at;
    const size_t end = EndOfName(at + 2);
    return Char(end) == '}' ? end + 1 : at;
  }
  /// The end of a name with holes that macros fill: `a_@{x}_b`, `a_@x`.
  size_t EndOfHoles(size_t at) const {
    while (true) {
      size_t end = EndOfName(at);
      if (Char(end) == '@') end = StartsName(end + 1) ? EndOfName(end + 1) : EndOfHole(end);
      if (end == at) return at;
      at = end;
    }
  }

  void MacroName() {
    static constexpr auto kClauses = std::to_array<std::pair<std::string_view, TokenKind>>({
        {"with", TokenKind::MACRO_WITH},
        {"join", TokenKind::MACRO_JOIN},
        {"where", TokenKind::MACRO_WHERE},
        {"group_by", TokenKind::MACRO_GROUP_BY},
        {"having", TokenKind::MACRO_HAVING},
        {"order_by", TokenKind::MACRO_ORDER_BY},
        {"limit", TokenKind::MACRO_LIMIT},
    });
    const size_t end = EndOfName(at_ + 1);
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    const auto same = [](char a, char b) { return Lower(a) == b; };
    for (const auto& [clause, kind] : kClauses) {
      if (name.size() == clause.size() && std::equal(name.begin(), name.end(), clause.begin(), same)) {
        return Emit(kind, end);
      }
    }
    Emit(TokenKind::MACRO_NAME, end);
  }

  void Name() {
    const size_t end = EndOfName(at_);
    if (Char(end) == '@' && EndOfHoles(at_) != end) return Emit(TokenKind::IDENT, EndOfHoles(at_));
    const Word* const word = FindWord(text_.substr(at_, end - at_));
    if (word == nullptr) return Emit(TokenKind::IDENT, end);
    if (word->starts_phrase && TryPhrase(word->text, end)) return;
    const TokenKind kind = KindHere(*word, end);
    if (kind == TokenKind::CASE) Open();
    if (kind == TokenKind::END) Close();
    Emit(kind, kind == TokenKind::TYPE_OPEN ? end + 1 : end);
  }

  /// What a word is by what stands behind it: VALUES is a name unless rows follow.
  TokenKind KindHere(const Word& word, size_t end) {
    const TokenKind kind = word.kind;
    const bool holds_types = kind == TokenKind::ARRAY || kind == TokenKind::MAP || word.text == "struct";
    if (holds_types && Char(end) == '<' && (Class(end + 1) & kNameStart) != 0 && Byte(end + 1) < 0x80 &&
        Char(end + 1) != '_') {
      return TokenKind::TYPE_OPEN;
    }
    if (rules_.plain_words.Has(kind)) return TokenKind::IDENT;
    switch (kind) {
      case TokenKind::VALUES: return rules_.bare_values || Beyond(end) == '(' ? kind : TokenKind::IDENT;
      case TokenKind::TABLE: return Beyond(end) == '(' ? TokenKind::TABLE_CALL : kind;
      case TokenKind::TOP: return IsDigit(Beyond(end)) ? kind : TokenKind::IDENT;
      case TokenKind::INTERVAL: return StartsIntervalValue(Beyond(end)) ? kind : TokenKind::IDENT;
      default: break;
    }
    return rules_.minus_set && word.text == "minus" ? TokenKind::EXCEPT : kind;
  }
  char Beyond(size_t at) { return Char(SkipGap(at, false)); }
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool StartsIntervalValue(char c) {
    return c == '\'' || c == '$' || c == '@' || c == '(' || c == '+' || c == '-' || IsDigit(c);
  }

  bool TryPhrase(std::string_view first, size_t after_first) {
    TokenKind kind = TokenKind::COUNT;
    size_t longest = 0;
    for (const Phrase& phrase : kPhrases) {
      if (!phrase.text.starts_with(first) || phrase.text[first.size()] != ' ') continue;
      const size_t end = MatchRest(phrase.text.substr(first.size() + 1), after_first);
      if (end > longest) {
        longest = end;
        kind = phrase.kind;
      }
    }
    if (longest == 0) return false;
    SkipCommentsWithin(after_first, longest);
    Emit(kind, longest);
    return true;
  }

  /// Where the remaining words of a phrase end, or 0 when they don't stand here.
  size_t MatchRest(std::string_view rest, size_t at) {
    while (!rest.empty()) {
      const size_t begin = SkipGap(at, false);
      if (begin == at) return 0;
      const std::string_view word = rest.substr(0, rest.find(' '));
      const size_t end = EndOfName(begin);
      if (end - begin != word.size()) return 0;
      for (size_t i = 0; i < word.size(); ++i) {
        if (Lower(text_[begin + i]) != word[i]) return 0;
      }
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      at = end;
    }
    return at;
  }

  /// Records the comments between the words of a phrase.
  void SkipCommentsWithin(size_t at, size_t end) {
    while (at < end) at = EndOfName(SkipGap(at, true));
  }

  size_t EndOfDigits(size_t at) const {
    while ((Class(at) & kDigit) != 0 || (Char(at) == '_' && (Class(at + 1) & kDigit) != 0)) ++at;
    return at;
  }

  static bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'f'); }

  void Number() {
    size_t at = at_;
    if (Char(at) == '0' && Lower(Char(at + 1)) == 'x' && IsHexDigit(Char(at + 2))) {
      at += 2;
      while (IsHexDigit(Char(at))) ++at;
      return Emit(TokenKind::NUMBER, at);
    }
    at = EndOfDigits(at);
    if (Char(at) == '.') {
      ++at;
      if ((Class(at) & kDigit) != 0) at = EndOfDigits(at);
    }
    if (Lower(Char(at)) == 'e') {
      const size_t sign = Char(at + 1) == '+' || Char(at + 1) == '-' ? 1 : 0;
      if ((Class(at + 1 + sign) & kDigit) != 0) at = EndOfDigits(at + 1 + sign);
    }
    Emit(TokenKind::NUMBER, at);
  }

  void Quoted(char quote, TokenKind kind, LexFaultKind fault, size_t before = 0) {
    size_t at = at_ + before + 1;
    while (true) {
      at = text_.find(quote, at);
      if (at == std::string_view::npos) return Fault(fault, at_, 1);
      if (Char(at + 1) != quote) break;
      at += 2;
    }
    Emit(kind, at + 1);
  }

  void EscapedString(size_t body, TokenKind kind) {
    size_t at = body;
    while (at < text_.size()) {
      if (text_[at] == '\\' || (text_[at] == '\'' && Char(at + 1) == '\'')) {
        at += 2;
      } else if (text_[at] == '\'') {
        return Emit(kind, at + 1);
      } else {
        ++at;
      }
    }
    Fault(LexFaultKind::kUnclosedString, at_, body - at_);
  }

  /// U&'...', in which a backslash starts a code point and a quote is written twice.
  void UnicodeString() {
    size_t at = at_ + 3;
    while (true) {
      at = text_.find('\'', at);
      if (at == std::string_view::npos) return Fault(LexFaultKind::kUnclosedString, at_, 3);
      if (Char(at + 1) != '\'') break;
      at += 2;
    }
    Emit(TokenKind::ESTRING, at + 1);
  }

  void Dollar() {
    size_t at = at_ + 1;
    if ((Class(at) & kDigit) != 0) {
      while ((Class(at) & kDigit) != 0) ++at;
      return Emit(TokenKind::PARAM, at);
    }
    if (StartsName(at)) {
      while (StartsName(at) || (Class(at) & kDigit) != 0) ++at;
    }
    if (Char(at) == '$' && rules_.dollar_strings) return DollarString(at + 1);
    Emit(at == at_ + 1 ? TokenKind::UNEXPECTED : TokenKind::PARAM, at);
  }

  void DollarString(size_t body) {
    const std::string_view tag = text_.substr(at_, body - at_);
    const size_t close = text_.find(tag, body);
    if (close == std::string_view::npos) return Fault(LexFaultKind::kUnclosedString, at_, tag.size());
    Emit(TokenKind::DOLLAR_STRING, close + tag.size());
  }

  void Open() {
    if (++depth_ > kMaxNesting) Fault(LexFaultKind::kTooDeep, at_, 1);
  }
  void Close() {
    if (depth_ > 0) --depth_;
  }

  void Sign() {
    const char a = text_[at_];
    const char b = Char(at_ + 1);
    const char c = Char(at_ + 2);
    SignMatch match = SignAt(a, b, c);
    if (match.kind == TokenKind::COLON && rules_.colon_paths && AfterPathStart()) match.kind = TokenKind::COLON_PATH;
    const auto [kind, length] = match;
    if (a == '(' || a == '{' || (a == '[' && b != ']')) Open();
    if (a == ')' || a == ']' || a == '}') Close();
    if (a == ';') depth_ = 0;
    Emit(kind, at_ + std::max<size_t>(length, 1));
  }

  struct SignMatch {
    TokenKind kind;
    size_t length;
  };
  SignMatch SignAt(char a, char b, char c) const {
    SignMatch best{TokenKind::UNEXPECTED, 0};
    if (rules_.json_signs) best = JsonSignAt(a, b);
    const std::array<char, 3> window{a, b, c};
    for (const auto& [text, kind] : kSigns[static_cast<unsigned char>(a) & 0x7F]) {
      if (text.size() > best.length && std::string_view(window.data(), text.size()) == text) best = {kind, text.size()};
    }
    return best;
  }

  static SignMatch JsonSignAt(char a, char b) {
    if (a == '@' && b == '@') return {TokenKind::AT_AT, 2};
    if (a == '@' && b == '?') return {TokenKind::AT_QUESTION, 2};
    if (a == '?' && b == '|') return {TokenKind::QUESTION_PIPE, 2};
    if (a == '?' && b == '&') return {TokenKind::QUESTION_AMP, 2};
    if (a == '#' && b == '-') return {TokenKind::HASH_MINUS, 2};
    return {TokenKind::UNEXPECTED, 0};
  }
  /// Whether the token before could be what a path is taken of.
  bool AfterPathStart() const {
    if (out_.tokens.empty()) return false;
    const TokenKind before = out_.tokens.back().kind;
    return before == TokenKind::IDENT || before == TokenKind::QUOTED_IDENT || before == TokenKind::RPAREN ||
           before == TokenKind::RBRACK || before == TokenKind::PARAM || IsNonReserved(before);
  }

  struct SignEntry {
    std::string_view text;
    TokenKind kind = TokenKind::UNEXPECTED;
  };
  using SignTable = std::array<std::array<SignEntry, 6>, 128>;
  static constexpr void PutSign(SignTable& table, std::string_view text, TokenKind kind) {
    for (SignEntry& entry : table[static_cast<size_t>(text[0])]) {
      if (!entry.text.empty()) continue;
      entry = {text, kind};
      return;
    }
  }
  static constexpr bool OfSomeDialects(TokenKind kind) {
    return kind == TokenKind::AT_AT || kind == TokenKind::AT_QUESTION || kind == TokenKind::COLON_PATH ||
           kind == TokenKind::HASH_MINUS || kind == TokenKind::QUESTION_AMP || kind == TokenKind::QUESTION_PIPE;
  }
  static constexpr SignTable MakeSigns() {
    SignTable table{};
#define WAPC_SIGN(name, spelling) \
  if (!OfSomeDialects(TokenKind::name)) PutSign(table, spelling, TokenKind::name);
    WAPC_SIGNS(WAPC_SIGN)
#undef WAPC_SIGN
    PutSign(table, "!=", TokenKind::NE);
    PutSign(table, "==", TokenKind::EQ);
    return table;
  }
  static const SignTable kSigns;

  std::string_view text_;
  LexedText& out_;
  const LexRules& rules_;
  size_t at_ = 0;
  int depth_ = 0;
};

constexpr Lexer::SignTable Lexer::kSigns = Lexer::MakeSigns();

}  // namespace

void Lex(std::string_view text, LexedText& out, const LexRules& rules) {
  out.tokens.clear();
  out.comments.clear();
  out.fault.reset();
  Lexer(text, out, rules).Run();
}

bool IsReservedWord(std::string_view lower, const TokenSet& plain_words) {
  const Word* const word = FindWord(lower);
  // TOP is a word of the grammar only before a number, where no name stands.
  return word != nullptr && word->kind != TokenKind::IDENT && word->kind != TokenKind::TOP &&
         !IsNonReserved(word->kind) && !plain_words.Has(word->kind);
}

bool IsPlainName(std::string_view text) {
  if (text.empty() || (kClasses[static_cast<unsigned char>(text[0])] & kNameStart) == 0) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (kClasses[static_cast<unsigned char>(c)] & (kNameStart | kDigit | kDollar)) != 0;
  });
}

std::string_view Spelling(TokenKind kind) {
  static constexpr auto kSpellings =
      std::to_array<std::string_view>({"the end of the text",
#define WAPC_SPELLING(name, spelling) spelling,
                                       WAPC_WORDS(WAPC_SPELLING) WAPC_PHRASES(WAPC_SPELLING) "a type", "a unit",
                                       "TO and a unit", "a type", WAPC_SIGNS(WAPC_SPELLING) WAPC_VALUES(WAPC_SPELLING)
#undef WAPC_SPELLING
      });
  static_assert(std::size(kSpellings) == static_cast<size_t>(TokenKind::COUNT));
  return kSpellings[static_cast<size_t>(kind)];
}

bool IsWord(TokenKind kind) { return kind > TokenKind::END_OF_TEXT && kind <= TokenKind::TYPE_OPEN; }

}  // namespace wapc::grammar

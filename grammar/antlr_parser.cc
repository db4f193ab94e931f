#include "grammar/antlr_parser.h"

#include <algorithm>
#include <exception>
#include <set>
#include <string>

#include "WapcSql.h"
#include "WapcSqlLexer.h"
#include "antlr4-runtime.h"

namespace wapc::grammar {
namespace {

using sql_parser::WapcSql;

#define WAPC_SAME(name, spelling) static_assert(static_cast<size_t>(TokenKind::name) == WapcSql::name);
WAPC_WORDS(WAPC_SAME)
WAPC_PHRASES(WAPC_SAME)
WAPC_SIGNS(WAPC_SAME)
WAPC_VALUES(WAPC_SAME)
#undef WAPC_SAME
static_assert(static_cast<size_t>(TokenKind::TYPE_WORDS) == WapcSql::TYPE_WORDS);
static_assert(static_cast<size_t>(TokenKind::UNIT) == WapcSql::UNIT);
static_assert(static_cast<size_t>(TokenKind::TO_UNIT) == WapcSql::TO_UNIT);
static_assert(static_cast<size_t>(TokenKind::TYPE_OPEN) == WapcSql::TYPE_OPEN);
#define WAPC_SAME_RULE(name) static_assert(static_cast<size_t>(Rule::name) == WapcSql::Rule##name);
WAPC_RULES(WAPC_SAME_RULE)
#undef WAPC_SAME_RULE

/// A token as the runtime wants to see it, over one of ours.
class SeamToken final : public antlr4::Token {
 public:
  SeamToken(grammar::Token token, uint32_t index) : token_(token), index_(index) {}

  uint32_t index() const { return index_; }
  std::string getText() const override { return {}; }
  size_t getType() const override {
    return token_.kind == TokenKind::END_OF_TEXT ? antlr4::Token::EOF : static_cast<size_t>(token_.kind);
  }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() const override { return 0; }
  size_t getChannel() const override { return DEFAULT_CHANNEL; }
  size_t getTokenIndex() const override { return index_; }
  size_t getStartIndex() const override { return token_.begin; }
  size_t getStopIndex() const override { return token_.end; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

 private:
  grammar::Token token_;
  uint32_t index_;
};

uint32_t IndexOf(const antlr4::Token* token) { return static_cast<uint32_t>(token->getTokenIndex()); }

/// The tokens of one statement; all of them lie ready, so that looking ahead is an array access.
class SeamStream final : public antlr4::TokenStream {
 public:
  void Fill(std::span<const grammar::Token> tokens) {
    tokens_.clear();
    tokens_.reserve(tokens.size());
    for (const grammar::Token& token : tokens) tokens_.emplace_back(token, static_cast<uint32_t>(tokens_.size()));
    at_ = 0;
  }

  antlr4::Token* LT(ssize_t k) override {
    if (k < 0) return at_ == 0 ? nullptr : &tokens_[at_ - static_cast<size_t>(-k)];
    return &tokens_[std::min(at_ + static_cast<size_t>(k) - 1, tokens_.size() - 1)];
  }
  size_t LA(ssize_t k) override { return LT(k)->getType(); }
  antlr4::Token* get(size_t index) const override { return const_cast<SeamToken*>(&tokens_[index]); }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval& /*where*/) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext* /*rule*/) override { return {}; }
  std::string getText(antlr4::Token* /*first*/, antlr4::Token* /*last*/) override { return {}; }
  void consume() override { at_ = std::min(at_ + 1, tokens_.size() - 1); }
  ssize_t mark() override { return 0; }
  void release(ssize_t /*marker*/) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = std::min(index, tokens_.size() - 1); }
  size_t size() override { return tokens_.size(); }
  std::string getSourceName() const override { return {}; }

 private:
  std::vector<SeamToken> tokens_;
  size_t at_ = 0;
};

/// Leaves the generated parser at the first fault. Not a RecognitionException, which the generated code would catch.
struct Stop : std::exception {
  explicit Stop(uint32_t at) : token(at) {}
  uint32_t token;
};

/// Stops at the first fault and mends nothing.
class StopAtFault : public antlr4::ANTLRErrorStrategy {
 public:
  void reset(antlr4::Parser* /*parser*/) override {}
  antlr4::Token* recoverInline(antlr4::Parser* parser) override { throw Stop(IndexOf(parser->getCurrentToken())); }
  void recover(antlr4::Parser* parser, std::exception_ptr /*fault*/) override {
    throw Stop(IndexOf(parser->getCurrentToken()));
  }
  void sync(antlr4::Parser* /*parser*/) override {}
  bool inErrorRecoveryMode(antlr4::Parser* /*parser*/) override { return false; }
  void reportMatch(antlr4::Parser* /*parser*/) override {}
  void reportError(antlr4::Parser* /*parser*/, const antlr4::RecognitionException& fault) override {
    throw Stop(IndexOf(fault.getOffendingToken()));
  }
};

/// Gathers, at one token, every kind that the grammar would take there.
class GatherExpected final : public StopAtFault {
 public:
  explicit GatherExpected(uint32_t token) : token_(token) {}

  const std::set<size_t>& expected() const { return expected_; }
  void sync(antlr4::Parser* parser) override {
    if (parser->getInputStream()->index() == token_) Gather(parser);
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    Gather(parser);
    return StopAtFault::recoverInline(parser);
  }

 private:
  void Gather(antlr4::Parser* parser) {
    for (const ssize_t kind : parser->getExpectedTokens().toList()) {
      expected_.insert(kind < 0 ? 0 : static_cast<size_t>(kind));
    }
  }

  uint32_t token_;
  std::set<size_t> expected_;
};

/// The generated parser, writing down which rules it enters instead of building its own tree.
class TapeParser final : public WapcSql {
 public:
  explicit TapeParser(antlr4::TokenStream* stream) : WapcSql(stream) {
    setBuildParseTree(false);
    removeErrorListeners();
  }

  void StartTape(std::vector<CstNode>* nodes) {
    nodes_ = nodes;
    nodes_->clear();
    open_.clear();
  }
  void FinishTape() {
    while (!open_.empty()) CloseLast();
  }

  void enterRule(antlr4::ParserRuleContext* context, size_t state, size_t rule) override {
    setState(state);
    _ctx = context;
    context->start = _input->LT(1);
    while (!open_.empty() && open_.back().context != context->parent) CloseLast();
    const auto index = static_cast<uint32_t>(nodes_->size());
    open_.push_back({context, index});
    nodes_->push_back({static_cast<Rule>(rule), IndexOf(context->start), 0, 0});
  }
  void enterOuterAlt(antlr4::ParserRuleContext* context, size_t /*alternative*/) override { _ctx = context; }
  antlr4::Token* consume() override {
    antlr4::Token* const token = _input->LT(1);
    _input->consume();
    return token;
  }

 private:
  struct OpenRule {
    antlr4::ParserRuleContext* context;
    uint32_t node;
  };

  void CloseLast() {
    CstNode& node = (*nodes_)[open_.back().node];
    node.end = IndexOf(open_.back().context->stop) + 1;
    node.next = static_cast<uint32_t>(nodes_->size());
    open_.pop_back();
  }

  std::vector<CstNode>* nodes_ = nullptr;
  std::vector<OpenRule> open_;
};

}  // namespace

struct AntlrParser::Impl {
  SeamStream stream;
  TapeParser parser{&stream};
  std::shared_ptr<StopAtFault> stop = std::make_shared<StopAtFault>();

  void Enter(Rule entry) {
    switch (entry) {
      case Rule::QueryEntry: parser.queryEntry(); return;
      case Rule::ExpressionEntry: parser.expressionEntry(); return;
      case Rule::TypeEntry: parser.typeEntry(); return;
      case Rule::BlockEntry: parser.blockEntry(); return;
      default: parser.macroEntry(); return;
    }
  }

  /// One pass. Gives the token it stopped at, or -1 when all matched.
  int64_t Run(Rule entry, antlr4::atn::PredictionMode mode, const std::shared_ptr<StopAtFault>& strategy, Cst& out) {
    stream.seek(0);
    parser.reset();
    parser.setErrorHandler(strategy);
    parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
    parser.StartTape(&out.nodes);
    try {
      Enter(entry);
    } catch (const Stop& stopped) {
      return stopped.token;
    }
    parser.FinishTape();
    return -1;
  }
};

AntlrParser::AntlrParser() : impl_(std::make_unique<Impl>()) {}
AntlrParser::~AntlrParser() = default;

bool AntlrParser::Parse(Rule entry, std::span<const Token> tokens, Cst& out, SyntaxFault& fault) {
  using antlr4::atn::PredictionMode;
  impl_->stream.Fill(tokens);
  out.tokens = tokens.data();
  if (impl_->Run(entry, PredictionMode::SLL, impl_->stop, out) < 0) return true;
  // SLL may turn down what full LL takes, so only LL's verdict counts.
  const int64_t stopped = impl_->Run(entry, PredictionMode::LL, impl_->stop, out);
  if (stopped < 0) return true;
  fault.token = static_cast<uint32_t>(stopped);
  const auto gather = std::make_shared<GatherExpected>(fault.token);
  impl_->Run(entry, PredictionMode::LL, gather, out);
  fault.expected.clear();
  for (const size_t kind : gather->expected()) fault.expected.push_back(static_cast<TokenKind>(kind));
  return false;
}

}  // namespace wapc::grammar

#include <fmt/format.h>

#include "compiler/translate/context.h"

/// Regular expressions that stand as literals, from one engine's flavour to another's.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;

namespace {

/// Goes through a pattern token by token and writes it anew; what the target lacks is kept in `missing`.
class PatternWriter {
 public:
  PatternWriter(const Context& context, std::string_view pattern) : context_(context), pattern_(pattern) {}

  std::string Write() {
    while (at_ < pattern_.size()) Token();
    return std::move(out_);
  }
  const std::string& missing() const { return missing_; }

 private:
  bool Reads(std::string_view what) const { return context_.reads.Can("regex-" + std::string(what)); }
  bool Writes(std::string_view what) const { return context_.writes.Can("regex-" + std::string(what)); }
  void Need(std::string_view ability, std::string_view what) {
    if (!Writes(ability) && missing_.empty()) missing_ = what;
  }

  void Token() {
    const char c = pattern_[at_];
    if (c == '\\') return Escape();
    if (c == '[') return Bracket();
    if (c == '(') return Group();
    ++at_;
    if (c == '.' && Reads("dot-newline") != Writes("dot-newline")) {
      out_ += Writes("dot-newline") ? "[^\\n]" : "(?:.|\\n)";
      return;
    }
    if (c == '$' && at_ == pattern_.size() && Writes("dollar-before-newline") && !Reads("dollar-before-newline")) {
      out_ += "\\z";
      return;
    }
    const bool after_quantifier =
        at_ >= 2 && std::string_view("*+?}").find(pattern_[at_ - 2]) != std::string_view::npos;
    if (c == '?' && after_quantifier && !quantified_escape_ && Reads("lazy") != Writes("lazy") && missing_.empty()) {
      missing_ = "a quantifier that matches as little as possible";
    }
    quantified_escape_ = false;
    out_ += c;
  }

  void Escape() {
    if (at_ + 1 >= pattern_.size()) {
      out_ += pattern_[at_++];
      return;
    }
    const char c = pattern_[at_ + 1];
    at_ += 2;
    quantified_escape_ = std::string_view("*+?}").find(c) != std::string_view::npos;
    if (c >= '1' && c <= '9') Need("backreference", "a reference back to a group");
    if (c == 'p' || c == 'P') Need("unicode-class", "a class of Unicode");
    const bool boundary = (c == 'b' && !Reads("y-boundary")) || (c == 'y' && Reads("y-boundary"));
    if (boundary) {
      out_ += Writes("y-boundary") ? "\\y" : "\\b";
      return;
    }
    if (Reads("y-boundary") != Writes("y-boundary") && std::string_view("bBymMYA").find(c) != std::string_view::npos) {
      if (missing_.empty()) missing_ = fmt::format("\\{}", c);
    }
    out_ += '\\';
    out_ += c;
  }

  void Bracket() {
    const size_t begin = at_++;
    if (at_ < pattern_.size() && pattern_[at_] == '^') ++at_;
    if (at_ < pattern_.size() && pattern_[at_] == ']') ++at_;
    while (at_ < pattern_.size() && pattern_[at_] != ']') {
      if (pattern_[at_] == '[' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] == ':') {
        const size_t end = pattern_.find(":]", at_);
        if (end != std::string_view::npos) at_ = end + 1;
      } else if (pattern_[at_] == '\\') {
        ++at_;
      }
      ++at_;
    }
    at_ = std::min(at_ + 1, pattern_.size());
    out_ += pattern_.substr(begin, at_ - begin);
  }

  void Group() {
    const std::string_view rest = pattern_.substr(at_);
    if (rest.starts_with("(?:")) {
      Need("group-options", "a group without a number");
    } else if (rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=") ||
               rest.starts_with("(?<!")) {
      Need("lookaround", "a look ahead or behind");
    } else if (rest.starts_with("(?P<") || rest.starts_with("(?<")) {
      Need("named-group", "a named group");
    } else if (rest.starts_with("(?")) {
      Need("inline-flags", "flags inside the pattern");
      if (Reads("y-boundary") != Writes("y-boundary") && !rest.starts_with("(?i)"))
        missing_ = "flags inside the pattern";
    }
    const size_t length = rest.starts_with("(?") ? 2 : 1;
    out_ += rest.substr(0, length);
    at_ += length;
    if (length == 2 && at_ < pattern_.size()) out_ += pattern_[at_++];
  }

  const Context& context_;
  std::string_view pattern_;
  size_t at_ = 0;
  bool quantified_escape_ = false;
  std::string out_;
  std::string missing_;
};

}  // namespace

Expr* TranslatePattern(Context& context, Expr& pattern) {
  const auto* const literal = As<grammar::Literal>(&pattern);
  if (literal == nullptr || literal->type != grammar::LiteralKind::kString) {
    return context.Refuse(pattern,
                          fmt::format("a regular expression that is computed cannot be translated from {} to {}",
                                      context.from.title, context.to.title),
                          "write the pattern as a literal: the flavours differ");
  }
  PatternWriter writer(context, literal->text);
  const std::string text = writer.Write();
  if (!writer.missing().empty()) {
    return context.Refuse(pattern,
                          fmt::format("{} does not have {} in a regular expression, or means something else by it",
                                      context.to.title, writer.missing()),
                          "use what all flavours have: classes, groups, alternatives and greedy quantifiers");
  }
  auto* const out = context.arena.New<grammar::Literal>(*literal);
  out->text = context.arena.Copy(text);
  return context.Stands(out, pattern);
}

}  // namespace wapc::compiler::translate

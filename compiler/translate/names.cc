#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/translate/context.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

/// Names that mean the same column or table before stand for one after, and others for others.
namespace wapc::compiler::translate {
namespace {

using grammar::Folding;
using grammar::Identifier;

bool IsPlain(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), is_word);
}

std::string FoldedBy(std::string_view name, const grammar::Dialect& dialect) {
  return grammar::StoredName(name, false, dialect);
}

class NameTranslator {
 public:
  explicit NameTranslator(Context& context) : context_(context) {}

  void Settle(Identifier& name) {
    const grammar::Dialect& from = context_.from;
    const bool sensitive = from.folding != Folding::kInsensitive && !context_.reads.Can("names-fold-always");
    if (!sensitive) return SettleInsensitive(name);
    const std::string stored = grammar::StoredName(name.text, name.quoted, from);
    const bool plain = IsPlain(stored) && stored == FoldedBy(stored, from);
    if (plain && name.quoted) name.text = context_.arena.Copy(grammar::LowerCase(stored));
    name.quoted = !plain;
    CheckCollision(name, stored);
  }

 private:
  // Letter case never counted: the target folds what it can, and the first spelling stands for the others.
  void SettleInsensitive(Identifier& name) {
    if (IsPlain(name.text)) {
      name.quoted = false;
      return;
    }
    const auto [at, added] = spelling_.emplace(grammar::LowerCase(name.text), std::string(name.text));
    if (!added) name.text = context_.arena.Copy(at->second);
  }

  // Two names that only letter case told apart.
  void CheckCollision(const Identifier& name, const std::string& stored) {
    if (context_.to.folding != Folding::kInsensitive && !context_.writes.Can("names-fold-always")) return;
    const auto [at, added] = stored_.emplace(grammar::LowerCase(stored), stored);
    if (added || at->second == stored) return;
    context_.Refuse(name.span,
                    fmt::format("\"{}\" and \"{}\" are two names in {}, but one in {}", stored, at->second,
                                context_.from.title, context_.to.title),
                    "rename one of them");
  }

  Context& context_;
  std::map<std::string, std::string> spelling_;
  std::map<std::string, std::string> stored_;
};

}  // namespace

bool NeedsQuotes(std::string_view stored, const grammar::Dialect& dialect) {
  return !IsPlain(stored) || FoldedBy(stored, dialect) != stored;
}

std::string StoredIn(std::string_view name, const grammar::Dialect& from, const grammar::Dialect& to) {
  const bool plain = IsPlain(name) && (from.folding == Folding::kInsensitive || name == FoldedBy(name, from));
  return plain ? FoldedBy(name, to) : std::string(name);
}

void TranslateNames(Context& context, grammar::Query& query) {
  NameTranslator names(context);
  grammar::RewriteHooks hooks;
  hooks.name = [&names](Identifier& name) { names.Settle(name); };
  grammar::Rewrite(query, hooks);
}

}  // namespace wapc::compiler::translate

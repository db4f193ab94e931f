#ifndef WAPC_COMPILER_TRANSLATE_CONTEXT_H_
#define WAPC_COMPILER_TRANSLATE_CONTEXT_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/passes/binder.h"
#include "compiler/translate/map.h"
#include "compiler/translate/match.h"
#include "compiler/translate/translate.h"
#include "grammar/ast.h"

/// What every rule of translation is given. Internal to this folder.
namespace wapc::compiler::translate {

inline constexpr base::DiagnosticCode kNotExpressible{"not-expressible", base::Severity::kError};
inline constexpr base::DiagnosticCode kTypeNeeded{"type-needed", base::Severity::kError};
inline constexpr base::DiagnosticCode kDoubtful{"doubtful-translation", base::Severity::kWarning};

/// What an expression means, apart from how a dialect writes it.
struct Operation {
  std::string_view name;
  bool table = false;  ///< a relation in FROM
  std::vector<grammar::Expr*> arguments;
  std::vector<grammar::Expr*> rest;
};

/// Why an operation could not be written.
struct Refusal {
  bool type_unknown = false;
  std::string argument;  ///< of type_unknown: which one
  std::string help;
};

class Context {
 public:
  Context(const Options& options, grammar::Arena& nodes, base::Diagnostics& diagnostics)
      : from(*options.from),
        to(*options.to),
        reads(DialectMap::Of(*options.from)),
        writes(DialectMap::Of(*options.to)),
        arena(nodes),
        lenient_(options.lenient),
        diagnostics_(diagnostics) {}

  /// The type of an expression, as the source dialect sees it; unknown where it is.
  metadata::Type TypeOf(const grammar::Expr& expr) const;
  /// `now` stands in place of `before`, and has its type.
  grammar::Expr* Stands(grammar::Expr* now, const grammar::Expr& before);
  void SetType(const grammar::Expr& expr, metadata::Type type) { types[&expr] = {std::move(type), true}; }
  /// A copy whose parts have the types of the original's.
  grammar::Expr* Copy(const grammar::Expr& expr);

  /// A copy of a whole query; what is known of its parts is known of the copy's.
  grammar::Query* CopyQuery(const grammar::Query& query, const ExprTypes& known, const AliasUses& uses,
                            const PivotOutputs& outputs);
  grammar::Query* CopyQuery(const grammar::Query& query) {
    return CopyQuery(query, ExprTypes(types), AliasUses(aliases), PivotOutputs(pivots));
  }

  /// The target cannot say this. Under --lenient a warning. Gives `expr` back.
  grammar::Expr* Refuse(grammar::Expr& expr, const std::string& what, const std::string& help);
  void Refuse(base::Span span, const std::string& what, const std::string& help);
  /// What the expression means depends on a type that is not known. Under --lenient a warning.
  void NeedType(base::Span span, const std::string& what, const std::string& help);

  /// Which relation each name of the trees means; copies made by this object are added.
  void KnowRelations(std::map<const grammar::TableName*, int>* relations) { relations_ = relations; }

  /// A name that nothing in the query has, for a relation that needs one.
  grammar::Identifier NewAlias(base::Span span);

  /// An operation in the target's words; null when it has none or the choice depends on an unknown type (not reported;
  /// `refusal` then says why).
  grammar::Expr* Write(const Operation& operation, base::Span span, Refusal& refusal);
  bool CanWrite(std::string_view op) const { return !writes.Writers(op).empty(); }
  bool Has(grammar::Feature feature) const { return to.Has(feature); }
  /// A form of a map or of Make with its placeholders filled in.
  grammar::Expr* FillForm(const grammar::Expr& form, const Bindings& bindings, base::Span span);
  /// Parses a piece of the target's SQL, for what tables cannot hold; placeholders as in maps.
  grammar::Expr* Make(std::string_view text, const Bindings& bindings, base::Span span);

  const grammar::Dialect& from;
  const grammar::Dialect& to;
  const DialectMap& reads;
  const DialectMap& writes;
  grammar::Arena& arena;
  ExprTypes types;
  AliasUses aliases;
  PivotOutputs pivots;

 private:
  struct Parts;

  void Inherit(const Parts& before, const Parts& after, const ExprTypes& known);

  std::map<const grammar::TableName*, int>* relations_ = nullptr;
  std::set<std::pair<uint32_t, uint32_t>> refused_;
  int aliases_made_ = 0;
  bool lenient_;
  base::Diagnostics& diagnostics_;
};

/// Whether every word of a guard is one.
bool IsGuard(std::string_view guard);

/// Whether an argument is what a guard asks for ("integer", "text|date", "positive"); nothing: its type is not known.
std::optional<bool> Fits(const Context& context, std::string_view guard, const grammar::Expr& expr);

/// Whether a value of the type becomes text in another way in the target.
bool TextDiffers(const Context& context, const metadata::Type& type);

/// Turns a moment with a zone to the zone of the session, where the target keeps a zone with each value and the source
/// none; the other way round it is reported, and false.
bool InSession(Context& context, grammar::Expr*& expr);

// Each rule changes one kind of node, whose children are translated, and gives what stands for it.
grammar::Expr* TranslateByMap(Context& context, grammar::Expr& expr, bool table = false);
grammar::Expr* TranslateCast(Context& context, grammar::Cast& cast);
grammar::Expr* TranslateTypedLiteral(Context& context, grammar::TypedLiteral& literal);
grammar::Expr* TranslateInterval(Context& context, grammar::Interval& interval);
grammar::Expr* TranslateLike(Context& context, grammar::Like& like);
grammar::Expr* TranslateIsBool(Context& context, grammar::IsBool& test);
grammar::Expr* TranslateComparison(Context& context, grammar::Binary& binary);
grammar::Expr* TranslateBetween(Context& context, grammar::Between& between);
grammar::Expr* TranslateInList(Context& context, grammar::InList& list);
/// a || b, whose operands become text.
grammar::Expr* TranslateConcat(Context& context, grammar::Binary& binary);
/// The arguments of a function that puts texts together, when they become text in another way in the target.
void SettleConcatenated(Context& context, Operation& operation);
/// 'a' || 'b' is 'ab', as forms of patterns make them.
grammar::Expr* JoinLiterals(Context& context, grammar::Expr& expr);
/// A literal regular expression in the target's flavour.
grammar::Expr* TranslatePattern(Context& context, grammar::Expr& pattern);
/// What a literal replacement refers to groups with: \1 or $1.
grammar::Expr* TranslateReplacement(Context& context, grammar::Expr& replacement);
/// A literal format of dates: %Y-%m or YYYY-MM.
grammar::Expr* TranslateFormat(Context& context, grammar::Expr& format);

/// What a call carries beside its arguments moves to the aggregates in `written`.
grammar::Expr* MoveModifiers(Context& context, const grammar::FunctionCall& call, grammar::Expr* written);
/// Writes out where NULL sorts when the two dialects differ in it.
void SettleNulls(const Context& context, grammar::List<grammar::OrderItem> items);

/// Whether a name, as the engine stores it, can only be written in quotes (reserved words aside, which printing
/// quotes).
bool NeedsQuotes(std::string_view stored, const grammar::Dialect& dialect);

// Each rule changes one query in place.
void TranslateNames(Context& context, grammar::Query& query);
void TranslateQueryShape(Context& context, grammar::Query& query);
/// Reports what is left that the target's grammar does not have.
void CheckFeatures(Context& context, grammar::Query& query);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_CONTEXT_H_

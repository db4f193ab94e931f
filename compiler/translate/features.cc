#include <fmt/format.h>

#include <vector>

#include "compiler/translate/context.h"
#include "grammar/walk.h"

/// What the tables and rules left as it is, but the target's grammar does not have.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::ExprKind;
using grammar::Feature;

namespace {

class FeatureCheck {
 public:
  explicit FeatureCheck(Context& context) : context_(context) {}

  void Check(grammar::Query& query) {
    grammar::Visitor visitor;
    visitor.expr = [this](Expr& expr) {
      OfExpr(expr);
      return true;
    };
    visitor.table = [this](grammar::TableRef& table) {
      OfTable(table);
      return true;
    };
    visitor.query = [this](grammar::Query& each) {
      OfQuery(each);
      return true;
    };
    grammar::Walk(query, visitor);
  }

 private:
  void Need(Feature feature, base::Span span, bool used = true) {
    if (!used || context_.Has(feature)) return;
    std::string_view name = grammar::NameOf(feature);
    for (const std::string_view article : {"a ", "an "}) {
      if (name.starts_with(article)) name.remove_prefix(article.size());
    }
    context_.Refuse(span, fmt::format("{} has no {}", context_.to.title, name),
                    std::string(grammar::InsteadOf(feature)));
  }

  void OfExpr(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kLike: {
        const auto op = static_cast<const grammar::Like&>(expr).op;
        Need(Feature::kILike, expr.span, op == grammar::LikeOp::kILike);
        Need(Feature::kGlob, expr.span, op == grammar::LikeOp::kGlob);
        return Need(Feature::kSimilarTo, expr.span, op == grammar::LikeOp::kSimilar);
      }
      case ExprKind::kCast:
        return Need(Feature::kTryCast, expr.span,
                    static_cast<const grammar::Cast&>(expr).style == grammar::CastStyle::kTryCast);
      case ExprKind::kLambda: return Need(Feature::kLambda, expr.span);
      case ExprKind::kStruct: return Need(Feature::kStructLiteral, expr.span);
      case ExprKind::kMap: return Need(Feature::kMapLiteral, expr.span);
      case ExprKind::kArraySubquery: return Need(Feature::kArraySubquery, expr.span);
      case ExprKind::kSlice: return Need(Feature::kSlice, expr.span);
      case ExprKind::kFieldAccess:
        return Need(Feature::kColonPath, expr.span,
                    static_cast<const grammar::FieldAccess&>(expr).style != grammar::AccessStyle::kField);
      case ExprKind::kAtTimeZone: return Need(Feature::kAtTimeZone, expr.span);
      case ExprKind::kCollate: return Need(Feature::kCollate, expr.span);
      case ExprKind::kQuantified:
        return Need(Feature::kArrayComparison, expr.span,
                    static_cast<const grammar::Quantified&>(expr).array != nullptr);
      case ExprKind::kStar: return OfStar(static_cast<const grammar::Star&>(expr));
      case ExprKind::kBinary: return OfOperator(static_cast<const grammar::Binary&>(expr));
      case ExprKind::kFunctionCall: return OfCall(static_cast<const grammar::FunctionCall&>(expr));
      default: return;
    }
  }

  void OfStar(const grammar::Star& star) {
    Need(Feature::kStarExclude, star.span, !star.exclude.empty());
    Need(Feature::kStarReplace, star.span, !star.replace.empty());
    Need(Feature::kStarRename, star.span, !star.rename.empty());
    Need(Feature::kStarLike, star.span, star.like != nullptr);
  }

  void OfOperator(const grammar::Binary& binary) {
    using Op = grammar::BinaryOp;
    switch (binary.op) {
      case Op::kIntDiv: return Need(Feature::kIntDiv, binary.span);
      case Op::kPow: return Need(Feature::kPower, binary.span);
      case Op::kBitAnd:
      case Op::kBitOr:
      case Op::kBitXor:
      case Op::kShiftLeft:
      case Op::kShiftRight: return Need(Feature::kBitOperators, binary.span);
      case Op::kArrow:
      case Op::kArrowText: return Need(Feature::kJsonArrows, binary.span);
      case Op::kHashArrow:
      case Op::kHashArrowText:
      case Op::kContains:
      case Op::kContainedBy:
      case Op::kOverlaps:
      case Op::kJsonExists:
      case Op::kJsonExistsAny:
      case Op::kJsonExistsAll:
      case Op::kJsonPathExists:
      case Op::kJsonPathMatch:
      case Op::kJsonDelete: return Need(Feature::kJsonOperators, binary.span);
      case Op::kRegexMatch:
      case Op::kRegexMatchI:
      case Op::kNotRegexMatch:
      case Op::kNotRegexMatchI: return Need(Feature::kRegexOperators, binary.span);
      case Op::kStartsWith: return Need(Feature::kCaretStartsWith, binary.span);
      default: return;
    }
  }

  void OfCall(const grammar::FunctionCall& call) {
    Need(Feature::kFilterClause, call.span, call.filter != nullptr);
    Need(Feature::kIgnoreNulls, call.span, call.nulls == grammar::NullTreatment::kIgnore);
    Need(Feature::kWithinGroup, call.span, !call.within_group.empty());
    if (call.over != nullptr) OfWindow(*call.over);
  }

  void OfWindow(const grammar::WindowSpec& window) {
    if (window.frame == nullptr) return;
    Need(Feature::kFrameGroups, window.span, window.frame->unit == grammar::FrameUnit::kGroups);
    Need(Feature::kFrameExclude, window.span, window.frame->exclude != grammar::FrameExclude::kNone);
  }

  void OfTable(const grammar::TableRef& table) {
    Need(Feature::kSample, table.span, table.sample != nullptr);
    if (const auto* const join = As<grammar::Join>(&table)) {
      using grammar::JoinKind;
      Need(Feature::kSemiJoin, table.span, join->join == JoinKind::kSemi || join->join == JoinKind::kAnti);
      Need(Feature::kPositionalJoin, table.span, join->join == JoinKind::kPositional);
      if (join->match_condition != nullptr) {
        context_.Refuse(table.span,
                        fmt::format("{} has no ASOF JOIN as {} has it", context_.to.title, context_.from.title),
                        std::string(grammar::InsteadOf(Feature::kAsofJoin)));
      }
      Need(Feature::kAsofJoin, table.span, join->join == JoinKind::kAsof || join->join == JoinKind::kAsofLeft);
      return;
    }
    if (const auto* const function = As<grammar::TableFunction>(&table)) {
      return Need(Feature::kWithOrdinality, table.span, function->with_ordinality);
    }
    if (As<grammar::Pivot>(&table) != nullptr) return Need(Feature::kPivot, table.span);
    if (As<grammar::Unpivot>(&table) != nullptr) return Need(Feature::kUnpivot, table.span);
  }

  void OfQuery(const grammar::Query& query) {
    Need(Feature::kOrderByAll, query.span, query.order_by_all);
    Need(Feature::kLimitPercent, query.span, query.limit_percent);
    Need(Feature::kFetchTies, query.span, query.with_ties);
    if (query.body != nullptr) OfBody(*query.body);
  }

  // CUBE (a + 1): some engines group sets by columns only.
  void OfGrouping(grammar::List<grammar::GroupElement> elements, bool in_set) {
    for (const grammar::GroupElement& element : elements) {
      const bool in = in_set || element.kind != grammar::GroupElementKind::kExpr;
      OfGrouping(element.elements, in);
      if (element.expr == nullptr || !in_set) continue;
      const auto* const tuple = As<grammar::Tuple>(element.expr);
      const std::vector<Expr*> parts = tuple == nullptr ? std::vector<Expr*>{element.expr}
                                                        : std::vector<Expr*>(tuple->items.begin(), tuple->items.end());
      for (const Expr* const part : parts) {
        if (part->kind == ExprKind::kColumnRef) continue;
        context_.Refuse(part->span,
                        fmt::format("{} takes only columns in ROLLUP, CUBE and GROUPING SETS", context_.to.title),
                        "compute it in a subquery, and group by its column");
      }
    }
  }

  void OfBody(const grammar::QueryBody& body) {
    if (const auto* const operation = As<grammar::SetOperation>(&body)) {
      Need(Feature::kSetByName, body.span, operation->by_name);
      Need(Feature::kSetAll, body.span, operation->all && operation->op != grammar::SetOperator::kUnion);
      OfBody(*operation->left);
      return OfBody(*operation->right);
    }
    const auto* const select = As<grammar::Select>(&body);
    if (select == nullptr) return;
    Need(Feature::kDistinctOn, body.span, !select->distinct_on.empty());
    Need(Feature::kGroupByAll, body.span, select->group_by_all);
    if (!context_.writes.Can("grouping-expressions")) OfGrouping(select->group_by, false);
    Need(Feature::kNamedWindow, body.span, !select->windows.empty());
    if (select->qualify != nullptr) Need(Feature::kQualify, select->qualify->span);
    for (const grammar::NamedWindow& window : select->windows) OfWindow(*window.spec);
  }

  Context& context_;
};

}  // namespace

void CheckFeatures(Context& context, grammar::Query& query) { FeatureCheck(context).Check(query); }

}  // namespace wapc::compiler::translate

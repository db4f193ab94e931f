#ifndef WAPC_COMPILER_TRANSLATE_SHAPE_H_
#define WAPC_COMPILER_TRANSLATE_SHAPE_H_

#include "compiler/translate/context.h"

/// Rules that change the shape of one SELECT or query; each does nothing where the target has the construct. Internal
/// to this folder.
namespace wapc::compiler::translate {

// `owner` is the query whose whole body the SELECT is, or null: it is an operand of a set operation.
void InlineAliases(Context& context, grammar::Select& select, grammar::Query* owner);
void ListGroupByAll(Context& context, grammar::Select& select);
void ListOrderByAll(Context& context, grammar::Query& query);
void SemiJoinsToExists(Context& context, grammar::Select& select);
void UnqualifyUsing(Context& context, grammar::Select& select, grammar::Query* owner);
void AsofJoinToLateral(Context& context, grammar::Select& select);
void DistinctOnToQualify(Context& context, grammar::Select& select, grammar::Query* owner);
void QualifyToSubquery(Context& context, grammar::Select& select, grammar::Query* owner);
void InlineWindows(Context& context, grammar::Select& select);
grammar::TableRef* PivotToAggregates(Context& context, grammar::Pivot& pivot);
grammar::TableRef* UnpivotToUnion(Context& context, grammar::Unpivot& unpivot);
void MatchByName(Context& context, grammar::SetOperation& operation);

/// The name that an item gives its column; empty when it has none.
grammar::Identifier NameOfItem(const grammar::SelectItem& item);
grammar::Expr* NewColumn(Context& context, const std::vector<grammar::Identifier>& parts, base::Span span);
grammar::Expr* NewNumber(Context& context, size_t number, base::Span span);
grammar::Identifier NewName(Context& context, std::string_view text, base::Span span);
/// A name of the source's engine, as it is stored there, as the same one of the target.
grammar::Identifier NameInTarget(Context& context, std::string_view stored, base::Span span);
bool HoldsStar(const grammar::Select& select);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_SHAPE_H_

#include <utility>

#include "grammar/builder.h"
#include "grammar/fold.h"
#include "grammar/writer.h"

namespace wapc::grammar {
namespace {

/// Whether an argument would be read back as a lambda although it is none.
bool LooksLikeLambda(const Expr& expr, bool lambdas) {
  const auto* arrow = As<Binary>(&expr);
  if (arrow == nullptr || arrow->op != BinaryOp::kArrow) return false;
  return As<Tuple>(arrow->left) != nullptr || (lambdas && As<ColumnRef>(arrow->left) != nullptr);
}

}  // namespace

void Writer::WriteArgument(const Argument& argument, bool lambdas) {
  if (!argument.name.text.empty()) {
    // FLATTEN's OUTER is a keyword of the grammar, and a plain name here.
    const bool outer = !argument.name.quoted && LowerCase(argument.name.text) == "outer";
    outer ? Put(argument.name.text) : WriteName(argument.name);
    Put(options_.dialect->write.named_argument);
  }
  WriteExpr(*argument.value, LooksLikeLambda(*argument.value, lambdas) ? kArrowLevel + 1 : static_cast<int>(kLoosest));
}

void Writer::WriteCall(const FunctionCall& call) {
  if (options_.call) {
    if (const auto text = options_.call(call)) return Put(*text);
  }
  if (!Flat([&] { WriteCallHead(call, false); })) WriteCallHead(call, true);
  WriteOver(call);
}

/// All but OVER.
void Writer::WriteCallHead(const FunctionCall& call, bool broken) {
  WriteFunctionName(call.name);
  if (call.bare) return;
  const bool lambdas = TakesLambdas(LowerCase(call.name.back().text));
  Put(call.distinct ? "(DISTINCT " : "(");
  const auto each = [&](const Argument& argument) { WriteArgument(argument, lambdas); };
  // One argument needs no line of its own: it breaks inside, if at all.
  const bool lines = broken && (call.arguments.size() > 1 || !call.order_by.empty());
  if (lines) {
    Indented([&] { LineItems(call.arguments, each); });
  } else {
    CommaItems(call.arguments, each);
  }
  if (!call.order_by.empty()) {
    Indented([&] {
      lines ? NewLine() : Put(" ");
      WriteOrder(call.order_by);
    });
  }
  if (!call.on_overflow.empty()) {
    Put(" ON OVERFLOW ");
    Put(call.on_overflow);
  }
  const std::string_view nulls = call.nulls == NullTreatment::kIgnore    ? " IGNORE NULLS"
                                 : call.nulls == NullTreatment::kRespect ? " RESPECT NULLS"
                                                                         : "";
  const bool inside = options_.dialect->write.nulls_in_call;
  if (inside) Put(nulls);
  if (lines) NewLine();
  Put(")");
  if (!call.within_group.empty()) {
    Put(" WITHIN GROUP (");
    WriteOrder(call.within_group);
    Put(")");
  }
  if (call.filter != nullptr) {
    Put(" FILTER (WHERE ");
    WriteExpr(*call.filter);
    Put(")");
  }
  if (!inside) Put(nulls);
}

void Writer::WriteMacroCall(const MacroCall& call) {
  Put("@");
  if (call.name.text == kTextMacro) return WriteExpr(*call.arguments.front().value);
  Put(canonical_ ? LowerCase(call.name.text) : std::string(call.name.text));
  const bool outer = std::exchange(in_macro_, true);
  Enclosed("(", call.arguments, ")", [&](const Argument& argument) { WriteArgument(argument, true); });
  in_macro_ = outer;
}

void Writer::WriteOrder(const List<OrderItem>& items) {
  Put("ORDER BY ");
  CommaItems(items, [&](const OrderItem& item) { WriteOrderItem(item); });
}

void Writer::WriteOrderItem(const OrderItem& item) {
  WriteExpr(*item.expr);
  if (item.descending) Put(" DESC");
  if (item.nulls_first) Put(" NULLS FIRST");
  if (item.nulls_last) Put(" NULLS LAST");
}

void Writer::WriteOver(const FunctionCall& call) {
  if (!call.over_name.text.empty()) {
    Put(" OVER ");
    return WriteName(call.over_name);
  }
  if (call.over == nullptr) return;
  Put(" OVER ");
  WriteWindow(*call.over);
}

/// The parentheses of OVER, on one line or one part a line.
void Writer::WriteWindow(const WindowSpec& window) {
  const auto write = [&](bool broken) {
    bool first = true;
    const auto part = [&](const auto& content) {
      if (broken) {
        NewLine();
      } else if (!first) {
        Put(" ");
      }
      first = false;
      content();
    };
    Put("(");
    Indented([&] {
      if (!window.base.text.empty()) part([&] { WriteName(window.base); });
      if (!window.partition_by.empty()) {
        part([&] {
          Put("PARTITION BY ");
          CommaItems(window.partition_by, [&](const Expr* item) { WriteExpr(*item); });
        });
      }
      if (!window.order_by.empty()) part([&] { WriteOrder(window.order_by); });
      if (window.frame != nullptr) part([&] { WriteFrame(*window.frame); });
    });
    if (broken) NewLine();
    Put(")");
  };
  if (!Flat([&] { write(false); })) write(true);
}

void Writer::WriteFrame(const Frame& frame) {
  Put(frame.unit == FrameUnit::kRows ? "ROWS " : frame.unit == FrameUnit::kRange ? "RANGE " : "GROUPS ");
  if (frame.between) Put("BETWEEN ");
  WriteFrameBound(frame.start);
  if (frame.between) {
    Put(" AND ");
    WriteFrameBound(frame.end);
  }
  switch (frame.exclude) {
    case FrameExclude::kNone: return;
    case FrameExclude::kCurrentRow: return Put(" EXCLUDE CURRENT ROW");
    case FrameExclude::kGroup: return Put(" EXCLUDE GROUP");
    case FrameExclude::kTies: return Put(" EXCLUDE TIES");
  }
}

void Writer::WriteFrameBound(const FrameBound& bound) {
  switch (bound.kind) {
    case FrameBoundKind::kUnboundedPreceding: return Put("UNBOUNDED PRECEDING");
    case FrameBoundKind::kUnboundedFollowing: return Put("UNBOUNDED FOLLOWING");
    case FrameBoundKind::kCurrentRow: return Put("CURRENT ROW");
    case FrameBoundKind::kPreceding: WriteExpr(*bound.offset, kOtherLevel); return Put(" PRECEDING");
    case FrameBoundKind::kFollowing: WriteExpr(*bound.offset, kOtherLevel); return Put(" FOLLOWING");
  }
}

}  // namespace wapc::grammar

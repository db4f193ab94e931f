#ifndef WAPC_GRAMMAR_WRITER_H_
#define WAPC_GRAMMAR_WRITER_H_

#include <string>
#include <string_view>
#include <vector>

#include "grammar/precedence.h"
#include "grammar/printer.h"

namespace wapc::grammar {

/// Writes trees as text: on one line, or laid out for people. In the pretty layout every construct is first tried on
/// one line; only what does not fit is broken, from the outside in. Internal to this room; printer.h is the way in.
class Writer {
 public:
  Writer(const PrintOptions& options, bool canonical)
      : options_(options), canonical_(canonical), pretty_(options.pretty) {}

  std::string Take() { return std::move(out_); }

  void WriteQuery(const Query& query);
  void WriteExpr(const Expr& expr, int minimum = kLoosest);
  void WriteType(const TypeName& type);

 private:
  // Text and layout (writer.cc).
  void Put(std::string_view text) { out_ += text; }
  void NewLine();
  size_t Column() const;
  /// What `write` writes, on one line.
  template <class F>
  std::string OnOneLine(F write) {
    std::string outer;
    outer.swap(out_);
    const bool pretty = std::exchange(pretty_, false);
    write();
    pretty_ = pretty;
    outer.swap(out_);
    return outer;
  }
  /// Writes on one line if that fits (always, when the layout is not pretty) and says whether it did.
  template <class F>
  bool Flat(F write, size_t reserve = 0) {
    if (!pretty_) {
      write();
      return true;
    }
    const std::string text = OnOneLine(write);
    if (Column() + text.size() + reserve > kWidth) return false;
    out_ += text;
    return true;
  }
  template <class F>
  void Indented(F write) {
    indent_ += kIndent;
    write();
    indent_ -= kIndent;
  }
  /// The items with commas between them: on one line, or one a line.
  template <class L, class F>
  void CommaItems(const L& items, F each) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) Put(", ");
      first = false;
      each(item);
    }
  }
  template <class L, class F>
  void LineItems(const L& items, F each) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) Put(",");
      first = false;
      NewLine();
      each(item);
    }
  }
  /// Between an opening and a closing text: on one line if it fits, else each item on its own.
  template <class L, class F>
  void Enclosed(std::string_view open, const L& items, std::string_view close, F each) {
    Put(open);
    const auto flat = [&] {
      CommaItems(items, each);
      Put(close);
    };
    if (Flat(flat)) return;
    Indented([&] { LineItems(items, each); });
    NewLine();
    Put(close);
  }

  // Names and values (writer.cc).
  void WriteName(const Identifier& name);
  void WriteNames(const List<Identifier>& names);
  void WriteFunctionName(const List<Identifier>& name);
  void WritePath(const List<Identifier>& parts);
  void WriteString(std::string_view value);
  void WriteWord(std::string_view word);

  bool ArrowLoosest() const { return options_.dialect->write.arrow_loosest || options_.dialect->write.arrow_lambdas; }
  int Level(BinaryOp op) const { return PrecedenceOf(op, ArrowLoosest()); }
  /// How tightly an expression holds together: an operator around it that binds tighter needs parentheses.
  int LevelOf(const Expr& expr) const;

  // Expressions (print_expr.cc).
  void Bare(const Expr& expr);
  void BareMore(const Expr& expr);
  void WriteUnary(const Unary& unary);
  void WriteBinary(const Binary& binary);
  void WriteChain(const Binary& binary);
  void WriteOperands(const std::vector<const Expr*>& operands, const std::vector<BinaryOp>& ops);
  void WriteTest(const Expr& expr);
  void WriteFieldAccess(const FieldAccess& access);
  void WriteCollation(const Identifier& collation);
  void WriteLikeOp(const Like& like);
  void WriteLike(const Like& like);
  void WriteCase(const Case& node);
  void WriteCast(const Cast& cast);
  void WriteInterval(const Interval& interval);
  void WriteLiteral(const Literal& literal);
  void WriteTypedLiteral(const TypedLiteral& literal);
  void WriteStar(const Star& star);
  void WriteTuple(const Tuple& tuple);
  void WriteBase(const Expr& base);
  void WriteSubquery(std::string_view before, const Query& query);
  void WriteLambda(const Lambda& lambda);
  void WriteStruct(const Struct& node);
  void WriteMap(const Map& map);

  // Calls (print_call.cc).
  void WriteCall(const FunctionCall& call);
  void WriteCallHead(const FunctionCall& call, bool broken);
  void WriteMacroCall(const MacroCall& call);
  void WriteMacro(const MacroCall& call);
  void PutClause(std::string_view keyword, const Expr* only_if);
  void WriteArgument(const Argument& argument, bool lambdas);
  void WriteOrder(const List<OrderItem>& items);
  void WriteOrderItem(const OrderItem& item);
  void WriteOver(const FunctionCall& call);
  void WriteWindow(const WindowSpec& window);
  void WriteFrame(const Frame& frame);
  void WriteFrameBound(const FrameBound& bound);

  // Queries (print_query.cc).
  void WriteCtes(const Query& query);
  void WriteCte(const Cte& cte);
  void WriteBody(const QueryBody& body);
  void WriteSelect(const Select& select);
  void WriteSelectItems(const Select& select);
  void WriteSelectItem(const SelectItem& item);
  void WriteSetOperation(const SetOperation& operation);
  void WriteSetOperand(const QueryBody& body, bool parenthesized);
  void WriteValues(const Values& values);
  void WriteTail(const Query& query);
  void WriteLimit(const Query& query);
  void WriteGroupBy(const Select& select);
  void WriteGroupElement(const GroupElement& element);
  void WriteCondition(std::string_view clause, const Expr* condition, const Expr* only_if);
  void WriteConditionText(const Expr& condition);
  /// Between two clauses: a new line, or a blank.
  void Clause();

  // Tables (print_table.cc).
  void WriteTable(const TableRef& table);
  void WriteTableBody(const TableRef& table);
  void WriteTableName(const TableName& table);
  void WriteJoin(const Join& join);
  void WriteJoinSide(const TableRef& side, bool right, bool comma);
  void WriteAlias(const TableRef& table);
  void WriteSample(const Sample& sample);
  void WritePivot(const Pivot& pivot);
  void WritePivotValues(const List<PivotValue>& values);
  void WriteUnpivot(const Unpivot& unpivot);
  bool IsCteInScope(const TableName& table) const;

  static constexpr size_t kWidth = 100;
  static constexpr size_t kIndent = 4;

  const PrintOptions& options_;
  bool canonical_;
  bool pretty_;
  size_t indent_ = 0;
  std::string out_;
  bool in_macro_ = false;          ///< inside a macro's arguments, where every dialect writes x -> y
  std::vector<std::string> ctes_;  ///< names in scope, folded
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_WRITER_H_

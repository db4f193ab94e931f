#include "grammar/lexer.h"
#include "grammar/writer.h"

namespace wapc::grammar {
namespace {

std::string_view TextOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kOr: return "OR";
    case BinaryOp::kAnd: return "AND";
    case BinaryOp::kEq: return "=";
    case BinaryOp::kNe: return "<>";
    case BinaryOp::kLt: return "<";
    case BinaryOp::kLe: return "<=";
    case BinaryOp::kGt: return ">";
    case BinaryOp::kGe: return ">=";
    case BinaryOp::kAdd: return "+";
    case BinaryOp::kSub: return "-";
    case BinaryOp::kMul: return "*";
    case BinaryOp::kDiv: return "/";
    case BinaryOp::kIntDiv: return "//";
    case BinaryOp::kMod: return "%";
    case BinaryOp::kPow: return "^";
    case BinaryOp::kConcat: return "||";
    case BinaryOp::kBitAnd: return "&";
    case BinaryOp::kBitOr: return "|";
    case BinaryOp::kBitXor: return "#";
    case BinaryOp::kShiftLeft: return "<<";
    case BinaryOp::kShiftRight: return ">>";
    case BinaryOp::kArrow: return "->";
    case BinaryOp::kArrowText: return "->>";
    case BinaryOp::kHashArrow: return "#>";
    case BinaryOp::kHashArrowText: return "#>>";
    case BinaryOp::kContains: return "@>";
    case BinaryOp::kContainedBy: return "<@";
    case BinaryOp::kOverlaps: return "&&";
    case BinaryOp::kRegexMatch: return "~";
    case BinaryOp::kRegexMatchI: return "~*";
    case BinaryOp::kNotRegexMatch: return "!~";
    case BinaryOp::kNotRegexMatchI: return "!~*";
    case BinaryOp::kStartsWith: return "^@";
    case BinaryOp::kJsonExistsAny: return "?|";
    case BinaryOp::kJsonExistsAll: return "?&";
    case BinaryOp::kJsonPathExists: return "@?";
    case BinaryOp::kJsonPathMatch: return "@@";
    case BinaryOp::kJsonDelete: return "#-";
    default: return "?";
  }
}

bool IsArrowAt(const Expr& expr, bool loosest) {
  const auto* binary = As<Binary>(&expr);
  return binary != nullptr && PrecedenceOf(binary->op, loosest) == kArrowLevel;
}

bool IsLogic(BinaryOp op) { return op == BinaryOp::kAnd || op == BinaryOp::kOr; }

/// The loosest expression that may stand unparenthesised left of `op`. What stands before an arrow is put in
/// parentheses though the engine would not need them: hardly anyone knows how loosely arrows bind.
int LeftMinimum(const Binary& binary, bool loosest) {
  const int own = PrecedenceOf(binary.op, loosest);
  if (own == kArrowLevel)
    return IsArrowAt(*binary.left, loosest) ? static_cast<int>(kArrowLevel) : static_cast<int>(kPostfixLevel);
  return own == kComparisonLevel ? own + 1 : own;
}

}  // namespace

int Writer::LevelOf(const Expr& expr) const {
  switch (expr.kind) {
    case ExprKind::kBinary: {
      const auto& binary = static_cast<const Binary&>(expr);
      return binary.op == BinaryOp::kBitXor && options_.dialect->write.xor_function ? static_cast<int>(kPrimaryLevel)
                                                                                    : Level(binary.op);
    }
    case ExprKind::kUnary:
      switch (static_cast<const Unary&>(expr).op) {
        case UnaryOp::kNot: return kNotLevel;
        case UnaryOp::kBitNot: return kOtherLevel;
        default: return kSignLevel;
      }
    case ExprKind::kBetween:
    case ExprKind::kInList:
    case ExprKind::kInSubquery:
    case ExprKind::kLike: return kRangeLevel;
    case ExprKind::kIsNull:
    case ExprKind::kIsBool:
    case ExprKind::kIsDistinct: return kIsLevel;
    case ExprKind::kQuantified: return kComparisonLevel;
    case ExprKind::kCollate: return kCollateLevel;
    case ExprKind::kAtTimeZone: return kTimeZoneLevel;
    case ExprKind::kLambda: return kLoosest;
    case ExprKind::kIndex:
    case ExprKind::kSlice:
    case ExprKind::kFieldAccess: return kPostfixLevel;
    default: return kPrimaryLevel;
  }
}

void Writer::WriteExpr(const Expr& expr, int minimum) {
  // Where a predicate can't be part of another, whatever is part of one is put in parentheses.
  if (options_.dialect->write.one_predicate && minimum > kNotLevel && minimum <= kOtherLevel) minimum = kOtherLevel;
  if (LevelOf(expr) >= minimum) return Bare(expr);
  Put("(");
  const auto flat = [&] {
    Bare(expr);
    Put(")");
  };
  if (Flat(flat)) return;
  Indented([&] {
    NewLine();
    Bare(expr);
  });
  NewLine();
  Put(")");
}

void Writer::Bare(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral: return WriteLiteral(static_cast<const Literal&>(expr));
    case ExprKind::kTypedLiteral: return WriteTypedLiteral(static_cast<const TypedLiteral&>(expr));
    case ExprKind::kInterval: return WriteInterval(static_cast<const Interval&>(expr));
    case ExprKind::kColumnRef: return WritePath(static_cast<const ColumnRef&>(expr).parts);
    case ExprKind::kStar: return WriteStar(static_cast<const Star&>(expr));
    case ExprKind::kUnary: return WriteUnary(static_cast<const Unary&>(expr));
    case ExprKind::kBinary: return WriteBinary(static_cast<const Binary&>(expr));
    case ExprKind::kBetween:
    case ExprKind::kInList:
    case ExprKind::kInSubquery:
    case ExprKind::kIsNull:
    case ExprKind::kIsDistinct:
    case ExprKind::kIsBool: return WriteTest(expr);
    case ExprKind::kLike: return WriteLike(static_cast<const Like&>(expr));
    case ExprKind::kCase: return WriteCase(static_cast<const Case&>(expr));
    case ExprKind::kCast: return WriteCast(static_cast<const Cast&>(expr));
    case ExprKind::kFunctionCall: return WriteCall(static_cast<const FunctionCall&>(expr));
    case ExprKind::kExists: return WriteSubquery("EXISTS ", *static_cast<const Exists&>(expr).query);
    case ExprKind::kScalarSubquery: return WriteSubquery("", *static_cast<const ScalarSubquery&>(expr).query);
    case ExprKind::kArraySubquery: return WriteSubquery("ARRAY", *static_cast<const ArraySubquery&>(expr).query);
    case ExprKind::kStruct: return WriteStruct(static_cast<const Struct&>(expr));
    case ExprKind::kMap: return WriteMap(static_cast<const Map&>(expr));
    case ExprKind::kTuple: return WriteTuple(static_cast<const Tuple&>(expr));
    case ExprKind::kLambda: return WriteLambda(static_cast<const Lambda&>(expr));
    case ExprKind::kMacroCall: return WriteMacroCall(static_cast<const MacroCall&>(expr));
    case ExprKind::kAliased:
      WriteExpr(*static_cast<const Aliased&>(expr).value);
      Put(" AS ");
      return WriteName(static_cast<const Aliased&>(expr).alias);
    default: return BareMore(expr);
  }
}

void Writer::BareMore(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kExtract:
      Put("EXTRACT(");
      WriteWord(static_cast<const Extract&>(expr).field);
      Put(" FROM ");
      WriteExpr(*static_cast<const Extract&>(expr).operand);
      return Put(")");
    case ExprKind::kQuantified: {
      const auto& node = static_cast<const Quantified&>(expr);
      WriteExpr(*node.left, kComparisonLevel + 1);
      Put(" ");
      Put(TextOf(node.op));
      Put(node.all ? " ALL " : " ANY ");
      if (node.query != nullptr) return WriteSubquery("", *node.query);
      Put("(");
      WriteExpr(*node.array);
      return Put(")");
    }
    case ExprKind::kArray:
      return Enclosed(options_.dialect->write.array_open, static_cast<const Array&>(expr).items, "]",
                      [&](const Expr* item) { WriteExpr(*item); });
    case ExprKind::kIndex:
      WriteBase(*static_cast<const Index&>(expr).base);
      Put("[");
      WriteExpr(*static_cast<const Index&>(expr).index);
      return Put("]");
    case ExprKind::kSlice: {
      const auto& slice = static_cast<const Slice&>(expr);
      WriteBase(*slice.base);
      Put("[");
      if (slice.low != nullptr) WriteExpr(*slice.low);
      Put(":");
      if (slice.high != nullptr) WriteExpr(*slice.high);
      if (slice.step != nullptr) {
        // Two colons in a row are a cast.
        Put(slice.high == nullptr ? " :" : ":");
        WriteExpr(*slice.step);
      }
      return Put("]");
    }
    case ExprKind::kFieldAccess: return WriteFieldAccess(static_cast<const FieldAccess&>(expr));
    case ExprKind::kAtTimeZone:
      WriteExpr(*static_cast<const AtTimeZone&>(expr).operand, kTimeZoneLevel);
      Put(" AT TIME ZONE ");
      return WriteExpr(*static_cast<const AtTimeZone&>(expr).zone, kTimeZoneLevel + 1);
    case ExprKind::kCollate:
      WriteExpr(*static_cast<const Collate&>(expr).operand, kCollateLevel);
      Put(" COLLATE ");
      return WriteCollation(static_cast<const Collate&>(expr).collation);
    case ExprKind::kParameter: return Put(static_cast<const Parameter&>(expr).text);
    default: {
      const auto& variable = static_cast<const MacroVariable&>(expr);
      const auto text = options_.variable ? options_.variable(variable) : std::nullopt;
      return Put(text ? *text : "@" + std::string(variable.name));
    }
  }
}

void Writer::WriteFieldAccess(const FieldAccess& access) {
  WriteBase(*access.base);
  Put(access.style == AccessStyle::kColon ? ":" : ".");
  if (access.style == AccessStyle::kField) return WriteName(access.field);
  // A key of JSON: never folded, so quoted only where it is no plain word.
  IsPlainName(access.field.text) ? Put(access.field.text) : Put(QuoteIdentifier(access.field.text, *options_.dialect));
}

void Writer::WriteCollation(const Identifier& collation) {
  collation.quoted ? Put(QuoteIdentifier(collation.text, *options_.dialect)) : Put(collation.text);
}

void Writer::WriteLiteral(const Literal& literal) {
  switch (literal.type) {
    case LiteralKind::kNull: return Put("NULL");
    case LiteralKind::kTrue: return Put("TRUE");
    case LiteralKind::kFalse: return Put("FALSE");
    case LiteralKind::kString: return WriteString(literal.text);
    case LiteralKind::kNumber: return Put(literal.text);
  }
}

void Writer::WriteTypedLiteral(const TypedLiteral& literal) {
  if (literal.type->name == "x" || literal.type->name == "b" || literal.type->name == "n") {
    // x'AB' is a literal of its own: no blank may stand in it.
    Put(literal.type->name);
  } else {
    WriteType(*literal.type);
    Put(" ");
  }
  WriteString(literal.text);
}

void Writer::WriteInterval(const Interval& interval) {
  Put("INTERVAL ");
  if (As<Literal>(interval.value) != nullptr) {
    Bare(*interval.value);
  } else {
    Put("(");
    WriteExpr(*interval.value);
    Put(")");
  }
  if (interval.unit.empty()) return;
  Put(" ");
  const auto upper = [&](std::string_view unit) {
    for (const char c : unit) out_ += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  upper(interval.unit);
  if (interval.to_unit.empty()) return;
  Put(" TO ");
  upper(interval.to_unit);
}

void Writer::WriteStar(const Star& star) {
  WritePath(star.qualifier);
  Put(star.qualifier.empty() ? "*" : ".*");
  if (!star.exclude.empty()) {
    Enclosed(" EXCLUDE (", star.exclude, ")", [&](const Identifier& name) { WriteName(name); });
  }
  if (!star.replace.empty()) {
    Enclosed(" REPLACE (", star.replace, ")", [&](const SelectItem& item) { WriteSelectItem(item); });
  }
  if (!star.rename.empty()) {
    Enclosed(" RENAME (", star.rename, ")", [&](const std::pair<Identifier, Identifier>& names) {
      WriteName(names.first);
      Put(" AS ");
      WriteName(names.second);
    });
  }
  if (star.like == nullptr) return;
  WriteLikeOp(*star.like);
  WriteExpr(*star.like->pattern, kRangeLevel + 1);
}

void Writer::WriteLikeOp(const Like& like) {
  if (like.negated) Put(" NOT");
  switch (like.op) {
    case LikeOp::kLike: Put(" LIKE "); break;
    case LikeOp::kILike: Put(" ILIKE "); break;
    case LikeOp::kSimilar: Put(" SIMILAR TO "); break;
    case LikeOp::kGlob: Put(" GLOB "); break;
    case LikeOp::kRegexp: Put(" RLIKE "); break;
  }
}

void Writer::WriteUnary(const Unary& unary) {
  if (unary.op == UnaryOp::kNot) {
    Put("NOT ");
    return WriteExpr(*unary.operand, kNotLevel);
  }
  Put(unary.op == UnaryOp::kMinus ? "-" : unary.op == UnaryOp::kPlus ? "+" : "~");
  const size_t at = out_.size();
  WriteExpr(*unary.operand, unary.op == UnaryOp::kBitNot ? kOtherLevel + 1 : static_cast<int>(kSignLevel));
  // Two signs in a row would read as one operator or as a comment.
  constexpr std::string_view kSigns = "-+~@*";
  if (at < out_.size() && kSigns.find(out_[at]) != std::string_view::npos) out_.insert(at, " ");
}

void Writer::WriteBinary(const Binary& binary) {
  if (binary.op == BinaryOp::kBitXor && options_.dialect->write.xor_function) {
    Put("xor(");
    WriteExpr(*binary.left);
    Put(", ");
    WriteExpr(*binary.right);
    return Put(")");
  }
  const auto flat = [&] {
    const int left = LeftMinimum(binary, ArrowLoosest());
    const int right = IsLogic(binary.op) ? Level(binary.op) : RightMinimum(binary.op, ArrowLoosest());
    WriteExpr(*binary.left, left);
    Put(" ");
    Put(TextOf(binary.op));
    Put(" ");
    WriteExpr(*binary.right, right);
  };
  if (!Flat(flat)) WriteChain(binary);
}

/// Operators of one level that follow each other, each on its own line.
void Writer::WriteChain(const Binary& binary) {
  std::vector<const Expr*> operands;
  std::vector<BinaryOp> ops;
  const int level = Level(binary.op);
  const auto gather = [&](const auto& self, const Expr& expr, bool left) -> void {
    const auto* inner = As<Binary>(&expr);
    const bool joins = inner != nullptr && Level(inner->op) == level && level != kComparisonLevel &&
                       level != kArrowLevel && (left || IsLogic(inner->op));
    if (!joins && inner != &binary) {
      operands.push_back(&expr);
      return;
    }
    self(self, *inner->left, true);
    ops.push_back(inner->op);
    self(self, *inner->right, false);
  };
  gather(gather, binary, true);
  WriteOperands(operands, ops);
}

void Writer::WriteOperands(const std::vector<const Expr*>& operands, const std::vector<BinaryOp>& ops) {
  const int own = Level(ops[0]);
  const bool only = operands.size() == 2;
  const bool strict = own == kComparisonLevel || own == kArrowLevel;
  WriteExpr(*operands[0], strict ? (own == kArrowLevel ? static_cast<int>(kPostfixLevel) : own + 1) : own);
  for (size_t i = 0; i < ops.size(); ++i) {
    const int right = IsLogic(ops[i]) ? own : RightMinimum(ops[i], ArrowLoosest());
    // A comparison of something long with something short reads better with both ends on a line of the long part.
    if (only && strict) {
      Put(" ");
      Put(TextOf(ops[i]));
      Put(" ");
      WriteExpr(*operands[i + 1], right);
      continue;
    }
    Indented([&] {
      NewLine();
      Put(TextOf(ops[i]));
      Put(" ");
      WriteExpr(*operands[i + 1], right);
    });
  }
}

void Writer::WriteTest(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kBetween: {
      const auto& node = static_cast<const Between&>(expr);
      WriteExpr(*node.operand, kRangeLevel + 1);
      Put(node.negated ? " NOT BETWEEN " : " BETWEEN ");
      if (node.symmetric) Put("SYMMETRIC ");
      WriteExpr(*node.low, kRangeLevel + 1);
      Put(" AND ");
      return WriteExpr(*node.high, kRangeLevel + 1);
    }
    case ExprKind::kInList: {
      const auto& node = static_cast<const InList&>(expr);
      WriteExpr(*node.operand, kRangeLevel + 1);
      return Enclosed(node.negated ? " NOT IN (" : " IN (", node.items, ")",
                      [&](const Expr* item) { WriteExpr(*item); });
    }
    case ExprKind::kInSubquery: {
      const auto& node = static_cast<const InSubquery&>(expr);
      WriteExpr(*node.operand, kRangeLevel + 1);
      return WriteSubquery(node.negated ? " NOT IN " : " IN ", *node.query);
    }
    case ExprKind::kIsNull:
      WriteExpr(*static_cast<const IsNull&>(expr).operand, kIsLevel + 1);
      return Put(static_cast<const IsNull&>(expr).negated ? " IS NOT NULL" : " IS NULL");
    case ExprKind::kIsDistinct: {
      const auto& node = static_cast<const IsDistinct&>(expr);
      WriteExpr(*node.left, kIsLevel + 1);
      Put(node.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
      return WriteExpr(*node.right, kIsLevel + 1);
    }
    default: {
      const auto& node = static_cast<const IsBool&>(expr);
      WriteExpr(*node.operand, kIsLevel + 1);
      Put(node.negated ? " IS NOT " : " IS ");
      return Put(node.test == BoolTest::kTrue ? "TRUE" : node.test == BoolTest::kFalse ? "FALSE" : "UNKNOWN");
    }
  }
}

void Writer::WriteLike(const Like& like) {
  WriteExpr(*like.operand, kRangeLevel + 1);
  WriteLikeOp(like);
  if (like.quantifier != LikeQuantifier::kNone) {
    return Enclosed(like.quantifier == LikeQuantifier::kAll ? "ALL (" : "ANY (", like.patterns, ")",
                    [&](const Expr* item) { WriteExpr(*item); });
  }
  WriteExpr(*like.pattern, kRangeLevel + 1);
  if (like.escape == nullptr) return;
  Put(" ESCAPE ");
  WriteExpr(*like.escape, kRangeLevel + 1);
}

void Writer::WriteCase(const Case& node) {
  const auto write = [&](bool broken) {
    const auto separate = [&] { broken ? NewLine() : Put(" "); };
    Put("CASE");
    if (node.operand != nullptr) {
      Put(" ");
      WriteExpr(*node.operand);
    }
    indent_ += kIndent;
    for (const WhenClause& when : node.whens) {
      separate();
      Put("WHEN ");
      WriteExpr(*when.condition);
      Put(" THEN ");
      WriteExpr(*when.result);
    }
    if (node.otherwise != nullptr) {
      separate();
      Put("ELSE ");
      WriteExpr(*node.otherwise);
    }
    indent_ -= kIndent;
    separate();
    Put("END");
  };
  // More than one branch reads better one a line, even where all would fit.
  if (pretty_ && node.whens.size() > 1) return write(true);
  if (!Flat([&] { write(false); })) write(true);
}

void Writer::WriteCast(const Cast& cast) {
  Put(cast.style == CastStyle::kTryCast ? "TRY_CAST(" : "CAST(");
  WriteExpr(*cast.operand);
  Put(" AS ");
  WriteType(*cast.type);
  Put(")");
}

void Writer::WriteTuple(const Tuple& tuple) {
  if (tuple.items.size() == 1 && !tuple.row) {
    Put("(");
    WriteExpr(*tuple.items[0]);
    return Put(",)");
  }
  Enclosed(tuple.row ? "ROW(" : "(", tuple.items, ")", [&](const Expr* item) { WriteExpr(*item); });
}

/// What an index or a field is taken of.
void Writer::WriteBase(const Expr& base) {
  const bool path = base.kind == ExprKind::kColumnRef;
  const bool call = base.kind == ExprKind::kFunctionCall || base.kind == ExprKind::kCast;
  const bool plain = base.kind == ExprKind::kIndex || base.kind == ExprKind::kSlice ||
                     base.kind == ExprKind::kFieldAccess || (call && options_.dialect->write.call_base);
  // `(a).b` is a field of the column a, `a.b` is a path.
  if ((path && !base.parenthesized) || plain) return Bare(base);
  Put("(");
  WriteExpr(base);
  Put(")");
}

void Writer::WriteSubquery(std::string_view before, const Query& query) {
  Put(before);
  Put("(");
  const auto flat = [&] {
    WriteQuery(query);
    Put(")");
  };
  if (Flat(flat)) return;
  Indented([&] {
    NewLine();
    WriteQuery(query);
  });
  NewLine();
  Put(")");
}

void Writer::WriteLambda(const Lambda& lambda) {
  if (in_macro_ || options_.dialect->write.arrow_lambdas) {
    if (lambda.parameters.size() != 1) Put("(");
    WriteNames(lambda.parameters);
    Put(lambda.parameters.size() != 1 ? ") -> " : " -> ");
  } else {
    Put("LAMBDA ");
    WriteNames(lambda.parameters);
    Put(": ");
  }
  WriteExpr(*lambda.body);
}

void Writer::WriteStruct(const Struct& node) {
  Enclosed("{", node.fields, "}", [&](const StructField& field) {
    field.name.quoted ? WriteString(field.name.text) : WriteName(field.name);
    Put(": ");
    WriteExpr(*field.value);
  });
}

void Writer::WriteMap(const Map& map) {
  Enclosed("MAP {", map.entries, "}", [&](const MapEntry& entry) {
    WriteExpr(*entry.key);
    Put(": ");
    WriteExpr(*entry.value);
  });
}

}  // namespace wapc::grammar

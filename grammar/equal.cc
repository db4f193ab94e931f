#include <string>
#include <type_traits>
#include <vector>

#include "grammar/fields.h"
#include "grammar/walk.h"

namespace wapc::grammar {
namespace {

/// Writes down everything that makes a tree what it is, so that two trees are compared as two texts.
class Dumper {
 public:
  std::string Take() { return std::move(out_); }

  template <class T>
  void Scalar(T value) {
    if constexpr (std::is_enum_v<T>) {
      out_ += std::to_string(static_cast<int>(value));
    } else {
      out_ += std::to_string(value);
    }
    out_ += ',';
  }
  void Text(std::string_view text) {
    out_ += std::to_string(text.size());
    out_ += ':';
    out_ += text;
  }
  void Name(const Identifier& name) {
    std::string key(name.text);
    if (!name.quoted) {
      for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    Text(key);
  }
  template <class T>
  void Own(const List<T>& list) {
    Scalar(list.size());
  }
  void Type(TypeName* type) {
    Text(type->name);
    Scalar(type->with_time_zone);
    Scalar(type->without_time_zone);
    Scalar(type->dimensions);
    Own(type->arguments);
    for (const int64_t argument : type->arguments) Scalar(argument);
    Own(type->sizes);
    for (const int64_t size : type->sizes) Scalar(size);
    Own(type->values);
    for (const std::string_view value : type->values) Text(value);
    Own(type->field_names);
    for (const Identifier& name : type->field_names) Name(name);
    Own(type->nested);
    for (TypeName* const nested : type->nested) Type(nested);
  }

  void Maybe(TypeName* type) { type != nullptr ? Type(type) : Absent(); }

  void Child(Expr* expr) {
    if (expr == nullptr) return Absent();
    if (auto* binary = As<Binary>(expr); binary != nullptr && IsChain(binary->op)) return Chain(*binary);
    Scalar(expr->kind);
    AllFields(*this, *expr);
  }
  void Child(Like* like) {
    if (like == nullptr) return Absent();
    Fields(*this, *like);
  }
  void Child(FunctionCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(MacroCall* call) { Child(static_cast<Expr*>(call)); }
  void Child(TableRef* table) {
    if (table == nullptr) return Absent();
    Scalar(table->kind);
    AllFields(*this, *table);
  }
  void Child(QueryBody* body) {
    if (body == nullptr) return Absent();
    if (const auto* nested = As<NestedQuery>(body); nested != nullptr && IsPlain(*nested->query)) {
      return Child(nested->query->body);
    }
    Scalar(body->kind);
    AllFields(*this, *body);
  }
  template <class T>
  void Child(T* node) {
    if (node == nullptr) return Absent();
    Fields(*this, *node);
  }
  void Block(List<Property> properties) {
    Own(properties);
    for (Property& property : properties) {
      Name(property.name);
      Child(property.value);
      property.type != nullptr ? Type(property.type) : Absent();
      Block(property.properties);
    }
  }

 private:
  void Absent() { out_ += '~'; }
  static bool IsChain(BinaryOp op) { return op == BinaryOp::kAnd || op == BinaryOp::kOr; }
  static bool IsPlain(const Query& query) {
    return query.ctes.empty() && query.order_by.empty() && !query.order_by_all && query.limit == nullptr &&
           query.offset == nullptr;
  }
  /// `a AND (b AND c)` is `(a AND b) AND c`.
  void Chain(Binary& binary) {
    Scalar(binary.kind);
    Scalar(binary.op);
    out_ += '(';
    Operands(&binary, binary.op);
    out_ += ')';
  }
  void Operands(Expr* expr, BinaryOp op) {
    if (auto* binary = As<Binary>(expr); binary != nullptr && binary->op == op) {
      Operands(binary->left, op);
      Operands(binary->right, op);
      return;
    }
    Child(expr);
    out_ += ';';
  }

  std::string out_;
};

template <class T>
std::string Dump(const T& node) {
  Dumper dumper;
  dumper.Child(const_cast<T*>(&node));
  return dumper.Take();
}

}  // namespace

bool Equal(const Query& a, const Query& b) { return Dump(a) == Dump(b); }
bool Equal(const Expr& a, const Expr& b) { return Dump(a) == Dump(b); }

bool Equal(const Statement& a, const Statement& b) {
  const auto dump = [](const Statement& statement) {
    Dumper dumper;
    dumper.Scalar(statement.kind);
    dumper.Block(statement.properties);
    dumper.Name(statement.macro_name);
    dumper.Own(statement.macro_parameters);
    for (const MacroParameter& parameter : statement.macro_parameters) {
      dumper.Name(parameter.name);
      dumper.Maybe(parameter.type);
      dumper.Child(parameter.otherwise);
    }
    dumper.Child(statement.macro_expr);
    dumper.Child(statement.query);
    return dumper.Take();
  };
  return dump(a) == dump(b);
}

}  // namespace wapc::grammar

#include "grammar/printer.h"

#include "grammar/writer.h"

namespace wapc::grammar {

std::string Print(const Query& query, const PrintOptions& options) {
  Writer writer(options, false);
  writer.WriteQuery(query);
  return writer.Take();
}

std::string Print(const Expr& expr, const PrintOptions& options) {
  Writer writer(options, false);
  writer.WriteExpr(expr);
  return writer.Take();
}

std::string Print(const TypeName& type, const PrintOptions& options) {
  Writer writer(options, false);
  writer.WriteType(type);
  return writer.Take();
}

std::string PrintCanonical(const Query& query, const Dialect& dialect) {
  PrintOptions options;
  options.dialect = &dialect;
  Writer writer(options, true);
  writer.WriteQuery(query);
  return writer.Take();
}

std::string PrintCanonical(const Expr& expr, const Dialect& dialect) {
  PrintOptions options;
  options.dialect = &dialect;
  Writer writer(options, true);
  writer.WriteExpr(expr);
  return writer.Take();
}

}  // namespace wapc::grammar

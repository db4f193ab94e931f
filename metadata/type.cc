#include "metadata/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace wapc::metadata {
namespace {

constexpr int kDeepest = 100;

struct PlainName {
  TypeKind kind;
  std::string_view name;
};

// Types that one word says whole.
constexpr std::array kPlainNames{
    PlainName{TypeKind::kUnknown, "unknown"}, PlainName{TypeKind::kNull, "null"},
    PlainName{TypeKind::kBool, "bool"},       PlainName{TypeKind::kInt8, "int8"},
    PlainName{TypeKind::kInt16, "int16"},     PlainName{TypeKind::kInt32, "int32"},
    PlainName{TypeKind::kInt64, "int64"},     PlainName{TypeKind::kInt128, "int128"},
    PlainName{TypeKind::kUint8, "uint8"},     PlainName{TypeKind::kUint16, "uint16"},
    PlainName{TypeKind::kUint32, "uint32"},   PlainName{TypeKind::kUint64, "uint64"},
    PlainName{TypeKind::kUint128, "uint128"}, PlainName{TypeKind::kInt256, "int256"},
    PlainName{TypeKind::kFloat, "float"},     PlainName{TypeKind::kDouble, "double"},
    PlainName{TypeKind::kDate, "date"},       PlainName{TypeKind::kInterval, "interval"},
    PlainName{TypeKind::kUuid, "uuid"},       PlainName{TypeKind::kJson, "json"},
};

std::string_view PlainNameOf(TypeKind kind) {
  const auto* const found = std::find_if(kPlainNames.begin(), kPlainNames.end(),
                                         [kind](const PlainName& plain) { return plain.kind == kind; });
  return found == kPlainNames.end() ? "unknown" : found->name;
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsWord(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), IsWordByte);
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  out += quote;
  return out;
}

// A name as SQL writes it: bare where it is a word.
std::string NameText(std::string_view name) { return IsWord(name) ? std::string(name) : Quoted(name, '"'); }

std::string LengthText(std::string_view word, int length) {
  return length == 0 ? std::string(word) : fmt::format("{}({})", word, length);
}

std::string EnumText(const Type& type) {
  std::string out = "enum(";
  std::string_view separator;
  if (!type.name.empty()) {
    out += NameText(type.name);
    separator = ", ";
  }
  for (const std::string& value : type.fields) {
    out += separator;
    out += Quoted(value, '\'');
    separator = ", ";
  }
  return out + ")";
}

std::string StructText(const Type& type) {
  std::string out = "struct<";
  const size_t count = std::min(type.fields.size(), type.children.size());
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    out += NameText(type.fields[i]) + " " + ToString(type.children[i]);
  }
  return out + ">";
}

std::string ChildText(const Type& type, size_t index) {
  return index < type.children.size() ? ToString(type.children[index]) : "unknown";
}

// Recursive descent over what ToString writes. Every step gives nothing on the first byte that does not fit.
class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : rest_(text) {}

  std::optional<Type> ParseWhole() {
    std::optional<Type> type = Parse();
    return type && rest_.empty() ? type : std::nullopt;
  }

 private:
  std::optional<Type> Parse() {
    if (++depth_ > kDeepest) return std::nullopt;
    const std::string_view word = TakeWord();
    std::optional<Type> type = ParseAfter(word);
    --depth_;
    return type;
  }

  std::optional<Type> ParseAfter(std::string_view word) {
    if (word == "text") return Length(TypeKind::kText);
    if (word == "binary") return Length(TypeKind::kBinary);
    if (word == "decimal") return Decimal();
    if (word == "time") return Digits(TypeKind::kTime);
    if (word == "timestamp") return Timestamp();
    if (word == "array") return Array();
    if (word == "map") return Map();
    if (word == "struct") return Struct();
    if (word == "enum") return Enum();
    if (word == "engine") return Engine();
    const auto* const found = std::find_if(kPlainNames.begin(), kPlainNames.end(),
                                           [word](const PlainName& plain) { return plain.name == word; });
    return found == kPlainNames.end() ? std::nullopt : std::optional(Type::Of(found->kind));
  }

  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::string_view TakeWord() {
    const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), IsWordByte);
    const std::string_view word = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  std::optional<int> TakeInt() {
    int value = 0;
    const auto [stop, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (code != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(stop - rest_.data()));
    return value;
  }

  std::optional<std::string> TakeQuoted(char quote) {
    if (rest_.empty() || rest_[0] != quote) return std::nullopt;
    std::string out;
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote && (i + 1 == rest_.size() || rest_[i + 1] != quote)) {
        rest_.remove_prefix(i + 1);
        return out;
      }
      if (rest_[i] == quote) ++i;
      out += rest_[i];
    }
    return std::nullopt;
  }

  std::optional<std::string> TakeName() {
    if (rest_.starts_with('"')) return TakeQuoted('"');
    const std::string_view word = TakeWord();
    return IsWord(word) ? std::optional(std::string(word)) : std::nullopt;
  }

  std::optional<Type> Length(TypeKind kind) {
    Type type = Type::Of(kind);
    if (!Take("(")) return type;
    const std::optional<int> length = TakeInt();
    if (!length || !Take(")")) return std::nullopt;
    type.precision = *length;
    return type;
  }

  std::optional<Type> Digits(TypeKind kind) { return rest_.starts_with('(') ? Length(kind) : std::nullopt; }

  std::optional<Type> Timestamp() {
    std::optional<Type> type = Digits(TypeKind::kTimestamp);
    if (type && Take(" with time zone")) type->kind = TypeKind::kTimestampTz;
    return type;
  }

  std::optional<Type> Decimal() {
    if (!Take("(")) return Type::Decimal(0, 0);
    const std::optional<int> precision = TakeInt();
    if (!precision || !Take(",")) return std::nullopt;
    const std::optional<int> scale = TakeInt();
    if (!scale || !Take(")")) return std::nullopt;
    return Type::Decimal(*precision, *scale);
  }

  std::optional<Type> Array() {
    if (!Take("<")) return std::nullopt;
    std::optional<Type> element = Parse();
    if (!element || !Take(">")) return std::nullopt;
    return Type::Array(std::move(*element));
  }

  std::optional<Type> Map() {
    if (!Take("<")) return std::nullopt;
    std::optional<Type> key = Parse();
    if (!key || !Take(", ")) return std::nullopt;
    std::optional<Type> value = Parse();
    if (!value || !Take(">")) return std::nullopt;
    Type type = Type::Of(TypeKind::kMap);
    type.children = {std::move(*key), std::move(*value)};
    return type;
  }

  std::optional<Type> Struct() {
    if (!Take("<")) return std::nullopt;
    Type type = Type::Of(TypeKind::kStruct);
    if (Take(">")) return type;
    do {
      std::optional<std::string> name = TakeName();
      if (!name || !Take(" ")) return std::nullopt;
      std::optional<Type> field = Parse();
      if (!field) return std::nullopt;
      type.fields.push_back(std::move(*name));
      type.children.push_back(std::move(*field));
    } while (Take(", "));
    return Take(">") ? std::optional(type) : std::nullopt;
  }

  std::optional<Type> Enum() {
    if (!Take("(")) return std::nullopt;
    Type type = Type::Of(TypeKind::kEnum);
    if (Take(")")) return type;
    if (!rest_.starts_with('\'')) {
      std::optional<std::string> name = TakeName();
      if (!name) return std::nullopt;
      type.name = std::move(*name);
      if (Take(")")) return type;
      if (!Take(", ")) return std::nullopt;
    }
    do {
      std::optional<std::string> value = TakeQuoted('\'');
      if (!value) return std::nullopt;
      type.fields.push_back(std::move(*value));
    } while (Take(", "));
    return Take(")") ? std::optional(type) : std::nullopt;
  }

  std::optional<Type> Engine() {
    if (!Take("(")) return std::nullopt;
    std::optional<std::string> name = TakeName();
    if (!name || !Take(")")) return std::nullopt;
    Type type = Type::Of(TypeKind::kEngine);
    type.name = std::move(*name);
    return type;
  }

  std::string_view rest_;
  int depth_ = 0;
};

}  // namespace

std::string ToString(const Type& type) {
  switch (type.kind) {
    case TypeKind::kText: return LengthText("text", type.precision);
    case TypeKind::kBinary: return LengthText("binary", type.precision);
    case TypeKind::kDecimal:
      if (type.precision == 0) return "decimal";
      return fmt::format("decimal({},{})", type.precision, type.scale);
    case TypeKind::kTime: return fmt::format("time({})", type.precision);
    case TypeKind::kTimestamp: return fmt::format("timestamp({})", type.precision);
    case TypeKind::kTimestampTz: return fmt::format("timestamp({}) with time zone", type.precision);
    case TypeKind::kArray: return fmt::format("array<{}>", ChildText(type, 0));
    case TypeKind::kMap: return fmt::format("map<{}, {}>", ChildText(type, 0), ChildText(type, 1));
    case TypeKind::kStruct: return StructText(type);
    case TypeKind::kEnum: return EnumText(type);
    case TypeKind::kEngine: return fmt::format("engine({})", NameText(type.name));
    default: return std::string(PlainNameOf(type.kind));
  }
}

Type TypeFromString(std::string_view text) {
  return TypeParser(text).ParseWhole().value_or(Type::Of(TypeKind::kUnknown));
}

}  // namespace wapc::metadata

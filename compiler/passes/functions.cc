#include "compiler/passes/functions.h"

#include <algorithm>
#include <array>

#include "compiler/passes/typing.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

struct KindWord {
  std::string_view word;
  FunctionKind kind;
};
constexpr std::array kKinds{KindWord{"scalar", FunctionKind::kScalar}, KindWord{"aggregate", FunctionKind::kAggregate},
                            KindWord{"window", FunctionKind::kWindow}, KindWord{"table", FunctionKind::kTable}};

struct NullWord {
  std::string_view word;
  NullRule rule;
};
constexpr std::array kNulls{NullWord{" never", NullRule::kNever}, NullWord{" strict", NullRule::kStrict},
                            NullWord{" all", NullRule::kAll}};

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace

std::string_view CatalogText(std::string_view file) {
  constexpr std::string_view kFolder = "compiler/functions/";
  for (const auto& embedded : embedded::wapc_compiler::Files()) {
    const std::string_view path = embedded.path;
    if (path.starts_with(kFolder) && path.substr(kFolder.size()) == file) return embedded.text;
  }
  return {};
}

// The words of the files that wapc's own type names do not have.
Type CatalogType(std::string_view word) {
  if (word == "decimal") return Type::Of(TypeKind::kDecimal);
  if (word == "struct") return Type::Of(TypeKind::kStruct);
  if (word == "blob") return Type::Of(TypeKind::kBinary);
  if (word == "text") return Type::Text();
  if (word == "time") return Type::Time();
  if (word == "timestamp") return Type::Timestamp();
  if (word == "timestamp_s") return Type::Timestamp(0);
  if (word == "timestamp_ms") return Type::Timestamp(3);
  if (word == "timestamp_ns") return Type::Timestamp(9);
  if (word == "timestamptz") return Type::TimestampTz();
  if (word == "timestamp_ms_tz") return Type::TimestampTz(3);
  if (word == "timestamp_ns_tz") return Type::TimestampTz(9);
  if (word == "time_ms") return Type::Time(3);
  if (word == "time_ns_digits") return Type::Time(9);
  Type type = metadata::TypeFromString(word);
  if (type.is_unknown()) return Type{TypeKind::kEngine, 0, 0, std::string(word), {}, {}};
  return type;
}

namespace {

Parameter ParameterOfWord(std::string_view word) {
  Parameter out;
  size_t dimensions = 0;
  while (word.ends_with("[]")) {
    word.remove_suffix(2);
    ++dimensions;
  }
  if (word == "lambda") {
    out.lambda = true;
  } else if (word.starts_with("map(")) {
    out.type.kind = TypeKind::kMap;
    out.keyed = true;
  } else if (word == "any" || word == "T" || word == "K" || word == "V" || word == "N") {
    out.variable = word == "any" ? 'A' : word[0];
    out.dimensions = static_cast<uint8_t>(dimensions);
    return out;
  } else {
    out.type = CatalogType(word);
  }
  for (size_t i = 0; i < dimensions; ++i) out.type = Type::Array(std::move(out.type));
  return out;
}

// Calls `take` with every part between commas that stand in no parentheses.
template <class Take>
void SplitTypes(std::string_view text, const Take& take) {
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    if (const std::string_view part = Trim(text.substr(begin, i - begin)); !part.empty()) take(part);
    begin = i + 1;
  }
}

}  // namespace

bool FunctionSet::has(FunctionKind kind) const {
  return std::any_of(signatures.begin(), signatures.end(), [kind](const Signature& s) { return s.kind == kind; });
}

FunctionCatalog::FunctionCatalog(std::initializer_list<std::string_view> files) {
  constexpr size_t kAboutAsMany = 2048;
  signatures_.reserve(kAboutAsMany);
  names_.reserve(kAboutAsMany);
  for (const std::string_view file : files) Read(CatalogText(file));
  Group();
}

const FunctionCatalog& FunctionCatalog::Of(const grammar::Dialect& dialect) { return TypingOf(dialect).catalog(); }

void FunctionCatalog::Read(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line[0] != '#') ReadLine(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void FunctionCatalog::ReadLine(std::string_view line) {
  Signature signature;
  const size_t space = line.find(' ');
  const std::string_view kind = line.substr(0, space);
  for (const KindWord& entry : kKinds) {
    if (entry.word == kind) signature.kind = entry.kind;
  }
  line.remove_prefix(space + 1);
  for (const NullWord& entry : kNulls) {
    if (!line.ends_with(entry.word)) continue;
    signature.nulls = entry.rule;
    line.remove_suffix(entry.word.size());
  }
  signature.text = line;
  const size_t open = line.find('(');
  const size_t arrow = line.find(") -> ", open);
  SplitTypes(line.substr(open + 1, arrow - open - 1), [&](std::string_view word) {
    if (word.ends_with("...")) {
      signature.variadic = true;
      word.remove_suffix(3);
    }
    signature.parameters.push_back(Intern(word));
  });
  ReadResult(line.substr(arrow + 5), signature);
  names_.push_back(line.substr(0, open));
  signatures_.push_back(std::move(signature));
}

void FunctionCatalog::ReadResult(std::string_view text, Signature& signature) {
  if (text.starts_with('=')) {
    signature.rule_name = text.substr(1);
    signature.rule = FindRule(signature.rule_name);
  } else if (signature.kind == FunctionKind::kTable) {
    SplitTypes(text, [&](std::string_view column) {
      const size_t space = column.find(' ');
      signature.columns.emplace_back(column.substr(0, space), CatalogType(column.substr(space + 1)));
    });
  } else {
    signature.result = Intern(text);
  }
}

uint16_t FunctionCatalog::Intern(std::string_view word) {
  const auto [at, added] = interned_.try_emplace(word, static_cast<uint16_t>(parameters_.size()));
  if (added) parameters_.push_back(ParameterOfWord(word));
  return at->second;
}

void FunctionCatalog::Group() {
  for (size_t begin = 0; begin < signatures_.size();) {
    size_t end = begin + 1;
    while (end < signatures_.size() && names_[end] == names_[begin]) ++end;
    FunctionSet set{names_[begin], {signatures_.data() + begin, end - begin}};
    for (const Signature& signature : set.signatures) {
      for (const uint16_t index : signature.parameters) set.takes_lambda |= parameters_[index].lambda;
    }
    Sets& sets = signatures_[begin].kind == FunctionKind::kTable ? tables_ : values_;
    sets.try_emplace(set.name, set);
    begin = end;
  }
}

namespace {

const FunctionSet* FindIn(const std::unordered_map<std::string_view, FunctionSet>& sets, std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  const auto found = sets.find(lower);
  return found == sets.end() ? nullptr : &found->second;
}

}  // namespace

const FunctionSet* FunctionCatalog::Find(std::string_view name) const { return FindIn(values_, name); }
const FunctionSet* FunctionCatalog::FindTable(std::string_view name) const { return FindIn(tables_, name); }

std::vector<std::string> FunctionCatalog::Names(bool tables) const {
  std::vector<std::string> names;
  for (const auto& [name, set] : tables ? tables_ : values_) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace wapc::compiler

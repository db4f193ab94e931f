#include "compiler/cache/source_table.h"

namespace wapc::compiler {

void SourceTable::Load(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) NumberOfPath(path);
}

uint64_t SourceTable::NumberOfPath(std::string_view path) {
  const auto [known, fresh] = by_path_.emplace(path, paths_.size() + 1);
  if (fresh) paths_.emplace_back(path);
  return known->second;
}

// 0 is no source at all.
uint64_t SourceTable::NumberOf(base::SourceId id) {
  if (id == base::kNoSource) return 0;
  const auto [known, fresh] = numbers_.emplace(id, 0);
  if (fresh) known->second = NumberOfPath(sources_.Name(id));
  return known->second;
}

base::SourceId SourceTable::IdOf(uint64_t number) {
  if (number == 0 || number > paths_.size()) return base::kNoSource;
  const auto known = ids_.find(number);
  if (known != ids_.end()) return known->second;
  const std::string& path = paths_[number - 1];
  return ids_[number] = sources_.AddUnread(path, folder_ / path);
}

void SourceTable::WriteSpan(base::Span span, base::ByteWriter& out) {
  out.Number(NumberOf(span.source));
  out.Number(span.begin);
  out.Number(span.end);
}

base::Span SourceTable::ReadSpan(base::ByteReader& in) {
  const base::SourceId source = IdOf(in.Number());
  const auto begin = static_cast<uint32_t>(in.Number());
  const auto end = static_cast<uint32_t>(in.Number());
  return {source, begin, end};
}

}  // namespace wapc::compiler

#include "runtime/apply/template.h"

#include <array>

namespace wapc::runtime {
namespace {

constexpr std::string_view kOpen = "@{";

/// The value of the known key that begins at `begin`, null when there is none; `end` becomes the place of its closing
/// brace.
const std::string* ValueAt(std::string_view sql, size_t begin, const TemplateValues& first,
                           const TemplateValues& values, size_t& end) {
  for (end = sql.find('}', begin); end != std::string_view::npos; end = sql.find('}', end + 1)) {
    for (const TemplateValues* const known : {&first, &values}) {
      if (const auto value = known->find(sql.substr(begin, end - begin)); value != known->end()) return &value->second;
    }
  }
  return nullptr;
}

}  // namespace

void PutMoment(TemplateValues& values, const Warehouse& warehouse, const std::string& key, const std::string& moment) {
  values[key] = warehouse.Literal(moment);
  for (const size_t length : {size_t{10}, size_t{26}}) {
    values[key + ":" + std::to_string(length)] = warehouse.Literal(moment.substr(0, length));
  }
}

base::Result<std::string> ResolveTemplate(std::string_view sql, const TemplateValues& values) {
  return ResolveTemplate(sql, {}, values);
}

base::Result<std::string> ResolveTemplate(std::string_view sql, const TemplateValues& first,
                                          const TemplateValues& values) {
  std::string out;
  size_t from = 0;
  for (size_t at = sql.find(kOpen); at != std::string_view::npos; at = sql.find(kOpen, from)) {
    out += sql.substr(from, at - from);
    size_t end = 0;
    const std::string* const value = ValueAt(sql, at + kOpen.size(), first, values, end);
    if (value == nullptr) {
      const size_t close = sql.find('}', at);
      const std::string_view key = sql.substr(at, close == std::string_view::npos ? close : close - at + 1);
      return base::Error{base::ErrorKind::kUsage,
                         "the plan's SQL names " + std::string(key) +
                             ", which neither the plan nor the environment has: make a new plan with wapc plan"};
    }
    out += *value;
    from = end + 1;
  }
  out += sql.substr(from);
  return out;
}

std::vector<std::string> ModelsInTemplate(std::string_view sql) {
  constexpr std::array<std::string_view, 3> kPrefixes{"rel:", "table:", "recorded:"};
  std::vector<std::string> models;
  for (size_t at = sql.find(kOpen); at != std::string_view::npos; at = sql.find(kOpen, at + 1)) {
    const std::string_view key = sql.substr(at + kOpen.size());
    for (const std::string_view prefix : kPrefixes) {
      if (key.starts_with(prefix)) models.emplace_back(key.substr(prefix.size(), key.find('}') - prefix.size()));
    }
  }
  return models;
}

}  // namespace wapc::runtime

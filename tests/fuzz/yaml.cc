#include "base/yaml.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/targets.h"

namespace wapc::fuzz {
namespace {

void Check(const base::YamlNode& node, size_t size) {
  const auto inside = [size](base::Span span) { return span.begin <= span.end && span.end <= size; };
  bool good = inside(node.span);
  for (const base::YamlEntry& entry : node.entries) {
    good = good && inside(entry.key_span);
    Check(entry.value, size);
  }
  for (const base::YamlNode& item : node.items) Check(item, size);
  if (good) return;
  std::fprintf(stderr, "a place of YAML lies outside of its text: %u to %u of %zu\n", node.span.begin, node.span.end,
               size);
  std::abort();
}

}  // namespace

void Yaml(std::string_view bytes) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto root = ParseYaml(sources, sources.Add("fuzz.yml", std::string(bytes)), diagnostics);
  RenderText(diagnostics, sources, false);
  if (root) Check(*root, bytes.size());
}

}  // namespace wapc::fuzz

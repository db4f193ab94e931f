#include "compiler/unit_tests/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/files.h"
#include "compiler/macros/macros.h"
#include "compiler/macros/runtime_variables.h"
#include "compiler/passes/passes.h"
#include "compiler/project/load.h"
#include "compiler/project/yaml_keys.h"
#include "grammar/fold.h"

namespace wapc::compiler {

namespace fs = std::filesystem;
using base::YamlEntry;
using base::YamlNode;

namespace {

constexpr std::string_view kFolder = "tests";

struct TestFile {
  std::string name;
  YamlNode root;
};

std::vector<TestFile> ReadFiles(const fs::path& folder, base::SourceMap& sources, base::Diagnostics& diagnostics) {
  std::vector<fs::path> paths = base::ListFiles(folder / kFolder, ".yaml");
  const std::vector<fs::path> short_names = base::ListFiles(folder / kFolder, ".yml");
  paths.insert(paths.end(), short_names.begin(), short_names.end());
  std::sort(paths.begin(), paths.end());
  std::vector<TestFile> out;
  for (const fs::path& path : paths) {
    const auto text = base::ReadFile(folder / kFolder / path);
    if (!text) continue;  // gone since it was listed
    std::string name = (fs::path(kFolder) / path).generic_string();
    const base::SourceId source = sources.Add(name, *text);
    auto root = base::ParseYaml(sources, source, diagnostics);
    if (root) out.push_back({std::move(name), std::move(*root)});
  }
  return out;
}

// The files that tests take rows from, below the project folder.
void CollectFixtures(const YamlNode& node, std::set<std::string>& out) {
  const YamlNode* const path = node.Find("path");
  if (path != nullptr && path->is_scalar()) out.insert(fs::path(path->scalar).lexically_normal().generic_string());
  for (const YamlEntry& entry : node.entries) CollectFixtures(entry.value, out);
}

void TakeVariables(TestDeclaration& test, base::Diagnostics& diagnostics) {
  const YamlNode* const vars = MapAt(test.body, "vars", diagnostics);
  if (vars == nullptr) return;
  for (const YamlEntry& entry : vars->entries) {
    const std::string name = grammar::LowerCase(entry.key);
    if (!IsTestTime(name)) test.variables[name] = entry.value;
  }
}

class DeclarationReader {
 public:
  explicit DeclarationReader(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Read(const TestFile& file) {
    if (file.root.is_null()) return;
    if (!file.root.is_map()) {
      diagnostics_.Report(kTestStructure, file.root.span, "a file of tests is a mapping of names to tests")
          .Help("write `test_name:` and below it model, inputs and outputs; docs/tests.md has examples");
      return;
    }
    for (const YamlEntry& entry : file.root.entries) ReadTest(file.name, entry);
  }

  std::vector<TestDeclaration> tests;

 private:
  void ReadTest(const std::string& file, const YamlEntry& entry) {
    if (!entry.value.is_map()) return ReportWrongType(entry.value, entry.key, "a test", diagnostics_);
    TestDeclaration test{entry.key, file, entry.key_span, entry.value, {}};
    TakeVariables(test, diagnostics_);
    tests.push_back(std::move(test));
  }

  base::Diagnostics& diagnostics_;
};

}  // namespace

bool IsTestTime(const std::string& name) {
  return name == "start" || name == "end" || name == "execution_time" || name == "latest" || IsRuntimeVariable(name);
}

std::vector<TestDeclaration> ReadUnitTests(const fs::path& folder, base::SourceMap& sources,
                                           base::Diagnostics& diagnostics) {
  const std::vector<TestFile> files = ReadFiles(folder, sources, diagnostics);
  std::set<std::string> fixtures;
  for (const TestFile& file : files) CollectFixtures(file.root, fixtures);
  DeclarationReader reader(diagnostics);
  for (const TestFile& file : files) {
    if (!fixtures.contains(file.name)) reader.Read(file);
  }
  return std::move(reader.tests);
}

std::optional<Project> CompileForTests(const fs::path& folder, const Environment& environment,
                                       const std::map<std::string, YamlNode>& variables, base::SourceMap& sources,
                                       base::Diagnostics& diagnostics) {
  std::optional<Project> project = LoadMetadata(folder, environment, sources, diagnostics);
  if (!project) return std::nullopt;
  const auto gateway = project->config.gateways.find(project->config.default_gateway);
  for (const auto& [name, value] : variables) {
    project->config.variables[name] = value;
    if (gateway != project->config.gateways.end()) gateway->second.variables.erase(name);
  }
  YamlNode stage;
  stage.kind = YamlNode::Kind::kScalar;
  stage.quoted = true;
  stage.scalar = "testing";
  project->config.variables["runtime_stage"] = stage;
  project = LoadModels(folder, std::move(*project), sources, diagnostics);
  project = ExpandMacros(folder, std::move(*project), sources, diagnostics);
  for (const Pass& pass : Passes()) {
    project = pass.run(std::move(*project), sources, diagnostics);
    if (pass.name == "bind") break;
  }
  diagnostics.Sort(sources);
  if (diagnostics.has_errors()) return std::nullopt;
  return project;
}

}  // namespace wapc::compiler

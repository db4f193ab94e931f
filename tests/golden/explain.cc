// explain_runner TOOLS_FOLDERS FOLDER: runs the examples of every compiler/explain/<code>.md. Under "## Bad" and "##
// Good" stand fenced blocks: a file (its path follows the language) or, as `sh`, the commands to run in place of `wapc
// compile`. The bad example has to show the code, the good one must not, and must end well. What an example does not
// write is there: a wapc.yaml, a model, the table raw.orders, and, when it has models over shop.orders, its dlt schema.
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/golden/sandbox.h"

namespace wapc::golden {
namespace {

namespace fs = std::filesystem;

const char* const kSchema = R"(version: 1
version_hash: none
engine_version: 11
name: shop
tables:
  _dlt_loads:
    name: _dlt_loads
    columns:
      load_id: {name: load_id, data_type: text, nullable: false}
      schema_name: {name: schema_name, data_type: text, nullable: true}
      status: {name: status, data_type: bigint, nullable: false}
      inserted_at: {name: inserted_at, data_type: timestamp, nullable: false}
    write_disposition: skip
  orders:
    name: orders
    columns:
      id: {name: id, data_type: bigint, nullable: false, primary_key: true}
      city: {name: city, data_type: text, nullable: true}
      placed_at: {name: placed_at, data_type: timestamp, nullable: true}
      _dlt_load_id: {name: _dlt_load_id, data_type: text, nullable: false}
      _dlt_id: {name: _dlt_id, data_type: text, nullable: false, unique: true, row_key: true}
    write_disposition: merge
    resource: orders
    x-normalizer: {seen-data: true}
)";

struct Example {
  std::map<std::string, std::string> files;
  std::string commands = "wapc compile";
};

// Reads the fenced blocks of one section.
Example ReadExample(const std::string& text, const std::string& heading) {
  Example out;
  const size_t begin = text.find("\n" + heading + "\n");
  if (begin == std::string::npos) return out;
  std::istringstream section(text.substr(begin + heading.size() + 2));
  std::string line;
  while (std::getline(section, line) && !line.starts_with("## ")) {
    if (!line.starts_with("```")) continue;
    const size_t space = line.find(' ');
    std::string block;
    std::string inner;
    while (std::getline(section, inner) && inner != "```") block += inner + "\n";
    if (space != std::string::npos) {
      out.files[line.substr(space + 1)] = block;
    } else if (line == "```sh") {
      out.commands = block;
    }
  }
  return out;
}

void Complete(Example& example) {
  example.files.emplace("wapc.yaml", "name: demo\n");
  example.files.emplace("models/raw/orders.sql",
                        "MODEL (name raw.orders, kind EXTERNAL, columns (id bigint, city text, "
                        "amount decimal(18, 4), placed_at timestamp));\n");
  example.files.emplace("models/first.sql", "MODEL (name marts.first, kind FULL);\nSELECT 1 AS id\n");
  bool shop = false;
  for (const auto& [path, text] : example.files) {
    shop = shop || path.starts_with("metadata/shop/") || text.find("shop.") != std::string::npos;
  }
  if (shop) example.files.emplace("metadata/shop/schema.yml", kSchema);
}

Output RunExample(Example example) {
  Complete(example);
  const Sandbox sandbox;
  for (const auto& [path, text] : example.files) WriteAll(sandbox.project() / path, text);
  return sandbox.Run(example.commands);
}

bool Shows(const Output& output, const std::string& code) {
  const std::string text = output.out + output.err;
  return text.find("[" + code + "]") != std::string::npos ||
         text.find("\"code\": \"" + code + "\"") != std::string::npos;
}

bool CheckFile(const fs::path& path) {
  const std::string code = path.stem().string();
  const std::string text = ReadAll(path);
  const Output bad = RunExample(ReadExample(text, "## Bad"));
  const Output good = RunExample(ReadExample(text, "## Good"));
  bool passed = true;
  if (!Shows(bad, code)) {
    passed = false;
    std::cout << path.string() << ": the bad example does not show " << code << "; it printed\n" << bad.out << bad.err;
  }
  if (Shows(good, code) || good.exit_code != 0) {
    passed = false;
    std::cout << path.string() << ": the good example ends with " << good.exit_code << " and printed\n"
              << good.out << good.err;
  }
  return passed;
}

}  // namespace
}  // namespace wapc::golden

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: explain_runner TOOLS_FOLDERS FOLDER\n";
    return 2;
  }
  wapc::golden::PrepareEnvironment(argv[1]);
  size_t count = 0;
  bool passed = true;
  for (const auto& entry : std::filesystem::directory_iterator(argv[2])) {
    ++count;
    passed = wapc::golden::CheckFile(entry.path()) && passed;
  }
  std::cout << count << " explanations\n";
  return passed && count > 0 ? 0 : 1;
}

#ifndef WAPC_CLI_NEW_TEST_H_
#define WAPC_CLI_NEW_TEST_H_

#include <string>

#include "base/yaml.h"
#include "compiler/ir.h"
#include "runtime/warehouse.h"

/// Parts of the YAML that create-test writes.
namespace wapc::cli {

base::YamlNode MapNode();
base::YamlNode ScalarNode(std::string text, bool quoted);
void AddEntry(base::YamlNode& map, std::string key, base::YamlNode value);

/// Rows as a list of mappings. Numbers and flags stay bare; other values are quoted where they could be read as
/// something else. Nested columns of the model hold JSON, and are written as lists and mappings.
base::YamlNode RowsNode(const runtime::Rows& rows, const compiler::Model& of);

}  // namespace wapc::cli

#endif  // WAPC_CLI_NEW_TEST_H_

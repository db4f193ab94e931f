#ifndef WAPC_CLI_FILL_TEMPLATE_H_
#define WAPC_CLI_FILL_TEMPLATE_H_

#include <map>
#include <string>
#include <string_view>

namespace wapc::cli {

/// A Mustache page with its values put in as they are; a section of a name without a value is left out.
std::string FillTemplate(std::string_view page, const std::map<std::string, std::string>& values);

}  // namespace wapc::cli

#endif  // WAPC_CLI_FILL_TEMPLATE_H_

#include "cli/fill_template.h"

#include <kainjow/mustache.hpp>

namespace wapc::cli {

std::string FillTemplate(std::string_view page, const std::map<std::string, std::string>& values) {
  kainjow::mustache::mustache mustache{std::string(page)};
  // Plain text for its reader, so nothing is escaped as HTML would be.
  mustache.set_custom_escape([](const std::string& value) { return value; });
  kainjow::mustache::data data;
  for (const auto& [name, value] : values) data.set(name, value);
  return mustache.render(data);
}

}  // namespace wapc::cli

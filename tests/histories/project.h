#ifndef WAPC_TESTS_HISTORIES_PROJECT_H_
#define WAPC_TESTS_HISTORIES_PROJECT_H_

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wapc::histories {

/// The models of the project that can be edited, in which each reads only those before it and staging.
inline constexpr std::array<std::string_view, 5> kModels = {"daily", "totals", "open_orders", "by_order", "summary"};

/// Which text of each model the project holds: an edit changes one number.
using Variants = std::array<uint32_t, kModels.size()>;

/// Writes the project into a folder: staging of the raw tables, and a model of each of the kinds that can be rebuilt
/// from nothing. `connection` is the text of the gateway's connection in wapc.yaml.
void WriteProject(const std::filesystem::path& folder, const Variants& variants, const std::string& connection);

/// What readers see: the names of all published views.
std::vector<std::string> PublishedViews();

}  // namespace wapc::histories

#endif  // WAPC_TESTS_HISTORIES_PROJECT_H_

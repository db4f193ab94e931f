#include "tests/histories/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace wapc::histories {

World::World(std::string program, std::filesystem::path folder, Site site)
    : program_(std::move(program)), folder_(std::move(folder)), site_(std::move(site)) {
  std::filesystem::create_directories(folder_);
}

Ended World::Wapc(std::vector<std::string> arguments, std::optional<std::chrono::milliseconds> kill_after) const {
  std::vector<std::string> command = {program_, "-p", folder_.string()};
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command));
  return RunProcess(command, kill_after);
}

void World::Write(const Variants& variants) const { WriteProject(folder_, variants, site_.connection); }

void World::WriteRaw(const RawData& raw) const { raw.WriteTo(*Open()); }

std::unique_ptr<runtime::Warehouse> World::Open() const {
  auto warehouse = runtime::OpenWarehouse(site_.config, runtime::Access::kReadWrite, std::chrono::seconds(10));
  if (!warehouse) throw std::runtime_error("opening the warehouse: " + warehouse.error().message);
  return std::move(*warehouse);
}

std::vector<std::vector<std::string>> World::Query(const std::string& sql) const {
  const auto rows = Open()->Query(sql);
  std::vector<std::vector<std::string>> out;
  if (!rows) return out;
  for (const auto& row : rows->rows) {
    std::vector<std::string>& cells = out.emplace_back();
    for (const auto& cell : row) cells.push_back(cell.value_or("NULL"));
  }
  return out;
}

Tables World::Read() const {
  const auto warehouse = Open();
  Tables out;
  for (const std::string& view : PublishedViews()) {
    const auto rows = warehouse->Query("SELECT * FROM " + view);
    if (!rows) continue;
    std::vector<std::string>& table = out[view];
    for (const auto& row : rows->rows) {
      std::string line;
      for (const auto& cell : row) line += cell.value_or("NULL") + "|";
      table.push_back(std::move(line));
    }
    std::sort(table.begin(), table.end());
  }
  return out;
}

std::string World::Version() const {
  const auto warehouse = Open();
  const auto rows =
      warehouse->Query("SELECT structure_version, data_version FROM wapc.environments WHERE name = 'prod'");
  if (!rows || rows->rows.empty()) return "";
  return fmt::format("{}.{}", rows->rows[0][0].value_or(""), rows->rows[0][1].value_or(""));
}

Tables Rebuild(const std::string& program, const std::filesystem::path& folder, const Site& site,
               const Published& published) {
  const World world(program, folder, site);
  world.Write(published.variants);
  world.WriteRaw(published.raw);
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"--now", published.raw.Now(), "plan"}, std::vector<std::string>{"apply"}}) {
    const Ended ended = world.Wapc(verb);
    if (ended.exit_code != 0) throw std::runtime_error("the rebuild failed:\n" + ended.output);
  }
  return world.Read();
}

}  // namespace wapc::histories

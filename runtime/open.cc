#include <string>

#include "runtime/warehouse.h"

namespace wapc::runtime {

base::Result<std::unique_ptr<Warehouse>> OpenWarehouse(const ConnectionConfig& config, Access access,
                                                       std::chrono::milliseconds lock_timeout) {
  std::string known;
  for (const WarehouseDriver* driver : AllWarehouseDrivers()) {
    if (driver->type == config.type) return driver->open(config, access, lock_timeout);
    known += (known.empty() ? "" : ", ") + std::string(driver->type);
  }
  return base::Error{base::ErrorKind::kUsage,
                     "no warehouse has the type '" + config.type + "'; the known ones are: " + known};
}

}  // namespace wapc::runtime

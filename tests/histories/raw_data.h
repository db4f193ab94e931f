#ifndef WAPC_TESTS_HISTORIES_RAW_DATA_H_
#define WAPC_TESTS_HISTORIES_RAW_DATA_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/warehouse.h"

namespace wapc::histories {

/// What dlt has loaded so far, as values: a table that it merges, one that it appends to, one that it replaces. An hour
/// passes with each load.
class RawData {
 public:
  /// Loads an hour of changes that hang on `seed` alone. A bad load brings an order that an audit refuses; a good one
  /// first mends those before it.
  void Load(uint32_t seed, bool bad);
  /// The moment after the last load, as --now takes it.
  std::string Now() const;
  bool empty() const { return loads_ == 0; }

  /// Writes all of it into dlt's tables of the schema `raw`, which are made anew.
  void WriteTo(runtime::Warehouse& warehouse) const;

 private:
  struct Order {
    uint32_t customer = 0;
    int64_t cents = 0;
    uint32_t status = 0;
    uint32_t load = 0;
  };
  struct Event {
    uint32_t order = 0;
    uint32_t hour = 0;
    uint32_t second = 0;
    uint32_t value = 0;
    uint32_t load = 0;
  };
  struct Rate {
    uint32_t rate = 0;
    uint32_t load = 0;
  };

  std::string OrderRows() const;
  std::string EventRows() const;
  std::string RateRows() const;
  std::string LoadRows() const;

  uint32_t loads_ = 0;
  std::map<uint32_t, Order> orders_;
  std::vector<Event> events_;
  std::map<uint32_t, Rate> rates_;
};

}  // namespace wapc::histories

#endif  // WAPC_TESTS_HISTORIES_RAW_DATA_H_

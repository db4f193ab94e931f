#include "tests/histories/raw_data.h"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

namespace wapc::histories {
namespace {

constexpr uint32_t kHoursOfADay = 24;

/// The text of the moment so many hours after the first of January.
std::string Moment(uint32_t hours, uint32_t seconds = 0) {
  return fmt::format("2026-01-{:02} {:02}:{:02}:{:02}+00", 1 + hours / kHoursOfADay, hours % kHoursOfADay, seconds / 60,
                     seconds % 60);
}

std::string LoadId(uint32_t load) { return fmt::format("17000{:05}.5", load); }

constexpr std::string_view kTables = R"sql(
CREATE SCHEMA IF NOT EXISTS raw;
DROP TABLE IF EXISTS raw._dlt_loads;
DROP TABLE IF EXISTS raw.orders;
DROP TABLE IF EXISTS raw.events;
DROP TABLE IF EXISTS raw.rates;
CREATE TABLE raw._dlt_loads (load_id varchar NOT NULL, schema_name varchar, status bigint NOT NULL,
  inserted_at timestamptz NOT NULL, schema_version_hash varchar);
CREATE TABLE raw.orders (id bigint NOT NULL, customer varchar, amount decimal(10, 2), status varchar,
  _dlt_load_id varchar NOT NULL, _dlt_id varchar NOT NULL);
CREATE TABLE raw.events (event_id bigint NOT NULL, order_id bigint, happened_at timestamptz, value bigint,
  _dlt_load_id varchar NOT NULL, _dlt_id varchar NOT NULL);
CREATE TABLE raw.rates (code varchar NOT NULL, rate bigint, _dlt_load_id varchar NOT NULL, _dlt_id varchar NOT NULL);
)sql";

void Insert(std::string& sql, std::string_view table, const std::string& rows) {
  if (!rows.empty()) sql += fmt::format("INSERT INTO raw.{} VALUES {};\n", table, rows);
}

void Append(std::string& rows, const std::string& row) { rows += (rows.empty() ? "" : ", ") + row; }

}  // namespace

void RawData::Load(uint32_t seed, bool bad) {
  std::mt19937 engine(seed);
  const auto random = [&engine](uint32_t below) { return static_cast<uint32_t>(engine() % below); };
  const uint32_t load = ++loads_;
  if (!bad) {
    for (auto& [id, order] : orders_) {
      if (order.cents < 0) order = {order.customer, -order.cents, order.status, load};
    }
  }
  const uint32_t changes = 1 + random(4);
  for (uint32_t i = 0; i < changes; ++i) {
    const uint32_t id = 1 + random(12);
    orders_[id] = {random(4), static_cast<int64_t>(random(100'000)), random(3), load};
    events_.push_back({id, load - 1, random(3600), random(50), load});
  }
  if (random(3) == 0 && orders_.size() > 2) orders_.erase(orders_.begin());
  if (bad) orders_[99] = {0, -1 - static_cast<int64_t>(random(100)), 0, load};
  rates_.clear();
  for (uint32_t code = 0; code < 1 + random(3); ++code) rates_[code] = {random(9), load};
}

std::string RawData::Now() const { return Moment(loads_).substr(0, 19); }

std::string RawData::OrderRows() const {
  std::string rows;
  for (const auto& [id, order] : orders_) {
    Append(rows, fmt::format("({}, 'customer {}', {:.2f}, 'status {}', '{}', 'order {} {}')", id, order.customer,
                             static_cast<double>(order.cents) / 100, order.status, LoadId(order.load), id, order.load));
  }
  return rows;
}

std::string RawData::EventRows() const {
  std::string rows;
  for (size_t i = 0; i < events_.size(); ++i) {
    const Event& event = events_[i];
    Append(rows, fmt::format("({}, {}, '{}', {}, '{}', 'event {}')", i, event.order, Moment(event.hour, event.second),
                             event.value, LoadId(event.load), i));
  }
  return rows;
}

std::string RawData::RateRows() const {
  std::string rows;
  for (const auto& [code, rate] : rates_) {
    Append(rows, fmt::format("('status {0}', {1}, '{2}', 'rate {0} {2}')", code, rate.rate, LoadId(rate.load)));
  }
  return rows;
}

std::string RawData::LoadRows() const {
  std::string rows;
  for (uint32_t load = 1; load <= loads_; ++load) {
    Append(rows, fmt::format("('{}', 'shop', 0, '{}', 'h')", LoadId(load), Moment(load)));
  }
  return rows;
}

void RawData::WriteTo(runtime::Warehouse& warehouse) const {
  std::string sql = "BEGIN;\n" + std::string(kTables);
  Insert(sql, "_dlt_loads", LoadRows());
  Insert(sql, "orders", OrderRows());
  Insert(sql, "events", EventRows());
  Insert(sql, "rates", RateRows());
  const auto status = warehouse.Execute(sql + "COMMIT;\n");
  if (!status) throw std::runtime_error("writing raw data: " + status.error().message);
}

}  // namespace wapc::histories

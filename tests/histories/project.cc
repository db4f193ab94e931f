#include "tests/histories/project.h"

#include <fmt/format.h>

#include <fstream>

namespace wapc::histories {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema = R"(version: 1
version_hash: made
engine_version: 11
name: shop
tables:
  _dlt_loads:
    write_disposition: skip
    columns:
      load_id: {data_type: text, nullable: false}
      schema_name: {data_type: text, nullable: true}
      status: {data_type: bigint, nullable: false}
      inserted_at: {data_type: timestamp, nullable: false}
      schema_version_hash: {data_type: text, nullable: true}
  orders:
    write_disposition: merge
    x-normalizer: {seen-data: true}
    x-wapc: {audits: [{accepted_range: {column: amount, min_v: 0}}]}
    columns:
      id: {data_type: bigint, nullable: false, primary_key: true}
      customer: {data_type: text, nullable: true}
      amount: {data_type: decimal, precision: 10, scale: 2, nullable: true}
      status: {data_type: text, nullable: true}
      _dlt_load_id: {data_type: text, nullable: false}
      _dlt_id: {data_type: text, nullable: false, unique: true, row_key: true}
  events:
    write_disposition: append
    x-normalizer: {seen-data: true}
    columns:
      event_id: {data_type: bigint, nullable: false, unique: true}
      order_id: {data_type: bigint, nullable: true}
      happened_at: {data_type: timestamp, nullable: true}
      value: {data_type: bigint, nullable: true}
      _dlt_load_id: {data_type: text, nullable: false}
      _dlt_id: {data_type: text, nullable: false, unique: true, row_key: true}
  rates:
    write_disposition: replace
    x-normalizer: {seen-data: true}
    columns:
      code: {data_type: text, nullable: false, unique: true}
      rate: {data_type: bigint, nullable: true}
      _dlt_load_id: {data_type: text, nullable: false}
      _dlt_id: {data_type: text, nullable: false, unique: true, row_key: true}
settings: {}
normalizers: {names: snake_case, json: {module: dlt.common.normalizers.json.relational}}
)";

constexpr std::string_view kDaily = R"(MODEL (
  name marts.daily,
  kind INCREMENTAL_BY_TIME_RANGE (time_column happened_at),
  cron '@hourly',
  start '2026-01-01',
  grain (event_id)
);
SELECT e.event_id, e.order_id, CAST(e.happened_at AS timestamp) AS happened_at, e.value + %d AS value
FROM staging.events AS e
WHERE CAST(e.happened_at AS timestamp) >= @start_ts AND CAST(e.happened_at AS timestamp) < @end_ts
)";

constexpr std::string_view kTotals = R"(MODEL (name marts.totals, kind FULL, grain (customer));
SELECT o.customer, sum(o.amount) + %d AS amount, count(*) AS orders FROM staging.orders AS o GROUP BY o.customer
)";

constexpr std::string_view kOpenOrders = R"(MODEL (name marts.open_orders, kind VIEW);
SELECT o.id, o.amount * %d AS amount, r.rate FROM staging.orders AS o LEFT JOIN staging.rates AS r ON r.code = o.status
)";

constexpr std::string_view kByOrder =
    R"(MODEL (name marts.by_order, kind INCREMENTAL_BY_UNIQUE_KEY (unique_key order_id));
SELECT d.order_id, sum(d.value) AS value, %d AS version FROM marts.daily AS d GROUP BY d.order_id
)";

constexpr std::string_view kSummary = R"(MODEL (name marts.summary, kind FULL);
SELECT t.customer, t.amount, count(b.order_id) + %d AS orders
FROM marts.totals AS t LEFT JOIN marts.by_order AS b ON b.value > t.orders
GROUP BY t.customer, t.amount
)";

constexpr std::array<std::string_view, kModels.size()> kTexts = {kDaily, kTotals, kOpenOrders, kByOrder, kSummary};

void Write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string TextOf(size_t model, uint32_t variant) {
  std::string text(kTexts[model]);
  return text.replace(text.find("%d"), 2, std::to_string(variant));
}

}  // namespace

void WriteProject(const fs::path& folder, const Variants& variants, const std::string& connection) {
  Write(folder / "wapc.yaml", fmt::format("name: histories\ngateways: {{warehouse: {{connection: {}}}}}\n"
                                          "model_defaults: {{dialect: duckdb}}\n",
                                          connection));
  Write(folder / "metadata/raw/schema.yml", kSchema);
  Write(folder / "metadata/raw/staging.yml", "target: staging\nname: \"{table}\"\n");
  for (size_t i = 0; i < kModels.size(); ++i) {
    Write(folder / "models" / fmt::format("{}.sql", kModels[i]), TextOf(i, variants[i]));
  }
}

std::vector<std::string> PublishedViews() {
  std::vector<std::string> out = {"staging.orders", "staging.events", "staging.rates"};
  for (const std::string_view model : kModels) out.push_back(fmt::format("marts.{}", model));
  return out;
}

}  // namespace wapc::histories

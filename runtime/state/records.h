#ifndef WAPC_RUNTIME_STATE_RECORDS_H_
#define WAPC_RUNTIME_STATE_RECORDS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan.h"

/// What is recorded of a warehouse: plain data, read by plan and written by apply.
namespace wapc::runtime {

/// The layout of schema `wapc`; a newer one is refused, an older one migrated.
inline constexpr int kStateFormat = 2;

/// One physical relation.
struct BuildRecord {
  std::string build_id;
  std::string model;
  std::string table_version;
  std::string owner;  ///< environment
  std::string kind;
  RelationName relation;
  int64_t row_count = 0;
  /// For builds whose loads are not listed one by one: SHA-256 over the sorted complete loads that were frozen when it
  /// was made, per dataset (LoadsDigest).
  std::map<std::string, std::string> loads_digests;
  std::string plan_sha256;
};

/// What one environment serves under one name.
struct EnvironmentModel {
  std::string model;
  std::string kind;
  Digests digests;
  std::string canonical;
  std::string metadata;  ///< the text that the metadata digest was taken of
  RelationName view;
  BuildRecord build;
  std::vector<PlanColumn> columns;
  std::vector<std::string> depends_on;
};

struct EnvironmentRecord {
  std::string name;
  int64_t structure_version = 0;
  int64_t data_version = 0;
  std::string plan_sha256;
  bool held = false;
  std::string updated_at;
  std::map<std::string, EnvironmentModel> models;
};

/// Whether only the versions of an environment are left, so that it is as good as not there.
inline bool IsDropped(const EnvironmentRecord& environment) {
  return environment.models.empty() && environment.plan_sha256.empty() && !environment.held;
}

struct LoadId {
  std::string schema_name;
  std::string load_id;
  auto operator<=>(const LoadId&) const = default;  // NOLINT(modernize-use-nullptr): a fault of clang-tidy 14
};

/// A half-open range of time that a table holds, in microseconds since 1970, UTC.
struct Interval {
  int64_t start = 0;
  int64_t end = 0;
};

/// Everything that planning needs to know of a warehouse.
struct State {
  std::map<std::string, EnvironmentRecord> environments;
  /// Every build that is published somewhere, by build id.
  std::map<std::string, BuildRecord> builds;
  /// The loads that in-place tables hold, by build id, then dataset; sorted.
  std::map<std::string, std::map<std::string, std::vector<LoadId>>> table_loads;
  /// The intervals that the tables of time-range models hold, by build id.
  std::map<std::string, std::vector<Interval>> intervals;
  /// When the rows of each build were last made or added to, by build id; microseconds since 1970, UTC.
  std::map<std::string, int64_t> evaluations;
  /// The complete loads of each dataset as the warehouse has them now; sorted. A dataset without a loads table is
  /// absent.
  std::map<std::string, std::vector<LoadId>> complete_loads;
};

/// The field `name` of the text that a metadata digest is taken of: lines "NAME:LENGTH:TEXT" after a first one. Empty
/// when there is none.
std::string MetadataField(std::string_view metadata, std::string_view name);

/// SHA-256 over sorted loads: tells two sets apart without keeping them.
std::string LoadsDigest(const std::vector<LoadId>& sorted);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_RECORDS_H_

#include "runtime/postgres/settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "runtime/postgres/session.h"

namespace wapc::runtime::postgres_adapter {
namespace {

using base::Error;
using base::ErrorKind;

/// A word of `connection:` and libpq's word for it; none for what is set after connecting or means nothing here.
struct Setting {
  std::string_view name;
  std::string_view parameter;
  bool number = false;
};

constexpr auto kSettings = std::to_array<Setting>({
    {"host", "host"},
    {"port", "port", true},
    {"user", "user"},
    {"password", "password"},
    {"database", "dbname"},
    {"sslmode", "sslmode"},
    {"sslrootcert", "sslrootcert"},
    {"sslcert", "sslcert"},
    {"sslkey", "sslkey"},
    {"connect_timeout", "connect_timeout", true},
    {"keepalives", "keepalives", true},
    {"keepalives_idle", "keepalives_idle", true},
    {"keepalives_interval", "keepalives_interval", true},
    {"keepalives_count", "keepalives_count", true},
    {"application_name", "application_name"},
    {"role", ""},
    {"search_path", ""},
});

const Setting* Find(std::string_view name) {
  const auto* const found =
      std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& s) { return s.name == name; });
  return found == kSettings.end() ? nullptr : found;
}

std::string Known() {
  std::string out;
  for (const Setting& setting : kSettings) out += (out.empty() ? "" : ", ") + std::string(setting.name);
  return out;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string Value(const ConnectionConfig& config, const std::string& name) {
  const auto found = config.settings.find(name);
  return found == config.settings.end() ? "" : found->second;
}

/// "a, b" as a list of quoted names.
std::string NameList(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) out += (out.empty() ? "" : ", ") + QuoteName(name);
  }
  return out;
}

}  // namespace

base::Result<std::map<std::string, std::string>> ConnectionParameters(const ConnectionConfig& config) {
  std::map<std::string, std::string> out{
      {"client_encoding", "UTF8"}, {"application_name", "wapc"}, {"connect_timeout", "10"}};
  for (const auto& [name, value] : config.settings) {
    const Setting* const setting = Find(name);
    if (setting == nullptr) {
      return Error{ErrorKind::kUsage,
                   "a postgres connection has no setting '" + name + "'; the known ones are: " + Known()};
    }
    if (setting->number && !IsNumber(value)) {
      return Error{ErrorKind::kUsage, "the setting '" + name + "' of a postgres connection is a number"};
    }
    if (!setting->parameter.empty() && !value.empty()) out[std::string(setting->parameter)] = value;
  }
  if (!out.contains("dbname")) {
    return Error{ErrorKind::kUsage, "a postgres connection needs the setting 'database'"};
  }
  return out;
}

std::string SessionSql(const ConnectionConfig& config, Access access, int server_version) {
  // Names without a schema mean the engine's own functions only, so that nobody's table or function of the same name
  // gets in between.
  const std::string path = NameList(Value(config, "search_path"));
  std::string sql =
      "SET standard_conforming_strings = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; "
      "SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; "
      "SET client_min_messages = 'notice'; SET search_path = " +
      (path.empty() ? "pg_catalog, pg_temp" : path) + ";";
  if (server_version >= 140000) sql += "SET client_connection_check_interval = '500ms'; SET idle_session_timeout = 0;";
  if (const std::string role = Value(config, "role"); !role.empty()) sql += "SET ROLE " + QuoteName(role) + ";";
  if (access == Access::kReadOnly) sql += "SET default_transaction_read_only = on;";
  return sql;
}

}  // namespace wapc::runtime::postgres_adapter

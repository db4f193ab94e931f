#ifndef WAPC_RUNTIME_POSTGRES_SETTINGS_H_
#define WAPC_RUNTIME_POSTGRES_SETTINGS_H_

#include <map>
#include <string>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime::postgres_adapter {

/// The words of a connection as libpq's parameters. kUsage for a setting that is missing, unknown or not of its kind;
/// no value is ever in the message.
base::Result<std::map<std::string, std::string>> ConnectionParameters(const ConnectionConfig& config);

/// What a new session is told first: everything that the meaning of SQL or the text of a value hangs on, the role, and
/// that the server ends what it runs for a client that died.
std::string SessionSql(const ConnectionConfig& config, Access access, int server_version);

}  // namespace wapc::runtime::postgres_adapter

#endif  // WAPC_RUNTIME_POSTGRES_SETTINGS_H_

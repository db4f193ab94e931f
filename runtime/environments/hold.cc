#include "runtime/environments/hold.h"

#include <unistd.h>

#include "runtime/sql_text.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

std::string ResourceOf(const std::string& environment) { return "environment:" + environment; }

base::Status TakeLease(Warehouse& warehouse, const std::string& environment, const std::string& what) {
  const std::string resource = ResourceOf(environment);
  const std::string where = " FROM wapc.leases WHERE resource = " + warehouse.Literal(resource);
  const auto token = warehouse.Query("SELECT COALESCE(max(token), 0)" + where);
  if (!token) return token.error();
  if (auto status = warehouse.Execute("DELETE" + where); !status) return status;
  SqlRow row(warehouse);
  row.Text(resource).Text(what).Number(CellNumber(token->rows.at(0).at(0)) + 1).Raw("now()");
  return InsertRows(warehouse, "wapc.leases", {row.text()});
}

}  // namespace

base::Status WithLocks(Warehouse& warehouse, const std::vector<std::string>& environments, const std::string& what,
                       std::chrono::milliseconds wait, const std::function<base::Status()>& body) {
  const std::string holder = what + ", pid " + std::to_string(getpid());
  std::vector<std::string> held;
  base::Status status;
  for (const std::string& environment : environments) {
    status = warehouse.Lock(ResourceOf(environment), holder, wait);
    if (!status) break;
    held.push_back(environment);
  }
  if (status) status = body();
  for (const std::string& environment : held) warehouse.Unlock(ResourceOf(environment));
  return status;
}

base::Status WithEnvironment(Warehouse& warehouse, const std::string& environment, const std::string& what,
                             std::chrono::milliseconds wait, const std::function<base::Status()>& body) {
  return WithLocks(warehouse, {environment}, what, wait, [&] {
    return InTransaction(warehouse, [&]() -> base::Status {
      if (auto taken = TakeLease(warehouse, environment, what); !taken) return taken;
      return body();
    });
  });
}

base::Status BoundLocks(Warehouse& warehouse) {
  return warehouse.dialect() == "postgres" ? warehouse.Execute("SET LOCAL lock_timeout = '2s'") : base::Status();
}

}  // namespace wapc::runtime

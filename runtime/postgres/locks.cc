#include "runtime/postgres/locks.h"

#include <charconv>
#include <optional>
#include <thread>

#include "base/digest.h"

namespace wapc::runtime::postgres_adapter {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPause{50};
/// For sessions of a dead process to go once they were told to.
constexpr milliseconds kEnding{10'000};

/// The server knows a lock by a number: 62 bits of the resource's digest. Even ones are the holders', the odd one above
/// is shared by the sessions that work for the holder.
int64_t KeyOf(const std::string& resource) {
  const std::string digest = base::Sha256Hex("wapc lock " + resource);
  uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return static_cast<int64_t>((number >> 2U) << 1U);
}

std::string Text(int64_t key) { return std::to_string(key); }

/// Rows of pg_locks for an advisory lock of this database.
std::string LockRows(int64_t key) {
  return "FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND "
         "(l.classid::bigint << 32) | l.objid::bigint = " +
         Text(key) + " AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())";
}

std::string IdList(const std::set<int>& pids) {
  std::string out = "0";
  for (const int pid : pids) out += ", " + std::to_string(pid);
  return "(" + out + ")";
}

base::Result<bool> Ask(Session& session, const std::string& sql) {
  auto rows = session.Query(sql);
  if (!rows) return rows.error();
  return !rows->rows.empty() && rows->rows[0][0].value_or("") == "true";
}

base::Result<bool> TryFor(Session& session, int64_t key, milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  while (true) {
    auto taken = Ask(session, "SELECT pg_try_advisory_lock(" + Text(key) + ")");
    if (!taken || *taken || steady_clock::now() >= deadline) return taken;
    std::this_thread::sleep_for(kPause);
  }
}

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "another session" : out;
}

/// Sessions that a dead holder's process left on the server are ended, and awaited.
base::Status EndLeftovers(Session& session, const Family& family, int64_t key) {
  const std::string rows = LockRows(key + 1) + " AND l.pid NOT IN " + IdList(family.Pids());
  if (auto ended = session.Query("SELECT pg_terminate_backend(l.pid) " + rows); !ended) return ended.error();
  const auto deadline = steady_clock::now() + kEnding;
  while (true) {
    const auto left = Ask(session, "SELECT count(*) > 0 " + rows);
    if (!left) return left.error();
    if (!*left) return {};
    if (steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kPause);
  }
  const auto words = InWords(session, "SELECT l.pid " + rows);
  if (!words) return words.error();
  return Error{ErrorKind::kRace, "sessions of an earlier holder still run: " + Joined(*words)};
}

}  // namespace

void Family::Join(int pid) {
  const std::lock_guard guard(mutex_);
  pids_.insert(pid);
}
void Family::Leave(int pid) {
  const std::lock_guard guard(mutex_);
  pids_.erase(pid);
}
std::set<int> Family::Pids() const {
  const std::lock_guard guard(mutex_);
  return pids_;
}
void Family::AddLock(int64_t key) {
  const std::lock_guard guard(mutex_);
  locks_.insert(key);
}
void Family::RemoveLock(int64_t key) {
  const std::lock_guard guard(mutex_);
  locks_.erase(key);
}
std::set<int64_t> Family::Locks() const {
  const std::lock_guard guard(mutex_);
  return locks_;
}

base::Status TakeLock(Session& session, Family& family, const std::string& resource, const std::string& holder,
                      milliseconds wait) {
  const int64_t key = KeyOf(resource);
  if (family.Locks().contains(key)) return Error{ErrorKind::kRace, resource + " is held by this process already"};
  const auto taken = TryFor(session, key, wait);
  if (!taken) return taken.error();
  if (!*taken) {
    const auto words = InWords(session, "SELECT l.pid " + LockRows(key));
    if (!words) return words.error();
    return Error{ErrorKind::kRace, resource + " is held by " + Joined(*words)};
  }
  auto status = EndLeftovers(session, family, key);
  if (status) status = session.Execute("SET application_name = " + QuoteText("wapc: " + holder.substr(0, 50)));
  if (!status) {
    static_cast<void>(session.Query("SELECT pg_advisory_unlock(" + Text(key) + ")"));
    return status;
  }
  family.AddLock(key);
  return {};
}

void ReturnLock(Session& session, Family& family, const std::string& resource) {
  const int64_t key = KeyOf(resource);
  if (!family.Locks().contains(key)) return;
  family.RemoveLock(key);
  // A connection that is lost has lost its locks too.
  static_cast<void>(session.Query("SELECT pg_advisory_unlock(" + Text(key) + ")"));
}

base::Status MarkMember(Session& session, const Family& family) {
  for (const int64_t key : family.Locks()) {
    const auto marked = session.Query("SELECT pg_advisory_lock_shared(" + Text(key + 1) + ")");
    if (!marked) return marked.error();
  }
  return {};
}

base::Result<std::string> OpenTransactions(Session& session, const Family& family) {
  // Every transaction holds a lock on its own number, which all may see, whatever role it has.
  auto rows = session.Query(
      "SELECT coalesce(string_agg(quote_literal(l.virtualxid), ','), '') FROM pg_locks AS l "
      "JOIN pg_stat_activity AS a ON a.pid = l.pid WHERE l.locktype = 'virtualxid' AND l.granted "
      "AND a.datname = current_database() AND a.usename IS NOT NULL AND l.pid NOT IN " +
      IdList(family.Pids()));
  if (!rows) return rows.error();
  return rows->rows.at(0).at(0).value_or("");
}

base::Result<std::vector<std::string>> WaitForOthers(Session& session, const std::string& transactions,
                                                     milliseconds wait) {
  std::string left = transactions;
  const auto deadline = steady_clock::now() + wait;
  while (!left.empty()) {
    // A transaction that can be seen to hold no snapshot will take a new one for its next statement.
    const std::string still =
        "FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid WHERE l.locktype = 'virtualxid' AND l.granted "
        "AND l.virtualxid IN (" +
        left + ") AND NOT (a.backend_type IS NOT NULL AND a.backend_xmin IS NULL)";
    auto rows = session.Query("SELECT coalesce(string_agg(quote_literal(l.virtualxid), ','), '') " + still);
    if (!rows) return rows.error();
    left = rows->rows.at(0).at(0).value_or("");
    if (left.empty()) break;
    if (steady_clock::now() >= deadline) return InWords(session, "SELECT l.pid " + still);
    std::this_thread::sleep_for(kPause);
  }
  return std::vector<std::string>();
}

base::Result<std::vector<std::string>> InWords(Session& session, const std::string& pids_sql) {
  auto rows = session.Query(
      "SELECT a.pid, a.usename, a.application_name, to_char(coalesce(a.xact_start, a.backend_start), "
      "'YYYY-MM-DD HH24:MI:SS') FROM pg_stat_activity AS a WHERE a.pid IN (" +
      pids_sql + ") ORDER BY a.pid");
  if (!rows) return rows.error();
  std::vector<std::string> out;
  for (const auto& row : rows->rows) {
    std::string words = "pid " + row[0].value_or("") + " (user " + row[1].value_or("unknown");
    if (const std::string application = row[2].value_or(""); !application.empty()) words += ", " + application;
    if (row[3]) words += ", since " + *row[3] + " UTC";
    out.push_back(words + ")");
  }
  return out;
}

}  // namespace wapc::runtime::postgres_adapter
